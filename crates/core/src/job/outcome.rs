//! What became of each target, as far as BIG-IQ says. Silence is never read as "not done": a task that fails without
//! naming a device may have ended sessions there. It must not hold words, or look at live sessions.

use crate::job::{DeviceFailure, End, Job, Phase};
use crate::plan::{Batch, PlannedDevice, TargetSet};
use bigiq::{KillRequest, TaskResult};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a request, a device or a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetStatus {
    /// Not over.
    Open,
    /// Surely nothing was done: it was not sent, or refused.
    Untouched,
    /// BIG-IQ says that it is done; it does not say how many sessions ended.
    Reported,
    /// BIG-IQ says that it failed.
    Failed,
    /// Nobody knows; it may be done.
    Unknown,
}

impl TargetStatus {
    /// What became of a job's request as a whole.
    pub fn of(job: &Job) -> Self {
        match job.phase() {
            Phase::Confirmed | Phase::Sending | Phase::Watched { .. } => Self::Open,
            Phase::NotSent(_) | Phase::Rejected(_) => Self::Untouched,
            Phase::Unknown { .. } | Phase::Ended(End::Cancelled | End::Gone) => Self::Unknown,
            Phase::Ended(End::Success) => Self::Reported,
            Phase::Ended(End::Failed | End::Incomplete(_)) => Self::Failed,
        }
    }
}

/// How many jobs of a batch share each fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// See [`TargetStatus::Open`].
    pub open: usize,
    /// See [`TargetStatus::Untouched`].
    pub untouched: usize,
    /// See [`TargetStatus::Reported`].
    pub reported: usize,
    /// See [`TargetStatus::Failed`].
    pub failed: usize,
    /// See [`TargetStatus::Unknown`].
    pub unknown: usize,
}

impl Tally {
    /// Counts.
    pub fn of(fates: impl IntoIterator<Item = TargetStatus>) -> Self {
        let mut tally = Self::default();
        for fate in fates {
            *match fate {
                TargetStatus::Open => &mut tally.open,
                TargetStatus::Untouched => &mut tally.untouched,
                TargetStatus::Reported => &mut tally.reported,
                TargetStatus::Failed => &mut tally.failed,
                TargetStatus::Unknown => &mut tally.unknown,
            } += 1;
        }
        tally
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.over() + self.open
    }

    /// How many are over.
    pub fn over(&self) -> usize {
        self.untouched + self.reported + self.failed + self.unknown
    }
}

/// What became of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceOutcome {
    /// Machine id.
    pub id: String,
    /// Name for people; the id where the inventory did not know the device.
    pub name: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The device as a whole: failed if anything on it did.
    pub fate: TargetStatus,
    /// Listed sessions, in the order asked; empty for other kills.
    pub sessions: Vec<(String, TargetStatus)>,
    /// What BIG-IQ says of it; the ids are those that failed.
    pub troubles: Vec<DeviceFailure>,
}

/// What became of a job's targets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Device by device: those that the plan reached, then those that only BIG-IQ named.
    pub devices: Vec<DeviceOutcome>,
    /// What BIG-IQ says without naming a device that is known.
    pub elsewhere: Vec<DeviceFailure>,
}

impl Outcomes {
    /// Puts together what a job's plan reached and what BIG-IQ said.
    pub fn of(job: &Job, batch: &Batch) -> Self {
        let mut devices: Vec<DeviceOutcome> =
            of_plan(job, batch).map(|d| DeviceOutcome::new(&d.id, &d.name, &d.cluster)).collect();
        let known: BTreeSet<&str> = batch.reached.iter().map(|d| d.id.as_str()).collect();
        let named = job.devices();
        let new = named.iter().filter(|id| !known.contains(id.as_str()));
        devices.extend(new.map(|id| DeviceOutcome::new(id, id, &None)));

        let mut elsewhere = Vec::new();
        for trouble in job.sight().map_or(&[][..], |sight| &sight.troubles) {
            match devices.iter_mut().find(|device| device.is_meant_by(trouble)) {
                Some(device) => device.troubles.push(trouble.clone()),
                None => elsewhere.push(trouble.clone()),
            }
        }
        let placed = devices.iter().any(|d| !d.troubles.is_empty());
        let silent = silent_fate(job, placed && elsewhere.is_empty());
        let asked = asked_sessions(job.request());
        let missed = ReachDifference::of(job, batch).map(|drift| drift.missed).unwrap_or_default();
        for device in &mut devices {
            // What BIG-IQ calls done is what it went to.
            let silent = match silent {
                TargetStatus::Reported if missed.contains(&device.id) => TargetStatus::Unknown,
                silent => silent,
            };
            device.judge(silent, asked.get(device.id.as_str()).map_or(&[][..], Vec::as_slice));
        }
        Self { devices, elsewhere }
    }
}

/// What can be said of a device or session of which BIG-IQ says nothing. `told` is whether it says for each failure
/// where that was.
fn silent_fate(job: &Job, told: bool) -> TargetStatus {
    match job.phase() {
        // All was done but what is named; a failure that names no known device may be anywhere.
        Phase::Ended(End::Incomplete(Some(TaskResult::Complete))) if told => TargetStatus::Reported,
        Phase::Ended(End::Failed | End::Incomplete(_)) => TargetStatus::Unknown,
        _ => TargetStatus::of(job),
    }
}

impl DeviceOutcome {
    fn new(id: &str, name: &str, cluster: &Option<String>) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            cluster: cluster.clone(),
            fate: TargetStatus::Open,
            sessions: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// By machine id, else by host name (documented for 7.0).
    fn is_meant_by(&self, trouble: &DeviceFailure) -> bool {
        match (&trouble.device, &trouble.host) {
            (Some(id), _) => *id == self.id,
            (None, Some(host)) => host.eq_ignore_ascii_case(&self.name),
            (None, None) => false,
        }
    }

    fn judge(&mut self, silent: TargetStatus, asked: &[&str]) {
        let over = !matches!(silent, TargetStatus::Open);
        // A trouble without ids is about the whole device.
        let whole = self.troubles.iter().any(|t| t.failed_ids.is_empty());
        let failed: BTreeSet<&str> =
            self.troubles.iter().flat_map(|t| &t.failed_ids).map(String::as_str).collect();
        let fate = |id: &&str| match (over, failed.contains(id), whole) {
            (true, true, _) => TargetStatus::Failed,
            (true, false, true) => TargetStatus::Unknown,
            _ => silent,
        };
        self.sessions = asked.iter().map(|id| ((*id).to_owned(), fate(id))).collect();
        self.fate = if over && !self.troubles.is_empty() { TargetStatus::Failed } else { silent };
    }
}

/// The part of a batch's reach that this job is about.
fn of_plan<'a>(job: &'a Job, batch: &'a Batch) -> impl Iterator<Item = &'a PlannedDevice> {
    let aim = TargetSet::of(job.request());
    batch.reached.iter().filter(move |device| aim.hits(device))
}

/// The session ids that a request lists, by device; empty where it lists none at all.
pub(crate) fn asked_sessions(request: &KillRequest) -> BTreeMap<&str, Vec<&str>> {
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    if let KillRequest::Listed { sessions } = request {
        for listed in sessions.iter() {
            let ids = listed.session_ids.iter().map(|id| &**id);
            asked.entry(listed.device_reference.machine_id()).or_default().extend(ids);
        }
    }
    asked
}

/// How the devices that BIG-IQ names differ from those that the plan reached: groups are expanded by BIG-IQ, and
/// later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReachDifference {
    /// NamedSession by BIG-IQ only; machine ids.
    pub added: Vec<String>,
    /// PlannedDevice by the plan only; machine ids. BIG-IQ may name just the active member of a cluster (not documented).
    pub left_out: Vec<String>,
    /// Those of them of whose cluster BIG-IQ names no other member either: nothing says that anything is done there.
    pub missed: Vec<String>,
}

impl ReachDifference {
    /// Compares, once BIG-IQ has named devices of its own.
    pub fn of(job: &Job, batch: &Batch) -> Option<Self> {
        job.is_resolved().then(|| {
            let named: BTreeSet<String> = job.devices().into_iter().collect();
            let planned: BTreeSet<String> = of_plan(job, batch).map(|d| d.id.clone()).collect();
            let mut served: BTreeSet<&str> = BTreeSet::new();
            let mut missed = Vec::new();
            for device in of_plan(job, batch).filter(|device| named.contains(&device.id)) {
                served.extend(device.cluster.as_deref());
            }
            for device in of_plan(job, batch).filter(|device| !named.contains(&device.id)) {
                if !device.cluster.as_deref().is_some_and(|cluster| served.contains(cluster)) {
                    missed.push(device.id.clone());
                }
            }
            Self {
                added: named.difference(&planned).cloned().collect(),
                left_out: planned.difference(&named).cloned().collect(),
                missed,
            }
        })
    }

    /// Whether there is no difference.
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.left_out.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, lost, seen, sending, sight, started};
    use crate::job::TaskSnapshot;
    use crate::plan::{Draft, Kind};
    use rstest::rstest;

    fn trouble(device: &str, ids: &[&str]) -> DeviceFailure {
        DeviceFailure {
            device: (!device.is_empty()).then(|| device.to_owned()),
            failed_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            ..DeviceFailure::default()
        }
    }

    fn everybody() -> Draft {
        Draft { kind: Kind::Everybody, ..draft("", &[], &["Blue"], &["lone"]) }
    }

    fn fates(job: &Job, batch: &Batch) -> Vec<(String, TargetStatus)> {
        Outcomes::of(job, batch).devices.into_iter().map(|d| (d.id, d.fate)).collect()
    }

    fn all(fate: TargetStatus) -> Vec<(String, TargetStatus)> {
        ["blue-a", "blue-b", "lone"].map(|id| (id.to_owned(), fate)).to_vec()
    }

    #[rstest]
    #[case::running(sight("STARTED", "KILL", ""), TargetStatus::Open)]
    #[case::success(sight("FINISHED", "DONE", "COMPLETE"), TargetStatus::Reported)]
    #[case::failed_silently(sight("FAILED", "KILL", ""), TargetStatus::Unknown)]
    #[case::failed_resolving(sight("FAILED", "RESOLVE_DEVICES", "PENDING"), TargetStatus::Unknown)]
    #[case::not_complete(sight("FINISHED", "DONE", "FAILED"), TargetStatus::Unknown)]
    #[case::not_done(sight("FINISHED", "KILL", "COMPLETE"), TargetStatus::Unknown)]
    #[case::cancelled(sight("CANCELLED", "KILL", ""), TargetStatus::Unknown)]
    fn silence_is_never_not_done(#[case] last: TaskSnapshot, #[case] fate: TargetStatus) {
        let (batch, job) = seen(&everybody(), last);
        assert_eq!(fates(&job, &batch), all(fate));
    }

    #[test]
    fn before_there_is_a_task() {
        let (batch, job) = lost(&everybody());
        assert_eq!(fates(&job, &batch), all(TargetStatus::Unknown));
        let (batch, mut job) = sending(&everybody());
        assert_eq!(fates(&job, &batch), all(TargetStatus::Open));
        let refused = crate::job::Failure::SignInNeeded;
        let what = crate::job::Observation::Rejected(refused);
        job.observe(crate::timestamp::Timestamp(1), crate::job::Source::Answer, what);
        assert_eq!(fates(&job, &batch), all(TargetStatus::Untouched));
    }

    #[rstest]
    #[case::complete("COMPLETE", "FINISHED", TargetStatus::Reported)]
    #[case::failed("FAILED", "FAILED", TargetStatus::Unknown)]
    fn named_devices_failed(
        #[case] result: &str,
        #[case] status: &str,
        #[case] rest: TargetStatus,
    ) {
        let by_host = DeviceFailure { host: Some("LONE.example.test".into()), ..trouble("", &[]) };
        let troubles = vec![trouble("blue-b", &["1"]), by_host];
        let (batch, job) =
            seen(&everybody(), TaskSnapshot { troubles, ..sight(status, "DONE", result) });
        let expected =
            [("blue-a", rest), ("blue-b", TargetStatus::Failed), ("lone", TargetStatus::Failed)];
        assert_eq!(fates(&job, &batch), expected.map(|(id, fate)| (id.to_owned(), fate)));
    }

    #[test]
    fn a_failure_somewhere_leaves_all_unknown() {
        let troubles = vec![trouble("who", &["1"])];
        let last =
            TaskSnapshot { troubles: troubles.clone(), ..sight("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody(), last);
        assert_eq!(fates(&job, &batch), all(TargetStatus::Unknown));
        assert_eq!(Outcomes::of(&job, &batch).elsewhere, troubles);
    }

    #[test]
    fn devices_that_only_bigiq_named_are_shown() {
        let devices = vec!["lone".into(), "blue-a".into(), "new".into()];
        let (batch, job) =
            seen(&everybody(), TaskSnapshot { devices, ..sight("STARTED", "KILL", "") });
        assert_eq!(fates(&job, &batch).last(), Some(&("new".to_owned(), TargetStatus::Open)));
        let drift = ReachDifference::of(&job, &batch).unwrap();
        assert_eq!(drift.added, ["new"]);
        assert_eq!(drift.left_out, ["blue-b"]);
        assert!(drift.missed.is_empty(), "its cluster's other member is named");
        assert!(!drift.is_none());
        let (batch, job) = seen(&everybody(), sight("STARTED", "KILL", ""));
        assert_eq!(ReachDifference::of(&job, &batch), None);
    }

    #[test]
    fn what_bigiq_did_not_go_to_is_not_called_done() {
        let devices = vec!["blue-a".into()];
        let last = TaskSnapshot { devices, ..sight("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody(), last);
        let expected = [
            ("blue-a", TargetStatus::Reported),
            ("blue-b", TargetStatus::Reported),
            ("lone", TargetStatus::Unknown),
        ];
        assert_eq!(fates(&job, &batch), expected.map(|(id, fate)| (id.to_owned(), fate)));
        assert_eq!(ReachDifference::of(&job, &batch).unwrap().missed, ["lone"]);
    }

    #[test]
    fn a_batch_is_tallied() {
        let mut items = started(&draft("a\nb\nc", &["G1"], &[], &[])).items;
        let fates = |items: &[(Job, crate::job::QueuedRequest)]| {
            Tally::of(items.iter().map(|(job, _)| TargetStatus::of(job)).collect::<Vec<_>>())
        };
        assert_eq!(fates(&items), Tally { open: 3, ..Tally::default() });
        let dropped = crate::job::Observation::NotSent(crate::job::NotSent::Dropped);
        items[1].0.observe(crate::timestamp::Timestamp(1), crate::job::Source::Operator, dropped);
        let tally = fates(&items);
        assert_eq!((tally.open, tally.untouched, tally.over(), tally.all()), (2, 1, 1, 3));
    }
}
