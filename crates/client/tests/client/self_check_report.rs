//! The self-check: its report becomes a simulator that answers as the checked BIG-IQ, and holds nothing of its data.

use crate::virtual_browser::VirtualBrowser;
use bigiq_simulator::self_check::SelfCheckProfile;
use bigiq_simulator::world::settings::Settings;
use curfew_core::ids::MachineId;
use curfew_core::self_check::Report;
use rstest::rstest;
use serde_json::{Value, json};

const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";

/// Runs the check as this account.
fn report_of(browser: &VirtualBrowser, account: &str) -> Report {
    let client = browser.sign_in(account);
    let mut report = Report::new("0.1.0");
    let mut found = 0;
    browser.run(client.self_check(Some(MachineId::new(LONE)), &mut report, |_| found += 1));
    assert_eq!(found, report.findings.len());
    report
}

#[rstest]
#[case::as_delivered(json!({}))]
#[case::old(json!({"profile": "5.2"}))]
#[case::nested(json!({"accessList": "nested", "accessPages": {"limit": 7, "withoutTotals": true}}))]
#[case::no_access_list(json!({"accessList": "absent", "resolverPages": {"limit": 3}}))]
#[case::options_ignored(json!({"accessPages": {"ignored": ["$skip", "$count"]}, "resolverPages": {"ignored": ["$filter", "$top", "$skip"]}}))]
#[case::tasks(json!({"taskPages": {"limit": 2, "withoutTotals": true}}))]
#[case::groups(json!({"groupFlag": "cm:access:config_group", "wrongTotalItems": true}))]
#[case::small_items(json!({"bigItems": false}))]
#[case::rights(json!({"restProxy": "admin", "forbiddenStatus": 403, "javaStacks": false}))]
#[case::refused(json!({"refusedReads": {"/mgmt/shared/failover-state": 404, "/info/system": 403}}))]
fn a_report_becomes_a_simulator_with_the_same_answers(#[case] odd: Value) {
    let report = report_of(&VirtualBrowser::new(odd), "manager");
    let profile = SelfCheckProfile::read(&report.to_json()).unwrap();
    let again = report_of(&VirtualBrowser::new(profile.changes().clone().into()), "manager");
    assert_eq!(again.to_json(), report.to_json(), "{:?}", profile.changes());
}

#[test]
fn a_report_says_what_is_unusual() {
    let odd = json!({
        "accessList": "nested", "resolverList": "flat",
        "accessPages": {"limit": 7, "withoutTotals": true}, "resolverPages": {"ignored": ["$skip"]},
        "taskPages": {"limit": 2}, "bigItems": false, "restProxy": "admin", "forbiddenStatus": 403,
        "groupFlag": "cm:access:config_group", "wrongTotalItems": true,
    });
    let report = report_of(&VirtualBrowser::new(odd.clone()), "manager");
    let profile = SelfCheckProfile::read(&report.to_json()).unwrap();
    let settings = profile.apply_to(&Settings::default()).unwrap();
    let odd = Settings::default().with(odd.as_object().unwrap()).unwrap();
    assert_eq!(settings.access_list, odd.access_list);
    assert_eq!(settings.resolver_list, odd.resolver_list);
    assert_eq!(settings.access_pages, odd.access_pages);
    assert_eq!(settings.resolver_pages, odd.resolver_pages);
    assert_eq!(settings.task_pages, odd.task_pages);
    assert_eq!(settings.big_items, odd.big_items);
    assert_eq!(settings.rest_proxy, odd.rest_proxy);
    assert_eq!(settings.forbidden_status, odd.forbidden_status);
    assert_eq!(settings.group_flag, odd.group_flag);
    assert_eq!(settings.wrong_total_items, odd.wrong_total_items);
}

#[test]
fn no_name_address_or_token_is_reported() {
    let browser = VirtualBrowser::new(json!({}));
    let report = report_of(&browser, "manager").to_json();
    let sent = browser.sent();
    let tokens = sent.iter().filter_map(|sent| sent.header("X-F5-Auth-Token"));
    let names =
        [LONE, ".example.test", "lone", "manager", "user2", "TestGroup", "BlueCluster", "192.0."];
    for secret in tokens.chain(names) {
        assert!(!report.contains(secret), "{secret} in {report}");
    }
    assert_eq!(report.matches("question").count(), 20);
}
