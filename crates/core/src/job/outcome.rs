//! The outcome for each target, as far as BIG-IQ reports it and the comparison of sessions shows it. A missing report never means
//! "not done": a task that fails without naming a device may have ended sessions on it.

use crate::ids::{MachineId, SessionId};
use crate::job::{CheckedUnit, DeviceFailure, End, Finding, Job, Now, Phase};
use crate::plan::{Batch, PlannedDevice, TargetSet};
use crate::sorted::{SortedMap, SortedSet};
use bigiq::{KillRequest, TaskResult};
use rustc_hash::FxHashMap;

/// From this number of devices on, they have one line if they have the same status.
const MANY: usize = 4;

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
    /// Sessions that were seen before are still listed.
    Remaining,
    /// Proven by the comparison of sessions: those seen before are gone, or there were none.
    Verified,
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
    /// See [`TargetStatus::Remaining`].
    pub remaining: usize,
    /// See [`TargetStatus::Verified`].
    pub verified: usize,
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
                TargetStatus::Remaining => &mut tally.remaining,
                TargetStatus::Verified => &mut tally.verified,
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
        self.untouched + self.reported + self.failed + self.unknown + self.remaining + self.verified
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
        let failures = job.snapshot().map_or(&[][..], |snapshot| &snapshot.failures);
        let names = if failures.is_empty() { Names::default() } else { Names::of(&devices) };
        // BIG-IQ may not name the device. If the job reaches only one, it is that one.
        // guard: only-device-failed
        let only =
            (devices.len() == 1 && (job.is_resolved() || !batch.may_reach_more)).then_some(0);
        for failure in failures {
            let place = names.place(failure).or(only.filter(|_| failure.is_unnamed()));
            match place.and_then(|place| devices.get_mut(place)) {
                Some(device) => device.failures.push(failure.clone()),
                None => elsewhere.push(failure.clone()),
            }
        }
        let placed = devices.iter().any(|d| !d.failures.is_empty());
        let unnamed = unnamed_status(job, placed && elsewhere.is_empty());
        let asked = asked_sessions(job.request());
        let missed =
            ReachDifference::of(job, batch).map(|difference| difference.missed).unwrap_or_default();
        // In the order of the devices.
        let mut missed = missed.iter().peekable();
        for device in &mut devices {
            let is_missed = missed.next_if(|id| **id == device.id).is_some();
            // BIG-IQ's success covers only the devices that it named.
            let unnamed = match unnamed {
                TargetStatus::Reported if is_missed => TargetStatus::Unknown,
                unnamed => unnamed,
            };
            device.judge(unnamed, asked.get(&device.id).map_or(&[][..], Vec::as_slice));
        }
        Self { devices, elsewhere }
    }

    /// The same with what the comparison of sessions shows. Complete lists of sessions count for more than BIG-IQ's report.
    #[must_use]
    pub fn compared(mut self, units: &[CheckedUnit]) -> Self {
        let members = units.iter().flat_map(|unit| unit.members.iter().map(move |id| (id, unit)));
        let units: FxHashMap<&MachineId, &CheckedUnit> = members.collect();
        for device in &mut self.devices {
            if let Some(unit) = units.get(&device.id) {
                device.compare(unit);
            }
        }
        self
    }

    /// The devices that may have failed, where BIG-IQ reports a failure and doesn't name its device. Empty if it names all.
    pub fn suspects(&self) -> Vec<MachineId> {
        if !self.elsewhere.iter().any(DeviceFailure::is_unnamed) {
            return Vec::new();
        }
        // guard: done-is-not-suspected
        let is_open = |device: &&DeviceOutcome| matches!(urgency(device.status), 2 | 3);
        self.devices.iter().filter(is_open).map(|device| device.id.clone()).collect()
    }

    /// What to show of them, problems first.
    pub fn into_rows(self) -> OutcomeRows {
        let tally = Tally::of(self.devices.iter().map(|device| device.status));
        // guard: problems-first
        let mut rows: Vec<_> = self.elsewhere.into_iter().map(DeviceOutcome::nowhere).collect();
        let mut rest = self.devices;
        for problem in [TargetStatus::Failed, TargetStatus::Remaining, TargetStatus::Unknown] {
            let (some, others): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|device| device.status == problem);
            rows.extend(some);
            rest = others;
        }
        let problems = rows.len();
        rows.extend(rest);
        OutcomeRows { rows, problems, tally }
    }
}

/// The outcomes of a job's targets as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRows {
    /// Failures without a known device, then the devices that failed, those whose outcome is unknown, and the others.
    pub rows: Vec<DeviceOutcome>,
    /// How many of the first rows are problems.
    pub problems: usize,
    /// How many devices have each status.
    pub tally: Tally,
}

impl OutcomeRows {
    /// The status that all devices have, if there are too many for a row each and none has more to say.
    pub fn common(&self) -> Option<TargetStatus> {
        let first = self.rows.first()?.status;
        let is_plain = |row: &DeviceOutcome| {
            row.status == first && row.failures.is_empty() && row.sessions.is_empty()
        };
        (self.rows.len() >= MANY && self.rows.iter().all(is_plain)).then_some(first)
    }
}

/// A job, and what the comparison of sessions shows for each of its clusters and standalone devices. Empty before it.
pub type Compared<'a> = (&'a Job, &'a [CheckedUnit]);

/// Which devices of one job, or of all jobs of a plan, are not done. A device is done if it is done for all of these jobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DevicesDone {
    /// How many devices there are.
    pub all: usize,
    /// Those that failed for a job.
    pub failed: Vec<MachineId>,
    /// Those that still list sessions that were seen before.
    pub remaining: Vec<MachineId>,
    /// Those of which it is not known, or that were not started.
    pub unknown: Vec<MachineId>,
}

impl DevicesDone {
    /// Of these jobs.
    pub fn of<'a>(jobs: impl IntoIterator<Item = Compared<'a>>, batch: &Batch) -> Self {
        let (mut devices, mut places) = (Vec::new(), FxHashMap::default());
        for (job, units) in jobs {
            for device in Outcomes::of(job, batch).compared(units).devices {
                let status = device.status;
                let place = *places.entry(device.id.clone()).or_insert(devices.len());
                match devices.get_mut(place) {
                    // guard: done-for-all-jobs
                    Some((_, worst)) if urgency(status) > urgency(*worst) => *worst = status,
                    Some(_) => {}
                    None => devices.push((device.id, status)),
                }
            }
        }
        let mut done = Self { all: devices.len(), ..Self::default() };
        for (id, status) in devices {
            match status {
                TargetStatus::Failed => done.failed.push(id),
                TargetStatus::Remaining => done.remaining.push(id),
                TargetStatus::Unknown | TargetStatus::Open | TargetStatus::Untouched => {
                    done.unknown.push(id);
                }
                TargetStatus::Reported | TargetStatus::Verified => {}
            }
        }
        done
    }

    /// How many are done.
    pub fn done(&self) -> usize {
        self.all - self.failed.len() - self.remaining.len() - self.unknown.len()
    }

    /// Whether they say more than the state of the job: one of several devices is not like the others.
    pub fn is_mixed(&self) -> bool {
        let parts = [self.done(), self.failed.len(), self.remaining.len(), self.unknown.len()];
        parts.iter().filter(|part| **part > 0).count() > 1
    }
}

/// Which status of a device counts, if it differs between jobs.
fn urgency(status: TargetStatus) -> u8 {
    match status {
        TargetStatus::Verified => 0,
        TargetStatus::Reported => 1,
        TargetStatus::Unknown | TargetStatus::Open | TargetStatus::Untouched => 2,
        TargetStatus::Remaining => 3,
        TargetStatus::Failed => 4,
    }
}

/// Where each device is, by machine id and by host name: BIG-IQ may report a failure for each of thousands.
#[derive(Default)]
struct Names {
    ids: FxHashMap<String, usize>,
    hosts: FxHashMap<String, usize>,
}

impl Names {
    fn of(devices: &[DeviceOutcome]) -> Self {
        let mut names = Self::default();
        // Of two devices with the same name, the first counts.
        for (place, device) in devices.iter().enumerate().rev() {
            names.ids.insert(device.id.to_string(), place);
            names.hosts.insert(device.name.to_ascii_lowercase(), place);
        }
        names
    }

    /// Compares by machine id, else by host name (documented for 7.0).
    fn place(&self, failure: &DeviceFailure) -> Option<usize> {
        match (&failure.device, &failure.host) {
            (Some(id), _) => self.ids.get(id.as_str()),
            (None, Some(host)) => self.hosts.get(&host.to_ascii_lowercase()),
            (None, None) => None,
        }
        .copied()
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

    /// A failure without a known device, under the name that BIG-IQ gives it.
    fn nowhere(failure: DeviceFailure) -> Self {
        let id = failure.device.clone().unwrap_or_else(|| MachineId::new(""));
        let name = failure.host.clone().unwrap_or_else(|| id.to_string());
        let status = TargetStatus::Failed;
        Self { status, failures: vec![failure], ..Self::new(&id, &name, &None) }
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

    fn compare(&mut self, unit: &CheckedUnit) {
        for session in &mut self.sessions {
            let checked = unit.sessions.iter().find(|checked| checked.id == session.id);
            session.status = match (checked.map(|checked| checked.now), session.status) {
                (Some(Now::Gone), _) => TargetStatus::Verified,
                (Some(Now::Remaining), TargetStatus::Reported | TargetStatus::Unknown) => {
                    TargetStatus::Remaining
                }
                (_, status) => status,
            };
        }
        self.status = match (unit.verdict.finding(), self.status) {
            // guard: gone-counts-more-than-a-failure
            (Finding::Verified, _) => TargetStatus::Verified,
            (Finding::NothingToVerify, TargetStatus::Unknown) => TargetStatus::Verified,
            // guard: still-there-is-not-done
            (Finding::NotVerified, TargetStatus::Reported | TargetStatus::Unknown) => {
                TargetStatus::Remaining
            }
            (_, status) => status,
        };
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
        let named = job.resolved()?;
        let is_named = |device: &&PlannedDevice| named.binary_search(&device.id).is_ok();
        let (mut both, mut left) = (0, Vec::new());
        for device in of_plan(job, batch) {
            if is_named(&device) {
                both += 1;
            } else {
                left.push(device);
            }
        }
        let mut difference = Self::default();
        // Most often there is none, and there may be thousands of devices.
        if both < named.len() {
            let planned: SortedSet<&str> =
                of_plan(job, batch).map(|device| device.id.as_str()).collect();
            let new = named.iter().filter(|id| !planned.contains(id.as_str()));
            difference.added = new.cloned().collect();
        }
        if !left.is_empty() {
            let served: SortedSet<&str> = of_plan(job, batch)
                .filter(is_named)
                .filter_map(|device| device.cluster.as_deref())
                .collect();
            let is_served = |cluster: &String| served.contains(cluster.as_str());
            let missed =
                left.iter().filter(|device| !device.cluster.as_ref().is_some_and(is_served));
            difference.missed = missed.map(|device| device.id.clone()).collect();
            let left: SortedSet<MachineId> = left.iter().map(|device| device.id.clone()).collect();
            difference.left_out = left.into_iter().collect();
        }
        Some(difference)
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
    use crate::job::{StartedJob, TaskSnapshot, Verdict};
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

    /// A failure whose device BIG-IQ doesn't name: what is left when the others are known.
    #[rstest]
    #[case::all(&[], &["blue-a", "blue-b", "lone"])]
    #[case::the_others_are_verified(&[unit(&["blue-a", "blue-b"], 1, 0, 0)], &["lone"])]
    #[case::some_are_left_there(&[unit(&["blue-a", "blue-b"], 1, 0, 0), unit(&["lone"], 0, 1, 0)], &["lone"])]
    #[case::all_are_verified(&[unit(&["blue-a", "blue-b"], 1, 0, 0), unit(&["lone"], 1, 0, 0)], &[])]
    fn a_failure_without_a_device_is_of_one_that_is_not_done(
        #[case] units: &[CheckedUnit],
        #[case] expected: &[&str],
    ) {
        let last =
            TaskSnapshot { failures: vec![failure("", &[])], ..snapshot("FAILED", "KILL", "") };
        let (batch, job) = seen(&everybody(), last);
        assert_eq!(Outcomes::of(&job, &batch).compared(units).suspects(), expected);
        let named =
            TaskSnapshot { failures: vec![failure("who", &[])], ..snapshot("FAILED", "KILL", "") };
        let (batch, job) = seen(&everybody(), named);
        assert!(Outcomes::of(&job, &batch).compared(units).suspects().is_empty());
    }

    /// The only device has the failure, unless there may be others.
    #[rstest]
    #[case::known(false, "", TargetStatus::Failed)]
    #[case::there_may_be_others(true, "", TargetStatus::Unknown)]
    #[case::another_is_named(false, "who", TargetStatus::Unknown)]
    fn the_only_device_has_a_failure_that_names_none(
        #[case] may_reach_more: bool,
        #[case] device: &str,
        #[case] expected: TargetStatus,
    ) {
        let last =
            TaskSnapshot { failures: vec![failure(device, &[])], ..snapshot("FAILED", "KILL", "") };
        let (mut batch, job) = seen(&draft("user2", &[], &[], &["lone"]), last);
        batch.may_reach_more = may_reach_more;
        assert_eq!(statuses(&job, &batch), [(machine("lone"), expected)]);
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
    fn rows_begin_with_what_failed_or_is_unknown() {
        let failures = vec![failure("who", &["1"]), failure("lone", &[])];
        let last = TaskSnapshot { failures, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (batch, job) = seen(&everybody(), last);
        let shown = Outcomes::of(&job, &batch).into_rows();
        let names: Vec<&str> = shown.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(
            names,
            ["who", "lone.example.test", "blue-a.example.test", "blue-b.example.test"]
        );
        assert_eq!((shown.problems, shown.tally.failed, shown.tally.unknown), (4, 1, 2));
        let (batch, job) = seen(&everybody(), snapshot("FINISHED", "DONE", "COMPLETE"));
        let shown = Outcomes::of(&job, &batch).into_rows();
        assert_eq!((shown.rows.len(), shown.problems, shown.tally.reported), (3, 0, 3));
    }

    fn unit(members: &[&str], gone: usize, remaining: usize, blind: usize) -> CheckedUnit {
        CheckedUnit {
            cluster: None,
            members: members.iter().map(machine).collect(),
            sessions: Vec::new(),
            verdict: Verdict { gone, remaining, blind, ..Verdict::default() },
        }
    }

    /// What BIG-IQ reports of `lone`, and what its sessions show.
    #[rstest]
    #[case::running("STARTED", "", false, [TargetStatus::Open; 4])]
    #[case::done("FINISHED", "COMPLETE", false, [
        TargetStatus::Verified, TargetStatus::Remaining, TargetStatus::Reported, TargetStatus::Reported
    ])]
    #[case::unknown("FAILED", "", false, [
        TargetStatus::Verified, TargetStatus::Remaining, TargetStatus::Verified, TargetStatus::Unknown
    ])]
    #[case::failed("FAILED", "", true, [
        TargetStatus::Verified, TargetStatus::Failed, TargetStatus::Failed, TargetStatus::Failed
    ])]
    fn the_sessions_count_for_more_than_the_report(
        #[case] status: &str,
        #[case] result: &str,
        #[case] fails: bool,
        #[case] expected: [TargetStatus; 4],
    ) {
        let failures = if fails { vec![failure("lone", &[])] } else { Vec::new() };
        let (batch, job) = seen(
            &draft("user2", &[], &[], &["lone"]),
            TaskSnapshot { failures, ..snapshot(status, "DONE", result) },
        );
        // Gone, still there, none before, not read before.
        let units = [(1, 0, 0), (1, 1, 0), (0, 0, 0), (0, 0, 1)];
        let units = units.map(|(gone, left, blind)| unit(&["lone"], gone, left, blind));
        // A job that runs is not compared.
        let is_open = expected[0] == TargetStatus::Open;
        let judged = units.map(|unit| {
            let units = if is_open { vec![] } else { vec![unit] };
            Outcomes::of(&job, &batch).compared(&units).devices[0].status
        });
        assert_eq!(judged, expected);
    }

    #[test]
    fn a_device_is_done_if_it_is_done_for_every_job() {
        let targets = draft("user2", &[], &["Blue"], &["lone", "fresh"]);
        let done = seen(&targets, snapshot("FINISHED", "DONE", "COMPLETE"));
        let failures = vec![failure("lone", &[])];
        let silent = seen(&targets, TaskSnapshot { failures, ..snapshot("FAILED", "KILL", "") });
        let units = [unit(&["blue-a", "blue-b"], 1, 0, 0), unit(&["fresh"], 0, 1, 0)];
        let of = |jobs: &[Compared<'_>]| DevicesDone::of(jobs.iter().copied(), &done.0);
        let all = of(&[(&done.1, &[])]);
        assert_eq!((all.all, all.done(), all.is_mixed()), (4, 4, false));
        let unknown = of(&[(&silent.1, &[])]);
        assert_eq!((unknown.done(), unknown.failed.as_slice()), (0, &["lone".into()][..]));
        assert_eq!((unknown.unknown.len(), unknown.is_mixed()), (3, true));
        for jobs in
            [[(&done.1, &[][..]), (&silent.1, &units[..])], [(&silent.1, &units), (&done.1, &[])]]
        {
            let both = of(&jobs);
            assert_eq!((both.all, both.done(), both.unknown.len()), (4, 2, 0));
            assert_eq!(
                (&both.failed[..], &both.remaining[..]),
                (&["lone".into()][..], &["fresh".into()][..])
            );
        }
        let (batch, job) = sending(&targets);
        assert_eq!(DevicesDone::of([(&job, &[][..])], &batch).unknown.len(), 4);
    }

    #[test]
    fn many_devices_of_one_status_have_one_line() {
        let shown = |devices: &[&str], last| {
            let (batch, job) = seen(&draft("user2", &[], &["Blue"], devices), last);
            Outcomes::of(&job, &batch).into_rows()
        };
        let unknown = || snapshot("FAILED", "KILL", "");
        assert_eq!(shown(&["lone", "fresh"], unknown()).common(), Some(TargetStatus::Unknown));
        assert_eq!(shown(&["lone"], unknown()).common(), None, "three rows are few");
        let failures = vec![failure("lone", &[])];
        let mixed = TaskSnapshot { failures, ..unknown() };
        assert_eq!(shown(&["lone", "fresh"], mixed).common(), None);
        let failures = ["blue-a", "blue-b", "lone", "fresh"].map(|id| failure(id, &[])).to_vec();
        let failed = TaskSnapshot { failures, ..unknown() };
        assert_eq!(shown(&["lone", "fresh"], failed).common(), None, "each has its reason");
        assert_eq!(
            OutcomeRows { rows: vec![], problems: 0, tally: Tally::default() }.common(),
            None
        );
    }

    #[test]
    fn the_first_of_two_devices_of_one_name_has_the_failure() {
        let by_host = DeviceFailure { host: Some("twin".into()), ..failure("", &[]) };
        let last = TaskSnapshot {
            devices: vec!["lone".into(), "twin".into()],
            failures: vec![by_host],
            ..snapshot("FINISHED", "DONE", "COMPLETE")
        };
        let (mut batch, job) = seen(&everybody(), last);
        batch.reached.iter_mut().for_each(|device| device.name = "TWIN".into());
        let outcomes = Outcomes::of(&job, &batch);
        let failed: Vec<&str> = outcomes
            .devices
            .iter()
            .filter(|device| !device.failures.is_empty())
            .map(|device| device.id.as_str())
            .collect();
        assert_eq!(failed, ["blue-a"]);
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
