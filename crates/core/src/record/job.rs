//! A job as evidence: its request, state, outcome for each target, and timeline. It must not claim more than is known: what
//! BIG-IQ does not report is "unknown".

use super::clean::clean;
use super::event::EventRecord;
use super::failure::{FailureRecord, failure_of};
use super::full_answer::{FullAnswer, FullAnswerRecord};
use super::ident;
use super::stamp::{Stamp, Zone};
use super::verdict::VerdictRecord;
use crate::ids::{JobId, MachineId, SessionId, TaskId, UserName};
use crate::job::{
    DeviceFailure, DeviceOutcome, Job, Outcomes, Phase, ReachDifference, Search, SessionOutcome,
};
use crate::plan::{Batch, PlannedDevice};
use crate::verify::Check;
use bigiq::{KillRequest, Status, Step, TaskResult};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The devices that a plan reached, by machine id.
pub(super) type PlannedById<'a> = FxHashMap<&'a str, &'a PlannedDevice>;

/// The evidence of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobRecord {
    /// The job's id.
    pub id: JobId,
    /// The exact request.
    pub request: KillRequest,
    /// BIG-IQ's task id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The state of the job.
    pub stands: JobStateRecord,
    /// When sending started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Stamp>,
    /// When the task was first known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Stamp>,
    /// When the job was observed to have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Stamp>,
    /// The latest comparison of live sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictRecord>,
    /// The outcome for each device.
    pub devices: Vec<DeviceRecord>,
    /// Failures that BIG-IQ reports without a known device.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<DeviceFailureRecord>,
    /// Machine ids of devices that only BIG-IQ named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added_by_bigiq: Vec<MachineId>,
    /// Machine ids of planned devices that BIG-IQ did not name, if it named any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out_by_bigiq: Vec<MachineId>,
    /// The sessions that were seen before the kill, and what happened to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checked: Vec<SessionRecord>,
    /// BIG-IQ's full answer about the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_answer: Option<FullAnswerRecord>,
    /// All observations, oldest first.
    pub timeline: Vec<EventRecord>,
}

/// The state of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobStateRecord {
    /// Phase.
    pub phase: &'static str,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// Why it was not sent, or the state of the search for its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Why the call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureRecord>,
    /// Ids of candidate tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<TaskId>,
    /// The state of the cancel request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel: Option<&'static str>,
    /// BIG-IQ's status, by the latest snapshot or the one that ended the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// BIG-IQ's step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// BIG-IQ's result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// BIG-IQ's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The outcome for a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRecord {
    /// Machine id.
    pub id: MachineId,
    /// Name shown to people.
    pub name: String,
    /// Cluster name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Access group name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// HA role when the plan was made. Omitted if only BIG-IQ named the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// The outcome.
    pub outcome: &'static str,
    /// Listed sessions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<SessionRecord>,
    /// The failures that BIG-IQ reports for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[serde(rename = "troubles")]
    pub failures: Vec<DeviceFailureRecord>,
}

/// The outcome for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// Session id.
    pub id: SessionId,
    /// User, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
    /// The machine ids of the devices on which it was searched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<MachineId>,
    /// The outcome.
    pub outcome: &'static str,
}

/// A failure that BIG-IQ reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceFailureRecord {
    /// Machine id, if BIG-IQ names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Host name, if BIG-IQ names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Ids of sessions that did not end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_ids: Vec<String>,
    /// BIG-IQ's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// BIG-IQ's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl JobRecord {
    pub(super) fn of(
        job: &Job,
        batch: &Batch,
        planned: &PlannedById<'_>,
        check: Option<&Check>,
        answer: Option<&FullAnswer>,
        zone: Zone<'_>,
    ) -> Self {
        let stamp = |at: Option<crate::timestamp::Timestamp>| at.map(|at| zone.stamp(at));
        let outcomes = Outcomes::of(job, batch);
        let difference = ReachDifference::of(job, batch).unwrap_or_default();
        Self {
            id: job.id().clone(),
            request: job.request().clone(),
            task: job.task_id().cloned(),
            stands: JobStateRecord::of(job),
            sent_at: stamp(job.sent_at()),
            accepted_at: stamp(job.accepted_at()),
            ended_at: stamp(job.ended_at()),
            verdict: job.verdict().map(VerdictRecord::of),
            devices: outcomes.devices.iter().map(|d| DeviceRecord::of(d, planned)).collect(),
            elsewhere: outcomes.elsewhere.iter().map(DeviceFailureRecord::of).collect(),
            added_by_bigiq: difference.added,
            left_out_by_bigiq: difference.left_out,
            checked: check.map(checked).unwrap_or_default(),
            full_answer: answer.map(|answer| FullAnswerRecord::of(answer, zone)),
            timeline: job.events().iter().map(|event| EventRecord::of(event, zone)).collect(),
        }
    }
}

impl JobStateRecord {
    fn of(job: &Job) -> Self {
        let mut state = Self {
            phase: ident::phase(job.phase()),
            end: None,
            why: None,
            failure: None,
            candidates: Vec::new(),
            cancel: ident::cancel(job.cancel()),
            status: None,
            step: None,
            result: None,
            message: None,
        };
        match job.phase() {
            Phase::Confirmed | Phase::Sending | Phase::Watched { .. } => {}
            Phase::NotSent(why) => {
                state.why = Some(ident::not_sent(why));
                state.failure = failure_of(why);
            }
            Phase::Rejected(failure) => state.failure = Some(FailureRecord::of(failure)),
            Phase::Unknown { lost, search } => {
                state.why = Some(ident::search(search));
                if let crate::job::Lost::Failure(failure) = lost {
                    state.failure = Some(FailureRecord::of(failure));
                }
                if let Search::Several(ids) = search {
                    state.candidates.clone_from(ids);
                }
            }
            Phase::Ended(end) => state.end = Some(ident::end(end)),
        }
        if let Some(snapshot) = job.snapshot() {
            state.status = snapshot.status.as_ref().map(Status::as_str).map(clean);
            state.step = snapshot.step.as_ref().map(Step::as_str).map(clean);
            state.result = snapshot.result.as_ref().map(TaskResult::as_str).map(clean);
            state.message = snapshot.error.as_deref().map(clean);
        }
        state
    }
}

impl DeviceRecord {
    fn of(outcome: &DeviceOutcome, planned: &PlannedById<'_>) -> Self {
        let planned = planned.get(outcome.id.as_str());
        let session = |session: &SessionOutcome| SessionRecord {
            id: session.id.clone(),
            user: None,
            devices: Vec::new(),
            outcome: ident::target_status(session.status),
        };
        Self {
            id: outcome.id.clone(),
            name: outcome.name.clone(),
            cluster: outcome.cluster.clone(),
            group: planned.and_then(|device| device.group.clone()),
            role: planned.map(|device| ident::role(device.role)),
            outcome: ident::target_status(outcome.status),
            sessions: outcome.sessions.iter().map(session).collect(),
            failures: outcome.failures.iter().map(DeviceFailureRecord::of).collect(),
        }
    }
}

impl DeviceFailureRecord {
    fn of(failure: &DeviceFailure) -> Self {
        let cleaned = |text: &Option<String>| text.as_deref().map(clean);
        Self {
            device: failure.device.as_ref().map(|id| clean(id.as_str())),
            host: cleaned(&failure.host),
            failed_ids: failure.failed_ids.iter().map(|id| clean(id.as_str())).collect(),
            code: cleaned(&failure.code),
            message: cleaned(&failure.error),
        }
    }
}

fn checked(check: &Check) -> Vec<SessionRecord> {
    let of_unit = |unit: &crate::job::CheckedUnit| {
        let session = |session: &crate::job::CheckedSession| SessionRecord {
            id: session.id.clone(),
            user: Some(&session.user).filter(|user| !user.as_str().is_empty()).cloned(),
            devices: unit.members.clone(),
            outcome: ident::now(session.now),
        };
        unit.sessions.iter().map(session).collect::<Vec<_>>()
    };
    check.units.iter().flat_map(of_unit).collect()
}
