//! The overview of random estates of which some devices were read: no number claims more than the simulator's session table has.

use crate::appliance::{BigIq, START};
use crate::lists::fits;
use axum::http::Method;
use bigiq::Call;
use bigiq::access_info::AccessInfo;
use bigiq::failover::DeviceFailover;
use curfew_core::find::{By, Overview, SessionTable};
use curfew_core::ids::MachineId;
use curfew_core::inventory::{Inventory, Live, Reading};
use curfew_core::timestamp::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// The true number of sessions of each group, cluster, device, user and client.
fn truth(bigiq: &BigIq, inventory: &Inventory) -> BTreeMap<(&'static str, String), usize> {
    let (_, body) = bigiq.ask(Method::GET, "/_sim/sessions", None);
    let sessions: Vec<Value> = serde_json::from_str(&body).unwrap();
    let mut truth = BTreeMap::new();
    let mut add = |by: &'static str, name: Option<&str>| {
        *truth.entry((by, name.unwrap_or_default().to_owned())).or_default() += 1;
    };
    for session in &sessions {
        let Some(device) = inventory.device(&MachineId::new(session["device"].as_str().unwrap()))
        else {
            continue;
        };
        add("Group", device.group.as_deref());
        add("Cluster", device.cluster.as_deref());
        add("Device", Some(&device.name));
        add("User", session["user"].as_str());
        add("Client", session["clientIp"].as_str());
    }
    truth
}

fn read(bigiq: &BigIq, device: &MachineId, live: &mut Live) {
    let (status, body) = bigiq.call(&Call::device_failover(device.as_str()));
    if status == 200 {
        let role: DeviceFailover = bigiq::decode(&body).unwrap();
        live.note_role(device, role.role().into(), Timestamp(START));
    }
    let (status, body) = bigiq.call(&Call::device_sessions(device.as_str(), 1_000));
    if status == 200 {
        let info: AccessInfo = bigiq::decode(&body).unwrap();
        if let Some(reading) = Reading::of(info, 1_000, Timestamp(START)) {
            live.note_reading(device, reading);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_number_of_the_overview_claims_more_than_is_true(
        devices in 0_usize..60,
        seed: u64,
        read_ones in prop::collection::vec(any::<bool>(), 80),
    ) {
        let bigiq = BigIq::new(devices, seed);
        let inventory = bigiq.inventory();
        let truth = truth(&bigiq, &inventory);
        let all: Vec<MachineId> = inventory.devices().iter().map(|device| device.id.clone()).collect();
        let mut live = Live::default();
        for (device, is_read) in all.iter().zip(read_ones) {
            if is_read {
                read(&bigiq, device, &mut live);
            }
        }
        let table = SessionTable::of(&live, &inventory, &all);
        let overview = Overview::of(&live, &inventory, &all);
        for by in By::ALL {
            let ranking = overview.ranking(by, &table, usize::MAX);
            prop_assert_eq!(ranking.more, 0);
            for (name, number) in ranking.first {
                let key = match by {
                    By::Group => "Group",
                    By::Cluster => "Cluster",
                    By::Device => "Device",
                    By::User => "User",
                    By::Client => "Client",
                };
                let there = truth.get(&(key, name.clone())).copied().unwrap_or_default();
                prop_assert!(fits(number, there), "{key} {name}: {number:?} of {there}");
            }
        }
    }
}
