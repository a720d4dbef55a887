//! Section 2: every kind of kill, sent as printed including its mistakes, answered as printed, and
//! executed.

use std::collections::BTreeSet;

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::{Value, json};

use crate::samples::{self, SampleRequest, assert_matches_sample, keys};
use crate::test_server::{KILL, Session, TestServer};

const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
const GREEN: &str = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";

/// The sessions that a kill selects on the devices it reaches.
type Selected = fn(&Session) -> bool;
const USER2: Selected = |session| session.user == "user2";
const ALL: Selected = |_| true;
const LISTED: Selected =
    |session| ["2a5d7604", "875f7fed", "2hjj234", "9as3323"].contains(&session.id.as_str());

/// What differs between tasks. The generation in the samples is 4, which a later GET returns.
const FREE: [&str; 5] = ["generation", "id", "lastUpdateMicros", "selfLink", "startDateTime"];

#[rstest]
#[case::section_2_1_1_a_user_by_device_references("2.1.1", USER2, &[RED_A, LONE])]
#[case::section_2_1_2_a_user_by_access_groups("2.1.2", USER2, &[RED_A, LONE, GREEN])]
#[case::section_2_1_3_a_user_by_clusters("2.1.3", USER2, &[BLUE_A, RED_A])]
#[case::section_2_1_4_a_user_by_all_three("2.1.4", USER2, &[BLUE_A, RED_A, LONE, GREEN])]
#[case::section_2_2_1_all_users_by_device_references("2.2.1", ALL, &[RED_A, LONE])]
#[case::section_2_2_2_all_users_by_access_groups("2.2.2", ALL, &[RED_A, LONE, GREEN])]
#[case::section_2_2_3_all_users_by_clusters("2.2.3", ALL, &[BLUE_A, RED_A])]
#[case::section_2_2_4_all_users_by_all_three("2.2.4", ALL, &[BLUE_A, RED_A, LONE, GREEN])]
#[case::section_2_3_listed_sessions("2.3", LISTED, &[RED_A, LONE])]
#[tokio::test]
async fn a_kill_is_answered_as_printed_and_executed(
    #[case] section: &str,
    #[case] selected: Selected,
    #[case] reached: &[&str],
) {
    let server = TestServer::new(Profile::V8).await;
    let before = server.sessions().await;
    let SampleRequest { method, target, body } = samples::request(&format!("{section}-request"));
    let got = server.send(&method, &target, &body).await;
    assert_eq!(got.status, 200, "{}", got.text);

    let (reply, sample) = (got.json(), samples::response(&format!("{section}-response")));
    assert_matches_sample(&reply, &sample, &FREE);
    let mut sorted = keys(&reply);
    sorted.sort_unstable();
    assert_eq!(keys(&reply), sorted, "keys are in alphabetical order, as in most samples");
    let id = reply["id"].as_str().unwrap();
    assert_eq!(reply["selfLink"], format!("https://localhost{KILL}/{id}"));
    assert_eq!((&reply["generation"], &reply["status"]), (&json!(1), &json!("STARTED")));
    assert_eq!(reply["startDateTime"], "2016-11-15T12:42:31.294-0800");

    server.advance(3_000).await;
    let task = server.get(&format!("{KILL}/{id}")).await.json();
    for (name, value) in [
        ("status", json!("FINISHED")),
        ("result", json!("COMPLETE")),
        ("currentStep", json!("DONE")),
        ("generation", json!(4)),
    ] {
        assert_eq!(task[name], value, "{name}");
    }
    let expected: BTreeSet<Session> = before
        .iter()
        .filter(|one| reached.contains(&one.device.as_str()) && selected(one))
        .cloned()
        .collect();
    assert!(!expected.is_empty());
    let gone: BTreeSet<Session> = before.difference(&server.sessions().await).cloned().collect();
    assert_eq!(gone, expected);
}

/// The table of parameters says that the field name is case-sensitive.
#[tokio::test]
async fn section_2_user_name_is_a_case_sensitive_field_name() {
    let server = TestServer::new(Profile::V8).await;
    let SampleRequest { method, target, body } = samples::request("2.1.3-request");
    let got = server.send(&method, &target, &body.replace("userName", "username")).await;
    assert_eq!(got.status, 400);
}

/// The table of parameters lists every status that a task can have.
#[tokio::test]
async fn section_2_every_status_of_the_table_occurs() {
    let server = TestServer::new(Profile::V5_2).await;
    let mut seen = Vec::new();
    for (group, wait, cancel) in
        [("slow-group", 1_000, true), ("TestGroup2", 3_000, false), ("TestGroup123", 3_000, false)]
    {
        let body = json!({"action": "KILL_ALL_SESSIONS", "accessGroupNames": [group]}).to_string();
        let reply = server.send("POST", KILL, &body).await.json();
        seen.push(reply["status"].clone());
        let path = format!("{KILL}/{}", reply["id"].as_str().unwrap());
        server.advance(wait).await;
        if cancel {
            let asked = r#"{"status":"CANCEL_REQUESTED"}"#;
            seen.push(server.send("PATCH", &path, asked).await.json()["status"].clone());
            server.advance(3_000).await;
        }
        seen.push(server.get(&path).await.json()["status"].clone());
    }
    let table = ["STARTED", "FINISHED", "FAILED", "CANCELLED", "CANCEL_REQUESTED"];
    for status in table {
        assert!(seen.contains(&Value::from(status)), "{status}");
    }
    assert!(seen.iter().all(|status| table.contains(&status.as_str().unwrap())), "{seen:?}");
}
