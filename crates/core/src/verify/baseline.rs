//! The sessions that a request is about, as they were seen before it was sent. It must not count what only an incomplete
//! reading showed: nobody could tell later whether the rest is gone.

use crate::inventory::{Device, Inventory, Live, Reading, Session};
use crate::job::{Job, asked_sessions};
use crate::plan::{Batch, PlannedDevice, TargetSet};
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was there before a kill. Take it before sending; it holds ids and names, and nothing secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    pub(super) units: Vec<Unit>,
    as_of: Option<Timestamp>,
}

/// A cluster, or a device of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unit {
    pub(super) cluster: Option<String>,
    /// The machine ids of all its members.
    pub(super) members: Vec<String>,
    /// The sessions that the request is about: id and user.
    pub(super) sessions: BTreeMap<String, String>,
    /// Ids of other sessions of the same users that were seen: these are not new later.
    pub(super) others: BTreeSet<String>,
    /// Whether there may be more that the request is about.
    pub(super) blind: bool,
    /// Whether all sessions were known, so that others than those are new.
    pub(super) whole: bool,
}

impl Baseline {
    /// What live sessions say of a job that is about to be sent. Readings taken after it was sent are left out.
    pub fn take(job: &Job, batch: &Batch, live: &Live, inventory: &Inventory) -> Self {
        let (aim, asked) = (TargetSet::of(job.request()), asked_sessions(job.request()));
        let source = Readings { live, until: job.sent_at(), asked };
        let mut named: BTreeMap<&str, Vec<&Device>> = BTreeMap::new();
        let mut vanished = Vec::new();
        for reached in batch.reached.iter().filter(|device| aim.hits(device)) {
            match inventory.device(&reached.id) {
                Some(device) => {
                    let unit = device.cluster.as_deref().unwrap_or(&device.id);
                    named.entry(unit).or_default().push(device);
                }
                None => vanished.push(Unit::unseen(reached)),
            }
        }
        let units: Vec<Unit> = named
            .into_values()
            .filter_map(|devices| source.unit(job.request(), &devices, inventory))
            .chain(vanished)
            .collect();
        let members = units.iter().flat_map(|unit| &unit.members);
        let as_of = members.filter_map(|id| source.reading(id)).map(Reading::read_at).min();
        Self { units, as_of }
    }

    /// The machine ids of the devices whose sessions a [`check`](Self::check) looks for, each once. Where nobody was seen
    /// nobody is looked for.
    pub fn devices(&self) -> impl Iterator<Item = &str> {
        let seen = self.units.iter().filter(|unit| !unit.sessions.is_empty());
        seen.flat_map(|unit| &unit.members).map(String::as_str)
    }

    /// How many sessions were there that the request is about, each counted once.
    pub fn sessions(&self) -> usize {
        self.units.iter().map(|unit| unit.sessions.len()).sum()
    }

    /// Whether there may have been more.
    pub fn is_blind(&self) -> bool {
        self.units.iter().any(|unit| unit.blind)
    }

    /// When the oldest of the readings behind it was taken.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.as_of
    }
}

impl Unit {
    /// A device that the inventory has lost since the plan was made: nobody knows what is on it.
    fn unseen(device: &PlannedDevice) -> Self {
        Self {
            cluster: device.cluster.clone(),
            members: vec![device.id.clone()],
            sessions: BTreeMap::new(),
            others: BTreeSet::new(),
            blind: true,
            whole: false,
        }
    }
}

struct Readings<'a> {
    live: &'a Live,
    until: Option<Timestamp>,
    /// The session ids that the request lists, by device.
    asked: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Readings<'a> {
    /// The session ids that a request lists for these devices; `None` where it lists none at all.
    fn asked_ids(&self, request: &KillRequest, named: &[&Device]) -> Option<BTreeSet<&'a str>> {
        let KillRequest::Listed { .. } = request else { return None };
        let here = named.iter().filter_map(|device| self.asked.get(device.id.as_str()));
        Some(here.flatten().copied().collect())
    }

    fn reading(&self, device: &str) -> Option<&'a Reading> {
        let early = |reading: &&Reading| self.until.is_none_or(|until| reading.read_at() <= until);
        self.live.reading(device).filter(early)
    }

    fn complete(&self, device: &str) -> Option<&'a Reading> {
        self.reading(device).filter(|reading| reading.is_complete())
    }

    /// Whether these members together showed every session of theirs: a standby lists mirrored rows or none, so one of
    /// them says enough only if it is the active one.
    fn know(&self, members: &[&str], active: Option<&str>) -> bool {
        let complete = |id: &&str| self.complete(id).is_some();
        members.iter().filter(|id| Some(**id) == active).any(complete)
            || members.iter().all(complete)
    }

    /// `named` are the members of one unit that the request reaches; never empty.
    fn unit(
        &self,
        request: &KillRequest,
        named: &[&Device],
        inventory: &Inventory,
    ) -> Option<Unit> {
        let first = named.first()?;
        let cluster = first.cluster.as_deref().and_then(|name| inventory.cluster(name));
        let members: Vec<&str> = match cluster {
            Some(cluster) => inventory.members(&cluster.members).map(|d| d.id.as_str()).collect(),
            None => vec![&first.id],
        };
        let active = match cluster {
            Some(cluster) => self.live.active_member(inventory, &cluster.name),
            None => Some(first.id.as_str()),
        };
        // Any member may show a listed session; a kill by user or of all is about what the named members hold.
        let asked: Option<BTreeSet<&str>> = self.asked_ids(request, named);
        let sources = match asked {
            Some(_) => members.clone(),
            None => named.iter().map(|device| device.id.as_str()).collect(),
        };
        let mut sessions = BTreeMap::new();
        for reading in sources.iter().filter_map(|id| self.complete(id)) {
            let mut note = |session: &Session| {
                sessions.insert(session.id.clone(), session.user.clone());
            };
            match (request, &asked) {
                (KillRequest::ByUser { user_name, .. }, _) => {
                    reading.of_user(user_name).for_each(&mut note);
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
            members: members.into_iter().map(str::to_owned).collect(),
            sessions,
        })
    }
}

/// The users whose sessions a request is about, as far as they are known.
pub(super) fn users<'a>(
    request: &'a KillRequest,
    sessions: &'a BTreeMap<String, String>,
) -> BTreeSet<&'a str> {
    match request {
        KillRequest::ByUser { user_name, .. } => [user_name.as_str()].into(),
        KillRequest::All { .. } | KillRequest::Listed { .. } => {
            sessions.values().map(String::as_str).filter(|user| !user.is_empty()).collect()
        }
    }
}
