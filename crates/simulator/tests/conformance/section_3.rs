//! Section 3: reading a task until it has ended.

use bigiq_simulator::world::settings::Profile;
use serde_json::{Value, json};

use crate::samples::{self, SampleRequest, assert_matches_sample, keys};
use crate::test_server::{KILL, TestServer};

/// What differs between tasks.
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
async fn section_3_selected_fields_and_the_whole_task() {
    let server = TestServer::new(Profile::V8).await;
    let kill = samples::request("2.1.3-request");
    let task = server.send("POST", &kill.target, &kill.body).await.json();
    let id = task["id"].as_str().unwrap();
    // As the section says, replace the id by the one in the reply.
    let with_id = |target: &str| target.replace("1834e57c-94a2-42eb-860a-1d5cf67ba9bf", id);
    let SampleRequest { method, target: selected, .. } = samples::request("3-request-select");
    let got = server.send(&method, &with_id(&selected), "").await.json();
    assert_eq!(got, json!({"status": "STARTED"}));
    let SampleRequest { method, target: whole, .. } = samples::request("3-request");
    assert_eq!(server.send(&method, &with_id(&whole), "").await.json(), task);
    server.advance(3_000).await;
    let got = server.get(&with_id(&selected)).await.json();
    assert_eq!(got, json!({"result": "COMPLETE", "resultDetails": [], "status": "FINISHED"}));
}

#[tokio::test]
async fn section_3_1_sample_task() {
    let server = TestServer::new(Profile::V8).await;
    let sample = samples::response("3.1-response");
    let id = sample["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("{KILL}/{id}")).await.text, sample.to_string());
}

/// The same kill again: everything in the sample, with its timing. The new task also lists its
/// devices, as the sample in section 2.3 does.
#[tokio::test]
async fn section_3_1_new_successful_task() {
    let server = TestServer::new(Profile::V5_2).await;
    let mut sample = samples::response("3.1-response");
    let body = json!({"action": sample["action"], "sessions": sample["sessions"]}).to_string();
    let reply = server.send("POST", KILL, &body).await.json();
    server.advance(3_000).await;
    let got = server.get(&format!("{KILL}/{}", reply["id"].as_str().unwrap())).await.json();
    let listed = json!([{"link": sample["sessions"][0]["deviceReference"]["link"]}]);
    assert_eq!(got["deviceReferences"], listed);
    let mut expected_keys = keys(&sample);
    expected_keys.insert(3, "deviceReferences");
    assert_eq!(keys(&got), expected_keys);
    sample["deviceReferences"] = listed;
    assert_matches_sample(&got, &sample, &FREE);
    let took = millis(&got["endDateTime"]) - millis(&got["startDateTime"]);
    assert!((80..200).contains(&took), "{took} ms; the sample took 154 ms");
    let last = got["lastUpdateMicros"].as_i64().unwrap() / 1000;
    assert!(
        (last - millis(&got["endDateTime"]) - 52).abs() <= 1,
        "the last write in the sample is 52 ms after its end"
    );
}

#[tokio::test]
async fn section_3_2_sample_collection() {
    let server = TestServer::new(Profile::V8).await;
    let sample = samples::response("3.2-response");
    let id = sample["items"][0]["id"].as_str().unwrap();
    let got = server.get(&format!("{KILL}?$filter=id+eq+'{id}'")).await;
    assert_eq!(got.text, sample.to_string());
    // Without a filter it also lists the other two tasks that the specification prints.
    let all = server.get(KILL).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    assert_eq!(keys(&all), keys(&sample));
}

#[tokio::test]
async fn section_3_2_new_failed_task() {
    let server = TestServer::new(Profile::V8).await;
    let sample = &samples::response("3.2-response")["items"][0];
    let body = json!({
        "action": sample["action"],
        "userName": sample["userName"],
        "accessGroupNames": sample["accessGroupNames"],
    });
    let reply = server.send("POST", KILL, &body.to_string()).await.json();
    server.advance(3_000).await;
    let got = server.get(&format!("{KILL}/{}", reply["id"].as_str().unwrap())).await.json();
    assert_matches_sample(&got, sample, &FREE[..6]);
    assert_eq!(keys(&got), keys(sample));
}

/// A date of a task, in milliseconds since 1970.
fn millis(date: &Value) -> i64 {
    let date = date.as_str().unwrap();
    let (local, offset) = date.split_at(date.len() - 5);
    let rfc = format!("{local}{}:{}", &offset[..3], &offset[3..]);
    bigiq_simulator::world::timestamp::Timestamp::from_rfc3339(&rfc).unwrap().millis()
}
