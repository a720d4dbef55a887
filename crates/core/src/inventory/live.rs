//! What devices themselves say, where BIG-IQ passes it on: HA role and live sessions, each with its age. None of it is
//! documented for this use, so its lack is never read as "no". It must not fetch.

use crate::inventory::Inventory;
use crate::timestamp::Timestamp;
use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::failover::Role;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Session id, never blank.
    pub id: String,
    /// The user as the device knows the name; empty where it does not say.
    pub user: String,
    /// The user's address.
    pub client: Option<String>,
    /// Begin, as the device writes it.
    pub since: Option<String>,
}

impl Session {
    /// Begin as a time, where it is one: seconds or milliseconds since 1970, or a date. The form is not documented.
    pub fn began(&self) -> Option<Timestamp> {
        let text = self.since.as_deref()?.trim();
        match text.parse::<i64>() {
            // Seconds until the year 5138, milliseconds since 1973.
            Ok(number) if number < 100_000_000_000 => Some(Timestamp(number.saturating_mul(1000))),
            Ok(number) => Some(Timestamp(number)),
            Err(_) => bigiq::parse_date_time(text).map(Timestamp),
        }
    }
}

/// How much of a device's sessions a reading holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Complete,
    /// As many as were asked for; there may be more.
    CutAt(usize),
}

/// One reading of a device's live sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    sessions: Vec<Session>,
    by_user: FxHashMap<String, Vec<usize>>,
    by_id: FxHashMap<String, usize>,
    extent: Extent,
    nameless: usize,
    read_at: Timestamp,
}

impl Reading {
    /// Judges a device's answer to a request for at most `asked` sessions. `None` where it holds no list at all.
    pub fn of(info: AccessInfo, asked: usize, read_at: Timestamp) -> Option<Self> {
        let listed = info.entries?;
        // A device that sends more than was asked for does not know the limit, and sent all (inferred).
        let cut = listed.len() == asked;
        let extent = if cut { Extent::CutAt(asked) } else { Extent::Complete };
        let mut reading = Self {
            sessions: Vec::with_capacity(listed.len()),
            by_user: FxHashMap::default(),
            by_id: FxHashMap::with_capacity_and_hasher(listed.len(), FxBuildHasher),
            extent,
            nameless: 0,
            read_at,
        };
        for session in listed {
            reading.add(session);
        }
        Some(reading)
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
        let place = self.sessions.len();
        let session = Session {
            id: id.to_owned(),
            user: session.user.unwrap_or_default(),
            client: session.client_ip,
            since: session.started,
        };
        self.by_id.insert(session.id.clone(), place);
        self.by_user.entry(session.user.clone()).or_default().push(place);
        self.sessions.push(session);
    }

    /// The sessions, in the device's order.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }
    /// The session with this id.
    pub fn session(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id).and_then(|place| self.sessions.get(*place))
    }
    /// The sessions of exactly this user.
    pub fn of_user(&self, user: &str) -> impl Iterator<Item = &Session> {
        let places = self.by_user.get(user).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.sessions.get(*place))
    }
    /// The users' names, each once, in no order; the empty name is of sessions whose user is not told.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.by_user.keys().map(String::as_str)
    }
    /// How much it holds.
    pub fn extent(&self) -> Extent {
        self.extent
    }
    /// Whether it holds every session, each with an id.
    pub fn is_complete(&self) -> bool {
        self.extent == Extent::Complete && self.nameless == 0
    }
    /// How many sessions had a blank id. They can't be listed in a request.
    pub fn nameless(&self) -> usize {
        self.nameless
    }
    /// When it was read.
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }
}

/// A unit's place in its cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HaRole {
    /// Holds the sessions.
    Active,
    /// A kill sent to it ends nothing and says nothing (documented, Prerequisites).
    Standby,
    /// Not asked, not answered, or not understood.
    #[default]
    Unknown,
}

/// What is known of devices beyond the inventory. Copies share the readings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Live {
    readings: BTreeMap<String, Arc<Reading>>,
    roles: BTreeMap<String, (HaRole, Timestamp)>,
}

impl Live {
    /// Notes what a device answered about its role; `None` where it could not be understood.
    pub fn note_role(&mut self, device: &str, role: Option<Role>, at: Timestamp) {
        let role = match role {
            Some(Role::Active) => HaRole::Active,
            Some(Role::Standby) => HaRole::Standby,
            None => HaRole::Unknown,
        };
        self.roles.insert(device.to_owned(), (role, at));
    }

    /// Notes a reading in place of an older one.
    pub fn note_reading(&mut self, device: &str, reading: Reading) {
        self.readings.insert(device.to_owned(), Arc::new(reading));
    }

    /// Forgets a device's sessions, as when a later reading failed.
    pub fn forget_reading(&mut self, device: &str) {
        self.readings.remove(device);
    }

    /// The same without the readings that are older than `at`.
    #[must_use]
    pub fn since(&self, at: Timestamp) -> Self {
        let mut live = self.clone();
        live.readings.retain(|_, reading| reading.read_at() >= at);
        live
    }

    /// The latest reading of a device's sessions.
    pub fn reading(&self, device: &str) -> Option<&Reading> {
        self.readings.get(device).map(Arc::as_ref)
    }

    /// Whose a session is, as far as the device's latest reading tells.
    pub fn user_of(&self, device: &str, id: &str) -> Option<&str> {
        Some(self.reading(device)?.session(id)?.user.as_str())
    }

    /// A device's role as last told.
    pub fn role(&self, device: &str) -> HaRole {
        self.roles.get(device).map(|(role, _)| *role).unwrap_or_default()
    }

    /// When a device's role was told.
    pub fn role_at(&self, device: &str) -> Option<Timestamp> {
        self.roles.get(device).map(|(_, at)| *at)
    }

    /// The active member of a cluster: the one member that says so. Several, as with traffic groups that are active on
    /// different units, are none.
    pub fn active_member<'a>(&self, inventory: &'a Inventory, cluster: &str) -> Option<&'a str> {
        let members = &inventory.cluster(cluster)?.members;
        let mut active =
            inventory.members(members).filter(|device| self.role(&device.id) == HaRole::Active);
        let first = active.next()?;
        active.next().is_none().then_some(first.id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, reading};
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
    fn no_list_is_no_reading() {
        assert_eq!(Reading::of(AccessInfo { entries: None }, 10, Timestamp(1)), None);
    }

    #[test]
    fn users_are_found_exactly() {
        let reading =
            reading(&[("1", "user2"), ("2", "USER2"), ("3", "user2"), ("3", "twice"), ("", "x")]);
        let ids: Vec<_> = reading.of_user("user2").map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["1", "3"]);
        assert_eq!(reading.session("2").unwrap().user, "USER2");
        assert_eq!(reading.session("x"), None);
        assert_eq!(reading.sessions().len(), 3);
        assert_eq!((reading.nameless(), reading.is_complete()), (1, false));
    }

    #[test]
    fn old_readings_are_left_out_and_roles_kept() {
        let mut live = Live::default();
        live.note_role("a", Some(Role::Active), Timestamp(1));
        for (device, at) in [("a", 4), ("b", 5)] {
            let info = AccessInfo { entries: Some(Vec::new()) };
            live.note_reading(device, Reading::of(info, 10, Timestamp(at)).unwrap());
        }
        let young = live.since(Timestamp(5));
        assert!(young.reading("a").is_none() && young.reading("b").is_some());
        assert_eq!(young.role("a"), HaRole::Active);
        assert!(live.reading("a").is_some());
    }

    #[rstest]
    #[case("1700000000", Some(1_700_000_000_000))]
    #[case("1700000000123", Some(1_700_000_000_123))]
    #[case("2016-11-15T12:42:31.294-0800", Some(1_479_242_551_294))]
    #[case("Tue Nov 15", None)]
    fn begins(#[case] since: &str, #[case] expected: Option<i64>) {
        let session = Session {
            id: "1".into(),
            user: String::new(),
            client: None,
            since: Some(since.into()),
        };
        assert_eq!(session.began(), expected.map(Timestamp));
    }

    #[test]
    fn one_active_member_or_none() {
        let (inventory, mut live) = (inventory(), Live::default());
        assert_eq!(live.active_member(&inventory, "Blue"), None);
        live.note_role("blue-b", Some(Role::Active), Timestamp(5));
        assert_eq!(live.active_member(&inventory, "Blue"), Some("blue-b"));
        assert_eq!(live.role_at("blue-b"), Some(Timestamp(5)));
        live.note_role("blue-a", Some(Role::Active), Timestamp(5));
        assert_eq!(live.active_member(&inventory, "Blue"), None);
        live.note_role("blue-a", None, Timestamp(5));
        assert_eq!(live.role("blue-a"), HaRole::Unknown);
        assert_eq!(live.active_member(&inventory, "Nowhere"), None);
    }
}
