//! How a task looks through the API, compared with the sessions that it really ends.

use rstest::rstest;
use serde_json::{Value, json};

use crate::test_server::{KILL, TestServer, reference};

const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
const RED_B: &str = "0e1f7f5c-8f0a-4a83-8a5b-64c1de9b2d22";
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
const GREEN: &str = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const REFUSING: &str = "217270dc-83bc-469d-9b84-36d7ebf2f6be";
const PARTIAL: &str = "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941";
const SLOW: &str = "a2f3b6d8-9c14-4a7d-8e0b-3d5c7e9f1a42";
const SILENT: &str = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
const BARE: &str = "ea04b5f6-8c79-4ebc-93f4-0b1c2a3d4e53";

async fn server() -> TestServer {
    TestServer::with_settings(json!({"returningPerMille": 0, "accessSeconds": 100_000})).await
}

fn all_on(devices: &[&str]) -> Value {
    let links: Vec<Value> = devices.iter().map(|device| reference(device)).collect();
    json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": links})
}

fn state(task: &Value) -> (&str, &str, u64) {
    let text = |name: &str| task[name].as_str().unwrap_or_default();
    (text("status"), text("currentStep"), task["generation"].as_u64().unwrap())
}

#[tokio::test]
async fn a_task_runs_step_by_step() {
    let server = server().await;
    let id = server.start_kill(&all_on(&[LONE])).await;
    let first = server.task(&id).await;
    assert_eq!(state(&first), ("STARTED", "RESOLVE_DEVICES", 1));
    server.advance(8);
    let second = server.task(&id).await;
    assert_eq!(state(&second), ("STARTED", "KILL", 3));
    assert_eq!(second["deviceReferences"], json!([reference(LONE)]));
    assert!(!server.sessions_on(LONE).is_empty());
    server.advance(145);
    let last = server.task(&id).await;
    assert_eq!(state(&last), ("FINISHED", "DONE", 4));
    assert_eq!((&last["result"], &last["resultDetails"]), (&json!("COMPLETE"), &json!([])));
    assert!(server.sessions_on(LONE).is_empty());
    // The number of ended sessions is never reported.
    assert!(!last.to_string().contains("count"));
}

#[rstest]
#[case::unreachable(SILENT, 75_000, "FAILED")]
#[case::slow(SLOW, 8_000, "FINISHED")]
#[tokio::test]
async fn a_slow_or_unreachable_device_delays_a_task(
    #[case] device: &str,
    #[case] millis: i64,
    #[case] end: &str,
) {
    let server = server().await;
    let before = server.sessions_on(device);
    let id = server.start_kill(&all_on(&[device])).await;
    server.advance(millis);
    assert_eq!(state(&server.task(&id).await), ("STARTED", "KILL", 3));
    server.advance(10);
    let task = server.task(&id).await;
    assert_eq!(task["status"], end);
    if end == "FAILED" {
        assert_eq!(task["errorMessage"], "Internal Error occurred");
        assert!(task.get("result").is_none());
        assert_eq!(server.sessions_on(device), before);
    }
}

#[tokio::test]
async fn two_entries_on_an_unreachable_device_delay_a_task_twice() {
    let server = server().await;
    let links = json!([
        {"deviceReference": reference(SILENT), "sessionIds": ["a"]},
        {"deviceReference": reference(SILENT), "sessionIds": ["b"]},
    ]);
    let id =
        server.start_kill(&json!({"action": "KILL_BY_LIST_OF_SESSIONS", "sessions": links})).await;
    server.advance(149_000);
    assert_eq!(server.task(&id).await["status"], "STARTED");
    server.advance(2_000);
    assert_eq!(server.task(&id).await["status"], "FAILED");
}

#[tokio::test]
async fn other_devices_are_still_tried_after_a_failed_one() {
    let server = server().await;
    let id = server.start_kill(&all_on(&[REFUSING, LONE])).await;
    let refusing = server.sessions_on(REFUSING);
    server.advance(1_000);
    assert_eq!(server.task(&id).await["status"], "FAILED");
    assert_eq!(server.sessions_on(REFUSING), refusing);
    assert!(server.sessions_on(LONE).is_empty());
}

#[rstest]
#[case("none", json!([null, null, null]))]
#[case("strings", json!(["FAILED", [{"host": "partial.example.test", "failedIds": ["ID"], "deviceReference": reference(PARTIAL)}], null]))]
#[case("objects", json!(["FAILED", [{"failedIds": [{"id": "ID"}], "deviceReference": reference(PARTIAL)}], null]))]
#[case("failure-details", json!([null, null, [{"errorCode": 400, "error": "status:400, body:{\"code\":400,\"message\":\"Session(s) ID could not be deleted on partial.example.test\",\"errorStack\":[],\"apiError\":3}"}]]))]
#[tokio::test]
async fn remaining_sessions_are_reported_in_one_of_four_formats(
    #[case] shape: &str,
    #[case] expected: Value,
) {
    let server =
        TestServer::with_settings(json!({"returningPerMille": 0, "failureShape": shape})).await;
    let id = server.start_kill(&all_on(&[PARTIAL])).await;
    server.advance(1_000);
    let left = server.sessions_on(PARTIAL);
    assert_eq!(left.len(), 1);
    let task = server.task(&id).await;
    assert_eq!((&task["status"], &task["currentStep"]), (&json!("FAILED"), &json!("KILL")));
    let got = json!([task["result"], task["resultDetails"], task["failureDetails"]]);
    let expected = expected.to_string().replace("ID", &left[0]);
    assert_eq!(got, serde_json::from_str::<Value>(&expected).unwrap());
}

#[tokio::test]
async fn groups_clusters_and_references_are_combined_each_device_once() {
    let server = server().await;
    let body = json!({
        "action": "KILL_ALL_SESSIONS",
        "accessGroupNames": ["TestGroup2", "no-such-group", null],
        "clusterNames": ["RedCluster", "TrafficOnly"],
        "deviceReferences": [reference(RED_B), reference(LONE)],
    });
    let id = server.start_kill(&body).await;
    server.advance(8);
    let links: Vec<Value> = [LONE, GREEN, RED_A, RED_B].into_iter().map(reference).collect();
    assert_eq!(server.task(&id).await["deviceReferences"], json!(links));
}

#[rstest]
#[case(json!({"accessGroupNames": ["testgroup2"]}))]
#[case(json!({"clusterNames": ["TrafficOnly"]}))]
#[tokio::test]
async fn a_task_without_matching_devices_fails(#[case] mut body: Value) {
    let server = server().await;
    body["action"] = "KILL_ALL_SESSIONS".into();
    let id = server.start_kill(&body).await;
    server.advance(1_000);
    let task = server.task(&id).await;
    assert_eq!(state(&task), ("FAILED", "RESOLVE_DEVICES", 2));
    assert_eq!(
        task["errorMessage"],
        "No matching device(s) found for given accessGroup or cluster or deviceReference list."
    );
}

#[rstest]
#[case(format!("https://localhost/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices/{LONE}"), None)]
#[case("https://localhost/mgmt/cm/system/machineid-resolver/nobody".to_owned(), Some("item not found at /cm/system/machineid-resolver/nobody"))]
#[case("nobody".to_owned(), Some("item not found at nobody"))]
#[tokio::test]
async fn a_reference_may_point_to_the_access_module(
    #[case] link: String,
    #[case] error: Option<&str>,
) {
    let server = server().await;
    let body = json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": [{"link": link}]});
    let id = server.start_kill(&body).await;
    server.advance(1_000);
    let task = server.task(&id).await;
    assert_eq!(task["errorMessage"].as_str(), error);
    assert_eq!(task["result"], if error.is_some() { "PENDING" } else { "COMPLETE" });
}

#[tokio::test]
async fn a_kill_on_a_device_unknown_to_access_fails() {
    let server = server().await;
    let id = server.start_kill(&all_on(&[BARE])).await;
    server.advance(1_000);
    assert_eq!(server.task(&id).await["errorMessage"], "Internal Error occurred");
}

/// A different case, or a domain before or after the name, is another user.
#[tokio::test]
async fn user_names_are_compared_byte_for_byte() {
    let server = server().await;
    let named = ["c4ee0001", "c4ee0002", "c4ee0003"].map(str::to_owned);
    let body = json!({"action": "KILL_BY_USER", "userName": "user2",
                      "deviceReferences": [reference(GREEN)]});
    server.start_kill(&body).await;
    server.advance(1_000);
    let left = server.sessions_on(GREEN);
    assert_eq!(named.map(|id| left.contains(&id)), [false, true, true]);
}

/// A returning user has another session id.
#[tokio::test]
async fn users_sign_in_again_after_a_while() {
    let server = TestServer::with_settings(json!({"returningPerMille": 1000})).await;
    let before = server.sessions_on(LONE);
    server.start_kill(&all_on(&[LONE])).await;
    server.advance(19_000);
    assert!(server.sessions_on(LONE).is_empty());
    server.advance(300_000);
    let after = server.sessions_on(LONE);
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|id| !before.contains(id)));
}

#[tokio::test]
async fn a_task_belongs_to_its_caller_and_all_users_can_read_it() {
    let server = server().await;
    let manager = server.sign_in("remote-manager").await;
    let body = all_on(&[LONE]).to_string();
    let task = server.send_as(&manager, "POST", KILL, &body).await.json();
    assert_eq!(task["username"], "remote-manager");
    let link = task["userReference"]["link"].as_str().unwrap();
    assert!(link.contains("/providers/radius/"), "{link}");
    assert_eq!(task["identityReferences"], json!([{"link": link}]));
    let viewer = server.sign_in("viewer").await;
    let path = format!("{KILL}/{}", task["id"].as_str().unwrap());
    assert_eq!(server.send_as(&viewer, "GET", &path, "").await.json(), task);
}
