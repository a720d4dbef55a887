//! Section 1: the information about a device, and the list of access groups.

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::Value;

use crate::samples::{self, SampleRequest, contains, keys};
use crate::test_server::TestServer;

const DEVICE: &str = "/mgmt/cm/system/machineid-resolver/98901455-6384-47cd-bc41-00a39dfe338f";

#[tokio::test]
async fn section_1_the_device_by_its_address() {
    let server = TestServer::new(Profile::V8).await;
    let SampleRequest { method, target, .. } = samples::request("1-request");
    let got = server.send(&method, &target, "").await;
    assert_eq!(got.status, 200);
    // The specification prints the item without its envelope; another page for 5.2 prints the
    // envelope.
    assert_eq!(keys(&got.json()), ["items", "generation", "lastUpdateMicros", "selfLink"]);
    let item = samples::response("1-response");
    assert_eq!(got.json()["items"].to_string(), format!("[{item}]"));
    assert_eq!(server.get(DEVICE).await.text, item.to_string());
}

#[tokio::test]
async fn section_1_an_empty_list_when_trust_is_not_established() {
    let server = TestServer::new(Profile::V8).await;
    let SampleRequest { method, target, .. } = samples::request("1-request");
    let got = server.send(&method, &target.replace("10.255.4.124", "10.255.4.99"), "").await;
    assert_eq!((got.status, &got.json()["items"]), (200, &Value::Array(Vec::new())));
}

/// Encoded, as a browser sends it. `socket.rs` sends it unencoded, as printed.
#[tokio::test]
async fn section_1_more_than_one_address() {
    let server = TestServer::new(Profile::V8).await;
    let filter = samples::text("1-request-several");
    let filter =
        filter.trim().replace("10.255.4.1'", "10.255.4.124'").replace("10.255.4.2'", "192.0.2.12'");
    let target = format!("/mgmt/cm/system/machineid-resolver?{}", filter.replace(' ', "%20"));
    let found = server.get(&target).await.json();
    let names: Vec<&str> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["hostname"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["bluebigipveha1.labf.com", "blue-b.example.test"]);
}

#[rstest]
#[case::section_1_1_trust("1.1-part")]
#[case::section_1_2_access_discovered("1.2-part")]
#[case::section_1_3_access_imported("1.3-part")]
#[case::section_1_4_access_group("1.4-part")]
#[case::section_1_5_cluster("1.5-part")]
#[case::section_1_6_device_reference("1.6-part")]
#[tokio::test]
async fn the_device_has_the_properties_of(#[case] part: &str) {
    let device = TestServer::new(Profile::V8).await.get(DEVICE).await.json();
    let part = samples::part(part);
    assert!(contains(&device, &part), "{part}");
}

#[tokio::test]
async fn section_1_1_to_1_4_an_incomplete_device_has_fewer_properties() {
    let server = TestServer::new(Profile::V8).await;
    for (address, modules, imported) in [
        ("192.0.2.51", vec!["Access", "BigIPDevice", "adc"], Value::Bool(false)),
        ("192.0.2.52", vec!["BigIPDevice", "adc"], Value::Null),
        ("192.0.2.53", vec!["BigIPDevice"], Value::Null),
        ("192.0.2.54", vec![], Value::Null),
    ] {
        let target = samples::request("1-request").target;
        let found = server.get(&target.replace("10.255.4.124", address)).await.json();
        let properties = &found["items"][0]["properties"];
        assert_eq!(properties["cm:gui:module"], Value::from(modules), "{address}");
        let access = &properties["cm-access-allBigIpDevices"];
        assert_eq!(access["imported"], imported, "{address}");
        assert_eq!(access["cm:access:access-group-name"], Value::Null, "{address}");
    }
}

#[tokio::test]
async fn section_1_7_all_access_groups() {
    let server = TestServer::new(Profile::V8).await;
    let SampleRequest { method, target, .. } = samples::request("1.7-request");
    let got = server.send(&method, &target, "").await;
    assert_eq!(got.status, 200);
    let (got, sample) = (got.json(), samples::response("1.7-response"));
    assert_eq!(keys(&got), keys(&sample));
    for name in ["selfLink", "generation", "kind", "lastUpdateMicros"] {
        assert_eq!(got[name], sample[name], "{name}");
    }
    // This appliance has more groups than the sample.
    assert!(contains(&got["items"], &sample["items"]));
    for item in got["items"].as_array().unwrap() {
        assert_eq!(keys(item), ["displayName", "groupName"]);
    }
}

/// The sample counts one item but lists two. Up to 5.2.0 the flag has another name.
#[tokio::test]
async fn section_1_7_the_count_is_wrong() {
    let server = TestServer::new(Profile::V5_2).await;
    let target = samples::request("1.7-request").target;
    let got = server.get(&target.replace("access_group", "config_group")).await.json();
    assert_eq!(got["totalItems"], samples::response("1.7-response")["totalItems"]);
    assert!(got["items"].as_array().unwrap().len() > 1);
}
