//! What the operator should know before confirming. None of it forbids. It must not hold words; each warning carries
//! what its remedy needs.

use super::{PlanInputs, PlannedDevice};
use crate::input::UserList;
use crate::inventory::{Gap, HaRole, Missing, SessionCounts, UserCount, same_person};
use crate::plan::{Draft, Kind};
use crate::timestamp::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// Something to beware of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A device that belongs to a cluster is given by reference: if it is the standby, nothing ends and nothing says so
    /// (documented, Prerequisites). The remedy is to choose the cluster ([`Draft::use_clusters`]), or for listed sessions
    /// the active member ([`SessionSelection::address_to_active`](crate::SessionSelection::address_to_active)).
    DeviceInCluster {
        /// Machine id.
        device: String,
        /// Name for people.
        name: String,
        /// The cluster to choose instead.
        cluster: String,
        /// Its place in the cluster. Never active for listed sessions: those have no cluster form, and are then right.
        role: HaRole,
        /// Machine id of the member to choose instead, where it is known and another.
        active: Option<String>,
    },
    /// A device is not ready. One that BIG-IQ does not reach can hold its task for 75 s and more (captured): the remedy is
    /// to leave it out ([`Draft::leave_out`]) or to send it as a task of its own ([`Draft::send_apart`]).
    NotReady {
        /// Machine id.
        device: String,
        /// Name for people.
        name: String,
        /// What is missing first.
        missing: Missing,
        /// Whether it is already sent as a task of its own.
        apart: bool,
    },
    /// No known device belongs to this access group; BIG-IQ may know more, or fail the task. The remedy is not to choose it.
    NobodyIn(String),
    /// The name has blanks before or after it, which are sent with it. The remedy is the name without them
    /// ([`UserList::renamed`]).
    Padded(String),
    /// The name was given so many times; it is sent once.
    Repeated(String, usize),
    /// Nobody with exactly this name has a session on the devices reached, as far as their sessions are known. BIG-IQ will
    /// call it a success. ErrorText where all are known, or where a name near it was found.
    NobodyNow {
        /// The name as given.
        user: String,
        /// Names of live sessions that may be meant.
        near: Vec<String>,
        /// Of how many clusters and single devices the sessions are not known.
        unknown: usize,
    },
    /// So many chosen sessions are not in the device's latest complete reading: they have ended, or are another device's. The
    /// remedy is to leave them out ([`Draft::leave_out_gone`]).
    NotThere {
        /// Machine id.
        device: String,
        /// Name for people.
        name: String,
        /// How many of the chosen ones.
        sessions: usize,
    },
    /// One request lists so many sessions. How many BIG-IQ takes is not published, and a proxy limits a request's size
    /// (nginx by itself to 1 MiB, some 90,000 ids). The remedy is a shorter list.
    LongList(usize),
    /// The operator's own sessions may end. The remedy is to leave them out ([`Draft::leave_out_users`]).
    OwnSessions(String),
    /// Everybody's sessions end, on the way to this console too.
    Everybody,
    /// The inventory may lack something. The remedy is to read it anew, but for what BIG-IQ lists without an id.
    Partial(Gap),
    /// The inventory is this old. The remedy is to read it anew.
    Stale(Duration),
}

impl Warning {
    /// Whether two warnings have the same cause, so that they can be told together. A plan's warnings stand in that order:
    /// `plan.warnings().chunk_by(Warning::is_like)`.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NotReady { missing: one, .. }, Self::NotReady { missing: two, .. }) => {
                one == two
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// From how many listed sessions on a list is called long (our choice).
const LONG: usize = 10_000;

/// What warnings are made from.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) draft: &'a Draft,
    pub(super) basis: PlanInputs<'a>,
    pub(super) list: &'a UserList,
    pub(super) reached: &'a [PlannedDevice],
    pub(super) counts: Option<&'a SessionCounts>,
}

impl About<'_> {
    /// All warnings: on who, on where, on what is known.
    pub(super) fn warnings(self, operator: &str, now: Timestamp) -> Vec<Warning> {
        let mut warnings = Vec::new();
        match self.draft.kind {
            Kind::Users => self.users(operator, &mut warnings),
            Kind::Everybody => warnings.push(Warning::Everybody),
            Kind::Listed => self.sessions(operator, &mut warnings),
        }
        for device in self.reached {
            warnings.extend(self.in_cluster(device));
        }
        // What lacks the import alone is reached all the same.
        for missing in [Missing::Trust, Missing::Discovery, Missing::Reach] {
            let lacking = self.reached.iter().filter(|d| d.readiness.missing() == Some(missing));
            warnings.extend(lacking.map(|device| not_ready(missing, device)));
        }
        if self.draft.kind != Kind::Listed {
            let empty = |name: &&String| {
                self.basis.inventory.group(name).is_some_and(|g| g.members.is_empty())
            };
            warnings.extend(self.draft.groups.iter().filter(empty).cloned().map(Warning::NobodyIn));
        }
        warnings.extend(self.basis.inventory.gaps().iter().copied().map(Warning::Partial));
        let inventory = self.basis.inventory;
        let stale = inventory.is_stale(now).then(|| now.since(inventory.read_at()));
        warnings.extend(stale.map(Warning::Stale));
        warnings
    }

    fn users(self, operator: &str, warnings: &mut Vec<Warning>) {
        let list = self.list;
        warnings.extend(list.padded.iter().cloned().map(Warning::Padded));
        let repeated = list.repeated.iter();
        warnings.extend(repeated.map(|(name, times)| Warning::Repeated(name.clone(), *times)));
        let own = list.names.iter().filter(|name| same_person(name, operator));
        warnings.extend(own.cloned().map(Warning::OwnSessions));
        if let Some(counts) = self.counts {
            let told = |count: &&UserCount| {
                count.sessions == 0 && (counts.is_complete() || !count.near.is_empty())
            };
            warnings.extend(counts.users.iter().filter(told).map(|count| Warning::NobodyNow {
                user: count.user.clone(),
                near: count.near.clone(),
                unknown: counts.unknown.len(),
            }));
        }
    }

    fn sessions(self, operator: &str, warnings: &mut Vec<Warning>) {
        let listed = self.draft.sessions.len();
        warnings.extend((listed >= LONG).then_some(Warning::LongList(listed)));
        let mut own = BTreeSet::new();
        for device in self.draft.sessions.devices() {
            let reading = self.basis.live.and_then(|live| live.reading(device));
            let live = |id: &str| Some(reading?.session(id)?.user.as_str());
            let users = self.draft.sessions.of_device(device);
            let users = users.filter_map(|(id, user)| user.or_else(|| live(id)));
            own.extend(users.filter(|user| same_person(user, operator)));
        }
        warnings.extend(own.into_iter().map(str::to_owned).map(Warning::OwnSessions));
        for device in self.reached {
            let reading = self.basis.live.and_then(|live| live.reading(&device.id));
            if let Some(reading) = reading.filter(|reading| reading.is_complete()) {
                let ids = self.draft.sessions.of_device(&device.id);
                let sessions = ids.filter(|(id, _)| reading.session(id).is_none()).count();
                warnings.extend((sessions > 0).then(|| Warning::NotThere {
                    device: device.id.clone(),
                    name: device.name.clone(),
                    sessions,
                }));
            }
        }
    }

    fn in_cluster(&self, device: &PlannedDevice) -> Option<Warning> {
        let cluster = device.cluster.as_deref().filter(|_| device.by_reference_only)?;
        if self.draft.kind == Kind::Listed && device.role == HaRole::Active {
            return None;
        }
        let live = self.basis.live;
        let active = live.and_then(|live| live.active_member(self.basis.inventory, cluster));
        Some(Warning::DeviceInCluster {
            device: device.id.clone(),
            name: device.name.clone(),
            cluster: cluster.to_owned(),
            role: device.role,
            active: active.filter(|id| *id != device.id).map(str::to_owned),
        })
    }
}

/// Import matters only to be reached by group, and who is reached by group is imported.
fn not_ready(missing: Missing, device: &PlannedDevice) -> Warning {
    Warning::NotReady {
        device: device.id.clone(),
        name: device.name.clone(),
        missing,
        apart: device.apart,
    }
}
