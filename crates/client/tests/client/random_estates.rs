//! What the search counts, against the simulator's own session table, in random estates: an exact number is the true one, and
//! any other is not larger.

use crate::inventory::Steps;
use crate::virtual_browser::VirtualBrowser;
use bigiq_simulator::world::setup::FleetOptions;
use curfew_client::platform::Clock;
use curfew_client::signed_in::SignedIn;
use curfew_core::count::Count;
use curfew_core::find::{Answered, Ask, Query, Reader, SessionTable, SortBy};
use curfew_core::ids::{MachineId, UserName};
use curfew_core::inventory::{Cluster, Inventory, Live, SessionCounts};
use curfew_core::timestamp::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
const ESTATES: u64 = 100;
/// Longer than any answer that arrives.
const PATIENCE: Duration = Duration::from_secs(20);

/// A session of the simulator's table: its device's machine id, its id, and its user.
type Entry = (String, String, String);

/// A generator of repeatable numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// Every live session.
fn truth(browser: &VirtualBrowser) -> BTreeSet<Entry> {
    let sessions = browser.control("GET", "/_sim/sessions", &Value::Null);
    let text = |session: &Value, key: &str| session[key].as_str().unwrap_or_default().to_owned();
    let entry = |s: &Value| (text(s, "device"), text(s, "id"), text(s, "user"));
    sessions.as_array().unwrap().iter().map(entry).collect()
}

/// Reads the estate as the search does, until nothing is left to read.
fn read(browser: &VirtualBrowser, client: &SignedIn, inventory: &Inventory) -> Live {
    let (mut live, mut reader) = (Live::default(), Reader::new(8));
    let now = || Timestamp(browser.epoch_ms());
    reader.start(inventory, &live, &Query::parse(""), now());
    while let Some(ask) = reader.next(&live, now(), false) {
        match &ask {
            Ask::Role(id) => {
                let role = browser.run(in_time(browser, client.role(id)));
                live.note_role(id, role.and_then(Result::ok).unwrap_or_default(), now());
            }
            Ask::Sessions(id) => {
                let answer = browser.run(in_time(browser, client.live_sessions(id)));
                match answer.and_then(Result::ok).flatten() {
                    Some(reading) => live.note_reading(id, reading),
                    None => live.forget_reading(id),
                }
            }
        }
        reader.note(&ask, Answered::After(Duration::ZERO), &live);
    }
    live
}

/// The devices of each cluster, and each standalone device.
fn units(inventory: &Inventory) -> Vec<Vec<MachineId>> {
    let ids =
        |cluster: &Cluster| inventory.members(&cluster.members).map(|d| d.id.clone()).collect();
    let single = inventory.devices().iter().filter(|device| device.cluster.is_none());
    let single = single.map(|device| vec![device.id.clone()]);
    inventory.clusters().iter().map(ids).chain(single).collect()
}

async fn in_time<T>(browser: &VirtualBrowser, answer: impl Future<Output = T>) -> Option<T> {
    let answer = std::pin::pin!(answer);
    match futures::future::select(answer, std::pin::pin!(browser.sleep(PATIENCE))).await {
        futures::future::Either::Left((answer, _)) => Some(answer),
        futures::future::Either::Right(_) => None,
    }
}

/// Whether a count is true of this number.
fn holds(count: Count, number: usize) -> bool {
    match count {
        Count::Exactly(n) => n == number,
        Count::AtLeast(n) => n <= number,
        Count::Unknown => true,
    }
}

#[test]
fn counts_claim_no_more_than_the_simulator_has() {
    let (mut exact, mut partial) = (0, 0);
    for seed in 1..=ESTATES {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let fleet =
            FleetOptions { devices: 24 + dice.roll(24), sessions_per_device: dice.roll(7), seed };
        let browser = VirtualBrowser::before_fleet(fleet, "", json!({"restProxy": "everyone"}));
        let client = browser.sign_in("admin");
        let inventory = browser.run(client.inventory(&Steps::default())).unwrap();
        // Some devices answer nothing; the role of some others is not known, so that all members of their clusters are read.
        let rules: Vec<Value> = inventory
            .devices()
            .iter()
            .filter_map(|device| {
                let what =
                    ["*", "mgmt/tm/sys/failover", "mgmt/tm/sys/failover"].get(dice.roll(8))?;
                let id = device.id.as_str();
                let path = format!("{DEVICES}/{id}/rest-proxy/{what}");
                Some(json!({"path": path, "fault": {"kind": "status", "status": 503}}))
            })
            .collect();
        browser.faults(&json!(rules));
        let live = read(&browser, &client, &inventory);
        let sessions = truth(&browser);

        // The whole estate, and three choices of clusters and standalone devices.
        let units = units(&inventory);
        let mut choices = vec![units.concat()];
        for _ in 0..3 {
            let some: Vec<_> = units.iter().filter(|_| dice.roll(4) == 0).cloned().collect();
            choices.push(some.concat());
        }
        for devices in choices.iter().filter(|devices| !devices.is_empty()) {
            let there = |user: Option<&str>| {
                let here = |(device, _, name): &&Entry| {
                    devices.iter().any(|id| id.as_str() == device)
                        && user.is_none_or(|user| name == user)
                };
                sessions.iter().filter(here).count()
            };
            let users: BTreeSet<&str> = sessions.iter().map(|(_, _, user)| &**user).collect();
            let users: Vec<UserName> = users.into_iter().map(UserName::new).collect();
            let counts = SessionCounts::take(&live, &inventory, devices, &users);
            for user in &counts.users {
                let count = counts.counted(user.sessions);
                let number = there(Some(user.user.as_str()));
                assert!(holds(count, number), "{seed}: {}: {count:?} of {number}", user.user);
                if count.is_exact() { exact += 1 } else { partial += 1 }
            }
            let everybody = SessionCounts::of_everybody(&live, &inventory, devices);
            let total = everybody.counted(everybody.total.as_ref().unwrap().sessions);
            assert!(holds(total, there(None)), "{seed}: {total:?} of {}", there(None));
            // The table of the search has the same rows.
            let table = SessionTable::of(&live, &inventory, devices);
            assert_eq!(table.rows().count(), everybody.total.unwrap().sessions, "{seed}");
            let mut by_user: BTreeMap<&str, usize> = BTreeMap::new();
            for row in table.matching(&Query::parse(""), SortBy::User, false) {
                *by_user.entry(table.row(row).unwrap().session.user.as_str()).or_default() += 1;
            }
            for user in &counts.users {
                let rows = by_user.get(user.user.as_str()).copied().unwrap_or_default();
                assert_eq!(rows, user.sessions, "{seed}: {}", user.user);
            }
        }
    }
    assert!(exact > 1_000 && partial > 1_000, "{exact} exact, {partial} partial");
}
