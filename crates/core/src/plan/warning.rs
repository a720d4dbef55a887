//! What the operator should know before confirming. A warning never prevents a kill, and contains the data that its remedy
//! needs.

use super::moved::{Moved, is_missing};
use super::reach::unknown_names;
use super::{PlanInputs, PlannedDevice};
use crate::ids::{MachineId, SessionId, UserName};
use crate::input::{IdShapes, RepeatedName, UserList};
use crate::inventory::{Gap, HaRole, Missing, SessionCounts, UserCount, same_person};
use crate::names::{Likeness, Oddity, SimilarName, oddities};
use crate::plan::{Draft, Kind};
use crate::sorted::{SortedMap, SortedSet};
use crate::timestamp::Timestamp;
use std::time::Duration;

/// A warning about a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A device of a cluster is selected by reference. If it is the standby, no session ends and BIG-IQ reports no error
    /// (documented, Prerequisites). The remedy is to select the cluster ([`Draft::use_clusters`]), or for listed sessions the
    /// active member ([`SessionSelection::address_to_active`](crate::input::SessionSelection::address_to_active)).
    DeviceInCluster {
        /// Machine id.
        device: MachineId,
        /// Name shown to people.
        name: String,
        /// The cluster to select instead.
        cluster: String,
        /// HA role. Never active for listed sessions, which can only be addressed by device: the active member is right for them.
        role: HaRole,
        /// Machine id of the active member to select instead, if it is known and another.
        active: Option<MachineId>,
    },
    /// A device is not ready. A device that BIG-IQ does not reach can delay its task for 75 s or more (captured). The remedy is
    /// to leave it out ([`Draft::leave_out`]) or to send it separately ([`Draft::send_apart`]).
    NotReady {
        /// Machine id.
        device: MachineId,
        /// Name shown to people.
        name: String,
        /// The most serious thing that is missing.
        missing: Missing,
        /// Whether it is already sent separately.
        apart: bool,
    },
    /// The targets don't cover a device, although the operator could think that they cover all. The remedy is to select it, unless
    /// there is an obstacle.
    NotCovered {
        /// Machine id.
        device: MachineId,
        /// Name shown to people.
        name: String,
        /// Why no request can name it.
        obstacle: Option<Missing>,
    },
    /// No known device belongs to this access group. BIG-IQ may know more, or fail the task. The remedy is to remove it.
    NobodyIn(String),
    /// No list could be read, so that this name of a cluster or an access group is sent as it was typed. There is no remedy.
    Unchecked(String),
    /// Something about the name is unusual, and is sent as part of it. The remedy is the name without it.
    Odd {
        /// The name as entered.
        user: UserName,
        /// What is unusual.
        oddity: Oddity,
        /// The name without it, if there is one.
        meant: Option<UserName>,
    },
    /// Another name that was read looks the same as this one, which has sessions itself. There is no remedy: both exist.
    LooksLike {
        /// The name as entered.
        user: UserName,
        /// The names that look the same.
        near: Vec<UserName>,
    },
    /// The name was entered this many times. It is sent once.
    Repeated(RepeatedName),
    /// No session with exactly this user name is known on the devices reached. BIG-IQ will still report success. Emitted only
    /// if every session list is complete or a similar name exists.
    NobodyNow {
        /// The name as entered.
        user: UserName,
        /// Similar names with live sessions, on these or on other devices.
        near: Vec<UserName>,
        /// How many clusters and standalone devices have an incomplete session list.
        unknown: usize,
    },
    /// Selected sessions are missing in the device's latest complete reading, and another device lists them. The remedy is to address
    /// them there ([`Draft::follow_moved`]).
    Elsewhere {
        /// Machine id of the device that they were selected on.
        device: MachineId,
        /// Its name shown to people.
        name: String,
        /// Machine id of the device that lists them.
        now: MachineId,
        /// Its name shown to people.
        there: String,
        /// How many of the selected sessions.
        sessions: usize,
    },
    /// Selected sessions are missing in the device's latest complete reading, and in those of the others: they have ended, or are on a
    /// device that was not read. The remedy is to remove them ([`Draft::leave_out_gone`]).
    NotThere {
        /// Machine id.
        device: MachineId,
        /// Name shown to people.
        name: String,
        /// How many of the selected sessions.
        sessions: usize,
    },
    /// One request lists this many sessions. BIG-IQ's limit is not published, and proxies limit the size of a request (nginx by
    /// default to 1 MiB, about 90,000 ids). The remedy is a shorter list.
    LongList(usize),
    /// These many listed ids don't look like session ids of APM.
    UnusualIds(usize),
    /// These many lines of the pasted list are not used. The remedy is to correct them, or to answer the question about them.
    UnusedLines(usize),
    /// A rule that needs all devices chose the sessions without these clusters and devices, which were not read. The operator
    /// asked for it, so there is no remedy.
    NotRead(Vec<String>),
    /// The operator's own sessions may end. The remedy is to remove them ([`Draft::leave_out_users`]).
    OwnSessions(UserName),
    /// The sessions of all users end, perhaps including the operator's own access to this console.
    Everybody,
    /// The inventory may be incomplete. The remedy is to refresh it, except for devices that BIG-IQ lists without an id.
    Partial(Gap),
    /// The inventory is this old. The remedy is to refresh it.
    Stale(Duration),
}

impl Warning {
    /// Whether two warnings have the same cause, so that they can be shown together. Such warnings are adjacent:
    /// `plan.warnings().chunk_by(Warning::is_like)`.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NotReady { missing: one, .. }, Self::NotReady { missing: two, .. }) => {
                one == two
            }
            (Self::NotCovered { obstacle: one, .. }, Self::NotCovered { obstacle: two, .. }) => {
                one == two
            }
            (Self::Odd { oddity: one, .. }, Self::Odd { oddity: two, .. }) => one == two,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// What is unusual about names, by kind. `compose` is canonical composition (NFC).
pub fn odd_names(names: &[UserName], compose: fn(&str) -> String) -> Vec<Warning> {
    let mut kinds: Vec<Vec<Warning>> = Vec::new();
    for user in names {
        // guard: odd-name-warned
        for oddity in oddities(user.as_str(), &compose) {
            let meant = oddity.mended(user.as_str(), &compose).map(UserName::new);
            let warning = Warning::Odd { user: user.clone(), oddity, meant };
            let alike = |kind: &&mut Vec<Warning>| {
                kind.first().is_some_and(|other| other.is_like(&warning))
            };
            match kinds.iter_mut().find(alike) {
                Some(kind) => kind.push(warning),
                None => kinds.push(vec![warning]),
            }
        }
    }
    kinds.into_iter().flatten().collect()
}

/// For users without sessions, the names to use instead, at most `most`: the best of each user, then the second best of each, and
/// so on, in the order of the users.
pub fn suggestions(alike: &[Warning], most: usize) -> Vec<(&UserName, &UserName)> {
    let mut of_users: Vec<(&UserName, &[UserName])> = Vec::new();
    for warning in alike {
        if let Warning::NobodyNow { user, near, .. } = warning {
            of_users.push((user, near));
        }
    }
    let longest = of_users.iter().map(|(_, near)| near.len()).max().unwrap_or_default();
    let (mut taken, mut left) = (vec![0_usize; of_users.len()], most);
    for rank in 0..longest {
        for (taken, (_, near)) in taken.iter_mut().zip(&of_users) {
            // guard: best-name-of-each
            let fits = usize::from(left > 0 && rank < near.len());
            (*taken, left) = (*taken + fits, left - fits);
        }
    }
    let mut pairs = Vec::new();
    for ((user, near), taken) in of_users.into_iter().zip(taken) {
        pairs.extend(near.iter().take(taken).map(|meant| (user, meant)));
    }
    pairs
}

/// The number of listed sessions from which a list counts as long (our choice).
const LONG: usize = 10_000;

/// The inputs of the warnings.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    /// The draft with the targets that "everywhere" stands for.
    pub(super) draft: &'a Draft,
    /// The draft as it is in the form.
    pub(super) asked: &'a Draft,
    pub(super) inputs: PlanInputs<'a>,
    pub(super) list: &'a UserList,
    pub(super) reached: &'a [PlannedDevice],
    pub(super) counts: Option<&'a SessionCounts>,
}

impl About<'_> {
    /// All warnings: about users, then about targets, then about what is known.
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
        // A device on which only the import is missing is still reached.
        for missing in [Missing::Trust, Missing::Data, Missing::Discovery, Missing::Reach] {
            let not_ready_devices =
                self.reached.iter().filter(|d| d.readiness.missing() == Some(missing));
            warnings.extend(not_ready_devices.map(|device| not_ready(missing, device)));
        }
        warnings.extend(self.asked.uncovered(self.inputs.inventory, self.reached));
        if self.draft.kind != Kind::Listed {
            let empty = |name: &&String| {
                self.inputs.inventory.group(name).is_some_and(|g| g.members.is_empty())
            };
            warnings.extend(self.draft.groups.iter().filter(empty).cloned().map(Warning::NobodyIn));
            let unknown = unknown_names(self.draft, self.inputs.inventory);
            warnings.extend(unknown.map(|name| Warning::Unchecked(name.clone())));
        }
        let inventory = self.inputs.inventory;
        let gaps = inventory.gaps().iter().copied().filter(|gap| gap.matters());
        warnings.extend(gaps.map(Warning::Partial));
        let stale = inventory.is_stale(now).then(|| now.since(inventory.read_at()));
        warnings.extend(stale.map(Warning::Stale));
        warnings
    }

    fn users(self, operator: &str, warnings: &mut Vec<Warning>) {
        let (list, mut looking_alike) = (self.list, Vec::new());
        warnings.extend(odd_names(&list.names, self.inputs.compose));
        warnings.extend(list.repeated.iter().cloned().map(Warning::Repeated));
        let own = list.names.iter().filter(|name| same_person(name.as_str(), operator));
        warnings.extend(own.cloned().map(Warning::OwnSessions));
        let Some(counts) = self.counts else { return };
        for UserCount { user, sessions, .. } in &counts.users {
            // Also elsewhere: then the name is right, and no other is meant.
            // guard: known-user-not-corrected
            let is_known = *sessions > 0 || self.inputs.live.is_some_and(|l| l.has_user(user));
            let (user, mut near) = (user.clone(), self.near(user, is_known));
            if is_known && !near.is_empty() {
                let near = std::mem::take(&mut near);
                looking_alike.push(Warning::LooksLike { user: user.clone(), near });
            }
            if *sessions == 0 && (counts.is_complete() || !near.is_empty()) {
                let unknown = counts.unknown.len();
                warnings.push(Warning::NobodyNow { user, near, unknown });
            }
        }
        warnings.append(&mut looking_alike);
    }

    /// The names that this one may mean; if it is a user's, only those that look the same.
    fn near(self, user: &UserName, is_known: bool) -> Vec<UserName> {
        let similar = self.inputs.similar.and_then(|similar| similar.get(user.as_str()));
        let fits = |similar: &&SimilarName| {
            !is_known || matches!(similar.likeness, Likeness::Spelling | Likeness::LookAlike)
        };
        let fitting = similar.into_iter().flatten().filter(fits);
        fitting.map(|similar| UserName::new(&*similar.name)).collect()
    }

    fn sessions(self, operator: &str, warnings: &mut Vec<Warning>) {
        let listed = self.draft.sessions.len();
        warnings.extend((listed >= LONG).then_some(Warning::LongList(listed)));
        let shapes = self.inputs.live.map(IdShapes::of_live).unwrap_or_default();
        let is_unusual = |id: &SessionId| !shapes.fits(id.as_str());
        let unusual = self.draft.sessions.iter().filter(|session| is_unusual(session.id)).count();
        // guard: unusual-ids
        warnings.extend((unusual > 0).then_some(Warning::UnusualIds(unusual)));
        let unused = self.draft.unused_lines;
        // guard: unused-lines
        warnings.extend((unused > 0).then_some(Warning::UnusedLines(unused)));
        let unread = &self.draft.unread;
        // guard: rule-part-named
        warnings.extend((!unread.is_empty()).then(|| Warning::NotRead(unread.clone())));
        let mut own = SortedSet::new();
        for device in self.draft.sessions.devices() {
            let reading = self.inputs.live.and_then(|live| live.reading(device));
            let live = |id: &SessionId| Some(&reading?.session(id)?.user);
            let sessions = self.draft.sessions.of_device(device);
            let users = sessions.filter_map(|session| session.user.or_else(|| live(session.id)));
            own.extend(users.filter(|user| same_person(user.as_str(), operator)));
        }
        warnings.extend(own.into_iter().cloned().map(Warning::OwnSessions));
        let Some(live) = self.inputs.live else { return };
        let moved = self.draft.moved(live, self.inputs.inventory);
        let mut gone = Vec::new();
        for PlannedDevice { id, name, .. } in self.reached {
            let of_device = self.draft.sessions.of_device(id);
            let mut missing = of_device.filter(|session| is_missing(session, live)).count();
            let mut places: SortedMap<&MachineId, usize> = SortedMap::new();
            for Moved { to, .. } in moved.iter().filter(|moved| moved.from == *id) {
                missing -= 1;
                let before = places.get(to).copied().unwrap_or_default();
                places.insert(to, before + 1);
            }
            for (now, sessions) in places.iter() {
                let there = self.inputs.inventory.device(now).map(|device| device.name.clone());
                warnings.push(Warning::Elsewhere {
                    device: id.clone(),
                    name: name.clone(),
                    now: (*now).clone(),
                    there: there.unwrap_or_default(),
                    sessions: *sessions,
                });
            }
            gone.extend((missing > 0).then(|| Warning::NotThere {
                device: id.clone(),
                name: name.clone(),
                sessions: missing,
            }));
        }
        warnings.append(&mut gone);
    }

    fn in_cluster(&self, device: &PlannedDevice) -> Option<Warning> {
        let cluster = device.cluster.as_deref().filter(|_| device.by_reference_only)?;
        if self.draft.kind == Kind::Listed && device.role == HaRole::Active {
            return None;
        }
        let live = self.inputs.live;
        let active = live.and_then(|live| live.active_member(self.inputs.inventory, cluster));
        Some(Warning::DeviceInCluster {
            device: device.id.clone(),
            name: device.name.clone(),
            cluster: cluster.to_owned(),
            role: device.role,
            active: active.filter(|id| **id != device.id).cloned(),
        })
    }
}

/// Import is needed only to reach a device by its group, and devices with a group are imported.
fn not_ready(missing: Missing, device: &PlannedDevice) -> Warning {
    Warning::NotReady {
        device: device.id.clone(),
        name: device.name.clone(),
        missing,
        apart: device.apart,
    }
}
