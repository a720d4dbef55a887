//! Which device is read next when the sessions of the whole estate are read: a few at a time, likely ones first, fewer when BIG-IQ
//! or a device is slow. Decides only; the app reads.

use super::query::{Query, Searched};
use super::table::FoundDevice;
use crate::ids::MachineId;
use crate::inventory::{Device, HaRole, Inventory, Live, Reading, Session};
use crate::timestamp::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;

/// From this duration an answer counts as slow (our choice).
const SLOW: Duration = Duration::from_secs(5);
/// After this many quick answers in a row, one more read is made at a time.
const QUICK: usize = 8;

/// A read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// A device's role in its cluster.
    Role(MachineId),
    /// A device's live sessions.
    Sessions(MachineId),
}

/// How a read ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It took this long, with whatever result.
    After(Duration),
    /// BIG-IQ refused it because there are too many requests (429).
    TooMany,
}

impl Answered {
    /// An answer with this error status, if it had one, after these milliseconds.
    pub fn of(status: Option<u16>, millis: f64) -> Self {
        match status {
            Some(429) => Self::TooMany,
            _ => Self::After(Duration::try_from_secs_f64(millis / 1_000.0).unwrap_or_default()),
        }
    }
}

/// Whether a search finds a session of one device.
#[derive(Debug, Clone)]
pub struct Finds {
    query: Query,
    device: FoundDevice,
}

impl Finds {
    /// The text of the search.
    pub fn text(&self) -> &str {
        self.query.text()
    }

    /// Whether the search finds this session. An empty search finds none: then only their number is of use.
    pub fn wants(&self, session: &Session) -> bool {
        !self.query.is_empty()
            && self.query.matches(Searched {
                user: session.user.as_str(),
                client: session.client.as_deref().unwrap_or_default(),
                session: session.id.as_str(),
                ..self.device.searched()
            })
    }
}

/// The state of reading an estate.
///
/// Until [`Self::next`] returns `None`, the caller makes each read that it returns, and reports each end to [`Self::note`].
#[derive(Debug, Clone)]
pub struct Reader {
    /// Units that are not started, in their order.
    waiting: VecDeque<Unit>,
    /// Units that are read only if the operator asks for it.
    rest: VecDeque<Unit>,
    /// Clusters whose roles are being read, and how many of them are missing.
    deciding: Vec<(Unit, usize)>,
    /// Reads of started units.
    ready: VecDeque<Ask>,
    in_flight: usize,
    /// How many reads are made at a time, now and at most.
    limit: usize,
    most: usize,
    /// How many quick answers in a row there were.
    quick: usize,
    is_stopped: bool,
    query: Query,
}

/// A cluster or a standalone device, by its members.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unit {
    members: Vec<MachineId>,
    is_cluster: bool,
}

impl Reader {
    /// How many units (clusters and standalone devices) are read without a question.
    pub const FIRST: usize = 200;

    /// A reader that makes at most `most` reads at a time.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            waiting: VecDeque::new(),
            rest: VecDeque::new(),
            deciding: Vec::new(),
            ready: VecDeque::new(),
            in_flight: 0,
            limit: most,
            most,
            quick: 0,
            is_stopped: false,
            query: Query::default(),
        }
    }

    /// A new reader with the same limit.
    #[must_use]
    pub fn restarted(&self) -> Self {
        Self::new(self.most)
    }

    /// Reads all units whose sessions are not current: those that the search names first, then clusters, then other devices. Of
    /// many, only the first are read, until [`Self::read_rest`]. Reads that are in flight go on.
    pub fn start(&mut self, inventory: &Inventory, live: &Live, query: &Query, now: Timestamp) {
        let clusters = inventory.clusters().iter().map(|cluster| {
            let members = inventory.members(&cluster.members).map(|member| member.id.clone());
            Unit { members: members.collect(), is_cluster: true }
        });
        let single = inventory.devices().iter().filter(|device| device.cluster.is_none());
        let single =
            single.map(|device| Unit { members: vec![device.id.clone()], is_cluster: false });
        let covers = query.covers();
        let due = clusters.chain(single).filter(|unit| !unit.is_current(live, now, &covers));
        let named = |unit: &Unit| {
            let mut members = unit.members.iter().filter_map(|id| inventory.device(id));
            members.any(|device| names(query, device))
        };
        let (mut first, others): (VecDeque<Unit>, VecDeque<Unit>) = due.partition(named);
        first.extend(others);
        self.query = query.clone();
        self.rest = first.split_off(first.len().min(Self::FIRST));
        self.waiting = first;
        self.deciding.clear();
        self.ready.clear();
        self.is_stopped = false;
    }

    /// [`Self::start`], and also reads the units whose sessions are current.
    pub fn start_again(&mut self, inventory: &Inventory, live: &Live, query: &Query) {
        self.start(inventory, live, query, Timestamp(i64::MAX));
    }

    /// What a device's sessions are searched for when its answer arrives.
    pub fn finds(&self, device: &MachineId, inventory: &Inventory) -> Finds {
        Finds { query: self.query.clone(), device: FoundDevice::of(device, inventory) }
    }

    /// The search has changed. Returns whether readings lack sessions that it would find, so that [`Self::start`] reads them again.
    pub fn follow(&mut self, query: &Query, live: &Live) -> bool {
        self.query = query.clone();
        let covers = query.covers();
        live.readings().any(|reading| reading.found_by().is_some_and(|text| !covers(text)))
    }

    /// How many units are read only if the operator asks for it.
    pub fn rest(&self) -> usize {
        self.rest.len()
    }

    /// Reads them, too.
    pub fn read_rest(&mut self) {
        self.waiting.append(&mut self.rest);
        self.is_stopped = false;
    }

    /// Makes no more reads. What was read stays.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Continues after [`Self::stop`].
    pub fn resume(&mut self) {
        self.is_stopped = false;
    }

    /// Whether reads are left that the operator has stopped.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped && self.has_more()
    }

    /// Whether reads are in flight or about to be made.
    pub fn is_reading(&self) -> bool {
        self.in_flight > 0 || (!self.is_stopped && self.has_more())
    }

    fn has_more(&self) -> bool {
        !(self.waiting.is_empty() && self.ready.is_empty())
    }

    /// The next read to make now, if any. `is_hidden` is whether the page is hidden: then nothing new is read.
    pub fn next(&mut self, live: &Live, now: Timestamp, is_hidden: bool) -> Option<Ask> {
        // guard: estate-reads-at-once
        if self.is_stopped || is_hidden || self.in_flight >= self.limit {
            return None;
        }
        while self.ready.is_empty() {
            let unit = self.waiting.pop_front()?;
            self.begin(unit, live, now);
        }
        self.in_flight += 1;
        self.ready.pop_front()
    }

    fn begin(&mut self, unit: Unit, live: &Live, now: Timestamp) {
        let has_role =
            |id: &&MachineId| live.role_at(id).is_some_and(|at| live.is_current(at, now));
        let unknown = unit.members.iter().filter(|id| !has_role(id)).cloned();
        let unknown: Vec<MachineId> = if unit.is_cluster { unknown.collect() } else { Vec::new() };
        if unknown.is_empty() {
            self.read_sessions(&unit, live);
        } else {
            self.deciding.push((unit, unknown.len()));
            self.ready.extend(unknown.into_iter().map(Ask::Role));
        }
    }

    /// The sessions of a unit: of its active member, or of every member that may hold some.
    fn read_sessions(&mut self, unit: &Unit, live: &Live) {
        let role = |id: &MachineId| live.role(id);
        let mut active = unit.members.iter().filter(|id| role(id) == HaRole::Active);
        let only = active.next().filter(|_| unit.is_cluster && active.next().is_none());
        let holders = unit.members.iter().filter(|id| match only {
            // guard: active-member-read
            Some(active) => *id == active,
            None => role(id) != HaRole::Standby,
        });
        // Before other units: what was started is finished first.
        for id in holders.rev() {
            self.ready.push_front(Ask::Sessions(id.clone()));
        }
    }

    /// A read has ended. `live` already has its answer.
    pub fn note(&mut self, ask: &Ask, answered: Answered, live: &Live) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.adapt(answered);
        let Ask::Role(device) = ask else { return };
        let of_unit = |(unit, _): &(Unit, usize)| unit.members.contains(device);
        let Some(place) = self.deciding.iter().position(of_unit) else { return };
        if let Some((_, missing)) = self.deciding.get_mut(place) {
            *missing -= 1;
            if *missing == 0 {
                let (unit, _) = self.deciding.swap_remove(place);
                self.read_sessions(&unit, live);
            }
        }
    }

    /// Halves the number of reads at a time after a slow answer or a refusal, and raises it step by step.
    fn adapt(&mut self, answered: Answered) {
        let is_quick = matches!(answered, Answered::After(time) if time < SLOW);
        // guard: slow-halves
        if !is_quick {
            self.limit = (self.limit / 2).max(1);
            self.quick = 0;
            return;
        }
        self.quick += 1;
        if self.quick >= QUICK && self.limit < self.most {
            self.limit += 1;
            self.quick = 0;
        }
    }
}

impl Unit {
    /// Whether the sessions of every member that may hold some are current.
    fn is_current(&self, live: &Live, now: Timestamp, covers: &dyn Fn(&str) -> bool) -> bool {
        let serves =
            |r: &Reading| live.is_current(r.read_at(), now) && r.found_by().is_none_or(covers);
        let is_read = |id: &MachineId| live.reading(id).is_some_and(serves);
        let is_standby = |id: &MachineId| {
            live.role(id) == HaRole::Standby
                && live.role_at(id).is_some_and(|at| live.is_current(at, now))
        };
        self.members.iter().all(|id| is_read(id) || (self.is_cluster && is_standby(id)))
            && self.members.iter().any(is_read)
    }
}

fn names(query: &Query, device: &Device) -> bool {
    query.names_place(Searched {
        device: &device.name,
        cluster: device.cluster.as_deref().unwrap_or_default(),
        group: device.group.as_deref().unwrap_or_default(),
        ..Searched::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Count;
    use crate::find::{SessionTable, SortBy};
    use crate::fixture::{inventory, machine, reading_at, wire};
    use crate::ids::UserName;
    use crate::inventory::{DeviceList, MOST_KEPT, SessionCounts};
    use bigiq::access_info::{AccessInfo, LiveSession};
    use proptest::prelude::*;
    use rstest::rstest;

    const NOW: Timestamp = Timestamp(1_000_000);
    const QUICKLY: Answered = Answered::After(Duration::from_millis(200));
    const SLOWLY: Answered = Answered::After(Duration::from_secs(6));

    fn sessions(device: &str) -> Ask {
        Ask::Sessions(machine(device))
    }

    fn role(device: &str) -> Ask {
        Ask::Role(machine(device))
    }

    /// All reads that can be made now.
    fn asks(reader: &mut Reader, live: &Live) -> Vec<Ask> {
        std::iter::from_fn(|| reader.next(live, NOW, false)).collect()
    }

    fn started(most: usize, query: &str, live: &Live) -> Reader {
        let mut reader = Reader::new(most);
        reader.start(&inventory(), live, &Query::parse(query), NOW);
        reader
    }

    /// Devices without clusters.
    fn devices(number: usize) -> Inventory {
        let devices = (0..number).map(|n| wire(&format!("d{n:05}"), "", ""));
        DeviceList::of(devices).inventory(&[], Vec::new(), NOW)
    }

    #[test]
    fn roles_first_then_only_the_active_member() {
        let mut live = Live::default();
        let mut reader = started(9, "", &live);
        let first = asks(&mut reader, &live);
        assert_eq!(
            first,
            [role("blue-a"), role("blue-b"), role("red-a"), sessions("fresh"), sessions("lone")]
        );
        live.note_role(&machine("blue-b"), HaRole::Active, NOW);
        reader.note(&role("blue-b"), QUICKLY, &live);
        assert_eq!(asks(&mut reader, &live), []);
        live.note_role(&machine("blue-a"), HaRole::Standby, NOW);
        reader.note(&role("blue-a"), QUICKLY, &live);
        assert_eq!(asks(&mut reader, &live), [sessions("blue-b")]);
    }

    #[test]
    fn without_a_known_active_member_all_are_read() {
        let mut live = Live::default();
        let mut reader = started(2, "blue", &live);
        assert_eq!(asks(&mut reader, &live), [role("blue-a"), role("blue-b")]);
        for member in ["blue-a", "blue-b"] {
            live.note_role(&machine(member), HaRole::Unknown, NOW);
            reader.note(&role(member), QUICKLY, &live);
        }
        assert_eq!(asks(&mut reader, &live), [sessions("blue-a"), sessions("blue-b")]);
    }

    #[rstest]
    #[case::nothing_named("user2", "blue-a")]
    #[case::a_device("lone", "lone")]
    #[case::a_group("group:g2", "lone")]
    #[case::a_cluster("red", "red-a")]
    fn likely_ones_first(#[case] query: &str, #[case] first: &str) {
        let live = Live::default();
        let (Ask::Role(id) | Ask::Sessions(id)) =
            started(1, query, &live).next(&live, NOW, false).unwrap();
        assert_eq!(id, first);
    }

    #[test]
    fn current_readings_are_not_repeated() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading_at(NOW.0 - 59_999, &[]));
        live.note_reading(&machine("fresh"), reading_at(NOW.0 - 60_000, &[]));
        live.note_reading(&machine("blue-a"), reading_at(NOW.0, &[]));
        live.note_role(&machine("blue-b"), HaRole::Standby, NOW);
        let mut reader = started(9, "", &live);
        assert_eq!(asks(&mut reader, &live), [role("red-a"), sessions("fresh")]);
    }

    #[test]
    fn current_readings_are_repeated_on_request() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading_at(NOW.0, &[]));
        let mut reader = Reader::new(9);
        reader.start_again(&inventory(), &live, &Query::parse("lone"));
        assert_eq!(reader.next(&live, NOW, false), Some(sessions("lone")));
    }

    #[test]
    fn many_units_are_read_only_after_a_question() {
        let live = Live::default();
        let mut reader = Reader::new(1_000);
        reader.start(&devices(250), &live, &Query::default(), NOW);
        assert_eq!((asks(&mut reader, &live).len(), reader.rest()), (200, 50));
        reader.read_rest();
        assert_eq!((asks(&mut reader, &live).len(), reader.rest()), (50, 0));
    }

    #[test]
    fn a_hidden_page_and_a_stop_start_nothing() {
        let live = Live::default();
        let mut reader = started(1, "", &live);
        assert_eq!(reader.next(&live, NOW, true), None);
        let ask = reader.next(&live, NOW, false).unwrap();
        reader.stop();
        reader.note(&ask, QUICKLY, &live);
        assert_eq!(reader.next(&live, NOW, false), None);
        assert!(reader.is_stopped() && !reader.is_reading());
        reader.resume();
        assert!(reader.next(&live, NOW, false).is_some());
    }

    #[test]
    fn slow_answers_and_refusals_halve_the_reads_at_a_time() {
        let live = Live::default();
        let mut reader = Reader::new(8);
        reader.start(&devices(100), &live, &Query::default(), NOW);
        let at_once = |reader: &mut Reader, answered: Answered| {
            let asks = asks(reader, &live);
            let (last, others) = asks.split_last().unwrap();
            for ask in others {
                reader.note(ask, QUICKLY, &live);
            }
            reader.note(last, answered, &live);
            asks.len()
        };
        assert_eq!(at_once(&mut reader, SLOWLY), 8);
        assert_eq!(at_once(&mut reader, Answered::TooMany), 4);
        assert_eq!(at_once(&mut reader, SLOWLY), 2);
        assert_eq!(at_once(&mut reader, SLOWLY), 1, "never none");
        let more: Vec<usize> = (0..16).map(|_| at_once(&mut reader, QUICKLY)).collect();
        assert_eq!(more, [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4]);
    }

    /// Reads 10,000 devices with 100 sessions each, as the search does, without BIG-IQ.
    fn read_all(
        reader: &mut Reader,
        live: &mut Live,
        inventory: &Inventory,
        query: &Query,
    ) -> usize {
        reader.start(inventory, live, query, NOW);
        reader.read_rest();
        let mut reads = 0;
        while let Some(ask) = reader.next(live, NOW, false) {
            let Ask::Sessions(id) = &ask else { panic!("no clusters") };
            let sessions = (0..100).map(|n| LiveSession {
                id: format!("{id}-{n}"),
                user: Some(format!("user{n}")),
                ..LiveSession::default()
            });
            let info = AccessInfo { entries: Some(sessions.collect()) };
            let finds = reader.finds(id, inventory);
            let reading = Reading::of(info, 1_000, NOW).unwrap();
            live.note_found(id, reading, finds.text(), &|session| finds.wants(session));
            reader.note(&ask, QUICKLY, live);
            reads += 1;
        }
        reads
    }

    #[test]
    fn a_million_sessions_are_counted_and_what_is_found_is_kept() {
        let (estate, mut live, mut reader) = (devices(10_000), Live::default(), Reader::new(8));
        let all: Vec<MachineId> = estate.devices().iter().map(|device| device.id.clone()).collect();
        let query = Query::parse("user:user7");
        assert_eq!(read_all(&mut reader, &mut live, &estate, &query), 10_000);
        let table = SessionTable::of(&live, &estate, &all);
        // 500 whole devices, and from each other one `user7` and `user70` to `user79`.
        assert_eq!(table.rows().count(), MOST_KEPT + 9_500 * 11);
        assert_eq!(live.left_out(), 1_000_000 - MOST_KEPT - 9_500 * 11);
        let exact = Query::parse("user:\"user7\"");
        assert_eq!(table.matching(&exact, SortBy::Fit, false).len(), 10_000);
        let counts = |query: &Query| {
            SessionCounts::coverage_of_search(&live, &estate, &all, &query.covers())
        };
        assert_eq!(counts(&exact).counted(10_000), Count::Exactly(10_000));
        let other = Query::parse("user:user8");
        assert_eq!((counts(&other).known, counts(&other).counted(500)), (500, Count::AtLeast(500)));
        // A plan knows of no search.
        let plain = SessionCounts::take(&live, &estate, &all, &[UserName::new("user7")]);
        assert_eq!(plain.counted(plain.users[0].sessions), Count::AtLeast(10_000));
        // A narrower search needs no read, and another one reads what lacks its sessions.
        assert!(!reader.follow(&exact, &live));
        assert!(reader.follow(&other, &live));
        assert_eq!(read_all(&mut reader, &mut live, &estate, &other), 9_500);
        assert!(!reader.follow(&other, &live));
    }

    #[test]
    fn an_empty_search_keeps_no_more_than_the_limit() {
        let (estate, mut live, mut reader) = (devices(600), Live::default(), Reader::new(8));
        read_all(&mut reader, &mut live, &estate, &Query::default());
        assert_eq!(
            (live.left_out(), live.readings().map(|r| r.sessions().len()).sum()),
            (10_000, MOST_KEPT)
        );
        // Not all of them can be read: a search for anything reads the others again.
        assert!(reader.follow(&Query::parse("user7"), &live));
    }

    proptest! {
        #[test]
        fn every_unit_is_read_once_and_never_too_many_at_a_time(
            most in 1_usize..9,
            roles in prop::collection::vec(0..3_u8, 3),
            order in prop::collection::vec(any::<prop::sample::Index>(), 20),
        ) {
            let mut live = Live::default();
            let mut reader = started(most, "", &live);
            let (mut in_flight, mut read) = (Vec::new(), Vec::new());
            for pick in order {
                while let Some(ask) = reader.next(&live, NOW, false) {
                    in_flight.push(ask);
                }
                prop_assert!(in_flight.len() <= most);
                if in_flight.is_empty() { break }
                let ask = in_flight.remove(pick.index(in_flight.len()));
                match &ask {
                    Ask::Role(id) => {
                        let place = ["blue-a", "blue-b", "red-a"].iter().position(|m| *id == **m);
                        let role = [HaRole::Active, HaRole::Standby, HaRole::Unknown]
                            [usize::from(roles[place.unwrap()])];
                        live.note_role(id, role, NOW);
                    }
                    Ask::Sessions(id) => {
                        live.note_reading(id, reading_at(NOW.0, &[]));
                        read.push(id.to_string());
                    }
                }
                reader.note(&ask, QUICKLY, &live);
            }
            prop_assert!(!reader.is_reading() && in_flight.is_empty());
            let estate = inventory();
            let holders = |cluster: &str, members: &[&str]| -> Vec<String> {
                let active = live.active_member(&estate, cluster);
                let may_hold = |m: &&&str| active.map_or_else(
                    || live.role(&machine(m)) != HaRole::Standby,
                    |active| *active == ***m,
                );
                members.iter().filter(may_hold).map(|m| (*m).to_owned()).collect()
            };
            let mut expected = holders("Blue", &["blue-a", "blue-b"]);
            expected.extend(holders("Red", &["red-a"]));
            expected.extend(["fresh".to_owned(), "lone".to_owned()]);
            read.sort();
            expected.sort();
            prop_assert_eq!(read, expected);
        }
    }
}
