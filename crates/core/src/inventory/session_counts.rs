//! Counts live sessions on many devices, and how many each user has. A session is counted once, although two members of a
//! cluster may list it.

use crate::count::Count;
use crate::ids::{MachineId, SessionId, UserName};
use crate::inventory::{Changes, Extent, HaRole, Inventory, Live, Reading, Session, same_person};
use crate::sorted::{SortedMap, SortedSet};
use crate::timestamp::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

/// How certain it is that the device named for a session is the one that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// A standalone device, or the active member of a cluster.
    Surely,
    /// A member of a cluster whose active member is not known.
    Perhaps,
}

/// A live session, without duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow<'a> {
    /// The session.
    pub session: &'a Session,
    /// The machine id of the device to name in a request.
    pub device: &'a MachineId,
    /// How certain it is that this device holds the session.
    pub addressed: Addressed,
    /// The machine ids of the devices that list it.
    pub seen_on: Vec<&'a MachineId>,
}

/// A unit: a cluster or a standalone device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitId {
    /// A cluster, by name.
    Cluster(String),
    /// A standalone device.
    Device(MachineId),
}

impl UnitId {
    /// The name shown to people.
    pub fn name<'a>(&'a self, inventory: &'a Inventory) -> &'a str {
        match self {
            Self::Cluster(name) => name,
            Self::Device(id) => inventory.device(id).map_or(id.as_str(), |device| &device.name),
        }
    }
}

/// The number of live sessions of one exact user name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCount {
    /// User name.
    pub user: UserName,
    /// Number of sessions, without duplicates.
    pub sessions: usize,
    /// Number of sessions per device, by the machine id that a request would name.
    pub devices: SortedMap<MachineId, usize>,
    /// The addresses of the clients, as far as they are reported.
    pub clients: SortedSet<String>,
}

/// The number of live sessions of all users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    /// Number of sessions, without duplicates.
    pub sessions: usize,
    /// Number of users, among the sessions whose user is reported.
    pub users: usize,
    /// Number of sessions per device, by the machine id that a request would name.
    pub devices: SortedMap<MachineId, usize>,
}

/// The live sessions on the devices that a plan reaches.
///
/// ```
/// use curfew_core::count::Count;
/// use curfew_core::inventory::{SessionCounts, UnitId};
///
/// let mut counts = SessionCounts { known: 19, unknown: vec![UnitId::Cluster("Blue".into())], ..SessionCounts::default() };
/// assert_eq!(counts.counted(2), Count::AtLeast(2));
/// assert_eq!(counts.units(), Count::Exactly(20));
///
/// counts.unknown.clear();
/// assert_eq!(counts.counted(2), Count::Exactly(2));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionCounts {
    /// The count of each requested user, in the order of the request.
    pub users: Vec<UserCount>,
    /// The count of all users, if that was requested.
    pub total: Option<Total>,
    /// Number of clusters and standalone devices whose session list is complete.
    pub known: usize,
    /// Units whose session list is incomplete.
    pub unknown: Vec<UnitId>,
    /// Whether there may be more units, because the inventory does not have all devices.
    pub may_lack_units: bool,
    /// When the oldest of the used readings was taken.
    pub as_of: Option<Timestamp>,
}

impl SessionCounts {
    /// Counts the sessions of these users on these devices.
    pub fn take(
        live: &Live,
        inventory: &Inventory,
        devices: &[MachineId],
        users: &[UserName],
    ) -> Self {
        let places = Places::of(live, inventory, devices);
        let users = users.iter().map(|user| count(live, &places, user)).collect();
        Self { users, ..Self::of(&places, live) }
    }

    /// How many of these units have a complete session list, without counting sessions.
    pub fn coverage(live: &Live, inventory: &Inventory, devices: &[MachineId]) -> Self {
        Self::of(&Places::of(live, inventory, devices), live)
    }

    /// The same for a search: a reading that contains only what was found by an earlier search is complete if `covers` says so
    /// of that search's text.
    pub fn coverage_of_search(
        live: &Live,
        inventory: &Inventory,
        devices: &[MachineId],
        covers: &dyn Fn(&str) -> bool,
    ) -> Self {
        Self::of(
            &Places::judged_by(live, inventory, devices, &|id| covers_all(live, id, covers)),
            live,
        )
    }

    /// Counts the sessions of all users on these devices.
    pub fn of_everybody(live: &Live, inventory: &Inventory, devices: &[MachineId]) -> Self {
        let places = Places::of(live, inventory, devices);
        Self { total: Some(total(live, &places)), ..Self::of(&places, live) }
    }

    fn of(places: &Places<'_>, live: &Live) -> Self {
        let unknown = places.units.iter().filter(|(_, unit)| !unit.is_known);
        let unknown: Vec<UnitId> = unknown.map(|(key, _)| key.to_id()).collect();
        let known = places.units.len() - unknown.len();
        let as_of = places.read(live).map(Reading::read_at).min();
        Self { known, unknown, as_of, ..Self::default() }
    }

    /// How many sessions there are, of which `found` were found here.
    pub fn counted(&self, found: usize) -> Count {
        Count::of(found, self.is_complete())
    }

    /// How many clusters and standalone devices there are.
    pub fn units(&self) -> Count {
        Count::of(self.known + self.unknown.len(), !self.may_lack_units)
    }

    /// Whether every session list is complete. Only then "no session for this name" is certain.
    pub fn is_complete(&self) -> bool {
        // guard: session-count-lower-bound
        self.unknown.is_empty() && self.known > 0 && !self.may_lack_units
    }
}

fn total(live: &Live, places: &Places<'_>) -> Total {
    let mut total = Total::default();
    let mut devices = Vec::new();
    let mut users: FxHashSet<&UserName> = FxHashSet::default();
    let mut seen: FxHashSet<(UnitKey<'_>, &SessionId)> = FxHashSet::default();
    for (device, unit) in &places.readings {
        let Some(reading) = live.reading(device) else { continue };
        users.extend(reading.users().filter(|user| !user.as_str().is_empty()));
        // Only members of a cluster list each other's sessions.
        let new = match unit {
            UnitKey::Device(_) => reading.sessions().len(),
            UnitKey::Cluster(_) => reading
                .sessions()
                .iter()
                .filter(|session| seen.insert((*unit, &session.id)))
                .count(),
        };
        if new > 0 {
            total.sessions += new;
            devices.push((places.address(*unit, device).0.clone(), new));
        }
    }
    total.devices.merge(devices, |sum, new| *sum += new);
    total.users = users.len();
    total
}

fn count(live: &Live, places: &Places<'_>, user: &UserName) -> UserCount {
    let mut found = Vec::new();
    let (mut seen, mut clients) = (FxHashSet::default(), SortedSet::new());
    for (device, unit) in &places.readings {
        for session in live.reading(device).into_iter().flat_map(|r| r.of_user(user)) {
            if seen.insert((*unit, &session.id)) {
                clients.extend(session.client.clone());
                found.push((places.address(*unit, device).0.clone(), 1));
            }
        }
    }
    let mut devices = SortedMap::new();
    devices.merge(found, |sum, new| *sum += new);
    UserCount { user: user.clone(), sessions: seen.len(), devices, clients }
}

/// All live sessions of these devices, without duplicates, in the order of the devices and of their answers. Members of a
/// cluster mirror sessions to each other; some list the mirrored sessions and some don't (both captured on BIG-IP).
pub fn session_rows<'a>(
    live: &'a Live,
    inventory: &'a Inventory,
    devices: &'a [MachineId],
) -> Vec<SessionRow<'a>> {
    let places = Places::of(live, inventory, devices);
    let mut rows: Vec<SessionRow<'a>> = Vec::new();
    let mut by_key: FxHashMap<(UnitKey<'_>, &SessionId), usize> = FxHashMap::default();
    for (device, unit) in &places.readings {
        let sessions = live.reading(device).map_or(&[][..], |r| r.sessions());
        for session in sessions {
            let next = rows.len();
            let row = *by_key.entry((*unit, &session.id)).or_insert(next);
            if let Some(row) = rows.get_mut(row) {
                row.seen_on.push(device);
            } else {
                let (device_addressed, addressed) = places.address(*unit, device);
                let seen_on = vec![*device];
                let device = device_addressed;
                rows.push(SessionRow { session, device, addressed, seen_on });
            }
        }
    }
    rows
}

/// Calls `tell` with each session of [`session_rows`], in the same order: the device that lists it, its place in that device's
/// reading, the device to name, and how certain that is. It needs no memory for devices whose sessions nobody else lists.
pub(crate) fn each_session<'a>(
    live: &'a Live,
    inventory: &'a Inventory,
    devices: &'a [MachineId],
    tell: &mut dyn FnMut(&'a MachineId, usize, &'a MachineId, Addressed),
) {
    let places = Places::of(live, inventory, devices);
    let shared = places.shared();
    let mut seen: FxHashSet<(UnitKey<'_>, &SessionId)> = FxHashSet::default();
    for (device, unit) in &places.readings {
        let (named, addressed) = places.address(*unit, device);
        let is_shared = shared.contains(unit);
        let sessions = live.reading(device).map_or(&[][..], |r| r.sessions());
        for (place, session) in sessions.iter().enumerate() {
            if !is_shared || seen.insert((*unit, &session.id)) {
                tell(device, place, named, addressed);
            }
        }
    }
}

/// The sessions that one device holds, as far as they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldSessions<'a> {
    /// The device that a request would name for them.
    pub(crate) device: &'a MachineId,
    pub(crate) found: usize,
    /// Whether all sessions of its unit were counted.
    pub(crate) is_unit_known: bool,
    /// Whether it is certain that this device holds them. Otherwise another member of its cluster may.
    pub(crate) is_holder: bool,
}

/// How many sessions each of these devices holds. Sessions that were read and not kept count, too. Adds up what has changed on them.
pub(crate) fn held_sessions<'a>(
    live: &Live,
    inventory: &'a Inventory,
    devices: &'a [MachineId],
) -> (Vec<HeldSessions<'a>>, Changes) {
    let places = Places::judged_by(live, inventory, devices, &|id| covers_all(live, id, &|_| true));
    let shared = places.shared();
    let mut changes = Changes { units: places.units.len(), ..Changes::default() };
    let mut found: FxHashMap<&MachineId, usize> = FxHashMap::default();
    let mut seen: FxHashSet<(UnitKey<'_>, &SessionId)> = FxHashSet::default();
    let mut overlapping: FxHashSet<UnitKey<'_>> = FxHashSet::default();
    for (device, unit) in &places.readings {
        let Some(reading) = live.reading(device) else { continue };
        let is_shared = shared.contains(unit);
        let mut new = reading.sessions().len();
        if is_shared {
            let sessions = reading.sessions().iter();
            new = sessions.filter(|session| seen.insert((*unit, &session.id))).count();
        }
        if let Extent::LeftOut(number) = reading.extent() {
            // Another member may list the same ones.
            // guard: left-out-overlap
            if is_shared { _ = overlapping.insert(*unit) } else { new += number }
        }
        *found.entry(places.address(*unit, device).0).or_default() += new;
        let is_active = places.units.get(unit).is_some_and(|unit| unit.active == Some(*device));
        if let Some(change) = live.change(device).filter(|_| is_active || !is_shared) {
            changes.add(change);
        }
    }
    let held = |device: &'a MachineId| {
        let key = places.key(device);
        let unit = places.units.get(&key);
        let is_unit_known = unit.is_some_and(|unit| unit.is_known) && !overlapping.contains(&key);
        let is_only = |name| inventory.cluster(name).is_some_and(|c| c.members.len() == 1);
        let is_holder = match key {
            UnitKey::Device(_) => true,
            // A standby may list the sessions of another member.
            // guard: held-by-active
            UnitKey::Cluster(name) => {
                unit.is_some_and(|unit| unit.active.is_some())
                    || (is_only(name) && inventory.knows_members())
            }
        };
        let found = found.get(device).copied().unwrap_or_default();
        HeldSessions { device, found, is_unit_known, is_holder }
    };
    (devices.iter().map(held).collect(), changes)
}

/// All sessions except each user's newest, as indexes into `rows`. `None` if a start time is missing or can't be read,
/// because the newest session is never guessed. Sessions without a reported user are left out: each may be the newest of its
/// user.
pub fn all_but_newest(rows: &[SessionRow<'_>]) -> Option<Vec<usize>> {
    let mut newest: FxHashMap<&UserName, (Timestamp, usize)> = FxHashMap::default();
    for (place, row) in of_users(rows) {
        let began = row.session.began()?;
        let entry = newest.entry(&row.session.user).or_insert((began, place));
        if began > entry.0 {
            *entry = (began, place);
        }
    }
    let older = |(place, row): &(usize, &SessionRow<'_>)| {
        newest.get(&row.session.user).is_none_or(|(_, newest)| newest != place)
    };
    Some(of_users(rows).filter(older).map(|(place, _)| place).collect())
}

/// All sessions except those that may be the operator's own, as indexes into `rows`. A session without a reported user may
/// be the operator's.
pub fn all_but_own(rows: &[SessionRow<'_>], operator: &str) -> Vec<usize> {
    let own = |row: &SessionRow<'_>| same_person(row.session.user.as_str(), operator);
    of_users(rows).filter(|(_, row)| !own(row)).map(|(place, _)| place).collect()
}

/// The rows with a reported user, with their indexes.
fn of_users<'r, 'a>(
    rows: &'r [SessionRow<'a>],
) -> impl Iterator<Item = (usize, &'r SessionRow<'a>)> {
    rows.iter().enumerate().filter(|(_, row)| !row.session.user.as_str().trim().is_empty())
}

/// The readings of some devices, and the clusters and standalone devices that they belong to.
struct Places<'a> {
    inventory: &'a Inventory,
    /// Devices that were read, each with its unit.
    readings: Vec<(&'a MachineId, UnitKey<'a>)>,
    units: SortedMap<UnitKey<'a>, Unit<'a>>,
}

/// A [`UnitId`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum UnitKey<'a> {
    Cluster(&'a str),
    Device(&'a MachineId),
}

impl<'a> UnitKey<'a> {
    fn of(id: &'a MachineId, inventory: &'a Inventory) -> Self {
        let cluster = inventory.device(id).and_then(|device| device.cluster.as_deref());
        cluster.map_or(Self::Device(id), Self::Cluster)
    }

    fn to_id(self) -> UnitId {
        match self {
            Self::Cluster(name) => UnitId::Cluster(name.to_owned()),
            Self::Device(id) => UnitId::Device(id.clone()),
        }
    }
}

/// What is known about a unit.
struct Unit<'a> {
    /// Whether its session list is complete.
    is_known: bool,
    active: Option<&'a MachineId>,
}

impl<'a> Unit<'a> {
    fn of(
        key: UnitKey<'a>,
        live: &Live,
        inventory: &'a Inventory,
        is_complete: &dyn Fn(&MachineId) -> bool,
    ) -> Self {
        match key {
            UnitKey::Device(id) => Self { is_known: is_complete(id), active: Some(id) },
            UnitKey::Cluster(name) => {
                let active = live.active_member(inventory, name);
                Self { is_known: cluster_known(inventory, name, active, is_complete), active }
            }
        }
    }
}

impl<'a> Places<'a> {
    fn of(live: &Live, inventory: &'a Inventory, devices: &'a [MachineId]) -> Self {
        Self::judged_by(live, inventory, devices, &|id| covers_all(live, id, &|_| false))
    }

    /// With a judgement of which devices' readings are complete.
    fn judged_by(
        live: &Live,
        inventory: &'a Inventory,
        devices: &'a [MachineId],
        is_complete: &dyn Fn(&MachineId) -> bool,
    ) -> Self {
        let unit = |id| (id, UnitKey::of(id, inventory));
        let mut readings: Vec<(&'a MachineId, UnitKey<'a>)> = devices.iter().map(unit).collect();
        let keys: SortedSet<UnitKey<'a>> = readings.iter().map(|(_, unit)| *unit).collect();
        readings.retain(|(id, _)| live.reading(id).is_some());
        let unit = |key| (key, Unit::of(key, live, inventory, is_complete));
        let units = keys.into_iter().map(unit).collect();
        Self { inventory, readings, units }
    }

    /// The unit of a device.
    fn key(&self, device: &'a MachineId) -> UnitKey<'a> {
        UnitKey::of(device, self.inventory)
    }

    /// Clusters of which several members were read.
    fn shared(&self) -> FxHashSet<UnitKey<'a>> {
        let mut read = FxHashSet::default();
        let is_next = |unit: &UnitKey<'a>| !read.insert(*unit);
        self.readings.iter().map(|(_, unit)| *unit).filter(is_next).collect()
    }

    fn read<'l>(&self, live: &'l Live) -> impl Iterator<Item = &'l Reading> {
        self.readings.iter().filter_map(|(device, _)| live.reading(device))
    }

    /// The device to name for a session that `device`, a member of `unit`, lists.
    fn address(&self, unit: UnitKey<'a>, device: &'a MachineId) -> (&'a MachineId, Addressed) {
        match self.units.get(&unit).and_then(|unit| unit.active) {
            Some(active) => (active, Addressed::Surely),
            None => (device, Addressed::Perhaps),
        }
    }
}

/// Whether a reading contains all of a device's sessions, or all that matter because `covers` is true of the search by which it
/// was reduced.
fn covers_all(live: &Live, device: &MachineId, covers: &dyn Fn(&str) -> bool) -> bool {
    live.reading(device).is_some_and(|r| r.is_complete() || r.found_by().is_some_and(covers))
}

/// The active member holds all sessions. If it is not known, every member must be known and have been read.
fn cluster_known(
    inventory: &Inventory,
    name: &str,
    active: Option<&MachineId>,
    is_complete: &dyn Fn(&MachineId) -> bool,
) -> bool {
    let members = inventory.cluster(name).map_or(&[][..], |c| &c.members);
    let is_whole = !members.is_empty() && inventory.knows_members();
    active.is_some_and(is_complete)
        || (is_whole && inventory.members(members).all(|d| is_complete(&d.id)))
}

/// The role of a device that a request names directly. A standalone device counts as active.
pub fn effective_role(live: &Live, inventory: &Inventory, device: &MachineId) -> HaRole {
    match inventory.device(device).map(|d| d.cluster.is_some()) {
        Some(true) | None => live.role(device),
        Some(false) => HaRole::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine, machines, reading, user};
    use crate::inventory::MOST_KEPT;

    const BLUE: [&str; 2] = ["blue-a", "blue-b"];

    /// Blue: both members list session 1, and each has one more. Lone: a session with the same id as one of Blue's.
    fn live() -> Live {
        let mut live = Live::default();
        live.note_reading(&machine("blue-a"), reading(&[("1", "user2"), ("2", "user3")]));
        live.note_reading(&machine("blue-b"), reading(&[("1", "user2"), ("3", "EXAMPLE\\user4")]));
        live.note_reading(&machine("lone"), reading(&[("1", "user2")]));
        live
    }

    fn shown<'a>(rows: &'a [SessionRow<'a>]) -> Vec<(&'a str, &'a str, Addressed, usize)> {
        rows.iter()
            .map(|r| (r.session.id.as_str(), r.device.as_str(), r.addressed, r.seen_on.len()))
            .collect()
    }

    #[test]
    fn a_count_is_exact_only_if_every_unit_was_read() {
        let (mut live, inventory) = (live(), inventory());
        let count = |live: &Live, devices: &[&str]| {
            let counts =
                SessionCounts::take(live, &inventory, &machines(devices), &[user("user2")]);
            counts.counted(counts.users[0].sessions)
        };
        assert_eq!(count(&live, &["lone"]), Count::Exactly(1));
        assert_eq!(count(&live, &["lone", "red-a"]), Count::AtLeast(1));
        assert_eq!(count(&live, &["red-a"]), Count::Unknown);
        assert_eq!(count(&live, &[]), Count::Unknown);
        live.forget_reading(&machine("lone"));
        assert_eq!(count(&live, &["lone", "blue-a", "blue-b"]), Count::AtLeast(1));
        let mut coverage =
            SessionCounts::coverage(&live, &inventory, &machines(&["lone", "blue-a", "blue-b"]));
        assert_eq!((coverage.known, coverage.counted(3)), (1, Count::AtLeast(3)));
        assert_eq!(coverage.units(), Count::Exactly(2));
        coverage.may_lack_units = true;
        assert_eq!(coverage.units(), Count::AtLeast(2));
    }

    #[test]
    fn a_count_is_not_exact_if_devices_may_be_missing() {
        let (live, inventory) = (live(), inventory());
        let devices = machines(&["lone"]);
        let counts = SessionCounts::take(&live, &inventory, &devices, &[user("user2")]);
        let counts = SessionCounts { may_lack_units: true, ..counts };
        assert_eq!(counts.counted(counts.users[0].sessions), Count::AtLeast(1));
    }

    #[test]
    fn a_mirrored_session_counts_once_on_the_active_member() {
        let (mut live, inventory) = (live(), inventory());
        let devices = machines(&["blue-a", "blue-b", "lone"]);
        let expected = [
            ("1", "blue-a", Addressed::Perhaps, 2),
            ("2", "blue-a", Addressed::Perhaps, 1),
            ("3", "blue-b", Addressed::Perhaps, 1),
            ("1", "lone", Addressed::Surely, 1),
        ];
        assert_eq!(shown(&session_rows(&live, &inventory, &devices)), expected);
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        let expected = [
            ("1", "blue-b", Addressed::Surely, 2),
            ("2", "blue-b", Addressed::Surely, 1),
            ("3", "blue-b", Addressed::Surely, 1),
            ("1", "lone", Addressed::Surely, 1),
        ];
        assert_eq!(shown(&session_rows(&live, &inventory, &devices)), expected);
    }

    #[test]
    fn users_are_counted_exactly_and_once() {
        let (live, inventory) = (live(), inventory());
        let devices = machines(&["blue-a", "blue-b", "lone"]);
        let counts = SessionCounts::take(
            &live,
            &inventory,
            &devices,
            &[user("user2"), user("user4"), user("nobody")],
        );
        assert_eq!((counts.known, counts.unknown.len()), (2, 0));
        assert!(counts.is_complete());
        assert_eq!(counts.as_of, Some(Timestamp(1_000)));
        let [two, four, nobody] = counts.users.as_slice() else { panic!("three users") };
        assert_eq!(two.sessions, 2);
        assert_eq!(two.devices, [("blue-a".into(), 1), ("lone".into(), 1)].into());
        assert_eq!((four.sessions, nobody.sessions), (0, 0));
    }

    #[test]
    fn all_users_are_counted_once_and_unknown_units_are_named() {
        let (mut live, inventory) = (live(), inventory());
        live.note_reading(&machine("fresh"), reading(&[("1", "user2"), ("4", ""), ("", "lost")]));
        let devices = machines(&["blue-a", "blue-b", "lone", "fresh", "red-a"]);
        let counts = SessionCounts::of_everybody(&live, &inventory, &devices);
        let devices = [("blue-a".into(), 2), ("blue-b".into(), 1), ("fresh".into(), 2)];
        let devices = devices.into_iter().chain([("lone".into(), 1)]).collect();
        assert_eq!(counts.total, Some(Total { sessions: 6, users: 3, devices }));
        assert_eq!(
            (counts.known, counts.unknown),
            (2, vec![UnitId::Cluster("Red".into()), UnitId::Device("fresh".into())])
        );
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        let counts = SessionCounts::of_everybody(&live, &inventory, &machines(&BLUE));
        assert_eq!(counts.total.unwrap().devices, [("blue-b".into(), 3)].into());
    }

    #[test]
    fn a_cluster_is_known_by_its_active_member_or_by_all() {
        let (mut live, inventory) = (Live::default(), inventory());
        let known =
            |live: &Live| SessionCounts::take(live, &inventory, &machines(&BLUE), &[]).known;
        assert_eq!(known(&live), 0);
        live.note_reading(&machine("blue-a"), reading(&[]));
        assert_eq!(known(&live), 0, "the other member may hold the sessions");
        live.note_role(&machine("blue-a"), HaRole::Standby, Timestamp(1));
        assert_eq!(known(&live), 0);
        live.note_role(&machine("blue-a"), HaRole::Active, Timestamp(1));
        assert_eq!(known(&live), 1);
        live.note_role(&machine("blue-a"), HaRole::Unknown, Timestamp(1));
        live.note_reading(&machine("blue-b"), reading(&[]));
        assert_eq!(known(&live), 1);
    }

    /// What each device holds: how many, whether its unit is known, and whether it holds them.
    fn held(live: &Live) -> Vec<(usize, bool, bool)> {
        let (inventory, devices) = (inventory(), machines(&["blue-a", "blue-b", "lone"]));
        let held = held_sessions(live, &inventory, &devices).0;
        held.iter().map(|held| (held.found, held.is_unit_known, held.is_holder)).collect()
    }

    #[test]
    fn a_device_holds_what_its_active_member_lists() {
        let mut live = live();
        let shared = [(2, true, false), (1, true, false), (1, true, true)];
        assert_eq!(held(&live), shared, "either member may hold a mirrored session");
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        assert_eq!(held(&live), [(0, true, true), (3, true, true), (1, true, true)]);
        live.forget_reading(&machine("blue-b"));
        assert_eq!(held(&live), [(0, false, true), (2, false, true), (1, true, true)]);
    }

    #[test]
    fn sessions_that_are_not_kept_count_unless_another_member_may_list_them_too() {
        let mut live = Live::default();
        let number = |n: usize| (0..n).map(|n| (n.to_string(), "user2")).collect::<Vec<_>>();
        let read = |live: &mut Live, device: &str, n: usize| {
            let all = number(n);
            let all: Vec<(&str, &str)> =
                all.iter().map(|(id, user)| (id.as_str(), *user)).collect();
            live.note_found(&machine(device), reading(&all), "", &|_| false);
        };
        read(&mut live, "red-a", MOST_KEPT);
        read(&mut live, "lone", 7);
        read(&mut live, "blue-b", 5);
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        assert_eq!(held(&live), [(0, true, true), (5, true, true), (7, true, true)]);
        read(&mut live, "blue-a", 4);
        assert_eq!(held(&live), [(0, false, true), (0, false, true), (7, true, true)]);
    }

    #[test]
    fn changes_are_those_of_units_that_were_read_twice() {
        let (mut live, inventory) = (live(), inventory());
        let devices = machines(&["blue-a", "blue-b", "lone", "fresh"]);
        let changes = |live: &Live| held_sessions(live, &inventory, &devices).1;
        assert_eq!(changes(&live), Changes { units: 3, ..Changes::default() });
        live.note_reading(&machine("lone"), reading(&[("1", "user2"), ("8", ""), ("9", "")]));
        live.note_reading(&machine("blue-a"), reading(&[("1", "user2")]));
        live.note_reading(&machine("blue-b"), reading(&[("1", "user2")]));
        let of_lone =
            Changes { opened: 2, ended: 0, compared: 1, units: 3, since: Some(Timestamp(1_000)) };
        assert_eq!(changes(&live), of_lone, "both members may report the same change");
        live.note_role(&machine("blue-a"), HaRole::Active, Timestamp(1));
        assert_eq!(changes(&live), Changes { ended: 1, compared: 2, ..of_lone });
    }

    #[test]
    fn the_newest_is_never_guessed() {
        let mut live = Live::default();
        live.note_reading(
            &machine("lone"),
            crate::fixture::dated(&[
                ("1", "a", "10"),
                ("2", "a", "30"),
                ("3", "b", "5"),
                ("4", "a", "20"),
                ("5", "", "10"),
                ("6", " ", ""),
                ("7", "", "20"),
            ]),
        );
        let (inventory, lone) = (inventory(), machines(&["lone"]));
        let all = session_rows(&live, &inventory, &lone);
        assert_eq!(all_but_newest(&all), Some(vec![0, 3]), "the last three have no reported user");
        live.note_reading(&machine("lone"), reading(&[("1", "a"), ("2", "a")]));
        assert_eq!(all_but_newest(&session_rows(&live, &inventory, &lone)), None);
    }

    #[test]
    fn own_sessions_can_be_left_out() {
        let (mut live, inventory) = (live(), inventory());
        let (blue, lone) = (machines(&["blue-b"]), machines(&["lone"]));
        let all = session_rows(&live, &inventory, &blue);
        assert_eq!(all_but_own(&all, "User4@example.test"), [0]);
        live.note_reading(&machine("lone"), reading(&[("1", ""), ("2", "user2")]));
        let all = session_rows(&live, &inventory, &lone);
        assert_eq!(all_but_own(&all, "user4"), [1], "the first may be the operator's own");
    }

    #[test]
    fn a_standalone_device_counts_as_active() {
        let (mut live, inventory) = (Live::default(), inventory());
        assert_eq!(effective_role(&live, &inventory, &machine("lone")), HaRole::Active);
        assert_eq!(effective_role(&live, &inventory, &machine("blue-a")), HaRole::Unknown);
        live.note_role(&machine("blue-a"), HaRole::Standby, Timestamp(1));
        assert_eq!(effective_role(&live, &inventory, &machine("blue-a")), HaRole::Standby);
    }
}
