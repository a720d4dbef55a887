//! What devices report through BIG-IQ: HA roles and live sessions, each with its age. This use is not documented, so a
//! missing answer never means "no".

use crate::ids::{MachineId, SessionId, UserName};
use crate::input::is_nothing;
use crate::inventory::Inventory;
use crate::sorted::SortedMap;
use crate::timestamp::{Timestamp, parse_date_time};
use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::failover::Role;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Session id. Never blank.
    pub id: SessionId,
    /// User name, spelled as on the device. Empty if the device doesn't report it, or writes `n/a` and the like.
    pub user: UserName,
    /// The client's IP address.
    pub client: Option<String>,
    /// Start time, as the device writes it.
    pub since: Option<String>,
}

impl Session {
    /// Start time, if it can be read: seconds or milliseconds since 1970, or a date. The format is not documented.
    pub fn began(&self) -> Option<Timestamp> {
        let text = self.since.as_deref()?.trim();
        match text.parse::<i64>() {
            // Below this, seconds until the year 5138; above, milliseconds since 1973.
            Ok(number) if number < 100_000_000_000 => Some(Timestamp(number.saturating_mul(1000))),
            Ok(number) => Some(Timestamp(number)),
            Err(_) => parse_date_time(text),
        }
    }
}

/// How many sessions are kept in memory. Of devices that a search reads beyond that, only what it finds is kept.
pub const MOST_KEPT: usize = 50_000;

/// How many of a device's sessions a reading contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Complete,
    /// As many as were requested; there may be more.
    CutAt(usize),
    /// Only those that a search found, because [`MOST_KEPT`] sessions are kept already; this many others are left out.
    LeftOut(usize),
}

/// One reading of a device's live sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    sessions: Vec<Session>,
    by_user: FxHashMap<UserName, Vec<usize>>,
    by_id: FxHashMap<SessionId, usize>,
    extent: Extent,
    /// The text of the search that found them, if others are left out.
    found_by: Option<Box<str>>,
    nameless: usize,
    read_at: Timestamp,
}

impl Reading {
    /// Reads a device's answer to a request for at most `asked` sessions. `None` if the answer has no list of sessions.
    pub fn of(info: AccessInfo, asked: usize, read_at: Timestamp) -> Option<Self> {
        let listed = info.entries?;
        // A device that sends more than requested ignores the limit and sent all sessions (inferred).
        let cut = listed.len() == asked;
        let extent = if cut { Extent::CutAt(asked) } else { Extent::Complete };
        let mut reading = Self {
            sessions: Vec::with_capacity(listed.len()),
            by_user: FxHashMap::default(),
            by_id: FxHashMap::with_capacity_and_hasher(listed.len(), FxBuildHasher),
            extent,
            found_by: None,
            nameless: 0,
            read_at,
        };
        for session in listed {
            reading.add(session);
        }
        Some(reading)
    }

    /// Only the sessions that the search `text` finds, if this reading was complete; otherwise all of them.
    #[must_use]
    fn only(mut self, text: &str, finds: &dyn Fn(&Session) -> bool) -> Self {
        if !self.is_complete() {
            return self;
        }
        let all = std::mem::take(&mut self.sessions);
        let count = all.len();
        self.by_user = FxHashMap::default();
        self.by_id = FxHashMap::default();
        for session in all {
            if finds(&session) {
                self.keep(session);
            }
        }
        self.sessions.shrink_to_fit();
        self.extent = Extent::LeftOut(count - self.sessions.len());
        self.found_by = Some(text.into());
        self
    }

    fn add(&mut self, session: LiveSession) {
        let id = session.id.trim();
        if id.is_empty() {
            self.nameless += 1;
            return;
        }
        if self.by_id.contains_key(id) {
            return;
        }
        // guard: no-user
        let user = session.user.filter(|user| !is_nothing(user));
        let session = Session {
            id: SessionId::new(id),
            user: UserName::new(user.unwrap_or_default()),
            client: session.client_ip,
            since: session.started,
        };
        self.keep(session);
    }

    fn keep(&mut self, session: Session) {
        let place = self.sessions.len();
        self.by_id.insert(session.id.clone(), place);
        self.by_user.entry(session.user.clone()).or_default().push(place);
        self.sessions.push(session);
    }

    /// The sessions, in the order of the answer.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }
    /// The session with this id.
    pub fn session(&self, id: &SessionId) -> Option<&Session> {
        self.by_id.get(id).and_then(|place| self.sessions.get(*place))
    }
    /// The sessions of exactly this user.
    pub fn of_user(&self, user: &UserName) -> impl Iterator<Item = &Session> {
        let places = self.by_user.get(user).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.sessions.get(*place))
    }
    /// The user names, each once, in no particular order. The empty name stands for sessions whose user is not reported.
    pub fn users(&self) -> impl Iterator<Item = &UserName> {
        self.by_user.keys()
    }
    /// How many of the device's sessions it contains.
    pub fn extent(&self) -> Extent {
        self.extent
    }
    /// Whether it contains every session of the device, each with an id.
    pub fn is_complete(&self) -> bool {
        self.extent == Extent::Complete && self.nameless == 0
    }
    /// The text of the search that found its sessions, if others are left out.
    pub fn found_by(&self) -> Option<&str> {
        self.found_by.as_deref()
    }
    /// How it differs from a reading before, if both are complete.
    fn change_since(&self, before: &Self) -> Option<Change> {
        // guard: change-needs-both
        if !(self.is_complete() && before.is_complete()) {
            return None;
        }
        let lacks = |reading: &Self, other: &Self| {
            reading.sessions.iter().filter(|session| !other.by_id.contains_key(&session.id)).count()
        };
        let (opened, ended) = (lacks(self, before), lacks(before, self));
        Some(Change { opened, ended, since: before.read_at })
    }
    /// How many sessions have a blank id. They can't be listed in a request.
    pub fn nameless(&self) -> usize {
        self.nameless
    }
    /// When reading it began.
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }
}

/// How a reading differs from the same device's reading before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// Sessions that are new.
    opened: usize,
    /// Sessions that are gone.
    ended: usize,
    /// When the reading before began.
    since: Timestamp,
}

/// How the latest readings differ from those before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Sessions that are new.
    pub opened: usize,
    /// Sessions that are gone.
    pub ended: usize,
    /// How many clusters and standalone devices were read completely twice.
    pub compared: usize,
    /// How many there are.
    pub units: usize,
    /// When the oldest of the readings before began.
    pub since: Option<Timestamp>,
}

impl Changes {
    pub(super) fn add(&mut self, change: Change) {
        self.opened += change.opened;
        self.ended += change.ended;
        self.compared += 1;
        self.since = Some(self.since.map_or(change.since, |since| since.min(change.since)));
    }
}

/// A unit's role in its cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HaRole {
    /// The unit that holds the sessions.
    Active,
    /// A kill sent to it ends no sessions, and BIG-IQ reports no error (documented, Prerequisites).
    Standby,
    /// Not read, not answered, or not understood.
    #[default]
    Unknown,
}

impl From<Option<Role>> for HaRole {
    /// `None` is an answer that is not understood.
    fn from(role: Option<Role>) -> Self {
        match role {
            Some(Role::Active) => Self::Active,
            Some(Role::Standby) => Self::Standby,
            None => Self::Unknown,
        }
    }
}

/// How long an answer counts as current.
const FRESH: Duration = Duration::from_secs(60);

/// What devices have reported: HA roles and readings of their sessions. Copies share the readings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Live {
    readings: SortedMap<MachineId, Arc<Reading>>,
    /// How many sessions the readings contain.
    kept: usize,
    /// How they differ from those before.
    changes: SortedMap<MachineId, Change>,
    roles: SortedMap<MachineId, (HaRole, Timestamp)>,
    /// Answers to reads that began before this are not current.
    outdated: Timestamp,
}

impl Live {
    /// Records a device's role.
    pub fn note_role(&mut self, device: &MachineId, role: HaRole, at: Timestamp) {
        self.roles.insert(device.clone(), (role, at));
    }

    /// Records a reading. It replaces the device's earlier one.
    pub fn note_reading(&mut self, device: &MachineId, reading: Reading) {
        let before = self.reading(device);
        let change = before.and_then(|before| reading.change_since(before));
        self.forget_reading(device);
        if let Some(change) = change {
            self.changes.insert(device.clone(), change);
        }
        self.kept += reading.sessions.len();
        self.readings.insert(device.clone(), Arc::new(reading));
    }

    /// Records a reading for the search `text`. If too many sessions are kept already, only those that it finds are added.
    pub fn note_found(
        &mut self,
        device: &MachineId,
        reading: Reading,
        text: &str,
        finds: &dyn Fn(&Session) -> bool,
    ) {
        let replaced = self.reading(device).map_or(0, |before| before.sessions.len());
        // guard: sessions-kept
        let fits = self.kept + reading.sessions.len() <= MOST_KEPT + replaced;
        self.note_reading(device, if fits { reading } else { reading.only(text, finds) });
    }

    /// Removes a device's reading, for example because a later one failed.
    pub fn forget_reading(&mut self, device: &MachineId) {
        if let Some(reading) = self.readings.remove(device) {
            self.kept -= reading.sessions.len();
        }
        self.changes.remove(device);
    }

    /// How a device's latest reading differs from the one before. `None` if either was not complete.
    pub(crate) fn change(&self, device: &MachineId) -> Option<Change> {
        self.changes.get(device).copied()
    }

    /// How many sessions of the readings are not kept.
    pub fn left_out(&self) -> usize {
        let left_out = |reading: &Reading| match reading.extent {
            Extent::LeftOut(count) => count,
            Extent::Complete | Extent::CutAt(_) => 0,
        };
        self.readings().map(left_out).sum()
    }

    /// Notes that sessions and roles may have changed: answers to reads that began before are not current any more.
    pub fn mark_outdated(&mut self, now: Timestamp) {
        self.outdated = now;
    }

    /// When they were marked as outdated the last time.
    pub fn outdated(&self) -> Timestamp {
        self.outdated
    }

    /// Whether the answer to a read that began at `at` is current.
    pub fn is_current(&self, at: Timestamp, now: Timestamp) -> bool {
        // guard: outdated-sessions
        at >= self.outdated && now.since(at) < FRESH
    }

    /// The same, without readings older than `at`.
    #[must_use]
    pub fn since(&self, at: Timestamp) -> Self {
        let mut live = self.clone();
        live.readings.retain(|_, reading| reading.read_at() >= at);
        live.kept = live.readings.values().map(|reading| reading.sessions.len()).sum();
        live
    }

    /// The latest reading of a device's sessions.
    pub fn reading(&self, device: &MachineId) -> Option<&Reading> {
        self.readings.get(device).map(Arc::as_ref)
    }

    /// The same, shared.
    pub(crate) fn shared_reading(&self, device: &MachineId) -> Option<&Arc<Reading>> {
        self.readings.get(device)
    }

    /// The users of all readings. A user of several devices occurs several times; the empty name stands for sessions whose user
    /// is not reported.
    pub fn users(&self) -> impl Iterator<Item = &UserName> {
        self.readings().flat_map(Reading::users)
    }

    /// Whether any reading has sessions of exactly this user.
    pub fn has_user(&self, user: &UserName) -> bool {
        self.readings().any(|reading| reading.of_user(user).next().is_some())
    }

    /// The latest readings of all devices.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.readings.values().map(Arc::as_ref)
    }

    /// The user of a session, if the device's latest reading has it.
    pub fn user_of(&self, device: &MachineId, id: &SessionId) -> Option<&UserName> {
        Some(&self.reading(device)?.session(id)?.user)
    }

    /// A device's latest role.
    pub fn role(&self, device: &MachineId) -> HaRole {
        self.roles.get(device).map(|(role, _)| *role).unwrap_or_default()
    }

    /// When a device's role was read.
    pub fn role_at(&self, device: &MachineId) -> Option<Timestamp> {
        self.roles.get(device).map(|(_, at)| *at)
    }

    /// The active member of a cluster: the only member that reports that it is active. `None` if several do, because their
    /// traffic groups are active on different units.
    pub fn active_member<'a>(
        &self,
        inventory: &'a Inventory,
        cluster: &str,
    ) -> Option<&'a MachineId> {
        let members = &inventory.cluster(cluster)?.members;
        let mut active =
            inventory.members(members).filter(|device| self.role(&device.id) == HaRole::Active);
        let first = active.next()?;
        active.next().is_none().then_some(&first.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine, reading, session, user};
    use rstest::rstest;

    #[rstest]
    #[case::empty(0, 100, Extent::Complete)]
    #[case::fewer(3, 100, Extent::Complete)]
    #[case::as_many_as_asked(3, 3, Extent::CutAt(3))]
    #[case::limit_not_known(5, 3, Extent::Complete)]
    fn extents(#[case] listed: usize, #[case] asked: usize, #[case] extent: Extent) {
        let session = |n| LiveSession { id: format!("{n}"), ..LiveSession::default() };
        let info = AccessInfo { entries: Some((0..listed).map(session).collect()) };
        assert_eq!(Reading::of(info, asked, Timestamp(1)).unwrap().extent(), extent);
    }

    #[test]
    fn an_answer_without_a_list_is_not_a_reading() {
        assert_eq!(Reading::of(AccessInfo { entries: None }, 10, Timestamp(1)), None);
    }

    #[test]
    fn users_are_found_exactly() {
        let reading =
            reading(&[("1", "user2"), ("2", "USER2"), ("3", "user2"), ("3", "twice"), ("", "x")]);
        let ids: Vec<_> = reading.of_user(&user("user2")).map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["1", "3"]);
        assert_eq!(reading.session(&session("2")).unwrap().user, "USER2");
        assert_eq!(reading.session(&session("x")), None);
        assert_eq!(reading.sessions().len(), 3);
        assert_eq!((reading.nameless(), reading.is_complete()), (1, false));
    }

    #[test]
    fn field_no_user_is_never_a_group() {
        let reading = reading(&[("1", "n/a"), ("2", "-"), ("3", "user2"), ("4", " N/A ")]);
        let users: Vec<_> = reading.sessions().iter().map(|s| s.user.as_str()).collect();
        assert_eq!(users, ["", "", "user2", ""]);
        assert_eq!(reading.of_user(&user("n/a")).count(), 0);
        let mut live = Live::default();
        live.note_reading(&machine("a"), reading);
        assert!(live.has_user(&user("user2")) && !live.has_user(&user("n/a")));
        assert_eq!(live.users().filter(|user| !user.as_str().is_empty()).count(), 1);
    }

    #[test]
    fn a_change_needs_two_complete_readings() {
        let (mut live, a) = (Live::default(), machine("a"));
        let change = |live: &Live| live.change(&a).map(|change| (change.opened, change.ended));
        live.note_reading(&a, reading(&[("1", "user2"), ("2", "user2")]));
        assert_eq!(change(&live), None);
        live.note_reading(&a, reading(&[("2", "user2"), ("3", "user2"), ("4", "user2")]));
        assert_eq!(change(&live), Some((2, 1)));
        live.note_reading(&a, reading(&[("", "user2")]));
        assert_eq!(change(&live), None);
        live.note_reading(&a, reading(&[("2", "user2")]));
        assert_eq!(change(&live), None, "the reading before had a session without an id");
        live.note_reading(&a, reading(&[]));
        assert_eq!(change(&live), Some((0, 1)));
        live.forget_reading(&a);
        assert_eq!(change(&live), None);
    }

    #[test]
    fn old_readings_are_left_out_and_roles_kept() {
        let mut live = Live::default();
        live.note_role(&machine("a"), HaRole::Active, Timestamp(1));
        for (device, at) in [("a", 4), ("b", 5)] {
            let info = AccessInfo { entries: Some(Vec::new()) };
            live.note_reading(&machine(device), Reading::of(info, 10, Timestamp(at)).unwrap());
        }
        let young = live.since(Timestamp(5));
        assert!(young.reading(&machine("a")).is_none() && young.reading(&machine("b")).is_some());
        assert_eq!(young.role(&machine("a")), HaRole::Active);
        assert!(live.reading(&machine("a")).is_some());
    }

    #[rstest]
    #[case::current(10_000, true)]
    #[case::began_before_sessions_ended(9_999, false)]
    #[case::old(8_000, false)]
    fn what_is_current(#[case] began: i64, #[case] current: bool) {
        let mut live = Live::default();
        assert!(live.is_current(Timestamp(9_999), Timestamp(69_998)));
        live.mark_outdated(Timestamp(10_000));
        assert_eq!(live.is_current(Timestamp(began), Timestamp(68_000)), current);
        assert!(!live.is_current(Timestamp(10_000), Timestamp(70_000)));
    }

    #[rstest]
    #[case("1700000000", Some(1_700_000_000_000))]
    #[case("1700000000123", Some(1_700_000_000_123))]
    #[case("2016-11-15T12:42:31.294-0800", Some(1_479_242_551_294))]
    #[case("Tue Nov 15", None)]
    fn begins(#[case] since: &str, #[case] expected: Option<i64>) {
        let session = Session {
            id: "1".into(),
            user: user(String::new()),
            client: None,
            since: Some(since.into()),
        };
        assert_eq!(session.began(), expected.map(Timestamp));
    }

    #[rstest]
    #[case(Some(Role::Active), HaRole::Active)]
    #[case(Some(Role::Standby), HaRole::Standby)]
    #[case(None, HaRole::Unknown)]
    fn roles_as_devices_report_them(#[case] reported: Option<Role>, #[case] expected: HaRole) {
        assert_eq!(HaRole::from(reported), expected);
    }

    #[test]
    fn one_active_member_or_none() {
        let (inventory, mut live) = (inventory(), Live::default());
        assert_eq!(live.active_member(&inventory, "Blue"), None);
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(5));
        assert_eq!(live.active_member(&inventory, "Blue"), Some(&machine("blue-b")));
        assert_eq!(live.role_at(&machine("blue-b")), Some(Timestamp(5)));
        live.note_role(&machine("blue-a"), HaRole::Active, Timestamp(5));
        assert_eq!(live.active_member(&inventory, "Blue"), None);
        live.note_role(&machine("blue-a"), HaRole::Unknown, Timestamp(5));
        assert_eq!(live.role(&machine("blue-a")), HaRole::Unknown);
        assert_eq!(live.active_member(&inventory, "Nowhere"), None);
    }
}
