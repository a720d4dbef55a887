//! The sessions that a request should end, as seen before it was sent. Sessions from incomplete readings are not counted,
//! because it could not be verified later that the rest is gone.

use crate::ids::{MachineId, SessionId, UserName};
use crate::inventory::{Device, Inventory, Live, Reading, Session};
use crate::job::{Job, asked_sessions};
use crate::plan::{Batch, PlannedDevice, TargetSet};
use crate::sorted::{SortedMap, SortedSet};
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use serde::{Deserialize, Serialize};

/// How many devices are read only to find out who is signed in.
const MOST_BLIND: usize = 32;

/// The sessions before a kill. Take it before sending. It contains session ids and user names, and nothing secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    pub(super) units: Vec<Unit>,
    as_of: Option<Timestamp>,
    /// Whether there may be more units, because the inventory did not have all devices.
    #[serde(default)]
    pub(super) may_lack_units: bool,
}

/// A cluster or a standalone device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unit {
    pub(super) cluster: Option<String>,
    /// The machine ids of all members.
    pub(super) members: Vec<MachineId>,
    /// The sessions that the request should end: id and user.
    pub(super) sessions: SortedMap<SessionId, UserName>,
    /// Ids of the same users' other sessions, which must not count as new later.
    pub(super) others: SortedSet<SessionId>,
    /// Whether there may be more sessions that the request should end.
    pub(super) blind: bool,
    /// Whether all sessions were known, so that any other session is new.
    pub(super) whole: bool,
}

impl Baseline {
    /// The baseline of a job that is about to be sent. Readings taken after sending are ignored.
    pub fn take(job: &Job, batch: &Batch, live: &Live, inventory: &Inventory) -> Self {
        let (targets, asked) = (TargetSet::of(job.request()), asked_sessions(job.request()));
        let source = Readings { live, until: job.sent_at(), asked };
        let (mut named, mut seen) = (SortedMap::new(), Vec::new());
        let mut vanished = Vec::new();
        for reached in batch.reached.iter().filter(|device| targets.hits(device)) {
            match inventory.device(&reached.id) {
                Some(device) => {
                    let unit = device.cluster.as_deref().unwrap_or(device.id.as_str());
                    seen.push((unit, vec![device]));
                }
                None => vanished.push(Unit::unseen(reached)),
            }
        }
        named.merge(seen, |devices: &mut Vec<&Device>, more| devices.extend(more));
        let units: Vec<Unit> = named
            .into_iter()
            .filter_map(|(_, devices)| source.unit(job.request(), &devices, inventory))
            .chain(vanished)
            .collect();
        let members = units.iter().flat_map(|unit| &unit.members);
        let as_of = members.filter_map(|id| source.reading(id)).map(Reading::read_at).min();
        Self { units, as_of, may_lack_units: batch.may_reach_more }
    }

    /// The machine ids of the devices whose sessions [`check`](Self::check) needs, each once. Units on which no session was seen
    /// are left out.
    pub fn devices(&self) -> impl Iterator<Item = &MachineId> {
        let seen = self.units.iter().filter(|unit| !unit.sessions.is_empty());
        seen.flat_map(|unit| &unit.members)
    }

    /// The same, and the first devices whose sessions were not fully read: who is signed in there now can still be found out.
    pub fn to_read(&self) -> impl Iterator<Item = &MachineId> {
        let blind = self.units.iter().filter(|unit| unit.blind);
        self.devices().chain(blind.flat_map(|unit| &unit.members).take(MOST_BLIND))
    }

    /// The machine ids of all devices that the request reaches, and the other members of their clusters: first those with sessions.
    pub fn members(&self) -> impl Iterator<Item = &MachineId> {
        let rest = self.units.iter().filter(|unit| unit.sessions.is_empty());
        self.devices().chain(rest.flat_map(|unit| &unit.members))
    }

    /// The users whose sessions the request should end, as far as they are known.
    pub fn users(&self, request: &KillRequest) -> SortedSet<UserName> {
        self.units.iter().flat_map(|unit| users(request, &unit.sessions)).collect()
    }

    /// The sessions of these users in the list of a device that were not there before the kill, and whether each is certainly
    /// new: the comparison counts it as signed in again, too.
    pub fn new_sessions<'a>(
        &self,
        request: &KillRequest,
        users: &SortedSet<UserName>,
        device: &MachineId,
        reading: &'a Reading,
    ) -> Vec<(&'a Session, bool)> {
        let Some(unit) = self.units.iter().find(|unit| unit.members.contains(device)) else {
            return Vec::new();
        };
        let of_users = reading.sessions().iter().filter(|session| users.contains(&session.user));
        let new = of_users.filter(|session| !unit.had(&session.id));
        let of_unit = unit.users_who_may_return(request);
        new.map(|session| (session, of_unit.contains(&session.user))).collect()
    }

    /// How many sessions the request should end, without duplicates.
    pub fn sessions(&self) -> usize {
        self.units.iter().map(|unit| unit.sessions.len()).sum()
    }

    /// Whether there may have been more.
    pub fn is_blind(&self) -> bool {
        self.may_lack_units || self.units.iter().any(|unit| unit.blind)
    }

    /// Adds the clusters and standalone devices that only a later baseline of the same job knows. Returns whether there are any.
    pub(crate) fn complete_with(&mut self, later: Self) -> bool {
        let mut is_changed = false;
        // A device that was read before may have stopped to answer.
        for new in later.units.into_iter().filter(|unit| !unit.blind) {
            let is_same = |unit: &&mut Unit| unit.blind && unit.members == new.members;
            if let Some(unit) = self.units.iter_mut().find(is_same) {
                *unit = new;
                is_changed = true;
            }
        }
        self.as_of = self.as_of.min(later.as_of).or(later.as_of);
        is_changed
    }

    /// When the oldest of the used readings was taken.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.as_of
    }
}

impl Unit {
    /// Whether a session was seen before the kill.
    pub(super) fn had(&self, id: &SessionId) -> bool {
        // guard: return-needs-new-id
        self.sessions.contains_key(id) || self.others.contains(id)
    }

    /// The users of whom every session was known before the kill, so that any other is new.
    pub(super) fn users_who_may_return(&self, request: &KillRequest) -> SortedSet<UserName> {
        if self.whole { users(request, &self.sessions) } else { SortedSet::new() }
    }

    /// A device that is no longer in the inventory: its sessions are not known.
    fn unseen(device: &PlannedDevice) -> Self {
        Self {
            cluster: device.cluster.clone(),
            members: vec![device.id.clone()],
            sessions: SortedMap::new(),
            others: SortedSet::new(),
            blind: true,
            whole: false,
        }
    }
}

struct Readings<'a> {
    live: &'a Live,
    until: Option<Timestamp>,
    /// The session ids that the request lists, by device.
    asked: SortedMap<MachineId, Vec<SessionId>>,
}

impl<'a> Readings<'a> {
    /// The session ids that a request lists for these devices. `None` if it lists no sessions at all.
    fn asked_ids(&self, request: &KillRequest, named: &[&Device]) -> Option<SortedSet<&SessionId>> {
        let KillRequest::Listed { .. } = request else { return None };
        let here = named.iter().filter_map(|device| self.asked.get(&device.id));
        Some(here.flatten().collect())
    }

    fn reading(&self, device: &MachineId) -> Option<&'a Reading> {
        let early = |reading: &&Reading| self.until.is_none_or(|until| reading.read_at() <= until);
        self.live.reading(device).filter(early)
    }

    fn complete(&self, device: &MachineId) -> Option<&'a Reading> {
        self.reading(device).filter(|reading| reading.is_complete())
    }

    /// Whether the readings of these members show all their sessions. A standby may list mirrored sessions or none, so a single
    /// member is enough only if it is the active one.
    fn know(&self, members: &[&MachineId], active: Option<&MachineId>) -> bool {
        let complete = |id: &&MachineId| self.complete(id).is_some();
        members.iter().filter(|id| Some(**id) == active).any(complete)
            || members.iter().all(complete)
    }

    /// `named` are the members of one unit that the request reaches. Never empty.
    fn unit(
        &self,
        request: &KillRequest,
        named: &[&Device],
        inventory: &Inventory,
    ) -> Option<Unit> {
        let first = named.first()?;
        let cluster = first.cluster.as_deref().and_then(|name| inventory.cluster(name));
        let members: Vec<&MachineId> = match cluster {
            Some(cluster) => inventory.members(&cluster.members).map(|d| &d.id).collect(),
            None => vec![&first.id],
        };
        let active = match cluster {
            Some(cluster) => self.live.active_member(inventory, &cluster.name),
            None => Some(&first.id),
        };
        // Any member may show a listed session. A kill by user or of all sessions ends what the named members hold.
        let asked: Option<SortedSet<&SessionId>> = self.asked_ids(request, named);
        let sources = match asked {
            Some(_) => members.clone(),
            None => named.iter().map(|device| &device.id).collect(),
        };
        let mut sessions = SortedMap::new();
        for reading in sources.iter().filter_map(|id| self.complete(id)) {
            let mut note = |session: &Session| {
                sessions.insert(session.id.clone(), session.user.clone());
            };
            match (request, &asked) {
                (KillRequest::ByUser { user_name, .. }, _) => {
                    reading.of_user(&UserName::new(user_name.as_str())).for_each(&mut note);
                }
                (_, Some(ids)) => {
                    ids.iter().filter_map(|id| reading.session(id)).for_each(&mut note);
                }
                (_, None) => reading.sessions().iter().for_each(&mut note),
            }
        }
        let users = users(request, &sessions);
        let seen = members.iter().filter_map(|id| self.reading(id));
        let seen = seen.flat_map(|reading| users.iter().flat_map(|user| reading.of_user(user)));
        let others = seen.map(|s| &s.id).filter(|id| !sessions.contains_key(*id));
        let all_found = asked.is_some_and(|ids| ids.len() == sessions.len());
        Some(Unit {
            cluster: first.cluster.clone(),
            blind: !all_found && !self.know(&sources, active),
            whole: self.know(&members, active),
            others: others.cloned().collect(),
            members: members.into_iter().cloned().collect(),
            sessions,
        })
    }
}

/// The users whose sessions a request should end, as far as they are known.
fn users(request: &KillRequest, sessions: &SortedMap<SessionId, UserName>) -> SortedSet<UserName> {
    match request {
        KillRequest::ByUser { user_name, .. } => {
            SortedSet::from([UserName::new(user_name.as_str())])
        }
        KillRequest::All { .. } | KillRequest::Listed { .. } => SortedSet::from_iter(
            sessions.values().filter(|user| !user.as_str().is_empty()).cloned(),
        ),
    }
}
