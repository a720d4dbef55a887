//! Random estates whose lists are paged, ordered, nested, broken or refused in every way that the simulator can: no count of
//! devices or of members claims more than is true.

use crate::appliance::{BigIq, START};
use bigiq::Call;
use bigiq::call::GroupFlag;
use bigiq::decode;
use bigiq::device::{DevicePage, GroupPage};
use curfew_core::count::Count;
use curfew_core::inventory::{DevicePages, Gap, Inventory};
use curfew_core::timestamp::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type ListCall = fn(usize, usize) -> Call;

/// All pages of a list, as the app reads them. `None` if it is refused or has no readable device.
fn pages(bigiq: &BigIq, call: ListCall) -> Option<DevicePages> {
    let mut pages = DevicePages::default();
    while let Some(next) = pages.next() {
        let (status, body) = bigiq.call(&call(next.skip, next.top));
        if status != 200 {
            return None;
        }
        let page: DevicePage<'_> = decode(&body).unwrap();
        pages.add(page);
    }
    pages.are_readable().then_some(pages)
}

/// The inventory from the Access list, or else from the machineid-resolver.
fn inventory(bigiq: &BigIq) -> Option<Inventory> {
    let groups: GroupPage = bigiq.get(&Call::access_groups(GroupFlag::AccessGroup));
    let (pages, gaps) = match pages(bigiq, Call::access_devices) {
        Some(pages) => (pages, Vec::new()),
        None => (pages(bigiq, Call::trusted_devices)?, vec![Gap::AccessList]),
    };
    Some(pages.into_devices().inventory(&groups.items, gaps, Timestamp(START)))
}

/// How many devices there are, and how many members each access group and each cluster has.
#[derive(Debug)]
struct Numbers {
    devices: Count,
    members: BTreeMap<String, Count>,
}

impl Numbers {
    fn of(inventory: &Inventory) -> Self {
        let groups = inventory.groups().iter().map(|g| (format!("group {}", g.name), &g.members));
        let clusters =
            inventory.clusters().iter().map(|c| (format!("cluster {}", c.name), &c.members));
        let members = groups.chain(clusters);
        let members = members.map(|(name, members)| (name, inventory.member_count(members.len())));
        Self { devices: inventory.device_count(), members: members.collect() }
    }
}

pub(crate) fn fits(claimed: Count, truth: usize) -> bool {
    match claimed {
        Count::Exactly(number) => number == truth,
        Count::AtLeast(number) => number <= truth,
        Count::Unknown => true,
    }
}

prop_compose! {
    fn rules()(
        limit in prop_oneof![Just(0), 1_usize..60],
        without_totals: bool,
        unstable: bool,
        ignored in prop::sample::subsequence(vec!["$skip", "$top"], 0..=2),
    ) -> Value {
        json!({"limit": limit, "withoutTotals": without_totals, "unstable": unstable, "ignored": ignored})
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn field_no_count_claims_more_than_bigiq_has(
        devices in 0_usize..150,
        seed: u64,
        access in prop::sample::select(vec!["flat", "nested", "refused", "absent"]),
        resolver in prop::sample::select(vec!["nested", "flat"]),
        (access_pages, resolver_pages) in (rules(), rules()),
        broken in prop::sample::subsequence(vec!["text-properties", "no-id", "duplicate"], 0..=3),
    ) {
        let bigiq = BigIq::new(devices, seed);
        let truth = Numbers::of(&inventory(&bigiq).unwrap());
        let trusted = pages(&bigiq, Call::trusted_devices).unwrap().into_devices();
        let trusted = trusted.inventory(&[], Vec::new(), Timestamp(START)).devices().len();
        let settings = json!({
            "accessList": access, "resolverList": resolver, "accessPages": access_pages,
            "resolverPages": resolver_pages, "brokenItems": broken,
        });
        let (status, body) = bigiq.post("/_sim/settings", &settings.to_string());
        prop_assert_eq!(status, 200, "{}", body);
        let Some(read) = inventory(&bigiq) else { return Ok(()) };
        let numbers = Numbers::of(&read);
        let all = match read.gaps().contains(&Gap::AccessList) {
            true => trusted,
            false => truth.devices.found(),
        };
        prop_assert!(fits(numbers.devices, all), "{:?} of {all}, {settings}", numbers.devices);
        for (name, claimed) in &numbers.members {
            let members = truth.members.get(name).map_or(0, |members| members.found());
            prop_assert!(fits(*claimed, members), "{name}: {claimed:?} of {members}, {settings}");
        }
        // A list that keeps every rule is known exactly, whatever its pages are.
        let keeps_rules = |pages: &Value| pages["ignored"] == json!([]) && pages["unstable"] == false;
        if broken.is_empty() && keeps_rules(&access_pages) && keeps_rules(&resolver_pages) {
            prop_assert!(numbers.devices.is_exact(), "{settings}");
        }
    }
}
