//! The comparison after a job has ended. It must not report a session as gone unless it is missing in a complete reading of
//! every member.

use super::baseline::{Baseline, Unit, users};
use crate::ids::{MachineId, SessionId, UserName};
use crate::inventory::{Live, Reading, UnitId};
use crate::job::{Job, Verdict};
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use serde::Serialize;

/// The result of comparing live sessions before and after a kill.
///
/// Without readings from before and after, nothing counts as verified:
///
/// ```
/// use bigiq::device::{AccessDevice, AccessProperties};
/// use bigiq::{KillTask, decode};
/// use curfew_core::app::AccountKey;
/// use curfew_core::inventory::{DeviceList, Live};
/// use curfew_core::job::{Finding, Observation, Source, TaskSnapshot};
/// use curfew_core::plan::{Answer, Draft, Plan};
/// use curfew_core::timestamp::Timestamp;
/// use curfew_core::verify::Baseline;
///
/// # use curfew_core::ids::{BatchId, MachineId};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|e| format!("{e:?}"))?;
/// # let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|e| format!("{e:?}"))?;
/// # let mut started = confirmed.start(&BatchId::new("b1"), Timestamp(1));
/// # let Some(curfew_core::job::StartedJob { mut job, queued }) = started.items.pop() else { return Ok(()) };
/// let baseline = Baseline::take(&job, &started.batch, &Live::default(), &inventory);
/// assert!(baseline.is_blind());
///
/// let _request = job.start_sending(Timestamp(2), queued);
/// let task: KillTask = decode(r#"{"id": "7c", "status": "FINISHED", "currentStep": "DONE", "result": "COMPLETE"}"#)
///     .map_err(|e| e.to_string())?;
/// job.observe(Timestamp(3), Source::Answer, Observation::Accepted(TaskSnapshot::of(&task)));
///
/// let check = baseline.check(&job, &Live::default());
/// assert_eq!(check.map(|check| check.verdict.finding()), Some(Finding::NotVerifiable));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// By cluster or standalone device.
    pub units: Vec<CheckedUnit>,
    /// The numbers of all units together.
    pub verdict: Verdict,
    /// The units whose sessions were not fully read before the kill. `verdict.blind` may be one more, whose name is not known.
    #[serde(skip)]
    pub blind: Vec<UnitId>,
}

/// The comparison for a cluster or a standalone device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedUnit {
    /// The cluster. `None` for a standalone device.
    pub cluster: Option<String>,
    /// The machine ids of the members.
    pub members: Vec<MachineId>,
    /// The sessions seen before, by id.
    pub sessions: Vec<CheckedSession>,
    /// The numbers of this unit.
    pub verdict: Verdict,
}

/// A session that was seen before a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedSession {
    /// Session id.
    pub id: SessionId,
    /// User. Empty if the device doesn't report it.
    pub user: UserName,
    /// What happened to it.
    pub now: Now,
}

/// What happened to a session that was seen before a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Now {
    /// Missing in complete readings of every member.
    Gone,
    /// A member still lists it.
    Remaining,
    /// Not seen, but a reading is missing or incomplete.
    Unreadable,
}

impl Baseline {
    /// Compares with readings taken since the job's end; older ones are ignored. `None` while the job has not ended.
    pub fn check(&self, job: &Job, live: &Live) -> Option<Check> {
        let since = job.ended_at()?;
        let units: Vec<CheckedUnit> =
            self.units.iter().map(|unit| unit.check(job.request(), live, since)).collect();
        let mut verdict = Verdict::default();
        for unit in &units {
            verdict.add(&unit.verdict);
        }
        let of_units =
            units.iter().filter(|unit| unit.verdict.blind > 0).filter_map(CheckedUnit::id);
        let blind: Vec<UnitId> = of_units.chain(self.unforeseen(job).map(UnitId::Device)).collect();
        verdict.blind = blind.len();
        // If BIG-IQ named no device and the inventory lacked devices, there may be one more.
        // guard: unknown-reach-is-blind
        verdict.blind += usize::from(!job.is_resolved() && self.may_lack_units);
        Some(Check { units, verdict, blind })
    }

    /// The devices that BIG-IQ named and that were not read before the kill, because BIG-IQ expands groups itself.
    fn unforeseen(&self, job: &Job) -> impl Iterator<Item = MachineId> {
        let members = self.units.iter().flat_map(|unit| &unit.members);
        let known: SortedSet<&MachineId> = SortedSet::from_iter(members);
        let named = if job.is_resolved() { job.devices() } else { Vec::new() };
        named.into_iter().filter(move |id| !known.contains(&id))
    }
}

impl CheckedUnit {
    fn id(&self) -> Option<UnitId> {
        match &self.cluster {
            Some(cluster) => Some(UnitId::Cluster(cluster.clone())),
            None => self.members.first().cloned().map(UnitId::Device),
        }
    }
}

impl Unit {
    fn check(&self, request: &KillRequest, live: &Live, since: Timestamp) -> CheckedUnit {
        // guard: later-readings-prove
        let fresh: Vec<&Reading> = self
            .members
            .iter()
            .filter_map(|id| live.reading(id))
            .filter(|reading| reading.read_at() >= since)
            .collect();
        // guard: complete-readings-prove
        let all = fresh.len() == self.members.len() && fresh.iter().all(|r| r.is_complete());
        let mut verdict = Verdict { blind: usize::from(self.blind), ..Verdict::default() };
        let mut judge = |(id, user): (&SessionId, &UserName)| {
            let listed = fresh.iter().any(|reading| reading.session(id).is_some());
            let (now, number) = match (listed, all) {
                (true, _) => (Now::Remaining, &mut verdict.remaining),
                (false, true) => (Now::Gone, &mut verdict.gone),
                (false, false) => (Now::Unreadable, &mut verdict.unreadable),
            };
            *number += 1;
            CheckedSession { id: id.clone(), user: user.clone(), now }
        };
        let sessions = self.sessions.iter().map(&mut judge).collect();
        verdict.came_back = self.came_back(request, &fresh);
        CheckedUnit {
            cluster: self.cluster.clone(),
            members: self.members.clone(),
            sessions,
            verdict,
        }
    }

    /// New sessions of the users whose sessions the kill should end. New sessions are recognized by their ids, which is only
    /// possible if all old ones are known.
    fn came_back(&self, request: &KillRequest, fresh: &[&Reading]) -> usize {
        if !self.whole {
            return 0;
        }
        let users = users(request, &self.sessions);
        let now = fresh.iter().flat_map(|reading| users.iter().flat_map(|u| reading.of_user(u)));
        let new = now
            .map(|session| &session.id)
            .filter(|id| !self.sessions.contains_key(*id) && !self.others.contains(*id));
        SortedSet::from_iter(new).len()
    }
}
