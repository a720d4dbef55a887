//! Devices that the inventory lacks are looked up, or it is said why they are missing.

use crate::virtual_browser::VirtualBrowser;
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::missing_devices::LookedUp;
use curfew_client::missing_devices::MissingReason::{
    self, Discovery, Known, Pending, Product, Text, Traffic, Trust,
};
use curfew_core::inventory::Inventory;
use curfew_core::timestamp::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

const RESOLVER: &str = "/mgmt/cm/system/machineid-resolver";

fn look_up(texts: &[&str], faults: &Value) -> (VirtualBrowser, LookedUp, Result<(), ApiError>) {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    browser.faults(faults);
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let mut found = LookedUp::default();
    let result = browser.run(client.look_up(&texts, &mut found));
    assert_eq!(found.reasons.len(), texts.len());
    (browser, found, result)
}

/// The names of the devices that were found.
fn names(found: LookedUp) -> Vec<String> {
    let inventory = Inventory::unread(Timestamp(0)).with(found.devices);
    inventory.devices().iter().map(|device| device.name.clone()).collect()
}

#[rstest]
#[case("lone.example.test", "lone.example.test")]
#[case("lone", "lone.example.test")]
#[case("192.0.2.30", "lone.example.test")]
#[case("10.192.123.69", "bluebigipveha1.labf.com")]
#[case("10.255.4.124", "bluebigipveha1.labf.com")]
fn a_device_is_known_by_name_and_address(#[case] text: &str, #[case] name: &str) {
    let (_, found, result) = look_up(&[text], &json!([]));
    result.unwrap();
    assert_eq!(found.reasons, [Known]);
    assert_eq!(names(found), [name]);
}

#[test]
fn a_machine_id_and_a_reference_link_are_read_directly() {
    let (browser, lone, result) = look_up(&["lone.example.test"], &json!([]));
    result.unwrap();
    let id = lone.devices.ids().next().unwrap().as_str().to_owned();
    drop(browser);
    let link = format!("https://localhost/mgmt/cm/system/machineid-resolver/{id}");
    for text in [id.as_str(), &link] {
        let (browser, found, result) = look_up(&[text], &json!([]));
        result.unwrap();
        assert_eq!(found.reasons, [Known]);
        assert_eq!(names(found), ["lone.example.test"]);
        assert_eq!(browser.calls().len(), 2, "the sign-in and one read");
    }
}

#[rstest]
#[case("nobody.example.test", Trust)]
#[case("192.0.2.99", Trust)]
#[case("2001:db8::1", Trust)]
#[case("00000000-0000-4000-8000-000000000000", Trust)]
#[case("pending.example.test", Pending)]
#[case("bare.example.test", Traffic)]
#[case("traffic.example.test", Discovery)]
#[case("newcomer.example.test", Known)]
#[case("dcd-1.example.test", Product)]
fn a_device_is_missing_for_a_reason(#[case] text: &str, #[case] reason: MissingReason) {
    let (_, found, result) = look_up(&[text], &json!([]));
    result.unwrap();
    assert_eq!(found.reasons, [reason]);
    assert_eq!(found.devices.ids().count(), usize::from(reason == Known));
}

#[test]
fn many_texts_are_looked_up_in_few_requests() {
    let mut texts: Vec<String> = (0..45).map(|n| format!("192.0.2.{}", 100 + n)).collect();
    texts.push("lone.example.test".to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (browser, found, result) = look_up(&texts, &json!([]));
    result.unwrap();
    assert_eq!(found.reasons[45], Known);
    assert!(found.reasons[..45].iter().all(|reason| *reason == Trust));
    // Three of addresses, three of management addresses, and one of a name.
    assert_eq!(browser.count("GET", RESOLVER), 7);
}

#[test]
fn a_text_that_a_filter_can_not_express_says_so() {
    let (_, found, result) = look_up(&["a'b\u{7}", "lone.example.test"], &json!([]));
    result.unwrap();
    assert_eq!(found.reasons, [Text, Known]);
}

#[test]
fn an_id_is_enough_where_the_device_can_not_be_read() {
    for status in [401, 402, 403] {
        let message = "Authorization failed: user=x";
        let fault = json!({"kind": "status", "status": status, "message": message});
        let faults = json!([{"path": format!("{RESOLVER}/*"), "fault": fault}]);
        let (_, found, result) = look_up(&["00000000-0000-4000-8000-000000000000"], &faults);
        result.unwrap();
        assert_eq!(found.reasons, [Known], "{status}");
    }
    let page = json!([{"path": format!("{RESOLVER}/*"), "fault": {"kind": "html", "status": 404}}]);
    let (_, found, result) = look_up(&["00000000-0000-4000-8000-000000000000"], &page);
    result.unwrap();
    assert_eq!(found.reasons, [Known], "a proxy's page does not say that it is missing");
}

#[test]
fn an_id_whose_read_fails_for_another_reason_ends_the_look_up() {
    for fault in [
        json!({"kind": "html", "status": 502}),
        json!({"kind": "drop-before-effect"}),
        json!({"kind": "html", "status": 200}),
    ] {
        let faults = json!([{"path": format!("{RESOLVER}/*"), "fault": fault}]);
        let (_, found, result) = look_up(&["00000000-0000-4000-8000-000000000000"], &faults);
        result.unwrap_err();
        assert_eq!(found.devices.ids().count(), 0, "{fault}");
    }
}

#[test]
fn a_look_up_that_is_not_documented_may_be_refused() {
    // The first three are documented or captured, the last two inferred.
    for (skip, is_ok) in [(0, false), (1, true), (2, true)] {
        let fault = json!({"kind": "status", "status": 400});
        let faults = json!([{"path": RESOLVER, "skip": skip, "count": 1, "fault": fault}]);
        let (_, found, result) = look_up(&["nobody"], &faults);
        assert_eq!(result.is_ok(), is_ok, "{skip}");
        assert_eq!(found.reasons, [Trust]);
        if let Err(error) = result {
            assert_eq!(error.refusal(), Some(Refusal::Invalid));
        }
    }
}
