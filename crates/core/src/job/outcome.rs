//! The outcome for each target, as far as BIG-IQ reports it. A missing report never means "not done": a task that fails
//! without naming a device may have ended sessions on it.

use crate::ids::{MachineId, SessionId};
use crate::job::{DeviceFailure, End, Job, Phase};
use crate::plan::{Batch, PlannedDevice, TargetSet};
use crate::sorted::{SortedMap, SortedSet};
use bigiq::{KillRequest, TaskResult};

/// The outcome for a request, a device or a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetStatus {
    /// Not known yet: the job has not ended.
    Open,
    /// Certainly nothing was done: the request was not sent, or refused.
    Untouched,
    /// BIG-IQ reports that it is done. It doesn't report how many sessions ended.
    Reported,
    /// BIG-IQ reports that it failed.
    Failed,
    /// Unknown; it may have been done.
    Unknown,
}

impl TargetStatus {
    /// The outcome of a job's request as a whole.
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

/// How many jobs of a batch have each status.
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
    /// Counts statuses.
    pub fn of(statuses: impl IntoIterator<Item = TargetStatus>) -> Self {
        let mut tally = Self::default();
        for status in statuses {
            *match status {
                TargetStatus::Open => &mut tally.open,
                TargetStatus::Untouched => &mut tally.untouched,
                TargetStatus::Reported => &mut tally.reported,
                TargetStatus::Failed => &mut tally.failed,
                TargetStatus::Unknown => &mut tally.unknown,
            } += 1;
        }
        tally
    }

    /// How many there are in all.
    pub fn all(&self) -> usize {
        self.over() + self.open
    }

    /// How many have ended.
    pub fn over(&self) -> usize {
        self.untouched + self.reported + self.failed + self.unknown
    }
}

/// What became of one listed session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOutcome {
    /// Its id.
    pub id: SessionId,
    /// What became of it.
    pub status: TargetStatus,
}

/// The outcome for one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceOutcome {
    /// Machine id.
    pub id: MachineId,
    /// Name shown to people. The machine id if the device is not in the inventory.
    pub name: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The status of the device as a whole: failed if anything on it failed.
    pub status: TargetStatus,
    /// The listed sessions, in the order of the request. Empty for other kills.
    pub sessions: Vec<SessionOutcome>,
    /// The failures that BIG-IQ reports for it, with the ids of failed sessions.
    pub failures: Vec<DeviceFailure>,
}

/// The outcomes for a job's targets.
///
/// ```
/// use curfew_core::job::{Outcomes, TargetStatus};
/// # use bigiq::device::AccessDevice;
/// # use curfew_core::{app::AccountKey, ids::{BatchId, MachineId}, inventory::DeviceList, plan::{Answer, Draft, Plan}, timestamp::Timestamp};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// # let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|error| format!("{error:?}"))?;
/// # let started = confirmed.start(&BatchId::new("b1"), Timestamp(1));
/// // Of a job that has not been sent yet:
/// let outcomes = Outcomes::of(&started.items[0].job, &started.batch);
/// assert_eq!(outcomes.devices[0].id, "m1");
/// assert_eq!(outcomes.devices[0].status, TargetStatus::Open);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// The devices that the plan reached, then those that only BIG-IQ named.
    pub devices: Vec<DeviceOutcome>,
    /// Failures without a known device.
    pub elsewhere: Vec<DeviceFailure>,
}

impl Outcomes {
    /// Combines the devices that the job's plan reached with BIG-IQ's report.
    pub fn of(job: &Job, batch: &Batch) -> Self {
        let mut devices: Vec<DeviceOutcome> =
            of_plan(job, batch).map(|d| DeviceOutcome::new(&d.id, &d.name, &d.cluster)).collect();
        let known: SortedSet<&str> =
            SortedSet::from_iter(batch.reached.iter().map(|d| d.id.as_str()));
        let named = job.devices();
        let new = named.iter().filter(|id| !known.contains(id.as_str()));
        devices.extend(new.map(|id| DeviceOutcome::new(id, id.as_str(), &None)));

        let mut elsewhere = Vec::new();
        for failure in job.snapshot().map_or(&[][..], |snapshot| &snapshot.failures) {
            match devices.iter_mut().find(|device| device.is_named_by(failure)) {
                Some(device) => device.failures.push(failure.clone()),
                None => elsewhere.push(failure.clone()),
            }
        }
        let placed = devices.iter().any(|d| !d.failures.is_empty());
        let unnamed = unnamed_status(job, placed && elsewhere.is_empty());
        let asked = asked_sessions(job.request());
        let missed =
            ReachDifference::of(job, batch).map(|difference| difference.missed).unwrap_or_default();
        for device in &mut devices {
            // BIG-IQ's success covers only the devices that it named.
            let unnamed = match unnamed {
                TargetStatus::Reported if missed.contains(&device.id) => TargetStatus::Unknown,
                unnamed => unnamed,
            };
            device.judge(unnamed, asked.get(&device.id).map_or(&[][..], Vec::as_slice));
        }
        Self { devices, elsewhere }
    }
}

/// The status of a device or session that BIG-IQ's report does not name. `all_named` is whether each reported failure names its
/// device.
fn unnamed_status(job: &Job, all_named: bool) -> TargetStatus {
    match job.phase() {
        // Everything except the named failures was done. A failure without a known device may be anywhere.
        Phase::Ended(End::Incomplete(Some(TaskResult::Complete))) if all_named => {
            TargetStatus::Reported
        }
        Phase::Ended(End::Failed | End::Incomplete(_)) => TargetStatus::Unknown,
        _ => TargetStatus::of(job),
    }
}

impl DeviceOutcome {
    fn new(id: &MachineId, name: &str, cluster: &Option<String>) -> Self {
        Self {
            id: id.clone(),
            name: name.to_owned(),
            cluster: cluster.clone(),
            status: TargetStatus::Open,
            sessions: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Compares by machine id, else by host name (documented for 7.0).
    fn is_named_by(&self, failure: &DeviceFailure) -> bool {
        match (&failure.device, &failure.host) {
            (Some(id), _) => *id == self.id,
            (None, Some(host)) => host.eq_ignore_ascii_case(&self.name),
            (None, None) => false,
        }
    }

    fn judge(&mut self, unnamed: TargetStatus, asked: &[SessionId]) {
        let over = !matches!(unnamed, TargetStatus::Open);
        // A failure without session ids concerns the whole device.
        let whole = self.failures.iter().any(|t| t.failed_ids.is_empty());
        let failed: SortedSet<SessionId> =
            SortedSet::from_iter(self.failures.iter().flat_map(|t| &t.failed_ids).cloned());
        let status = |id: &SessionId| match (over, failed.contains(id), whole) {
            (true, true, _) => TargetStatus::Failed,
            (true, false, true) => TargetStatus::Unknown,
            _ => unnamed,
        };
        self.sessions =
            asked.iter().map(|id| SessionOutcome { id: id.clone(), status: status(id) }).collect();
        self.status =
            if over && !self.failures.is_empty() { TargetStatus::Failed } else { unnamed };
    }
}

/// The devices of the batch that this job reaches.
fn of_plan<'a>(job: &'a Job, batch: &'a Batch) -> impl Iterator<Item = &'a PlannedDevice> {
    let targets = TargetSet::of(job.request());
    batch.reached.iter().filter(move |device| targets.hits(device))
}

/// The session ids that a request lists, by device. Empty for other kills.
pub(crate) fn asked_sessions(request: &KillRequest) -> SortedMap<MachineId, Vec<SessionId>> {
    let mut asked = SortedMap::new();
    if let KillRequest::Listed { sessions } = request {
        let ids = sessions.iter().map(|listed| {
            let ids: Vec<_> = listed.session_ids.iter().cloned().map(SessionId::new).collect();
            (MachineId::new(listed.device_reference.machine_id()), ids)
        });
        asked.merge(ids, |ids, more| ids.extend(more));
    }
    asked
}

/// How the devices that BIG-IQ names differ from those that the plan reached. BIG-IQ expands groups itself, and later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReachDifference {
    /// Machine ids of devices that only BIG-IQ named.
    pub added: Vec<MachineId>,
    /// Machine ids of devices that only the plan named. BIG-IQ may name just the active member of a cluster (not documented).
    pub left_out: Vec<MachineId>,
    /// The part of `left_out` for whose cluster BIG-IQ named no other member either: nothing indicates that sessions end there.
    pub missed: Vec<MachineId>,
}

impl ReachDifference {
    /// Compares the devices. `None` until BIG-IQ has named devices.
    pub fn of(job: &Job, batch: &Batch) -> Option<Self> {
        job.is_resolved().then(|| {
            let named: SortedSet<MachineId> = SortedSet::from_iter(job.devices());
            let planned: SortedSet<MachineId> =
                SortedSet::from_iter(of_plan(job, batch).map(|d| d.id.clone()));
            let served: SortedSet<&str> = of_plan(job, batch)
                .filter(|device| named.contains(&device.id))
                .filter_map(|device| device.cluster.as_deref())
                .collect();
            let mut missed = Vec::new();
            for device in of_plan(job, batch).filter(|device| !named.contains(&device.id)) {
                if !device.cluster.as_deref().is_some_and(|cluster| served.contains(cluster)) {
                    missed.push(device.id.clone());
                }
            }
            Self { added: named.without(&planned), left_out: planned.without(&named), missed }
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
    use crate::fixture::{draft, lost, machine, seen, sending, session, snapshot, started};
    use crate::job::{StartedJob, TaskSnapshot};
    use crate::plan::{Draft, Kind};
    use rstest::rstest;

    fn failure(device: &str, ids: &[&str]) -> DeviceFailure {
        DeviceFailure {
            device: (!device.is_empty()).then(|| machine(device)),
            failed_ids: ids.iter().map(session).collect(),
            ..DeviceFailure::default()
        }
    }

    fn everybody() -> Draft {
        Draft { kind: Kind::Everybody, ..draft("", &[], &["Blue"], &["lone"]) }
    }

    fn statuses(job: &Job, batch: &Batch) -> Vec<(MachineId, TargetStatus)> {
        Outcomes::of(job, batch).devices.into_iter().map(|d| (d.id, d.status)).collect()
    }

    fn all(status: TargetStatus) -> Vec<(MachineId, TargetStatus)> {
        ["blue-a", "blue-b", "lone"].map(|id| (machine(id), status)).to_vec()
    }

    #[rstest]
    #[case::running(snapshot("STARTED", "KILL", ""), TargetStatus::Open)]
    #[case::success(snapshot("FINISHED", "DONE", "COMPLETE"), TargetStatus::Reported)]
    #[case::failed_silently(snapshot("FAILED", "KILL", ""), TargetStatus::Unknown)]
    #[case::failed_resolving(
        snapshot("FAILED", "RESOLVE_DEVICES", "PENDING"),
        TargetStatus::Unknown
    )]
    #[case::not_complete(snapshot("FINISHED", "DONE", "FAILED"), TargetStatus::Unknown)]
    #[case::not_done(snapshot("FINISHED", "KILL", "COMPLETE"), TargetStatus::Unknown)]
    #[case::cancelled(snapshot("CANCELLED", "KILL", ""), TargetStatus::Unknown)]
    fn a_missing_report_never_means_not_done(
        #[case] last: TaskSnapshot,
        #[case] status: TargetStatus,
    ) {
        let (batch, job) = seen(&everybody(), last);
        assert_eq!(statuses(&job, &batch), all(status));
    }

    #[test]
    fn before_there_is_a_task() {
        let (batch, job) = lost(&everybody());
        assert_eq!(statuses(&job, &batch), all(TargetStatus::Unknown));
        let (batch, mut job) = sending(&everybody());
        assert_eq!(statuses(&job, &batch), all(TargetStatus::Open));
        let refused = crate::job::Failure::SignInNeeded;
        let what = crate::job::Observation::Rejected(refused);
        job.observe(crate::timestamp::Timestamp(1), crate::job::Source::Answer, what);
        assert_eq!(statuses(&job, &batch), all(TargetStatus::Untouched));
    }

    #[rstest]
    #[case::complete("COMPLETE", "FINISHED", TargetStatus::Reported)]
    #[case::failed("FAILED", "FAILED", TargetStatus::Unknown)]
    fn named_devices_failed(
        #[case] result: &str,
        #[case] status: &str,
        #[case] rest: TargetStatus,
    ) {
        let by_host = DeviceFailure { host: Some("LONE.example.test".into()), ..failure("", &[]) };
        let failures = vec![failure("blue-b", &["1"]), by_host];
        let (batch, job) =
            seen(&everybody(), TaskSnapshot { failures, ..snapshot(status, "DONE", result) });
        let expected =
            [("blue-a", rest), ("blue-b", TargetStatus::Failed), ("lone", TargetStatus::Failed)];
        assert_eq!(statuses(&job, &batch), expected.map(|(id, status)| (machine(id), status)));
    }

    #[test]
    fn a_failure_without_a_device_leaves_all_unknown() {
        let failures = vec![failure("who", &["1"])];
        let last =
            TaskSnapshot { failures: failures.clone(), ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody(), last);
        assert_eq!(statuses(&job, &batch), all(TargetStatus::Unknown));
        assert_eq!(Outcomes::of(&job, &batch).elsewhere, failures);
    }

    #[test]
    fn devices_that_only_bigiq_named_are_shown() {
        let devices = vec!["lone".into(), "blue-a".into(), "new".into()];
        let (batch, job) =
            seen(&everybody(), TaskSnapshot { devices, ..snapshot("STARTED", "KILL", "") });
        assert_eq!(statuses(&job, &batch).last(), Some(&("new".into(), TargetStatus::Open)));
        let difference = ReachDifference::of(&job, &batch).unwrap();
        assert_eq!(difference.added, ["new"]);
        assert_eq!(difference.left_out, ["blue-b"]);
        assert!(difference.missed.is_empty(), "the cluster's other member is named");
        assert!(!difference.is_none());
        let (batch, job) = seen(&everybody(), snapshot("STARTED", "KILL", ""));
        assert_eq!(ReachDifference::of(&job, &batch), None);
    }

    #[test]
    fn devices_that_bigiq_did_not_name_are_not_reported_as_done() {
        let devices = vec!["blue-a".into()];
        let last = TaskSnapshot { devices, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody(), last);
        let expected = [
            ("blue-a", TargetStatus::Reported),
            ("blue-b", TargetStatus::Reported),
            ("lone", TargetStatus::Unknown),
        ];
        assert_eq!(statuses(&job, &batch), expected.map(|(id, status)| (machine(id), status)));
        assert_eq!(ReachDifference::of(&job, &batch).unwrap().missed, ["lone"]);
    }

    #[test]
    fn counts_the_statuses_of_a_batch() {
        let mut items = started(&draft("a\nb\nc", &["G1"], &[], &[])).items;
        let statuses = |items: &[StartedJob]| {
            Tally::of(
                items.iter().map(|started| TargetStatus::of(&started.job)).collect::<Vec<_>>(),
            )
        };
        assert_eq!(statuses(&items), Tally { open: 3, ..Tally::default() });
        let dropped = crate::job::Observation::NotSent(crate::job::NotSent::Dropped);
        items[1].job.observe(crate::timestamp::Timestamp(1), crate::job::Source::Operator, dropped);
        let tally = statuses(&items);
        assert_eq!((tally.open, tally.untouched, tally.over(), tally.all()), (2, 1, 1, 3));
    }
}
