//! "Prerequisites": a kill on the passive unit of a cluster.

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::{Value, json};

use crate::test_server::{KILL, TestServer};

const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
const BLUE_B: &str = "5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52";

fn reference(device: &str) -> Value {
    json!({"link": format!("https://localhost/mgmt/cm/system/machineid-resolver/{device}")})
}

#[rstest]
#[case::of_a_user(json!({"action": "KILL_BY_USER", "userName": "user2", "deviceReferences": [reference(BLUE_B)]}))]
#[case::of_all_users(json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": [reference(BLUE_B)]}))]
#[case::of_listed_sessions(json!({"action": "KILL_BY_LIST_OF_SESSIONS",
    "sessions": [{"deviceReference": reference(BLUE_B), "sessionIds": ["b10e0001"]}]}))]
#[tokio::test]
async fn prerequisites_a_kill_on_the_passive_unit_finishes_and_ends_nothing(#[case] body: Value) {
    let server = TestServer::new(Profile::V8).await;
    let before = server.sessions().await;
    assert!(before.iter().any(|one| one.device == BLUE_A && one.id == "b10e0001"));
    let task = server.send("POST", KILL, &body.to_string()).await.json();
    server.advance(3_000).await;
    let task = server.get(&format!("{KILL}/{}", task["id"].as_str().unwrap())).await.json();
    assert_eq!((&task["status"], &task["result"]), (&json!("FINISHED"), &json!("COMPLETE")));
    assert!(task.get("errorMessage").is_none());
    assert_eq!(server.sessions().await, before);
}
