//! "Common Errors": every error text, word for word.

use std::net::Ipv4Addr;

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::{Value, json};

use crate::samples::{self, assert_matches_sample, keys};
use crate::test_server::{KILL, TestServer};

#[tokio::test]
async fn common_errors_an_incorrect_uri() {
    let sample = samples::response("errors-uri");
    let peer: Ipv4Addr = sample["referer"].as_str().unwrap().parse().unwrap();
    let server = TestServer::at(Profile::V5_2, 24, peer).await;
    let got = server.get("/mgmt/cm/access/tasks/kill-session").await;
    assert_eq!(got.status, 404);
    assert_matches_sample(&got.json(), &sample, &["restOperationId"]);
    assert_eq!(keys(&got.json()), keys(&sample));
    // Later versions omit the stack.
    let later = TestServer::at(Profile::V8, 24, peer)
        .await
        .get("/mgmt/cm/access/tasks/kill-session")
        .await
        .json();
    assert_eq!((&later["message"], &later["errorStack"]), (&sample["message"], &json!([])));
}

#[rstest]
#[case::common_errors_no_action("errors-action")]
#[case::common_errors_no_target("errors-targets")]
#[case::common_errors_an_empty_session("errors-session-info")]
#[case::common_errors_no_session_ids("errors-session-ids")]
#[tokio::test]
async fn an_error_matches_its_sample(#[case] name: &str) {
    let sample = samples::response(name);
    let peer: Ipv4Addr = sample["referer"].as_str().unwrap().parse().unwrap();
    let server = TestServer::at(Profile::V8, 24, peer).await;
    // The quote consists of the request and the stamp.
    let quote = sample["originalRequestBody"].as_str().unwrap();
    let stamp = quote.find(r#","id":"#).unwrap();
    let got = server.send("POST", KILL, &format!("{}}}", &quote[..stamp])).await;
    assert_eq!(got.status, 400);
    let got = got.json();
    assert_matches_sample(&got, &sample, &["originalRequestBody", "restOperationId"]);
    assert_eq!(keys(&got), keys(&sample));
    let (own, quote): (Value, Value) = (
        serde_json::from_str(got["originalRequestBody"].as_str().unwrap()).unwrap(),
        serde_json::from_str(quote).unwrap(),
    );
    assert_matches_sample(&own, &quote, &["id", "lastUpdateMicros", "selfLink"]);
    assert_eq!(keys(&own), keys(&quote));
    // No task is created.
    let id = own["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("{KILL}/{id}")).await.status, 404);
    assert_eq!(server.get(KILL).await.json()["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn common_errors_an_unknown_device_sample_task() {
    let server = TestServer::new(Profile::V8).await;
    let sample = samples::response("errors-device-reference");
    let id = sample["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("{KILL}/{id}")).await.text, sample.to_string());
}

/// The sample's device exists here, because other samples kill on it, so the test uses another id.
#[tokio::test]
async fn common_errors_an_unknown_device_new_task() {
    let server = TestServer::new(Profile::V8).await;
    let sample = samples::text("errors-device-reference").replace("901695c8", "00000000");
    let sample: Value = serde_json::from_str(&sample).unwrap();
    let link = &sample["sessions"][0]["deviceReference"]["link"];
    let body = json!({
        "action": sample["action"],
        "sessions": [{"deviceReference": {"link": link}, "sessionIds": ["2a5d7604"]}],
    });
    let reply = server.send("POST", KILL, &body.to_string()).await;
    assert_eq!(reply.status, 200, "the task is created, and fails later");
    server.advance(1_000).await;
    let got = server.get(&format!("{KILL}/{}", reply.json()["id"].as_str().unwrap())).await.json();
    let free =
        ["endDateTime", "id", "lastUpdateMicros", "ownerMachineId", "selfLink", "startDateTime"];
    assert_matches_sample(&got, &sample, &free);
    assert_eq!(keys(&got), keys(&sample));
}
