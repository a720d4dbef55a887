//! Section 2: every way to kill, sent as printed, mistakes and all; answered as printed; and done.

use std::collections::BTreeSet;

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::{Value, json};

use crate::console::{Console, KILL, Session};
use crate::printed::{self, assert_as_printed, keys};

const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
const GREEN: &str = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";

/// Who is meant on the devices that are reached.
type Meant = fn(&Session) -> bool;
const USER2: Meant = |session| session.user == "user2";
const ALL: Meant = |_| true;
const LISTED: Meant =
    |session| ["2a5d7604", "875f7fed", "2hjj234", "9as3323"].contains(&session.id.as_str());

/// What differs from one task to the next. The samples' own generation, 4, is that of a later look.
const FREE: [&str; 5] = ["generation", "id", "lastUpdateMicros", "selfLink", "startDateTime"];

#[rstest]
#[case::section_2_1_1_a_user_by_device_references("2.1.1", USER2, &[RED_A, LONE])]
#[case::section_2_1_2_a_user_by_access_groups("2.1.2", USER2, &[RED_A, LONE, GREEN])]
#[case::section_2_1_3_a_user_by_clusters("2.1.3", USER2, &[BLUE_A, RED_A])]
#[case::section_2_1_4_a_user_by_all_three("2.1.4", USER2, &[BLUE_A, RED_A, LONE, GREEN])]
#[case::section_2_2_1_everybody_by_device_references("2.2.1", ALL, &[RED_A, LONE])]
#[case::section_2_2_2_everybody_by_access_groups("2.2.2", ALL, &[RED_A, LONE, GREEN])]
#[case::section_2_2_3_everybody_by_clusters("2.2.3", ALL, &[BLUE_A, RED_A])]
#[case::section_2_2_4_everybody_by_all_three("2.2.4", ALL, &[BLUE_A, RED_A, LONE, GREEN])]
#[case::section_2_3_listed_sessions("2.3", LISTED, &[RED_A, LONE])]
#[tokio::test]
async fn a_kill_is_answered_as_printed_and_done(
    #[case] section: &str,
    #[case] meant: Meant,
    #[case] reached: &[&str],
) {
    let console = Console::new(Profile::V8).await;
    let before = console.sessions().await;
    let (method, target, body) = printed::request(&format!("{section}-request"));
    let got = console.send(&method, &target, &body).await;
    assert_eq!(got.status, 200, "{}", got.text);

    let (reply, printed) = (got.json(), printed::response(&format!("{section}-response")));
    assert_as_printed(&reply, &printed, &FREE);
    let mut sorted = keys(&reply);
    sorted.sort_unstable();
    assert_eq!(
        keys(&reply),
        sorted,
        "keys stand in the order of the samples that were not retyped"
    );
    let id = reply["id"].as_str().unwrap();
    assert_eq!(reply["selfLink"], format!("https://localhost{KILL}/{id}"));
    assert_eq!((&reply["generation"], &reply["status"]), (&json!(1), &json!("STARTED")));
    assert_eq!(reply["startDateTime"], "2016-11-15T12:42:31.294-0800");

    console.advance(3_000).await;
    let task = console.get(&format!("{KILL}/{id}")).await.json();
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
        .filter(|one| reached.contains(&one.device.as_str()) && meant(one))
        .cloned()
        .collect();
    assert!(!expected.is_empty());
    let gone: BTreeSet<Session> = before.difference(&console.sessions().await).cloned().collect();
    assert_eq!(gone, expected);
}

/// The table of parameters: the name of the field is case-sensitive.
#[tokio::test]
async fn section_2_user_name_is_a_case_sensitive_field_name() {
    let console = Console::new(Profile::V8).await;
    let (method, target, body) = printed::request("2.1.3-request");
    let got = console.send(&method, &target, &body.replace("userName", "username")).await;
    assert_eq!(got.status, 400);
}

/// The table of parameters: every status that a task can have.
#[tokio::test]
async fn section_2_every_status_of_the_table_is_met() {
    let console = Console::new(Profile::V5_2).await;
    let mut met = Vec::new();
    for (group, wait, cancel) in
        [("slow-group", 1_000, true), ("TestGroup2", 3_000, false), ("TestGroup123", 3_000, false)]
    {
        let body = json!({"action": "KILL_ALL_SESSIONS", "accessGroupNames": [group]}).to_string();
        let reply = console.send("POST", KILL, &body).await.json();
        met.push(reply["status"].clone());
        let path = format!("{KILL}/{}", reply["id"].as_str().unwrap());
        console.advance(wait).await;
        if cancel {
            let asked = r#"{"status":"CANCEL_REQUESTED"}"#;
            met.push(console.send("PATCH", &path, asked).await.json()["status"].clone());
            console.advance(3_000).await;
        }
        met.push(console.get(&path).await.json()["status"].clone());
    }
    let table = ["STARTED", "FINISHED", "FAILED", "CANCELLED", "CANCEL_REQUESTED"];
    for status in table {
        assert!(met.contains(&Value::from(status)), "{status}");
    }
    assert!(met.iter().all(|status| table.contains(&status.as_str().unwrap())), "{met:?}");
}
