//! The live sessions of many devices as a table: each session once, searched and sorted.

use super::query::{Query, Searched};
use crate::ids::{MachineId, UserName};
use crate::input::bare_ids;
use crate::inventory::{Addressed, Inventory, Live, Reading, Session, each_session};
use crate::record::csv_line as line;
use crate::sorted;
use crate::timestamp::Timestamp;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::sync::Arc;

/// A live session of a [`SessionTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundSession<'a> {
    /// The session.
    pub session: &'a Session,
    /// The device to name in a request.
    pub device: &'a FoundDevice,
    /// How certain it is that this device holds the session.
    pub addressed: Addressed,
}

/// What is shown of a device that holds sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDevice {
    /// Machine id.
    pub id: MachineId,
    /// The name shown to people.
    pub name: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// Its access group.
    pub group: Option<String>,
}

/// What the rows of a table are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// How well the user's name fits the search, then the name, then the newest first.
    #[default]
    Fit,
    /// User name.
    User,
    /// Client address: IPv4 by number, then others.
    Client,
    /// Start time, oldest first. Sessions whose start can't be read come last.
    Started,
    /// Session id.
    Session,
    /// Device name.
    Device,
    /// Access group.
    Group,
}

/// The live sessions of some devices, each once. It shares the readings, so its rows are small.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionTable {
    readings: Vec<Arc<Reading>>,
    devices: Vec<FoundDevice>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// The places of its reading, of its session in that reading, and of the device to name.
    reading: usize,
    session: usize,
    device: usize,
    addressed: Addressed,
}

impl FoundSession<'_> {
    /// Start time, if it can be read.
    pub fn began(&self) -> Option<Timestamp> {
        self.session.began()
    }
}

impl<'a> FoundSession<'a> {
    fn searched(&self) -> Searched<'a> {
        Searched {
            user: self.session.user.as_str(),
            client: or_empty(&self.session.client),
            session: self.session.id.as_str(),
            ..self.device.searched()
        }
    }

    fn text(&self, by: SortBy) -> &'a str {
        match by {
            SortBy::Fit | SortBy::User | SortBy::Started => self.session.user.as_str(),
            SortBy::Client => or_empty(&self.session.client),
            SortBy::Session => self.session.id.as_str(),
            SortBy::Device => &self.device.name,
            SortBy::Group => or_empty(&self.device.group),
        }
    }
}

impl FoundDevice {
    pub(super) fn of(id: &MachineId, inventory: &Inventory) -> Self {
        let device = inventory.device(id);
        Self {
            id: id.clone(),
            name: device.map_or_else(|| id.to_string(), |device| device.name.clone()),
            cluster: device.and_then(|device| device.cluster.clone()),
            group: device.and_then(|device| device.group.clone()),
        }
    }

    pub(super) fn searched(&self) -> Searched<'_> {
        Searched {
            device: &self.name,
            cluster: or_empty(&self.cluster),
            group: or_empty(&self.group),
            ..Searched::default()
        }
    }
}

pub(super) fn or_empty(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

impl SessionTable {
    /// The sessions on these devices. A session that two members of a cluster list is one row, addressed to the active member if
    /// that is known.
    pub fn of(live: &Live, inventory: &Inventory, devices: &[MachineId]) -> Self {
        let mut table = Self::default();
        let mut known: FxHashMap<&MachineId, usize> = FxHashMap::default();
        let mut last: Option<&MachineId> = None;
        each_session(live, inventory, devices, &mut |listed_by, session, named, addressed| {
            // All sessions of a reading follow each other.
            if last != Some(listed_by) {
                let Some(reading) = live.shared_reading(listed_by) else { return };
                last = Some(listed_by);
                table.readings.push(Arc::clone(reading));
            }
            let is_last = table.devices.last().is_some_and(|device| device.id == *named);
            let device = if is_last {
                table.devices.len() - 1
            } else {
                *known.entry(named).or_insert_with(|| {
                    table.devices.push(FoundDevice::of(named, inventory));
                    table.devices.len() - 1
                })
            };
            let reading = table.readings.len() - 1;
            table.rows.push(Row { reading, session, device, addressed });
        });
        table
    }

    /// The row at a place.
    pub fn row(&self, place: usize) -> Option<FoundSession<'_>> {
        let Row { reading, session, device, addressed } = *self.rows.get(place)?;
        let session = self.readings.get(reading)?.sessions().get(session)?;
        Some(FoundSession { session, device: self.devices.get(device)?, addressed })
    }

    /// All rows, in the order of the devices and of their answers.
    pub fn rows(&self) -> impl Iterator<Item = FoundSession<'_>> {
        (0..self.rows.len()).filter_map(|place| self.row(place))
    }

    /// The values of some rows, such as their users, with their numbers of sessions, the largest number first. Empty values are
    /// left out.
    pub fn counts(&self, rows: &[usize], of: fn(FoundSession<'_>) -> &str) -> Vec<(&str, usize)> {
        let rows = rows.iter().filter_map(|place| self.row(*place));
        added_up(&mut rows.map(|row| (of(row), 1)))
    }

    /// How many sessions exactly this user has.
    pub fn of_user(&self, user: &UserName) -> usize {
        // guard: exact-user-counted
        self.rows().filter(|row| row.session.user == *user).count()
    }

    /// Whether any device reports when a session began.
    pub fn has_starts(&self) -> bool {
        let mut sessions = self.readings.iter().flat_map(|reading| reading.sessions());
        sessions.any(|session| session.since.as_ref().is_some_and(|since| !since.trim().is_empty()))
    }

    /// A list of nothing but session ids, one per line, each after its device if exactly one is known. Other texts are unchanged.
    pub fn with_devices(&self, text: &str) -> String {
        const SEVERAL: usize = usize::MAX;
        let Some(ids) = bare_ids(text) else { return text.to_owned() };
        // The place of its row after each id, from 1: `0` if there is none.
        let mut places: FxHashMap<&str, usize> = ids.iter().map(|id| (*id, 0)).collect();
        for (place, row) in self.rows().enumerate() {
            if let Some(known) = places.get_mut(row.session.id.as_str()) {
                // guard: device-never-guessed
                *known = if *known == 0 { place + 1 } else { SEVERAL };
            }
        }
        let mut out = String::new();
        for id in ids {
            let place = places.get(id).and_then(|place| place.checked_sub(1));
            if let Some(row) = place.and_then(|place| self.row(place)) {
                out.push_str(&row.device.name);
                out.push(' ');
            }
            out.push_str(id);
            out.push('\n');
        }
        out
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows as CSV, with a heading, like [the record](crate::record::Record::to_csv).
    pub fn to_csv<'a>(rows: impl Iterator<Item = FoundSession<'a>>) -> String {
        let mut out = String::from("\u{feff}");
        line(
            &mut out,
            &["user", "client", "started", "session", "device", "name", "cluster", "group"],
        );
        for FoundSession { session, device, .. } in rows {
            let started = session.began().map(|began| began.to_rfc3339(0));
            line(
                &mut out,
                &[
                    session.user.as_str(),
                    or_empty(&session.client),
                    started.as_deref().unwrap_or_else(|| or_empty(&session.since)),
                    session.id.as_str(),
                    device.id.as_str(),
                    &device.name,
                    or_empty(&device.cluster),
                    or_empty(&device.group),
                ],
            );
        }
        out
    }

    /// The rows that match a search, as places, sorted.
    pub fn matching(&self, query: &Query, by: SortBy, descending: bool) -> Vec<usize> {
        // With what is compared, because it runs many times for each row: the rank, the text and the start. Most texts differ in
        // their first bytes.
        let mut found: Vec<(u64, u64, &str, Option<Timestamp>, usize)> = Vec::new();
        for (place, row) in self.rows().enumerate() {
            if query.matches(row.searched()) {
                let text = row.text(by);
                found.push((rank(&row, query, by), first_bytes(text), text, row.began(), place));
            }
        }
        let order = sorted::places(found.len(), &|a, b| {
            let (Some(a), Some(b)) = (found.get(a), found.get(b)) else { return Ordering::Equal };
            let order = (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| a.2.cmp(b.2));
            let order = if descending { order.reverse() } else { order };
            // The newest first, among equal ones.
            order.then_with(|| b.3.cmp(&a.3))
        });
        order.into_iter().filter_map(|at| found.get(at)).map(|(.., place)| *place).collect()
    }
}

/// The sum of the numbers of each text, the largest first. Empty texts are left out.
pub(super) fn added_up<'a>(
    numbers: &mut dyn Iterator<Item = (&'a str, usize)>,
) -> Vec<(&'a str, usize)> {
    let mut sums: FxHashMap<&str, usize> = FxHashMap::default();
    for (text, number) in numbers.filter(|(text, _)| !text.is_empty()) {
        *sums.entry(text).or_default() += number;
    }
    let sums: Vec<(&str, usize)> = sums.into_iter().collect();
    let at = |place: usize| sums.get(place).copied().unwrap_or_default();
    let order = sorted::places(sums.len(), &|a, b| {
        let ((a, first), (b, second)) = (at(a), at(b));
        second.cmp(&first).then_with(|| a.cmp(b))
    });
    order.into_iter().map(at).collect()
}

/// The first eight bytes, as a number with the same order. A shorter text is padded with zeros.
fn first_bytes(text: &str) -> u64 {
    let padded = text.bytes().chain(std::iter::repeat(0)).take(8);
    padded.fold(0, |number, byte| number << 8 | u64::from(byte))
}

/// What is compared before the text.
fn rank(row: &FoundSession<'_>, query: &Query, by: SortBy) -> u64 {
    match by {
        SortBy::Fit => u64::from(query.distance(row.session.user.as_str())),
        SortBy::Started => row.began().map_or(u64::MAX, |began| began.0.unsigned_abs()),
        SortBy::Client => {
            let address =
                row.session.client.as_deref().and_then(|c| c.parse::<std::net::Ipv4Addr>().ok());
            address.map_or(u64::MAX, |address| u64::from(address.to_bits()))
        }
        SortBy::User | SortBy::Session | SortBy::Device | SortBy::Group => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine, machines, reading};
    use crate::inventory::{HaRole, Reading};
    use bigiq::access_info::{AccessInfo, LiveSession};
    use proptest::prelude::*;
    use rstest::rstest;

    fn session(id: &str, user: &str, client: &str, started: &str) -> LiveSession {
        LiveSession {
            id: id.into(),
            user: Some(user.into()),
            client_ip: Some(client.into()),
            started: Some(started.into()),
        }
    }

    fn read(sessions: Vec<LiveSession>) -> Reading {
        Reading::of(AccessInfo { entries: Some(sessions) }, 1_000, Timestamp(1)).unwrap()
    }

    fn table() -> SessionTable {
        let mut live = Live::default();
        let lone = read(vec![
            session("1", "user2", "198.51.100.10", "100"),
            session("2", "USER2", "198.51.100.9", "300"),
            session("3", "", "2001:db8::5", ""),
            session("4", "user22", "198.51.100.9", "200"),
        ]);
        live.note_reading(&machine("lone"), lone);
        live.note_reading(&machine("blue-a"), read(vec![session("5", "user2", "", "400")]));
        SessionTable::of(&live, &inventory(), &machines(&["blue-a", "lone"]))
    }

    fn ids(found: &[usize], table: &SessionTable) -> String {
        found.iter().map(|place| table.row(*place).unwrap().session.id.as_str()).collect()
    }

    #[rstest]
    #[case::best_first("user2", SortBy::Fit, false, "5124")]
    #[case::the_same_reversed("user2", SortBy::Fit, true, "4251")]
    #[case::by_user("", SortBy::User, false, "32514")]
    #[case::by_client_as_numbers("", SortBy::Client, false, "24153")]
    #[case::oldest_first("", SortBy::Started, false, "14253")]
    #[case::newest_first("", SortBy::Started, true, "35241")]
    #[case::by_session("", SortBy::Session, true, "54321")]
    #[case::by_device("", SortBy::Device, false, "52413")]
    #[case::by_group("group:g1", SortBy::Group, false, "5")]
    #[case::no_match("nobody", SortBy::Fit, false, "")]
    fn searched_and_sorted(
        #[case] query: &str,
        #[case] by: SortBy,
        #[case] descending: bool,
        #[case] expected: &str,
    ) {
        let table = table();
        let found = table.matching(&Query::parse(query), by, descending);
        assert_eq!(ids(&found, &table), expected);
    }

    #[test]
    fn a_mirrored_session_is_one_row_of_the_active_member() {
        let mut live = Live::default();
        for device in ["blue-a", "blue-b"] {
            live.note_reading(&machine(device), reading(&[("1", "user2")]));
        }
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        let table = SessionTable::of(&live, &inventory(), &machines(&["blue-a", "blue-b"]));
        let rows: Vec<_> = table.rows().collect();
        let [FoundSession { device, addressed, .. }] = *rows else { panic!("one row") };
        assert_eq!((device.id.as_str(), addressed), ("blue-b", Addressed::Surely));
        assert_eq!(
            (device.cluster.as_deref(), device.group.as_deref()),
            (Some("Blue"), Some("G1"))
        );
    }

    #[test]
    fn users_with_the_most_sessions_first() {
        let table = table();
        let of_rows = |rows: &[usize]| table.counts(rows, |row| row.session.user.as_str());
        assert_eq!(of_rows(&[0, 1, 2, 3, 4]), [("user2", 2), ("USER2", 1), ("user22", 1)]);
        assert_eq!(of_rows(&[1]).len(), 1);
    }

    #[test]
    fn only_the_exact_user_is_counted() {
        let of = |name: &str| table().of_user(&UserName::new(name));
        assert_eq!((of("user2"), of("USER2"), of("user"), of("user22")), (2, 1, 0, 1));
    }

    #[rstest]
    #[case::a_number("100", true)]
    #[case::a_text("yesterday", true)]
    #[case::blank(" ", false)]
    fn a_start_may_be_reported_or_not(#[case] started: &str, #[case] expected: bool) {
        let mut live = Live::default();
        let sessions = vec![session("1", "user2", "", ""), session("2", "user2", "", started)];
        live.note_reading(&machine("lone"), read(sessions));
        let table = SessionTable::of(&live, &inventory(), &machines(&["lone"]));
        assert_eq!(table.has_starts(), expected);
        assert!(!SessionTable::default().has_starts());
    }

    #[test]
    fn bare_ids_get_their_devices_and_other_texts_stay() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading(&[("2a5d7604", "user2"), ("875f7fed", "x")]));
        live.note_reading(&machine("blue-a"), reading(&[("875f7fed", "y")]));
        let table = SessionTable::of(&live, &inventory(), &machines(&["blue-a", "lone"]));
        // One is unknown, one is on two devices.
        assert_eq!(
            table.with_devices("2a5d7604 875f7fed\n0000abcd"),
            "lone.example.test 2a5d7604\n875f7fed\n0000abcd\n"
        );
        assert_eq!(table.with_devices("lone 2a5d7604\n"), "lone 2a5d7604\n");
    }

    #[test]
    fn as_csv() {
        let table = table();
        let csv = SessionTable::to_csv(table.rows().take(2));
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "\u{feff}\"user\",\"client\",\"started\",\"session\",\"device\",\"name\",\"cluster\",\"group\""
        );
        assert_eq!(
            lines[1],
            "\"user2\",\"\",\"1970-01-01T00:06:40.000+00:00\",\"5\",\"blue-a\",\"blue-a.example.test\",\"Blue\",\"G1\""
        );
    }

    proptest! {
        #[test]
        fn every_order_has_the_same_rows(descending: bool, by in 0..7) {
            let by = [SortBy::Fit, SortBy::User, SortBy::Client, SortBy::Started, SortBy::Session,
                SortBy::Device, SortBy::Group][by as usize];
            let mut found = table().matching(&Query::default(), by, descending);
            found.sort_unstable();
            prop_assert_eq!(found, vec![0, 1, 2, 3, 4]);
        }
    }
}
