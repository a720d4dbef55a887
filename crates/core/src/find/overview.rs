//! The sessions of the whole estate in numbers: where they are, whose they are, and what changed since the readings before.

use super::query::is_quote;
use super::table::{SessionTable, added_up, or_empty};
use crate::count::Count;
use crate::ids::MachineId;
use crate::inventory::{Changes, HeldSessions, Inventory, Live, held_sessions};
use crate::record::CountRecord;
use crate::record::csv_line as line;
use rustc_hash::FxHashSet;

/// What sessions are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Access group.
    Group,
    /// Cluster.
    Cluster,
    /// Device, by name.
    Device,
    /// User.
    User,
    /// Client address.
    Client,
}

impl By {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Group, Self::Cluster, Self::Device, Self::User, Self::Client];

    /// Its field in a search.
    fn field(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Cluster => "cluster",
            Self::Device => "device",
            Self::User => "user",
            Self::Client => "client",
        }
    }

    /// The text of a search for exactly this name (of a place, whatever its case), or for a part of it, if it has quotes itself.
    pub fn query(self, name: &str) -> String {
        if name.contains(is_quote) {
            return name.to_owned();
        }
        [self.field(), ":\"", name, "\""].concat()
    }
}

/// Names with their numbers of sessions, the largest number first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// What the names are.
    pub by: By,
    /// The first names.
    pub first: Vec<(String, Count)>,
    /// How many other names were found.
    pub more: usize,
}

/// The numbers of one moment. Each ranking is made separately, so that the caller can rest in between.
#[derive(Debug, Clone)]
pub struct Overview<'a> {
    inventory: &'a Inventory,
    held: Vec<HeldSessions<'a>>,
    changes: Changes,
    /// Whether the table has every session.
    is_whole: bool,
}

impl<'a> Overview<'a> {
    /// Counts the sessions of these devices.
    pub fn of(live: &Live, inventory: &'a Inventory, devices: &'a [MachineId]) -> Self {
        let (held, changes) = held_sessions(live, inventory, devices);
        let is_read = !held.is_empty() && held.iter().all(|held| held.is_unit_known);
        // guard: overview-whole
        let is_whole = is_read && live.left_out() == 0 && inventory.knows_members();
        Self { inventory, held, changes, is_whole }
    }

    /// What has changed since the readings before.
    pub fn changes(&self) -> Changes {
        self.changes
    }

    /// The first `most` names by their number of sessions. `table` has the sessions of the same moment.
    pub fn ranking(&self, by: By, table: &SessionTable, most: usize) -> Ranking {
        let mut unknown: FxHashSet<&str> = FxHashSet::default();
        let sums = match by {
            By::User => added_up(&mut table.rows().map(|row| (row.session.user.as_str(), 1))),
            By::Client => added_up(&mut table.rows().map(|row| (or_empty(&row.session.client), 1))),
            By::Group | By::Cluster | By::Device => {
                let mut held = self.held.iter().map(|held| {
                    let name = self.name(by, held.device);
                    // guard: overview-holder
                    let is_there = held.is_holder || self.is_of_all_members(by, held.device);
                    if !(is_there && held.is_unit_known) {
                        unknown.insert(name);
                    }
                    (name, if is_there { held.found } else { 0 })
                });
                added_up(&mut held)
            }
        };
        let more = sums.len().saturating_sub(most);
        let count = |(name, sum): (&str, usize)| {
            let is_all = match by {
                By::User | By::Client => self.is_whole,
                // A device that is not listed may belong to it.
                // guard: overview-members
                By::Group => !unknown.contains(name) && self.inventory.knows_members(),
                By::Cluster | By::Device => !unknown.contains(name),
            };
            (name.to_owned(), Count::of(sum, is_all))
        };
        Ranking { by, first: sums.into_iter().take(most).map(count).collect(), more }
    }

    /// Whether all members of a device's cluster have the same name.
    fn is_of_all_members(&self, by: By, device: &MachineId) -> bool {
        let cluster = self.inventory.device(device).and_then(|device| device.cluster.as_deref());
        let cluster = cluster.and_then(|name| self.inventory.cluster(name));
        let name = self.name(by, device);
        cluster.is_some_and(|cluster| {
            let mut members = self.inventory.members(&cluster.members);
            members.all(|member| self.name(by, &member.id) == name)
        })
    }

    fn name(&self, by: By, device: &MachineId) -> &'a str {
        let Some(device) = self.inventory.device(device) else { return "" };
        let name = match by {
            By::Group => device.group.as_deref(),
            By::Cluster => device.cluster.as_deref(),
            _ => Some(device.name.as_str()),
        };
        name.unwrap_or_default()
    }

    /// All rankings as CSV, with a heading, like [the record](crate::record::Record::to_csv).
    pub fn to_csv(&self, table: &SessionTable) -> String {
        let mut out = String::from("\u{feff}");
        line(&mut out, &["by", "name", "sessions"]);
        for by in By::ALL {
            for (name, number) in self.ranking(by, table, usize::MAX).first {
                line(&mut out, &[by.field(), &name, &CountRecord::of(number).to_text()]);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{Query, SortBy};
    use crate::fixture::{inventory, machine, machines, reading};
    use crate::inventory::HaRole;
    use crate::timestamp::Timestamp;

    const ALL: [&str; 5] = ["blue-a", "blue-b", "red-a", "lone", "fresh"];

    /// Two of three sessions of Blue are user2's; lone has one of user2's and one of user3's. Red and fresh are not read.
    fn live() -> Live {
        let mut live = Live::default();
        live.note_role(&machine("blue-a"), HaRole::Active, Timestamp(1));
        let blue = reading(&[("1", "user2"), ("2", "user2"), ("3", "")]);
        live.note_reading(&machine("blue-a"), blue);
        live.note_reading(&machine("lone"), reading(&[("1", "user2"), ("2", "user3")]));
        live
    }

    fn rankings(live: &Live, most: usize) -> Vec<(Vec<(String, Count)>, usize)> {
        let (inventory, devices) = (inventory(), machines(&ALL));
        let table = SessionTable::of(live, &inventory, &devices);
        let overview = Overview::of(live, &inventory, &devices);
        let ranking = |by| overview.ranking(by, &table, most);
        By::ALL.into_iter().map(ranking).map(|ranking| (ranking.first, ranking.more)).collect()
    }

    fn named(counts: &[(&str, Count)]) -> Vec<(String, Count)> {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn a_number_is_exact_only_where_everything_was_read() {
        let all = rankings(&live(), 9);
        assert_eq!(all[0].0, named(&[("G1", Count::AtLeast(3)), ("G2", Count::Exactly(2))]));
        assert_eq!(all[1].0, named(&[("Blue", Count::Exactly(3)), ("Red", Count::Unknown)]));
        let devices = [
            ("blue-a.example.test", Count::Exactly(3)),
            ("lone.example.test", Count::Exactly(2)),
            ("blue-b.example.test", Count::Exactly(0)),
            ("fresh.example.test", Count::Unknown),
            ("red-a.example.test", Count::Unknown),
        ];
        assert_eq!(all[2].0, named(&devices));
        assert_eq!(all[3].0, named(&[("user2", Count::AtLeast(3)), ("user3", Count::AtLeast(1))]));
        assert_eq!(all[4].0, []);
    }

    #[test]
    fn sessions_that_a_standby_may_only_list_are_not_said_to_be_there() {
        let mut live = Live::default();
        live.note_reading(&machine("blue-b"), reading(&[("1", "user2")]));
        let all = rankings(&live, 9);
        assert_eq!(all[0].0[0], ("G1".to_owned(), Count::AtLeast(1)));
        assert_eq!(all[1].0[0], ("Blue".to_owned(), Count::AtLeast(1)));
        assert!(all[2].0.iter().all(|(_, number)| *number == Count::Unknown), "{:?}", all[2]);
    }

    #[test]
    fn users_are_exact_if_every_unit_was_read() {
        let mut live = live();
        live.note_reading(&machine("red-a"), reading(&[]));
        live.note_reading(&machine("fresh"), reading(&[("1", "user3"), ("2", "user3")]));
        let all = rankings(&live, 1);
        assert_eq!(all[0], (named(&[("G1", Count::Exactly(3))]), 1));
        assert_eq!(all[3], (named(&[("user2", Count::Exactly(3))]), 1));
    }

    #[test]
    fn users_are_at_least_if_sessions_are_not_kept() {
        let (mut live, estate, devices) = (Live::default(), inventory(), machines(&["lone"]));
        let all: Vec<String> = (0..crate::inventory::MOST_KEPT).map(|n| n.to_string()).collect();
        let all: Vec<(&str, &str)> = all.iter().map(|id| (id.as_str(), "user1")).collect();
        live.note_reading(&machine("red-a"), reading(&all));
        live.note_found(&machine("lone"), reading(&[("1", "user2")]), "", &|_| false);
        let table = SessionTable::of(&live, &estate, &devices);
        let overview = Overview::of(&live, &estate, &devices);
        let device = overview.ranking(By::Device, &table, 9).first;
        assert_eq!(device, named(&[("lone.example.test", Count::Exactly(1))]));
        assert_eq!(overview.ranking(By::User, &table, 9).first, []);
        live.note_found(&machine("lone"), reading(&[("1", "user2")]), "user", &|_| true);
        let table = SessionTable::of(&live, &estate, &devices);
        let overview = Overview::of(&live, &estate, &devices);
        assert_eq!(
            overview.ranking(By::User, &table, 9).first,
            named(&[("user2", Count::Exactly(1))])
        );
        live.note_found(&machine("fresh"), reading(&[("1", "user2")]), "", &|_| false);
        let overview = Overview::of(&live, &estate, &devices);
        assert_eq!(
            overview.ranking(By::User, &table, 9).first,
            named(&[("user2", Count::AtLeast(1))])
        );
    }

    #[test]
    fn a_name_is_searched_exactly() {
        let (live, inventory, devices) = (live(), inventory(), machines(&ALL));
        let table = SessionTable::of(&live, &inventory, &devices);
        let overview = Overview::of(&live, &inventory, &devices);
        for by in By::ALL {
            for (name, number) in overview.ranking(by, &table, 9).first {
                let query = Query::parse(&by.query(&name));
                let found = table.matching(&query, SortBy::Fit, false).len();
                assert_eq!(found, number.found(), "{by:?} {name}");
            }
        }
        let query = Query::parse(&By::Client.query("198.51.100.7"));
        assert!(!query.is_empty() && query.user().is_none());
        assert_eq!(By::User.query("user2"), "user:\"user2\"");
        assert_eq!(By::User.query("Jane \"J\""), "Jane \"J\"");
    }

    #[test]
    fn as_csv() {
        let (live, inventory, devices) = (live(), inventory(), machines(&["lone", "red-a"]));
        let table = SessionTable::of(&live, &inventory, &devices);
        let csv = Overview::of(&live, &inventory, &devices).to_csv(&table);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        let expected = [
            "\u{feff}\"by\",\"name\",\"sessions\"",
            "\"group\",\"G2\",\"exactly 2\"",
            "\"group\",\"G1\",\"unknown\"",
            "\"cluster\",\"Red\",\"unknown\"",
            "\"device\",\"lone.example.test\",\"exactly 2\"",
            "\"device\",\"red-a.example.test\",\"unknown\"",
            "\"user\",\"user2\",\"at-least 1\"",
            "\"user\",\"user3\",\"at-least 1\"",
            "",
        ];
        assert_eq!(lines, expected);
    }
}
