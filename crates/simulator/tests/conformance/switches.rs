//! Settings that make the simulator answer otherwise than the specification prints, because an appliance might: how lists of
//! devices answer, how a failure names its reasons, and how a task is cancelled.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use bigiq_simulator::world::settings::Settings;
use rstest::rstest;
use serde_json::{Value, json};

use crate::samples;
use crate::test_server::{KILL, TestServer};

const ACCESS: &str = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
const RESOLVER: &str = "/mgmt/cm/system/machineid-resolver";
const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
const PARTIAL: &str = "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941";
const SLOW: &str = "a2f3b6d8-9c14-4a7d-8e0b-3d5c7e9f1a42";

fn all_of(devices: &[&str]) -> Value {
    let reference = |id: &&str| json!({"link": format!("https://localhost/mgmt/cm/system/machineid-resolver/{id}")});
    let references: Vec<Value> = devices.iter().map(reference).collect();
    json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": references})
}

fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("{list}"))
}

fn hostnames(list: &Value) -> Vec<&str> {
    items(list).iter().map(|item| item["hostname"].as_str().unwrap()).collect()
}

fn item<'a>(list: &'a Value, id: &str) -> &'a Value {
    items(list).iter().find(|item| item["machineId"] == id).unwrap()
}

/// Reads pages until one is empty, and returns all host names.
async fn all_pages(server: &TestServer, path: &str, query: &str, top: usize) -> Vec<String> {
    let mut seen = Vec::new();
    for _ in 0..200 {
        let page =
            server.get(&format!("{path}?$top={top}&$skip={}{query}", seen.len())).await.json();
        let names = hostnames(&page);
        if names.is_empty() {
            return seen;
        }
        seen.extend(names.into_iter().map(str::to_owned));
    }
    panic!("no end");
}

#[rstest]
#[case("refused", 401, "Authorization failed: user=")]
#[case("absent", 404, "item not found at /shared/resolver/device-groups/cm-access-allBigIpDevices")]
#[tokio::test]
async fn the_access_list_can_be_refused_or_absent(
    #[case] answer: &str,
    #[case] status: u16,
    #[case] message: &str,
) {
    let server = TestServer::set(json!({"accessList": answer})).await;
    for path in [ACCESS.to_owned(), format!("{ACCESS}?$top=1"), format!("{ACCESS}/{RED_A}")] {
        let got = server.get(&path).await;
        assert_eq!(got.status, status, "{path}");
        assert!(got.json()["message"].as_str().unwrap().starts_with(message), "{}", got.text);
    }
    // The documented way to the devices is still there, and so are kills.
    assert!(!items(&server.get(RESOLVER).await.json()).is_empty());
    let task = server.task_after(&all_of(&[RED_A]), 3_000).await;
    assert_eq!(task["status"], "FINISHED");
}

#[rstest]
#[case("refused", 401)]
#[case("absent", 404)]
#[tokio::test]
async fn the_resolver_can_be_refused_or_absent(#[case] answer: &str, #[case] status: u16) {
    let server = TestServer::set(json!({"resolverList": answer})).await;
    assert_eq!(server.get(RESOLVER).await.status, status);
    assert_eq!(server.get(ACCESS).await.status, 200);
}

#[tokio::test]
async fn a_nested_access_list_has_the_device_that_the_specification_prints() {
    let server = TestServer::set(json!({"accessList": "nested"})).await;
    let list = server.get(ACCESS).await.json();
    let printed = samples::response("1-response");
    assert_eq!(item(&list, BLUE_A)["properties"], printed["properties"]);
    assert_eq!(item(&list, BLUE_A)["groupName"], "cm-access-allBigIpDevices");
    let filter = "$filter=properties/cm-access-allBigIpDevices/clusterName+eq+'RedCluster'";
    let found = server.get(&format!("{ACCESS}?{filter}")).await.json();
    assert_eq!(hostnames(&found), ["red-a.example.test", "red-b.example.test"]);
}

#[tokio::test]
async fn a_flat_resolver_has_the_properties_of_the_access_list() {
    let server = TestServer::set(json!({"resolverList": "flat", "bigItems": false})).await;
    let (resolver, access) = (server.get(RESOLVER).await.json(), server.get(ACCESS).await.json());
    assert_eq!(item(&resolver, RED_A)["properties"], item(&access, RED_A)["properties"]);
    assert_eq!(item(&resolver, RED_A)["properties"]["clusterName"], "RedCluster");
    let bare = "ea04b5f6-8c79-4ebc-93f4-0b1c2a3d4e53";
    assert!(item(&resolver, bare)["properties"].get("discovered").is_none());
}

#[rstest]
#[case(ACCESS, "accessPages", 296)]
#[case(RESOLVER, "resolverPages", 302)]
#[tokio::test]
async fn pages_can_be_shorter_than_asked_and_without_totals(
    #[case] path: &str,
    #[case] setting: &str,
    #[case] devices: usize,
) {
    for without_totals in [false, true] {
        let rules = json!({setting: {"limit": 100, "withoutTotals": without_totals}});
        let settings = Settings::default().with(rules.as_object().unwrap()).unwrap();
        let server = TestServer::with(&settings, 300, Ipv4Addr::LOCALHOST).await;
        for query in ["?$top=500", "?$top=500&$skip=100", ""] {
            let page = server.get(&format!("{path}{query}")).await.json();
            assert_eq!(items(&page).len(), 100, "{query}");
            let total = page.get("totalItems").and_then(Value::as_u64);
            let expected = if without_totals { None } else { Some(devices as u64) };
            assert_eq!(total, expected, "{query}");
            assert_eq!(page.get("itemsPerPage").is_some(), !without_totals, "{query}");
        }
        let all: BTreeSet<String> = all_pages(&server, path, "", 500).await.into_iter().collect();
        // Each host name is there once; one is empty.
        assert_eq!(all.len(), devices);
    }
}

#[tokio::test]
async fn the_order_of_pages_can_be_unstable() {
    let server = TestServer::set(json!({"accessPages": {"unstable": true}})).await;
    let whole = server.get(ACCESS).await.json();
    let all: BTreeSet<String> = hostnames(&whole).into_iter().map(str::to_owned).collect();
    let paged = all_pages(&server, ACCESS, "", 5).await;
    assert_eq!(paged.len(), all.len());
    let seen: BTreeSet<String> = paged.into_iter().collect();
    assert!(seen.len() < all.len(), "some devices are on two pages and others on none");
    let sorted = all_pages(&server, ACCESS, "&$orderby=hostname", 5).await;
    assert_eq!(sorted.into_iter().collect::<BTreeSet<_>>(), all);
}

#[tokio::test]
async fn query_options_can_have_no_effect() {
    let ignored = json!({
        "accessPages": {"ignored": ["$skip", "$count"]},
        "resolverPages": {"ignored": ["$filter", "$select"]},
        "taskPages": {"ignored": ["$top", "$orderby"], "limit": 2},
    });
    let server = TestServer::set(ignored).await;
    let first = server.get(&format!("{ACCESS}?$top=3")).await.json();
    let second = server.get(&format!("{ACCESS}?$top=3&$skip=3&$count=true")).await.json();
    assert_eq!(hostnames(&first), hostnames(&second));
    for filter in ["address+eq+'192.0.2.255'", "('address'+eq"] {
        let all = server.get(&format!("{RESOLVER}?$filter={filter}&$select=hostname")).await.json();
        assert_eq!(items(&all).len(), 26, "{filter}");
        assert!(items(&all)[0].get("machineId").is_some());
    }
    let tasks = server.get(&format!("{KILL}?$top=1&$orderby=id+desc")).await.json();
    assert_eq!(items(&tasks).len(), 2);
}

#[rstest]
#[case(ACCESS)]
#[case(RESOLVER)]
#[tokio::test]
async fn a_list_can_have_broken_items(#[case] path: &str) {
    let whole = TestServer::set(json!({})).await.get(path).await.json();
    let broken = json!({"brokenItems": ["text-properties", "no-id", "duplicate"]});
    let server = TestServer::set(broken).await;
    let got = server.get(path).await.json();
    let named = |list: &Value, name: &str| -> Vec<Value> {
        items(list).iter().filter(|item| item["hostname"] == name).cloned().collect()
    };
    assert!(named(&got, "green.example.test")[0]["properties"].is_string());
    let slow = &named(&got, "slow.example.test")[0];
    for name in ["machineId", "uuid", "selfLink"] {
        assert!(slow.get(name).is_none(), "{name}");
    }
    assert_eq!(named(&got, "red-a.example.test").len(), 2);
    assert_eq!(items(&got).len(), items(&whole).len() + 1);
    let changed = ["green.example.test", "slow.example.test", "red-a.example.test"];
    let others = |list: &Value| -> Vec<Value> {
        let is_other = |item: &&Value| !changed.contains(&item["hostname"].as_str().unwrap());
        items(list).iter().filter(is_other).cloned().collect()
    };
    assert_eq!(others(&got), others(&whole));
}

#[tokio::test]
async fn a_failure_can_name_a_reason_for_each_session() {
    let server = TestServer::set(json!({"failureShape": "reasons"})).await;
    let before = server.sessions().await;
    let task = server.task_after(&all_of(&[PARTIAL]), 3_000).await;
    assert_eq!((&task["status"], &task["result"]), (&json!("FAILED"), &json!("FAILED")));
    let failed = &task["resultDetails"][0];
    let left = server.sessions().await.into_iter().find(|one| one.device == PARTIAL).unwrap();
    let reason = format!("Session {} could not be deleted on partial.example.test", left.id);
    let expected = json!([{"id": left.id, "errorCode": 400, "error": reason}]);
    assert_eq!(
        (&failed["failedIds"], &failed["host"]),
        (&expected, &json!("partial.example.test"))
    );
    assert!(before.iter().filter(|one| one.device == PARTIAL).count() > 1);
}

#[tokio::test]
async fn a_failure_can_hold_the_devices_own_error_as_text() {
    let server = TestServer::set(json!({"failureShape": "error-bodies"})).await;
    let task = server.task_after(&all_of(&[PARTIAL]), 3_000).await;
    let error = task["resultDetails"][0]["error"].as_str().unwrap();
    assert_eq!(task["errorMessage"], error);
    let body = error.strip_prefix("status:400, body:").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let id = task["resultDetails"][0]["failedIds"][0].as_str().unwrap();
    let message = format!("Session(s) {id} could not be deleted on partial.example.test");
    assert_eq!((&body["code"], &body["message"]), (&json!(400), &json!(message)));
}

#[rstest]
#[case("8.x", "CANCELED")]
#[case("5.2", "CANCELLED")]
#[tokio::test]
async fn a_task_is_cancelled_between_two_devices(#[case] profile: &str, #[case] end: &str) {
    let server = TestServer::set(json!({"profile": profile, "cancelMs": 5_000})).await;
    let before = server.sessions().await;
    let id = server.task_after(&all_of(&[RED_A, SLOW]), 1_000).await["id"].clone();
    let path = format!("{KILL}/{}", id.as_str().unwrap());
    let asked = server.send("PATCH", &path, r#"{"status":"CANCEL_REQUESTED"}"#).await;
    assert_eq!((asked.status, &asked.json()["status"]), (200, &json!("CANCEL_REQUESTED")));

    server.advance(4_900).await;
    let list = server.get(&format!("{KILL}?$filter=status+eq+CANCEL_REQUESTED")).await.json();
    assert_eq!((items(&list).len(), &list["items"][0]["id"]), (1, &id));
    let again = server.send("PATCH", &path, r#"{"status":"CANCEL_REQUESTED"}"#).await;
    assert_eq!(again.status, 400, "it has been requested");

    server.advance(200).await;
    let task = server.get(&path).await.json();
    assert_eq!(task["status"], end);
    assert!(task["endDateTime"].is_string() && task.get("result").is_none(), "{task}");
    server.advance(60_000).await;
    let after = server.sessions().await;
    let ended: BTreeSet<&str> = before.difference(&after).map(|one| one.device.as_str()).collect();
    assert_eq!(ended, BTreeSet::from([RED_A]), "what was done before stays done, and no more");
}

#[tokio::test]
async fn a_reset_sets_what_the_command_line_can() {
    let server = TestServer::set(json!({})).await;
    let start = json!({"settings": {
        "accessList": "absent", "resolverPages": {"limit": 1}, "brokenItems": ["no-id"],
        "refusedReads": {"/info/system": 404},
    }});
    assert_eq!(server.send("POST", "/_sim/reset", &start.to_string()).await.status, 200);
    assert_eq!(server.get("/info/system").await.status, 404);
    let wrong = [
        json!({"accessList": "round"}),
        json!({"accessPages": {"size": 1}}),
        json!({"brokenItems": ["all"]}),
    ];
    for settings in wrong {
        let body = json!({"settings": settings}).to_string();
        assert_eq!(server.send("POST", "/_sim/reset", &body).await.status, 400, "{body}");
    }
}
