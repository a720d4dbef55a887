//! The inventory is read from whatever list a BIG-IQ has, page by page, and says what is missing.

use crate::virtual_browser::VirtualBrowser;
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::inventory::Profiler;
use curfew_client::platform::Clock;
use curfew_core::count::Count;
use curfew_core::ids::MachineId;
use curfew_core::inventory::{Gap, HaRole, Inventory};
use curfew_core::timestamp::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};
use std::cell::RefCell;

const ACCESS: &str = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
const RESOLVER: &str = "/mgmt/cm/system/machineid-resolver";
const GROUPS: &str = "/mgmt/shared/resolver/device-groups/";
const HEALTH: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/stats";

/// Notes each step.
#[derive(Default)]
pub(crate) struct Steps(RefCell<Vec<String>>);

impl Profiler for Steps {
    fn forget(&self, step: &'static str) {
        self.0.borrow_mut().push(format!("forget {step}"));
    }

    fn start(&self, step: &'static str) {
        self.0.borrow_mut().push(format!("start {step}"));
    }

    fn end(&self, step: &'static str) {
        self.0.borrow_mut().push(format!("end {step}"));
    }
}

/// The inventory of a BIG-IQ with these settings and faults.
fn read(settings: Value, faults: &Value) -> (VirtualBrowser, Result<Inventory, ApiError>) {
    let browser = VirtualBrowser::new(settings);
    let client = browser.sign_in("admin");
    browser.faults(faults);
    let inventory = browser.run(client.inventory(&Steps::default()));
    assert_eq!(client.is_ended(), inventory == Err(ApiError::SignInNeeded));
    (browser, inventory)
}

/// What matters of it: the ids of the devices that Access has discovered, the groups and the clusters. The resolver also
/// lists devices that are not ready.
fn facts(inventory: &Inventory) -> (Vec<&str>, Vec<&str>, Vec<&str>) {
    let mut devices: Vec<_> = inventory
        .devices()
        .iter()
        .filter(|d| d.readiness.discovered)
        .map(|d| d.id.as_str())
        .collect();
    devices.sort_unstable();
    let groups = inventory.groups().iter().map(|group| group.name.as_str()).collect();
    let clusters = inventory.clusters().iter().map(|cluster| cluster.name.as_str()).collect();
    (devices, groups, clusters)
}

#[rstest]
#[case(json!({}), &[])]
#[case(json!({"accessList": "nested"}), &[])]
#[case(json!({"accessList": "absent"}), &[Gap::AccessList])]
#[case(json!({"accessList": "refused"}), &[Gap::AccessList])]
#[case(json!({"accessPages": {"limit": 7}}), &[])]
#[case(json!({"accessPages": {"limit": 7, "withoutTotals": true}}), &[])]
#[case(json!({"accessPages": {"limit": 1}}), &[])]
#[case(json!({"accessList": "absent", "resolverPages": {"limit": 3, "withoutTotals": true}}), &[Gap::AccessList])]
#[case(json!({"groupFlag": "cm:access:config_group"}), &[])]
#[case(json!({"profile": "5.2"}), &[])]
#[case(json!({"profile": "7.1"}), &[])]
#[case(json!({"bigItems": true}), &[])]
fn every_kind_of_list_gives_the_same_inventory(#[case] settings: Value, #[case] gaps: &[Gap]) {
    let (_, usual) = read(json!({}), &json!([]));
    let usual = usual.unwrap();
    assert!(usual.devices().len() >= 20, "{}", usual.devices().len());
    let (_, inventory) = read(settings, &json!([]));
    let inventory = inventory.unwrap();
    assert_eq!(facts(&inventory), facts(&usual));
    assert_eq!(inventory.gaps(), gaps);
    assert_eq!(inventory.device_count(), Count::Exactly(inventory.devices().len()));
}

#[rstest]
#[case(json!({"accessPages": {"limit": 8, "withoutTotals": true, "ignored": ["$skip"]}}), 8)]
#[case(json!({"accessPages": {"limit": 8, "ignored": ["$skip"]}}), 8)]
fn a_list_that_ignores_paging_is_not_complete(#[case] settings: Value, #[case] known: usize) {
    let (browser, inventory) = read(settings, &json!([]));
    assert_eq!(inventory.unwrap().device_count(), Count::AtLeast(known));
    assert!(browser.count("GET", ACCESS) < 10);
}

#[test]
fn groups_are_asked_for_by_the_older_flag_if_the_newer_one_finds_none() {
    for (flag, reads) in [("cm:access:access_group", 1), ("cm:access:config_group", 2)] {
        let (browser, inventory) = read(json!({"groupFlag": flag}), &json!([]));
        assert!(inventory.is_ok());
        assert_eq!(browser.count("GET", GROUPS), reads, "{flag}");
    }
}

#[test]
fn a_later_page_that_fails_leaves_a_gap() {
    let settings = json!({"accessPages": {"limit": 5}});
    let fault = json!([{"path": ACCESS, "skip": 1, "fault": {"kind": "html", "status": 502}}]);
    let (_, inventory) = read(settings, &fault);
    let inventory = inventory.unwrap();
    assert_eq!(inventory.devices().len(), 5);
    assert!(inventory.gaps().contains(&Gap::Devices), "{:?}", inventory.gaps());
    assert!(!inventory.device_count().is_exact());
}

/// Faults of the Access list: whether the resolver is read instead.
#[rstest]
#[case(json!({"kind": "status", "status": 400}), true)]
#[case(json!({"kind": "status", "status": 401, "message": "Authorization failed: user=x"}), true)]
#[case(json!({"kind": "status", "status": 401, "message": "Invalid registered claims."}), true)]
#[case(json!({"kind": "status", "status": 403}), true)]
#[case(json!({"kind": "status", "status": 404}), true)]
#[case(json!({"kind": "html", "status": 403}), true)]
#[case(json!({"kind": "html", "status": 404}), true)]
#[case(json!({"kind": "edit", "set": {"/items": []}}), true)]
#[case(json!({"kind": "edit", "set": {"/items": "none"}}), true)]
#[case(json!({"kind": "invalid-utf8"}), true)]
#[case(json!({"kind": "html", "status": 200}), false)]
#[case(json!({"kind": "html", "status": 502}), false)]
#[case(json!({"kind": "status", "status": 429}), false)]
#[case(json!({"kind": "status", "status": 500}), false)]
#[case(json!({"kind": "status", "status": 503}), false)]
#[case(json!({"kind": "drop-before-effect"}), false)]
#[case(json!({"kind": "truncate"}), false)]
#[case(json!({"kind": "delay", "ms": 90_000}), false)]
fn the_resolver_is_read_where_the_access_list_is_not_offered(
    #[case] fault: Value,
    #[case] is_read: bool,
) {
    let (browser, inventory) = read(json!({}), &json!([{"path": ACCESS, "fault": fault}]));
    assert_eq!(browser.count("GET", RESOLVER) > 0, is_read);
    match inventory {
        Ok(inventory) => assert!(is_read && inventory.gaps().contains(&Gap::AccessList)),
        Err(error) => assert!(!is_read && error != ApiError::SignInNeeded, "{error:?}"),
    }
}

#[test]
fn without_any_list_there_is_no_inventory() {
    let (_, refused) =
        read(json!({"accessList": "refused", "resolverList": "refused"}), &json!([]));
    assert_eq!(refused.unwrap_err().refusal(), Some(Refusal::NotPermitted));
}

#[rstest]
#[case(GROUPS, Gap::Groups)]
#[case(HEALTH, Gap::Reach)]
fn what_can_not_be_read_besides_the_devices_is_a_gap(#[case] path: &str, #[case] gap: Gap) {
    for fault in [
        json!({"kind": "status", "status": 403}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "drop-before-effect"}),
        json!({"kind": "truncate"}),
    ] {
        let (_, inventory) = read(json!({}), &json!([{"path": path, "fault": fault}]));
        assert_eq!(inventory.unwrap().gaps(), [gap], "{fault}");
    }
}

#[rstest]
#[case(GROUPS)]
#[case(RESOLVER)]
fn a_dead_token_for_a_documented_list_ends_the_sign_in(#[case] path: &str) {
    let fault = json!({"kind": "status", "status": 401, "message": "Invalid registered claims."});
    let (_, inventory) =
        read(json!({"accessList": "absent"}), &json!([{"path": path, "fault": fault}]));
    assert_eq!(inventory.unwrap_err(), ApiError::SignInNeeded);
}

#[test]
fn a_sign_in_that_ends_between_two_pages_is_reported() {
    let browser =
        VirtualBrowser::new(json!({"accessList": "absent", "resolverPages": {"limit": 5}}));
    let client = browser.sign_in("admin");
    let fault = json!({"kind": "status", "status": 401, "message": "Invalid registered claims."});
    browser.faults(&json!([{"path": RESOLVER, "skip": 2, "fault": fault}]));
    let inventory = browser.run(client.inventory(&Steps::default()));
    assert_eq!(inventory.unwrap_err(), ApiError::SignInNeeded);
}

#[test]
fn devices_that_do_not_answer_are_known() {
    let (_, inventory) = read(json!({}), &json!([]));
    let inventory = inventory.unwrap();
    let count = |answers| {
        inventory.devices().iter().filter(|d| d.readiness.reachable == Some(answers)).count()
    };
    assert!(count(true) > 0 && count(false) > 0);
}

#[test]
fn the_decoding_is_measured_from_its_start_to_its_end() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let steps = Steps::default();
    browser.run(client.inventory(&steps)).unwrap();
    let steps = steps.0.into_inner();
    assert_eq!(steps[0], "forget inventory.decode");
    // Two pages, the second one empty, and the whole.
    let pair = ["start inventory.decode", "end inventory.decode"];
    assert_eq!(steps[1..], [pair, pair, pair].concat());
}

#[rstest]
#[case("STANDBY", Some(true))]
#[case("ACTIVE", Some(false))]
fn a_standby_says_so(#[case] role: &str, #[case] expected: Option<bool>) {
    let browser = VirtualBrowser::new(json!({"nodeRole": role}));
    let client = browser.sign_in("admin");
    assert_eq!(browser.run(client.is_standby()), expected);
    for fault in [
        json!({"kind": "edit", "remove": ["/nodeRole"]}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "status", "status": 404}),
    ] {
        browser.faults(&json!([{"path": "/mgmt/shared/failover-state", "fault": fault}]));
        assert_eq!(browser.run(client.is_standby()), None, "{fault}");
    }
}

#[test]
fn roles_and_sessions_of_a_device_are_read_through_bigiq() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let inventory = browser.run(client.inventory(&Steps::default())).unwrap();
    let roles = inventory.clusters().iter().flat_map(|cluster| inventory.members(&cluster.members));
    let roles: Vec<HaRole> = roles.map(|d| browser.run(client.role(&d.id)).unwrap()).collect();
    assert!(roles.contains(&HaRole::Active) && roles.contains(&HaRole::Standby), "{roles:?}");
    let sessions = browser.control("GET", "/_sim/sessions", &Value::Null);
    let device = sessions[0]["device"].as_str().unwrap().to_owned();
    let real = sessions.as_array().unwrap().iter().filter(|session| session["device"] == *device);
    let reading = browser.run(client.live_sessions(&MachineId::new(&*device))).unwrap().unwrap();
    assert_eq!(reading.sessions().len(), real.count());
}

/// Sessions may end while the list is on its way.
#[test]
fn a_reading_is_as_old_as_its_request() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let id = browser.control("GET", "/_sim/sessions", &Value::Null)[0]["device"].clone();
    let id = MachineId::new(id.as_str().unwrap());
    let fault = json!({"kind": "delay", "ms": 9_000, "afterEffect": true});
    browser.faults(&json!([{"path": format!("{GROUPS}*"), "fault": fault}]));
    let began = Timestamp(browser.epoch_ms());
    let reading = browser.run(client.live_sessions(&id)).unwrap().unwrap();
    assert_eq!(
        (reading.read_at(), Timestamp(browser.epoch_ms()).since(began).as_secs()),
        (began, 9)
    );
}

#[test]
fn an_answer_without_a_list_is_no_reading() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let id = browser.control("GET", "/_sim/sessions", &Value::Null)[0]["device"].clone();
    let id = MachineId::new(id.as_str().unwrap());
    let set =
        |fault: Value| browser.faults(&json!([{"path": format!("{GROUPS}*"), "fault": fault}]));
    set(json!({"kind": "edit", "remove": ["/entries"]}));
    assert_eq!(browser.run(client.live_sessions(&id)), Ok(None));
    set(json!({"kind": "html", "status": 200}));
    assert!(matches!(browser.run(client.live_sessions(&id)), Err(ApiError::Unreadable(_))));
    assert!(matches!(browser.run(client.role(&id)), Err(ApiError::Unreadable(_))));
    browser.settings(&json!({"restProxy": "off"}));
    browser.faults(&json!([]));
    let off = browser.run(client.live_sessions(&id)).unwrap_err();
    assert_eq!(off.refusal(), Some(Refusal::NotRegistered));
}
