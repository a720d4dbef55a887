//! "Common Errors": every text to the letter.

use std::net::Ipv4Addr;

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;
use serde_json::{Value, json};

use crate::console::{Console, KILL};
use crate::printed::{self, assert_as_printed, keys};

#[tokio::test]
async fn common_errors_an_incorrect_uri() {
    let printed = printed::response("errors-uri");
    let peer: Ipv4Addr = printed["referer"].as_str().unwrap().parse().unwrap();
    let console = Console::at(Profile::V5_2, 24, peer).await;
    let got = console.get("/mgmt/cm/access/tasks/kill-session").await;
    assert_eq!(got.status, 404);
    assert_as_printed(&got.json(), &printed, &["restOperationId"]);
    assert_eq!(keys(&got.json()), keys(&printed));
    // Later versions keep their stacks to themselves.
    let later = Console::at(Profile::V8, 24, peer)
        .await
        .get("/mgmt/cm/access/tasks/kill-session")
        .await
        .json();
    assert_eq!((&later["message"], &later["errorStack"]), (&printed["message"], &json!([])));
}

#[rstest]
#[case::common_errors_no_action("errors-action")]
#[case::common_errors_no_target("errors-targets")]
#[case::common_errors_an_empty_session("errors-session-info")]
#[case::common_errors_no_session_ids("errors-session-ids")]
#[tokio::test]
async fn a_refusal_is_worded_as_printed(#[case] sample: &str) {
    let printed = printed::response(sample);
    let peer: Ipv4Addr = printed["referer"].as_str().unwrap().parse().unwrap();
    let console = Console::at(Profile::V8, 24, peer).await;
    // The request is what the quote holds before the stamp.
    let quote = printed["originalRequestBody"].as_str().unwrap();
    let stamp = quote.find(r#","id":"#).unwrap();
    let got = console.send("POST", KILL, &format!("{}}}", &quote[..stamp])).await;
    assert_eq!(got.status, 400);
    let got = got.json();
    assert_as_printed(&got, &printed, &["originalRequestBody", "restOperationId"]);
    assert_eq!(keys(&got), keys(&printed));
    let (own, quote): (Value, Value) = (
        serde_json::from_str(got["originalRequestBody"].as_str().unwrap()).unwrap(),
        serde_json::from_str(quote).unwrap(),
    );
    assert_as_printed(&own, &quote, &["id", "lastUpdateMicros", "selfLink"]);
    assert_eq!(keys(&own), keys(&quote));
    // No task is made.
    let id = own["id"].as_str().unwrap();
    assert_eq!(console.get(&format!("{KILL}/{id}")).await.status, 404);
    assert_eq!(console.get(KILL).await.json()["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn common_errors_an_unknown_device_the_printed_task_to_the_letter() {
    let console = Console::new(Profile::V8).await;
    let printed = printed::response("errors-device-reference");
    let id = printed["id"].as_str().unwrap();
    assert_eq!(console.get(&format!("{KILL}/{id}")).await.text, printed.to_string());
}

/// The sample's device exists here: other samples kill on it. So another id stands for one that does not.
#[tokio::test]
async fn common_errors_an_unknown_device_a_task_of_its_own() {
    let console = Console::new(Profile::V8).await;
    let sample = printed::text("errors-device-reference").replace("901695c8", "00000000");
    let printed: Value = serde_json::from_str(&sample).unwrap();
    let link = &printed["sessions"][0]["deviceReference"]["link"];
    let body = json!({
        "action": printed["action"],
        "sessions": [{"deviceReference": {"link": link}, "sessionIds": ["2a5d7604"]}],
    });
    let reply = console.send("POST", KILL, &body.to_string()).await;
    assert_eq!(reply.status, 200, "the task is made, and fails");
    console.advance(1_000).await;
    let got = console.get(&format!("{KILL}/{}", reply.json()["id"].as_str().unwrap())).await.json();
    let free =
        ["endDateTime", "id", "lastUpdateMicros", "ownerMachineId", "selfLink", "startDateTime"];
    assert_as_printed(&got, &printed, &free);
    assert_eq!(keys(&got), keys(&printed));
}
