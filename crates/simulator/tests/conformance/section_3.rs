//! Section 3: looking at a task until it has ended.

use bigiq_simulator::world::settings::Profile;
use serde_json::{Value, json};

use crate::console::{Console, KILL};
use crate::printed::{self, assert_as_printed, keys};

/// What differs from one task to the next.
const FREE: [&str; 7] = [
    "endDateTime",
    "id",
    "lastUpdateMicros",
    "ownerMachineId",
    "selfLink",
    "startDateTime",
    "deviceReferences",
];

#[tokio::test]
async fn section_3_a_look_at_selected_fields_and_at_all() {
    let console = Console::new(Profile::V8).await;
    let (_, kill, body) = printed::request("2.1.3-request");
    let task = console.send("POST", &kill, &body).await.json();
    let id = task["id"].as_str().unwrap();
    // As the section says: the id is replaced by that of the reply.
    let with_id = |target: &str| target.replace("1834e57c-94a2-42eb-860a-1d5cf67ba9bf", id);
    let (method, selected, _) = printed::request("3-request-select");
    let got = console.send(&method, &with_id(&selected), "").await.json();
    assert_eq!(got, json!({"status": "STARTED"}));
    let (method, whole, _) = printed::request("3-request");
    assert_eq!(console.send(&method, &with_id(&whole), "").await.json(), task);
    console.advance(3_000).await;
    let got = console.get(&with_id(&selected)).await.json();
    assert_eq!(got, json!({"result": "COMPLETE", "resultDetails": [], "status": "FINISHED"}));
}

#[tokio::test]
async fn section_3_1_the_printed_task_to_the_letter() {
    let console = Console::new(Profile::V8).await;
    let printed = printed::response("3.1-response");
    let id = printed["id"].as_str().unwrap();
    assert_eq!(console.get(&format!("{KILL}/{id}")).await.text, printed.to_string());
}

/// The same kill again: all that the sample says, in its time. This one also names its devices, as the sample of section 2.3 does.
#[tokio::test]
async fn section_3_1_a_successful_task_of_its_own() {
    let console = Console::new(Profile::V5_2).await;
    let mut printed = printed::response("3.1-response");
    let body = json!({"action": printed["action"], "sessions": printed["sessions"]}).to_string();
    let reply = console.send("POST", KILL, &body).await.json();
    console.advance(3_000).await;
    let got = console.get(&format!("{KILL}/{}", reply["id"].as_str().unwrap())).await.json();
    let listed = json!([{"link": printed["sessions"][0]["deviceReference"]["link"]}]);
    assert_eq!(got["deviceReferences"], listed);
    let mut expected_keys = keys(&printed);
    expected_keys.insert(3, "deviceReferences");
    assert_eq!(keys(&got), expected_keys);
    printed["deviceReferences"] = listed;
    assert_as_printed(&got, &printed, &FREE);
    let took = millis(&got["endDateTime"]) - millis(&got["startDateTime"]);
    assert!((80..200).contains(&took), "{took} ms; the sample's took 154 ms");
    let last = got["lastUpdateMicros"].as_i64().unwrap() / 1000;
    assert!(
        (last - millis(&got["endDateTime"]) - 52).abs() <= 1,
        "the sample's last write is 52 ms after its end"
    );
}

#[tokio::test]
async fn section_3_2_the_printed_collection_to_the_letter() {
    let console = Console::new(Profile::V8).await;
    let printed = printed::response("3.2-response");
    let id = printed["items"][0]["id"].as_str().unwrap();
    let got = console.get(&format!("{KILL}?$filter=id+eq+'{id}'")).await;
    assert_eq!(got.text, printed.to_string());
    // Unfiltered it holds the other two that the specification prints as well.
    let all = console.get(KILL).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    assert_eq!(keys(&all), keys(&printed));
}

#[tokio::test]
async fn section_3_2_a_failed_task_of_its_own() {
    let console = Console::new(Profile::V8).await;
    let printed = &printed::response("3.2-response")["items"][0];
    let body = json!({
        "action": printed["action"],
        "userName": printed["userName"],
        "accessGroupNames": printed["accessGroupNames"],
    });
    let reply = console.send("POST", KILL, &body.to_string()).await.json();
    console.advance(3_000).await;
    let got = console.get(&format!("{KILL}/{}", reply["id"].as_str().unwrap())).await.json();
    assert_as_printed(&got, printed, &FREE[..6]);
    assert_eq!(keys(&got), keys(printed));
}

/// Milliseconds since 1970 of a task's date.
fn millis(date: &Value) -> i64 {
    let date = date.as_str().unwrap();
    let (local, offset) = date.split_at(date.len() - 5);
    let rfc = format!("{local}{}:{}", &offset[..3], &offset[3..]);
    bigiq_simulator::world::timestamp::Timestamp::from_rfc3339(&rfc).unwrap().millis()
}
