//! Live sessions over many devices: who has how many, names that are near a misspelt one, and each session once
//! although two members of a cluster may list it. It must not choose for the operator.

use crate::inventory::{HaRole, Inventory, Live, Reading, Session, same_person};
use crate::timestamp::Timestamp;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How certain it is that a session is addressed to the unit that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// To a device without a cluster, or to the active member of its cluster.
    Surely,
    /// To a member of a cluster whose active member is not known.
    Perhaps,
}

/// A live session, listed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow<'a> {
    /// The session.
    pub session: &'a Session,
    /// The machine id of the device that a request should name for it.
    pub device: &'a str,
    /// How certain that is.
    pub addressed: Addressed,
    /// The machine ids of the devices that list it.
    pub seen_on: Vec<&'a str>,
}

/// How many sessions exactly one user name has now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserCount {
    /// The name.
    pub user: String,
    /// How many sessions, each counted once.
    pub sessions: usize,
    /// On which devices, by machine id as they would be addressed.
    pub devices: BTreeMap<String, usize>,
    /// Names of other live sessions that may mean the same person: other case, with or without a domain. Looked for only
    /// where this one has no sessions.
    pub near: Vec<String>,
}

/// How many sessions there are now, whoever's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    /// How many sessions, each counted once.
    pub sessions: usize,
    /// Of how many users, as far as their names are told.
    pub users: usize,
    /// On which devices, by machine id as they would be addressed.
    pub devices: BTreeMap<String, usize>,
}

/// A number of sessions, with how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionCount {
    /// Every session was read.
    Exactly(usize),
    /// Some clusters or single devices were not read, or not completely.
    AtLeast {
        /// How many sessions were found.
        found: usize,
        /// How many clusters and single devices were read completely.
        checked: usize,
        /// How many clusters and single devices there are.
        units: usize,
    },
}

/// What live sessions say of the devices that a plan reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionCounts {
    /// Per user asked for, in that order.
    pub users: Vec<UserCount>,
    /// Everybody's, where those were asked for.
    pub total: Option<Total>,
    /// Of how many clusters and single devices all sessions are known.
    pub known: usize,
    /// Those of which they are not: clusters by name, single devices by machine id.
    pub unknown: Vec<String>,
    /// When the oldest of the readings behind it was taken.
    pub as_of: Option<Timestamp>,
}

/// So many near names are told at the most.
const MOST_NEAR: usize = 5;

impl SessionCounts {
    /// Counts the sessions of these users on these devices.
    pub fn take(live: &Live, inventory: &Inventory, devices: &[&str], users: &[&str]) -> Self {
        let places = Places::of(live, inventory, devices);
        let users = users.iter().map(|user| count(live, &places, user)).collect();
        Self { users, ..Self::of(&places, live) }
    }

    /// How much is known of the sessions on these devices, without counting anybody's.
    pub fn coverage(live: &Live, inventory: &Inventory, devices: &[&str]) -> Self {
        Self::of(&Places::of(live, inventory, devices), live)
    }

    /// Counts everybody's sessions on these devices.
    pub fn of_everybody(live: &Live, inventory: &Inventory, devices: &[&str]) -> Self {
        let places = Places::of(live, inventory, devices);
        Self { total: Some(total(live, &places)), ..Self::of(&places, live) }
    }

    fn of(places: &Places<'_>, live: &Live) -> Self {
        let unknown = places.units.iter().filter(|(_, (complete, _))| !complete);
        let unknown: Vec<String> = unknown.map(|(unit, _)| (*unit).to_owned()).collect();
        let known = places.units.len() - unknown.len();
        let as_of = places.read(live).map(Reading::read_at).min();
        Self { known, unknown, as_of, ..Self::default() }
    }

    /// How sure a number of sessions that this counts found is.
    pub fn counted(&self, found: usize) -> SessionCount {
        if self.is_complete() {
            SessionCount::Exactly(found)
        } else {
            let units = self.known + self.unknown.len();
            SessionCount::AtLeast { found, checked: self.known, units }
        }
    }

    /// Whether all sessions of all devices are known, so that "nobody has this name" can be said.
    pub fn is_complete(&self) -> bool {
        self.unknown.is_empty() && self.known > 0
    }
}

fn total(live: &Live, places: &Places<'_>) -> Total {
    let mut total = Total::default();
    let mut users = BTreeSet::new();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (device, unit) in &places.readings {
        let Some(reading) = live.reading(device) else { continue };
        users.extend(reading.users().filter(|user| !user.is_empty()));
        // Only members of a cluster list each other's sessions.
        let new = if unit == device {
            reading.sessions().len()
        } else {
            reading.sessions().iter().filter(|session| seen.insert((unit, &session.id))).count()
        };
        if new > 0 {
            total.sessions += new;
            *total.devices.entry(places.address(unit, device).0.to_owned()).or_default() += new;
        }
    }
    total.users = users.len();
    total
}

fn count(live: &Live, places: &Places<'_>, user: &str) -> UserCount {
    let mut devices: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (device, unit) in &places.readings {
        for session in live.reading(device).into_iter().flat_map(|r| r.of_user(user)) {
            if seen.insert((*unit, session.id.as_str())) {
                *devices.entry(places.address(unit, device).0.to_owned()).or_default() += 1;
            }
        }
    }
    let near = if seen.is_empty() { near(live, places, user) } else { Vec::new() };
    UserCount { user: user.to_owned(), sessions: seen.len(), devices, near }
}

fn near(live: &Live, places: &Places<'_>, user: &str) -> Vec<String> {
    let names = places.read(live).flat_map(Reading::users).filter(|name| same_person(name, user));
    names.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().take(MOST_NEAR).collect()
}

/// All live sessions of these devices, each once: members of a cluster mirror sessions to each other, and list the
/// mirrored ones or not (captured of BIG-IP; both are met). In the order of the devices and of their answers.
pub fn session_rows<'a>(
    live: &'a Live,
    inventory: &'a Inventory,
    devices: &[&'a str],
) -> Vec<SessionRow<'a>> {
    let places = Places::of(live, inventory, devices);
    let mut rows: Vec<SessionRow<'a>> = Vec::new();
    let mut by_key: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for (device, unit) in &places.readings {
        for session in live.reading(device).map_or(&[][..], |r| r.sessions()) {
            let next = rows.len();
            let place = *by_key.entry((unit, session.id.as_str())).or_insert(next);
            if let Some(row) = rows.get_mut(place) {
                row.seen_on.push(device);
            } else {
                let (device_addressed, addressed) = places.address(unit, device);
                let seen_on = vec![*device];
                rows.push(SessionRow { session, device: device_addressed, addressed, seen_on });
            }
        }
    }
    rows
}

/// Of each user the newest session, left out: the rest can be chosen to make room for it. `None` where a begin is
/// missing or not understood, so that nobody's newest session is guessed. Sessions of which no user is told are left out,
/// too: each may be somebody's newest. Places in `rows`.
pub fn all_but_newest(rows: &[SessionRow<'_>]) -> Option<Vec<usize>> {
    let mut newest: FxHashMap<&str, (Timestamp, usize)> = FxHashMap::default();
    for (place, row) in of_users(rows) {
        let began = row.session.began()?;
        let entry = newest.entry(row.session.user.as_str()).or_insert((began, place));
        if began > entry.0 {
            *entry = (began, place);
        }
    }
    let older = |(place, row): &(usize, &SessionRow<'_>)| {
        newest.get(row.session.user.as_str()).is_none_or(|(_, newest)| newest != place)
    };
    Some(of_users(rows).filter(older).map(|(place, _)| place).collect())
}

/// All sessions but those that may be the operator's own, as one may be of which no user is told. Places in `rows`.
pub fn all_but_own(rows: &[SessionRow<'_>], operator: &str) -> Vec<usize> {
    let own = |row: &SessionRow<'_>| same_person(&row.session.user, operator);
    of_users(rows).filter(|(_, row)| !own(row)).map(|(place, _)| place).collect()
}

/// The rows whose user is told, with their places.
fn of_users<'r, 'a>(
    rows: &'r [SessionRow<'a>],
) -> impl Iterator<Item = (usize, &'r SessionRow<'a>)> {
    rows.iter().enumerate().filter(|(_, row)| !row.session.user.trim().is_empty())
}

/// Where the sessions of some devices are: the devices that were read, and the clusters and single devices that hold
/// sessions as a whole.
struct Places<'a> {
    /// Machine id and the unit it belongs to.
    readings: Vec<(&'a str, &'a str)>,
    /// By name: whether all its sessions are known, and the active member.
    units: BTreeMap<&'a str, (bool, Option<&'a str>)>,
}

impl<'a> Places<'a> {
    fn of(live: &Live, inventory: &'a Inventory, devices: &[&'a str]) -> Self {
        let mut places = Self { readings: Vec::new(), units: BTreeMap::new() };
        for id in devices {
            let cluster = inventory.device(id).and_then(|d| d.cluster.as_deref());
            let unit = cluster.unwrap_or(id);
            if live.reading(id).is_some() {
                places.readings.push((id, unit));
            }
            places.units.entry(unit).or_insert_with(|| match cluster {
                None => (is_complete(live, id), Some(*id)),
                Some(name) => {
                    let active = live.active_member(inventory, name);
                    (cluster_known(live, inventory, name, active), active)
                }
            });
        }
        places
    }

    fn read<'l>(&self, live: &'l Live) -> impl Iterator<Item = &'l Reading> {
        self.readings.iter().filter_map(|(device, _)| live.reading(device))
    }

    /// Which device a session of this unit, listed by `device`, is addressed to.
    fn address(&self, unit: &str, device: &'a str) -> (&'a str, Addressed) {
        match self.units.get(unit).and_then(|(_, active)| *active) {
            Some(active) => (active, Addressed::Surely),
            None => (device, Addressed::Perhaps),
        }
    }
}

fn is_complete(live: &Live, device: &str) -> bool {
    live.reading(device).is_some_and(Reading::is_complete)
}

/// The active member holds all sessions; where it is not known, every member must have been read.
fn cluster_known(live: &Live, inventory: &Inventory, name: &str, active: Option<&str>) -> bool {
    let members = inventory.cluster(name).map_or(&[][..], |c| &c.members);
    active.is_some_and(|id| is_complete(live, id))
        || (!members.is_empty() && inventory.members(members).all(|d| is_complete(live, &d.id)))
}

/// The role of a device that a request names directly: a device without a cluster is as good as active.
pub fn effective_role(live: &Live, inventory: &Inventory, device: &str) -> HaRole {
    match inventory.device(device).map(|d| d.cluster.is_some()) {
        Some(true) | None => live.role(device),
        Some(false) => HaRole::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, reading};
    use bigiq::failover::Role;

    const BLUE: [&str; 2] = ["blue-a", "blue-b"];

    /// Blue: both list session 1, each has one of its own. Lone: one of the same id as Blue's.
    fn live() -> Live {
        let mut live = Live::default();
        live.note_reading("blue-a", reading(&[("1", "user2"), ("2", "user3")]));
        live.note_reading("blue-b", reading(&[("1", "user2"), ("3", "EXAMPLE\\user4")]));
        live.note_reading("lone", reading(&[("1", "user2")]));
        live
    }

    fn shown<'a>(rows: &'a [SessionRow<'a>]) -> Vec<(&'a str, &'a str, Addressed, usize)> {
        rows.iter()
            .map(|r| (r.session.id.as_str(), r.device, r.addressed, r.seen_on.len()))
            .collect()
    }

    #[test]
    fn a_count_is_exact_only_where_every_unit_was_read() {
        let (mut live, inventory) = (live(), inventory());
        let count = |live: &Live, devices: &[&str]| {
            let counts = SessionCounts::take(live, &inventory, devices, &["user2"]);
            counts.counted(counts.users[0].sessions)
        };
        assert_eq!(count(&live, &["lone"]), SessionCount::Exactly(1));
        let some = |found, checked, units| SessionCount::AtLeast { found, checked, units };
        assert_eq!(count(&live, &["lone", "red-a"]), some(1, 1, 2));
        assert_eq!(count(&live, &["red-a"]), some(0, 0, 1));
        assert_eq!(count(&live, &[]), some(0, 0, 0));
        live.forget_reading("lone");
        assert_eq!(count(&live, &["lone", "blue-a", "blue-b"]), some(1, 1, 2));
        let coverage = SessionCounts::coverage(&live, &inventory, &["lone", "blue-a", "blue-b"]);
        assert_eq!((coverage.known, coverage.counted(3)), (1, some(3, 1, 2)));
    }

    #[test]
    fn a_mirrored_session_is_one_and_addressed_to_the_active_member() {
        let (mut live, inventory) = (live(), inventory());
        let devices = ["blue-a", "blue-b", "lone"];
        let expected = [
            ("1", "blue-a", Addressed::Perhaps, 2),
            ("2", "blue-a", Addressed::Perhaps, 1),
            ("3", "blue-b", Addressed::Perhaps, 1),
            ("1", "lone", Addressed::Surely, 1),
        ];
        assert_eq!(shown(&session_rows(&live, &inventory, &devices)), expected);
        live.note_role("blue-b", Some(Role::Active), Timestamp(1));
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
        let devices = ["blue-a", "blue-b", "lone"];
        let counts =
            SessionCounts::take(&live, &inventory, &devices, &["user2", "user4", "nobody"]);
        assert_eq!((counts.known, counts.unknown.len()), (2, 0));
        assert!(counts.is_complete());
        assert_eq!(counts.as_of, Some(Timestamp(1_000)));
        let [two, four, nobody] = counts.users.as_slice() else { panic!("three users") };
        assert_eq!(two.sessions, 2);
        assert_eq!(two.devices, [("blue-a".into(), 1), ("lone".into(), 1)].into());
        assert_eq!((four.sessions, four.near.as_slice()), (0, &["EXAMPLE\\user4".to_owned()][..]));
        assert!(nobody.near.is_empty());
    }

    #[test]
    fn everybody_is_counted_once_and_what_is_not_known_is_named() {
        let (mut live, inventory) = (live(), inventory());
        live.note_reading("fresh", reading(&[("1", "user2"), ("4", ""), ("", "lost")]));
        let devices = ["blue-a", "blue-b", "lone", "fresh", "red-a"];
        let counts = SessionCounts::of_everybody(&live, &inventory, &devices);
        let devices = [("blue-a".into(), 2), ("blue-b".into(), 1), ("fresh".into(), 2)];
        let devices = devices.into_iter().chain([("lone".into(), 1)]).collect();
        assert_eq!(counts.total, Some(Total { sessions: 6, users: 3, devices }));
        assert_eq!((counts.known, counts.unknown), (2, vec!["Red".to_owned(), "fresh".to_owned()]));
        live.note_role("blue-b", Some(Role::Active), Timestamp(1));
        let counts = SessionCounts::of_everybody(&live, &inventory, &BLUE);
        assert_eq!(counts.total.unwrap().devices, [("blue-b".to_owned(), 3)].into());
    }

    #[test]
    fn a_cluster_is_known_by_its_active_member_or_by_all() {
        let (mut live, inventory) = (Live::default(), inventory());
        let known = |live: &Live| SessionCounts::take(live, &inventory, &BLUE, &[]).known;
        assert_eq!(known(&live), 0);
        live.note_reading("blue-a", reading(&[]));
        assert_eq!(known(&live), 0, "the other may hold the sessions");
        live.note_role("blue-a", Some(Role::Standby), Timestamp(1));
        assert_eq!(known(&live), 0);
        live.note_role("blue-a", Some(Role::Active), Timestamp(1));
        assert_eq!(known(&live), 1);
        live.note_role("blue-a", None, Timestamp(1));
        live.note_reading("blue-b", reading(&[]));
        assert_eq!(known(&live), 1);
    }

    #[test]
    fn the_newest_is_never_guessed() {
        let mut live = Live::default();
        live.note_reading(
            "lone",
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
        let inventory = inventory();
        let all = session_rows(&live, &inventory, &["lone"]);
        assert_eq!(all_but_newest(&all), Some(vec![0, 3]), "whose the last three are is not told");
        live.note_reading("lone", reading(&[("1", "a"), ("2", "a")]));
        assert_eq!(all_but_newest(&session_rows(&live, &inventory, &["lone"])), None);
    }

    #[test]
    fn own_sessions_can_be_left_out() {
        let (mut live, inventory) = (live(), inventory());
        let all = session_rows(&live, &inventory, &["blue-b"]);
        assert_eq!(all_but_own(&all, "User4@example.test"), [0]);
        live.note_reading("lone", reading(&[("1", ""), ("2", "user2")]));
        let all = session_rows(&live, &inventory, &["lone"]);
        assert_eq!(all_but_own(&all, "user4"), [1], "the first may be one's own");
    }

    #[test]
    fn a_device_without_a_cluster_is_as_good_as_active() {
        let (mut live, inventory) = (Live::default(), inventory());
        assert_eq!(effective_role(&live, &inventory, "lone"), HaRole::Active);
        assert_eq!(effective_role(&live, &inventory, "blue-a"), HaRole::Unknown);
        live.note_role("blue-a", Some(Role::Standby), Timestamp(1));
        assert_eq!(effective_role(&live, &inventory, "blue-a"), HaRole::Standby);
    }
}
