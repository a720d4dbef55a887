//! The comparison after a job has ended. It must not report a session as gone unless it is missing in a complete reading of
//! every member.

use super::baseline::{Baseline, Unit};
use crate::count::Count;
use crate::ids::{MachineId, SessionId, UserName};
use crate::inventory::{Live, Reading, Session, UnitId};
use crate::job::{CheckedSession, CheckedUnit, Finding, Job, Now, Verdict, asked_sessions};
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
    /// Who is signed in there now. `None` if all sessions were read before the kill.
    #[serde(skip)]
    pub signed_in: Option<SessionsThere>,
}

/// The sessions that a kill should have ended, where the sessions before it are not known: they may be new or not have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionsThere {
    /// How many there are now.
    pub sessions: Count,
    /// Their users, as far as they are reported, each once.
    pub users: Vec<UserName>,
    /// Where they are.
    pub places: Vec<UnitId>,
    /// Where the sessions are not fully known now either.
    pub unread: Vec<UnitId>,
}

/// How many of the sessions seen before a kill are gone while it runs. This is not the kill's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// How many sessions were seen before.
    pub before: Count,
    /// How many of them are missing in complete readings of every member.
    pub gone: usize,
    /// The members of the clusters, and the standalone devices, where others may be left.
    pub left: Vec<MachineId>,
    /// Those of `left` that did not answer the last time.
    pub silent: Vec<MachineId>,
}

impl SoFar {
    /// The same of another kill of the plan, too.
    pub(crate) fn add(&mut self, other: Self) {
        self.before = self.before.and(other.before);
        self.gone += other.gone;
        for (all, more) in [(&mut self.left, other.left), (&mut self.silent, other.silent)] {
            for device in more {
                if !all.contains(&device) {
                    all.push(device);
                }
            }
        }
    }
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
        let named = self.units.iter().filter(|unit| unit.blind).count();
        let signed_in =
            (verdict.blind > 0).then(|| self.signed_in(job, live, named == verdict.blind));
        Some(Check { units, verdict, blind, signed_in })
    }

    /// Who is signed in where the sessions before were not fully read. `is_all`: there are no other such devices.
    fn signed_in(&self, job: &Job, live: &Live, mut is_all: bool) -> SessionsThere {
        let since = job.ended_at().unwrap_or_default();
        let (mut number, mut users) = (0, SortedSet::new());
        let (mut places, mut unread) = (Vec::new(), Vec::new());
        for unit in self.units.iter().filter(|unit| unit.blind) {
            let (fresh, is_complete) = unit.fresh(live, since);
            is_all &= is_complete;
            if !is_complete {
                unread.extend(unit.id());
            }
            let mut seen = SortedSet::new();
            for session in unit.meant(job.request(), &fresh) {
                // Members of a cluster list each other's sessions.
                if seen.insert(&session.id) {
                    number += 1;
                    users.insert(session.user.clone());
                }
            }
            if !seen.is_empty() {
                places.extend(unit.id());
            }
        }
        let users = users.into_iter().filter(|user| !user.as_str().is_empty()).collect();
        SessionsThere { sessions: Count::of(number, is_all), users, places, unread }
    }

    /// Compares with readings taken while BIG-IQ ends sessions; older ones are ignored. `None` before that.
    pub fn so_far(&self, job: &Job, live: &Live) -> Option<SoFar> {
        let since = job.killing_at()?;
        let before = Count::of(self.sessions(), !self.is_blind());
        let mut so_far = SoFar { before, gone: 0, left: Vec::new(), silent: Vec::new() };
        for unit in self.units.iter().filter(|unit| !unit.sessions.is_empty()) {
            let gone = unit.check(job.request(), live, since).verdict.gone;
            so_far.gone += gone;
            if gone < unit.sessions.len() {
                so_far.left.extend(unit.members.iter().cloned());
            }
        }
        Some(so_far)
    }

    /// Before any reading: all of them may be left.
    pub(crate) fn before(&self) -> SoFar {
        let before = Count::of(self.sessions(), !self.is_blind());
        let left = self.devices().cloned().collect();
        SoFar { before, gone: 0, left, silent: Vec::new() }
    }

    /// The devices that BIG-IQ named and that were not read before the kill, because BIG-IQ expands groups itself.
    fn unforeseen(&self, job: &Job) -> impl Iterator<Item = MachineId> {
        let members = self.units.iter().flat_map(|unit| &unit.members);
        let known: SortedSet<&MachineId> = SortedSet::from_iter(members);
        let named = if job.is_resolved() { job.devices() } else { Vec::new() };
        named.into_iter().filter(move |id| !known.contains(&id))
    }
}

impl Check {
    /// How many clusters and standalone devices were fully read before the kill and after it, and list no session from before.
    pub fn verified_units(&self) -> usize {
        let is_verified = |unit: &&CheckedUnit| {
            matches!(unit.verdict.finding(), Finding::Verified | Finding::NothingToVerify)
        };
        // guard: verified-units-were-read
        self.units.iter().filter(is_verified).count()
    }

    /// The units that can't be verified, if all of their names are known: one less would say that the other one was verified.
    pub fn not_verifiable(&self) -> Option<Vec<UnitId>> {
        // guard: not-verifiable-all-named
        if self.blind.len() < self.verdict.blind {
            return None;
        }
        // Those that were not read before the kill are in `blind`.
        let unread = self.units.iter().filter(|u| u.verdict.unreadable > 0 && u.verdict.blind == 0);
        Some(unread.filter_map(CheckedUnit::id).chain(self.blind.iter().cloned()).collect())
    }

    /// The places of the units, those first that are not verified, and how many these are.
    pub fn problems_first(&self) -> (Vec<usize>, usize) {
        let is_problem = |place: &usize| {
            let finding = self.units.get(*place).map(|unit| unit.verdict.finding());
            matches!(finding, Some(Finding::NotVerified | Finding::NotVerifiable))
        };
        let (mut first, rest): (Vec<usize>, Vec<usize>) =
            (0..self.units.len()).partition(is_problem);
        let problems = first.len();
        first.extend(rest);
        (first, problems)
    }
}

/// The name of a unit.
fn id_of(cluster: Option<&String>, members: &[MachineId]) -> Option<UnitId> {
    match cluster {
        Some(cluster) => Some(UnitId::Cluster(cluster.clone())),
        None => members.first().cloned().map(UnitId::Device),
    }
}

impl CheckedUnit {
    fn id(&self) -> Option<UnitId> {
        id_of(self.cluster.as_ref(), &self.members)
    }
}

impl Unit {
    fn id(&self) -> Option<UnitId> {
        id_of(self.cluster.as_ref(), &self.members)
    }

    /// The readings of its members since then, and whether they show all sessions.
    fn fresh<'a>(&self, live: &'a Live, since: Timestamp) -> (Vec<&'a Reading>, bool) {
        // guard: later-readings-prove
        let fresh: Vec<&Reading> = self
            .members
            .iter()
            .filter_map(|id| live.reading(id))
            .filter(|reading| reading.read_at() >= since)
            .collect();
        // guard: complete-readings-prove
        let all = fresh.len() == self.members.len() && fresh.iter().all(|r| r.is_complete());
        (fresh, all)
    }

    /// The sessions that a request should end, among those that members list.
    fn meant<'a>(&self, request: &KillRequest, fresh: &[&'a Reading]) -> Vec<&'a Session> {
        let listed = fresh.iter().flat_map(|reading| reading.sessions());
        let asked = asked_sessions(request);
        let asked = self.members.iter().filter_map(|id| asked.get(id)).flatten();
        let asked: SortedSet<&SessionId> = asked.collect();
        let is_meant = |session: &&Session| match request {
            KillRequest::ByUser { user_name, .. } => session.user == **user_name,
            KillRequest::All { .. } => true,
            KillRequest::Listed { .. } => asked.contains(&session.id),
        };
        listed.filter(is_meant).collect()
    }

    fn check(&self, request: &KillRequest, live: &Live, since: Timestamp) -> CheckedUnit {
        let (fresh, all) = self.fresh(live, since);
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
        let users = self.users_who_may_return(request);
        let now = fresh.iter().flat_map(|reading| users.iter().flat_map(|u| reading.of_user(u)));
        let new = now.map(|session| &session.id).filter(|id| !self.had(id));
        SortedSet::from_iter(new).len()
    }
}
