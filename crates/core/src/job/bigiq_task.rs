//! A kill task in BIG-IQ's list, started by any operator: what it kills, and its progress. It is not a job of this browser,
//! which has not seen its request.

use super::phase::End;
use super::progress::{ProgressStep, Stage, progress};
use super::state::State;
use super::{Job, Observation, Source, TaskSnapshot};
use crate::ids::{BatchId, JobId, MachineId, SessionId, TaskId, UserName};
use crate::inventory::{Device, Inventory};
use crate::plan::Kind;
use crate::timestamp::Timestamp;
use bigiq::task::TaskSessions;
use bigiq::{KillRequest, KillTask, link};

/// A kill task in BIG-IQ's list.
#[derive(Debug, Clone, PartialEq)]
pub struct BigIqTask {
    /// Task id.
    pub id: TaskId,
    /// The operator who started it, if the task names one.
    pub operator: Option<String>,
    /// What it kills. `None` for an unknown action.
    pub kind: Option<Kind>,
    /// BIG-IQ's name of the action, if the task has one.
    pub action: Option<String>,
    /// The user, for a kill by user.
    pub user: Option<UserName>,
    /// The requested access groups.
    pub groups: Vec<String>,
    /// The requested clusters.
    pub clusters: Vec<String>,
    /// The requested sessions by device. A failed task may have no ids (documented).
    pub sessions: Vec<(MachineId, Vec<SessionId>)>,
    /// Its last change, by BIG-IQ's clock.
    pub changed: Option<Timestamp>,
    /// Its latest snapshot.
    pub snapshot: TaskSnapshot,
}

/// The state of a task in the list, used to filter it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BigIqTaskState {
    /// Has not ended.
    Running,
    /// Finished, with or without success.
    Finished,
    /// Failed.
    Failed,
    /// Cancelled.
    Cancelled,
}

impl BigIqTask {
    /// Reads a task of the list. `None` if it has no id.
    pub fn of(task: &KillTask) -> Option<Self> {
        let kind = match task.action.as_deref() {
            Some("KILL_BY_USER") => Some(Kind::Users),
            Some("KILL_ALL_SESSIONS") => Some(Kind::Everybody),
            Some("KILL_BY_LIST_OF_SESSIONS") => Some(Kind::Listed),
            _ => None,
        };
        Some(Self {
            id: TaskId::new(task.task_id()?),
            operator: task.operator.clone(),
            kind,
            action: task.action.clone(),
            user: task.user_name.as_deref().map(UserName::new),
            groups: task.access_group_names.clone(),
            clusters: task.cluster_names.clone(),
            sessions: task.sessions.iter().map(sessions_of_device).collect(),
            changed: changed(task),
            snapshot: TaskSnapshot::of(task),
        })
    }

    /// The requested access groups, and then the clusters.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        self.groups.iter().chain(&self.clusters)
    }

    /// The devices that no named target has: those of the request. BIG-IQ also lists the devices of named targets.
    pub fn single_devices(&self, inventory: Option<&Inventory>) -> Vec<MachineId> {
        let names_targets = self.named().next().is_some();
        let is_named = |name: &Option<String>| {
            name.as_ref().is_some_and(|name| self.named().any(|named| named == name))
        };
        let is_single = |device: Option<&Device>| match device {
            Some(device) => !is_named(&device.cluster) && !is_named(&device.group),
            None => !names_targets,
        };
        let known = |id: &MachineId| inventory.and_then(|inventory| inventory.device(id));
        self.snapshot.devices.iter().filter(|id| is_single(known(id))).cloned().collect()
    }

    /// What it looks like as a job with this request, which this browser has not seen: before it was sent, and as it is now.
    pub(crate) fn as_job(&self, request: KillRequest) -> (Job, Job) {
        let (job, batch) = (JobId::new(self.id.as_str()), BatchId::new(self.id.as_str()));
        let start = self.snapshot.started.unwrap_or_default();
        let unsent = Job::confirmed(job, batch, request, start);
        let mut job = unsent.clone();
        job.put(start, Source::App, &Observation::Sent, 1);
        let accepted = TaskSnapshot { task: Some(self.id.clone()), ..TaskSnapshot::default() };
        job.observe(start, Source::Poll, Observation::Accepted(accepted));
        let end = self.snapshot.ended.unwrap_or(start);
        // Seen twice, because one snapshot alone does not end a task without a result.
        for _ in 0..2 {
            job.observe(end, Source::Poll, Observation::Seen(self.snapshot.clone()));
        }
        (unsent, job)
    }

    /// How it ended. `None` while it has not.
    pub fn end(&self) -> Option<End> {
        End::of(&self.snapshot)
    }

    /// Its state.
    pub fn state(&self) -> BigIqTaskState {
        match self.end() {
            None | Some(End::Gone) => BigIqTaskState::Running,
            Some(End::Success | End::Incomplete(_)) => BigIqTaskState::Finished,
            Some(End::Failed) => BigIqTaskState::Failed,
            Some(End::Cancelled) => BigIqTaskState::Cancelled,
        }
    }

    /// Its progress from acceptance to end, by BIG-IQ's clock. A task has no other times.
    pub fn progress(&self) -> Vec<ProgressStep> {
        let mut state = State::new();
        let start = self.snapshot.started.unwrap_or_default();
        let end = self.snapshot.ended.unwrap_or(start);
        let accepted = TaskSnapshot { task: Some(self.id.clone()), ..TaskSnapshot::default() };
        state.apply(start, &Observation::Sent, 1);
        state.apply(start, &Observation::Accepted(accepted), 1);
        // Applied twice, because one snapshot alone does not end a task without a result.
        state.apply(end, &Observation::Seen(self.snapshot.clone()), 2);
        let is_reported = |step: &ProgressStep| match step.stage {
            Stage::Sent | Stage::Verified => false,
            Stage::Accepted | Stage::ResolveDevices | Stage::Kill | Stage::Done => true,
        };
        let known = |at: &Timestamp| *at != Timestamp::default();
        let step = |step: ProgressStep| {
            let timed = matches!(step.stage, Stage::Accepted | Stage::Done);
            let at = step.at.filter(|at| timed && known(at));
            let span = at.filter(|_| step.stage == Stage::Done && known(&start));
            let span = span.map(|end| end.since(start));
            ProgressStep { at, span, ..step }
        };
        progress(&state).into_iter().filter(is_reported).map(step).collect()
    }
}

/// When a task changed last, by BIG-IQ's clock.
pub(crate) fn changed(task: &KillTask) -> Option<Timestamp> {
    task.last_update_micros.map(|micros| Timestamp(micros / 1000))
}

fn sessions_of_device(sessions: &TaskSessions) -> (MachineId, Vec<SessionId>) {
    let device = sessions.device_reference.link.as_deref().map(link::last_segment);
    let ids = sessions.session_ids.iter().map(|id| SessionId::new(id.as_str())).collect();
    (MachineId::new(device.unwrap_or_default()), ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::StepState;
    use rstest::rstest;
    use std::time::Duration;

    fn task(json: &str) -> BigIqTask {
        BigIqTask::of(&serde_json::from_str(json).unwrap()).unwrap()
    }

    const DONE: &str = r#"{"selfLink":"https://localhost/mgmt/cm/access/tasks/kill-sessions/t1",
        "action":"KILL_BY_USER","userName":"user2","username":"admin","clusterNames":["Blue"],
        "accessGroupNames":["G"],"status":"FINISHED","currentStep":"DONE","result":"COMPLETE",
        "startDateTime":"2016-11-15T12:42:31.294-0800","endDateTime":"2016-11-15T12:42:31.400-0800"}"#;

    #[test]
    fn a_task_shows_who_what_and_two_times() {
        let task = task(DONE);
        assert_eq!((task.id.as_str(), task.kind), ("t1", Some(Kind::Users)));
        assert_eq!(task.operator.as_deref(), Some("admin"));
        assert_eq!(task.named().collect::<Vec<_>>(), ["G", "Blue"]);
        assert_eq!(task.state(), BigIqTaskState::Finished);
        let steps = task.progress();
        assert_eq!(steps.len(), 4);
        assert!(steps.iter().all(|step| step.state == StepState::Done));
        let times: Vec<_> = steps.iter().map(|s| s.at.map(|at| at.0)).collect();
        assert_eq!(times, [Some(1_479_242_551_294), None, None, Some(1_479_242_551_400)]);
        assert_eq!(steps[3].span, Some(Duration::from_millis(106)));
    }

    #[rstest]
    #[case(
        r#"{"id":"1","status":"STARTED","currentStep":"KILL"}"#,
        BigIqTaskState::Running,
        "++c."
    )]
    #[case(r#"{"id":"1","status":"FAILED","currentStep":"KILL"}"#, BigIqTaskState::Failed, "++!.")]
    #[case(
        r#"{"id":"1","status":"FINISHED","currentStep":"DONE"}"#,
        BigIqTaskState::Finished,
        "++?+"
    )]
    #[case(
        r#"{"id":"1","status":"CANCELED","currentStep":"KILL"}"#,
        BigIqTaskState::Cancelled,
        "+??."
    )]
    #[case(r#"{"id":"1","status":"ODD"}"#, BigIqTaskState::Running, "+...")]
    fn states(#[case] json: &str, #[case] state: BigIqTaskState, #[case] expected: &str) {
        let task = task(json);
        assert_eq!(task.state(), state);
        let marks: String = task
            .progress()
            .iter()
            .map(|step| match step.state {
                StepState::Pending => '.',
                StepState::Current => 'c',
                StepState::Done => '+',
                StepState::Failed => '!',
                StepState::Unknown => '?',
            })
            .collect();
        assert_eq!(marks, expected);
        assert!(task.progress().iter().all(|step| step.at.is_none() && step.span.is_none()));
    }

    #[test]
    fn a_failed_task_has_a_duration() {
        let failed = DONE.replace("FINISHED", "FAILED").replace("\"DONE\"", "\"KILL\"");
        let done = task(&failed).progress().pop().unwrap();
        assert_eq!((done.stage, done.span), (Stage::Done, Some(Duration::from_millis(106))));
    }

    #[test]
    fn an_unknown_action_is_kept_as_it_is() {
        let task = task(r#"{"id":"1","action":"KILL_BY_MOOD"}"#);
        assert_eq!((task.kind, task.action.as_deref()), (None, Some("KILL_BY_MOOD")));
    }

    #[test]
    fn a_task_without_an_id_is_left_out() {
        assert_eq!(BigIqTask::of(&KillTask::default()), None);
    }
}
