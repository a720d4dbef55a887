//! A report of Curfew's self-check as a profile: the simulator answers as the BIG-IQ behind the report did.

use std::net::Ipv4Addr;

use bigiq_simulator::self_check::SelfCheckProfile;
use bigiq_simulator::world::settings::Settings;
use serde_json::{Value, json};

use crate::test_server::{KILL, TestServer};

const ACCESS: &str = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
const RESOLVER: &str = "/mgmt/cm/system/machineid-resolver";
const GROUPS: &str = "/mgmt/shared/resolver/device-groups";
const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";

const JSON: &str = include_str!("../fixtures/self-check/report.json");
const TEXT: &str = include_str!("../fixtures/self-check/report.txt");

async fn server_like(report: &str) -> TestServer {
    let profile = SelfCheckProfile::read(report).unwrap();
    let settings = profile.apply_to(&Settings::default()).unwrap();
    TestServer::with(&settings, 24, Ipv4Addr::new(192, 0, 2, 10)).await
}

fn count(list: &Value) -> usize {
    list["items"].as_array().unwrap_or_else(|| panic!("{list}")).len()
}

#[tokio::test]
async fn the_json_report_becomes_a_profile() {
    let server = server_like(JSON).await;
    // Lists: short pages without totals, nested, with the fields that were seen.
    let page = server.get(&format!("{ACCESS}?$top=500")).await.json();
    assert_eq!(count(&page), 7);
    assert!(page.get("totalItems").is_none());
    let first = page["items"][0].as_object().unwrap();
    let keys: Vec<&String> = first.keys().collect();
    assert_eq!(keys, ["machineId", "hostname", "version", "product", "properties"]);
    let access = json!({"discovered": true, "imported": "true", "clusterName": "BlueCluster"});
    assert_eq!(first["properties"]["cm-access-allBigIpDevices"], access);
    assert_eq!(first["properties"]["TestGroup"], json!({"imported": false}));
    assert!(first["properties"]["modules"].is_array());
    assert_eq!(count(&server.get(&format!("{KILL}?$top=50")).await.json()), 2);
    let nobody = format!("{RESOLVER}?$filter=address+eq+'192.0.2.255'");
    assert_eq!(count(&server.get(&nobody).await.json()), 26);
    assert_eq!(server.get(&format!("{ACCESS}?$count=true")).await.status, 400);
    // Groups: the old flag, with a wrong total.
    let groups = format!("{GROUPS}?$filter='properties/cm:access:config_group'+eq+'true'");
    let groups = server.get(&groups).await.json();
    assert!(count(&groups) > 1);
    assert_eq!(groups["totalItems"], 1);
    // Rights and refusals.
    assert_eq!(server.get("/info/system").await.status, 404);
    assert_eq!(server.get(&format!("{DEVICES}/stats")).await.status, 503);
    assert_eq!(server.get("/mgmt/shared/failover-state").await.status, 200, "no answer came");
    let failover = format!("{DEVICES}/{RED_A}/rest-proxy/mgmt/tm/sys/failover");
    assert_eq!(server.get(&failover).await.status, 200, "administrators may");
    let manager = server.signed_in_as("manager").await;
    assert_eq!(manager.get(&failover).await.status, 403);
    // Kills.
    let partial = format!("https://localhost{RESOLVER}/4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941");
    let kill = json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": [{"link": partial}]});
    let started = server.send("POST", KILL, &kill.to_string()).await;
    assert_eq!(started.status, 202);
    assert!(started.json().get("currentStep").is_none());
    server.advance(3_000).await;
    let task = server.get(&format!("{KILL}/{}", started.json()["id"].as_str().unwrap())).await;
    assert_eq!(task.json()["resultDetails"][0]["failedIds"][0]["errorCode"], 400);
    let settings = server.get("/_sim/settings").await.json();
    for (name, value) in [
        ("profile", json!("7.1")),
        ("cancelledSpelling", json!("CANCELLED")),
        ("emptyResultDetails", json!(true)),
        ("bigItems", json!(true)),
        ("javaStacks", json!(false)),
        ("restProxy", json!("admin")),
        ("forbiddenStatus", json!(403)),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_text_of_the_diagnostics_page_becomes_a_profile() {
    let server = server_like(TEXT).await;
    let settings = server.get("/_sim/settings").await.json();
    for (name, value) in [
        ("profile", json!("5.2")),
        ("accessList", json!("flat")),
        ("groupFlag", json!("cm:access:config_group")),
        ("restProxy", json!("off")),
        ("javaStacks", json!(true)),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
    let pages = ["", "&$skip=5"].map(|skip| format!("{ACCESS}?$top=5&$count=true{skip}"));
    let [first, second] = [server.get(&pages[0]).await, server.get(&pages[1]).await];
    assert_eq!(first.json()["items"], second.json()["items"], "$skip has no effect");
    assert_eq!(server.get("/mgmt/shared/failover-state").await.status, 404);
    assert_eq!(server.get(&format!("{DEVICES}/stats")).await.status, 403);
}

#[test]
fn what_a_report_does_not_say_stays_as_it_is() {
    let empty = r#"{"format":"curfew-self-check/1","findings":[],"somethingNew":{"a":1}}"#;
    assert!(SelfCheckProfile::read(empty).unwrap().changes().is_empty());
    for wrong in ["", "{", "{}", "[]", r#"{"format":"curfew-self-check/2"}"#, "no report"] {
        assert!(SelfCheckProfile::read(wrong).is_err(), "{wrong}");
    }
}
