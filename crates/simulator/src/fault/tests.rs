//! Every fault through the whole server, triggered by its name: the tests see what a person sees in
//! the demo.

use std::future::Future;
use std::pin::pin;

use rstest::rstest;
use serde_json::{Value, json};

use super::by_name::{self, NAMES};
use super::kind::Fault;
use super::wait::Wait;
use crate::server::respond::Abort;
use crate::test_server::{KILL, TestResponse, TestServer, reference};
use crate::world::rng::Rng;

const DEVICES: &str = "/mgmt/cm/system/machineid-resolver";
const DEVICE: &str = "/mgmt/cm/system/machineid-resolver/901695c8-f405-489f-9996-54f7b21da642";
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
const ECHO: &str = "/mgmt/shared/echo";

/// Faults of reads by an operator with a fault name: name, path, check of the answer.
type Check = fn(&TestResponse) -> bool;
const ON_READS: &[(&str, &str, Check)] = &[
    ("fault-error-500", ECHO, |got| got.status == 500 && got.json()["code"] == 500),
    ("fault-error-429", ECHO, |got| got.status == 429 && got.header("retry-after") == "5"),
    ("fault-error-503", ECHO, |got| got.status == 503 && got.header("retry-after") == "5"),
    ("fault-page-200", ECHO, |got| is_page(got, 200)),
    ("fault-page-401", ECHO, |got| is_page(got, 401)),
    ("fault-page-404", ECHO, |got| is_page(got, 404)),
    ("fault-page-502", ECHO, |got| is_page(got, 502)),
    ("fault-page-502-late", ECHO, |got| is_page(got, 502)),
    ("fault-page-503", ECHO, |got| is_page(got, 503)),
    ("fault-page-504", ECHO, |got| is_page(got, 504)),
    ("fault-lost-request", ECHO, |got| got.aborted == Some(Abort::Close)),
    ("fault-lost-answer", ECHO, |got| got.aborted == Some(Abort::Close)),
    ("fault-reset", ECHO, |got| got.aborted == Some(Abort::Reset)),
    ("fault-reset-late", ECHO, |got| got.aborted == Some(Abort::Reset)),
    ("fault-truncate", DEVICE, |got| {
        let promised: usize = got.header("content-length").parse().unwrap_or(0);
        promised > 1_000 && got.truncated
    }),
    ("fault-content-type", DEVICE, |got| got.header("content-type") == "text/plain"),
    ("fault-oversized", DEVICE, |got| got.text.len() > 6_000_000 && got.json().is_object()),
    ("fault-invalid-utf8", DEVICE, |got| got.text.contains('\u{fffd}')),
    ("fault-floats", DEVICE, |got| got.text.contains("\"httpsPort\":443.0")),
    ("fault-unknown-enum", DEVICE, |got| got.json()["state"] == "SOMETHING_NEW"),
    ("fault-extra-fields", DEVICE, |got| got.json()["slots"][0]["somethingNew"].is_object()),
    ("fault-missing-field", KILL, |got| got.json()["items"][0].get("id").is_none()),
    ("fault-null-field", KILL, |got| got.json()["items"][0]["status"].is_null()),
    ("fault-duplicate-ids", DEVICES, |got| {
        let list = got.json();
        list["items"][0]["uuid"] == list["items"][1]["uuid"]
    }),
    ("fault-odd-ids", DEVICE, |got| got.json()["machineId"] == "901695c8/../\"<ü>' ?#%"),
    ("fault-huge-string", DEVICE, |got| got.json()["hostname"].as_str().unwrap().len() == 100_000),
    ("fault-wrong-total", "/mgmt/shared/resolver/device-groups", |got| {
        let list = got.json();
        list["totalItems"] == 1 && list["items"].as_array().unwrap().len() > 1
    }),
    ("fault-clock-skew", ECHO, |got| got.header("date") == "Tue, 15 Nov 2016 22:25:35 GMT"),
    ("fault-restart", ECHO, |got| got.status == 404 && got.message().contains("not registered")),
    ("fault-restart-page", ECHO, |got| is_page(got, 503)),
    ("fault-restart-401", ECHO, |got| {
        got.status == 401 && got.message().contains("not registered")
    }),
    ("fault-revoke", ECHO, |got| got.status == 401 && got.message().ends_with("claims.")),
    ("fault-source-address", ECHO, |got| {
        got.message().ends_with("valid for 192.0.2.10 and received from 192.0.2.254.")
    }),
];

/// Faults that take time: name, shortest and longest time in milliseconds.
const DELAYS: &[(&str, i64, i64)] = &[
    ("fault-slow", 15_000, 15_000),
    ("fault-slow-answer", 15_000, 15_000),
    ("fault-stall", 15_000, 15_000),
];

/// Faults of a task: name, check of an early read of the task.
const ON_TASKS: &[(&str, Check)] = &[
    ("fault-unknown-enum", |got| got.json()["status"] == "SOMETHING_NEW"),
    ("fault-null-field", |got| got.json()["status"].is_null()),
    ("fault-task-gone", |got| got.status == 404 && got.message().starts_with("cm/access/tasks/")),
    ("fault-status-regress", |got| got.json()["status"] == "STARTED"),
    ("fault-cancel-requested", |got| got.json()["status"] == "CANCEL_REQUESTED"),
    ("fault-no-result", |got| {
        got.json()["status"] == "FINISHED" && got.json().get("result").is_none()
    }),
];

/// These have their own tests below.
const TESTED_BELOW: &[&str] = &["fault-latency", "fault-revoke-refresh"];

fn is_page(got: &TestResponse, status: u16) -> bool {
    got.status == status
        && got.header("content-type") == "text/html"
        && got.text.starts_with("<html>")
}

/// The third read of an operator with a fault name.
async fn third_read(server: &TestServer, name: &str, path: &str) -> TestResponse {
    let token = server.sign_in(name).await;
    for _ in 0..2 {
        assert_eq!(server.send_as(&token, "GET", path, "").await.status, 200, "{name}");
    }
    server.send_as(&token, "GET", path, "").await
}

/// Moves the frozen clock forward in steps of one second until there is an answer. Returns the
/// answer and the time in milliseconds.
async fn answered_after(
    server: &TestServer,
    answer: impl Future<Output = TestResponse>,
) -> (TestResponse, i64) {
    let mut answer = pin!(answer);
    let mut passed = 0;
    loop {
        tokio::select! {
            biased;
            got = &mut answer => return (got, passed),
            () = tokio::task::yield_now() => {
                server.advance(1_000);
                passed += 1_000;
            }
        }
    }
}

#[tokio::test]
async fn every_third_read_goes_wrong() {
    for (name, path, check) in ON_READS {
        let server = TestServer::new().await;
        let got = third_read(&server, name, path).await;
        assert!(check(&got), "{name}: {} {:.300}", got.status, got.text);
    }
}

#[tokio::test]
async fn delays_follow_the_appliances_clock() {
    for (name, least, most) in DELAYS {
        let server = TestServer::new().await;
        let token = server.sign_in(name).await;
        for _ in 0..2 {
            server.send_as(&token, "GET", DEVICE, "").await;
        }
        let (got, passed) =
            answered_after(&server, server.send_as(&token, "GET", DEVICE, "")).await;
        assert_eq!(got.json()["uuid"], "901695c8-f405-489f-9996-54f7b21da642", "{name}");
        assert!(passed >= *least, "{name}: {passed} ms");
        // The clock moves in steps, and some steps may come before the wait begins.
        assert!(passed <= most + 10_000, "{name}: {passed} ms");
    }
}

#[tokio::test]
async fn reads_of_a_task_go_wrong_only_in_its_first_20_seconds() {
    for (name, check) in ON_TASKS {
        let server = TestServer::new().await;
        let body = json!({"action": "KILL_BY_USER", "userName": name,
                          "deviceReferences": [reference(LONE)]});
        let id = server.start_kill(&body).await;
        server.advance(1_000);
        let path = format!("{KILL}/{id}");
        let got = server.get(&path).await;
        assert!(check(&got), "{name}: {} {}", got.status, got.text);
        server.advance(20_000);
        let task = server.task(&id).await;
        assert_eq!((&task["status"], &task["result"]), (&json!("FINISHED"), &json!("COMPLETE")));
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_cannot_be_exchanged() {
    let server = TestServer::new().await;
    let name = "fault-revoke-refresh";
    let body = json!({"username": name, "password": name}).to_string();
    let reply = server.anonymous("POST", "/mgmt/shared/authn/login", &body).await.json();
    let access = reply["token"]["token"].as_str().unwrap();
    for _ in 0..3 {
        assert_eq!(server.send_as(access, "GET", ECHO, "").await.status, 200);
    }
    let refresh = json!({"refreshToken": {"token": reply["refreshToken"]["token"]}}).to_string();
    assert_eq!(server.anonymous("POST", "/mgmt/shared/authn/exchange", &refresh).await.status, 401);
}

#[test]
fn latency_has_a_long_tail() {
    let Some(Fault::Delay { ms, .. }) = by_name::fault_named("fault-latency") else {
        panic!("not a delay")
    };
    let mut rng = Rng::new(1);
    let mut lengths: Vec<u64> = (0..10_000).map(|_| ms.pick_ms(&mut rng)).collect();
    lengths.sort_unstable();
    assert!((270..330).contains(&lengths[5_000]), "{}", lengths[5_000]);
    assert!((4_000..6_500).contains(&lengths[9_900]), "{}", lengths[9_900]);
    for odd in [r#"{"median":0,"p99":0}"#, r#"{"median":4294967295,"p99":1}"#] {
        let wait: Wait = serde_json::from_str(odd).unwrap();
        for _ in 0..1_000 {
            assert!(wait.pick_ms(&mut rng) <= 120_000, "{odd}");
        }
    }
}

#[tokio::test]
async fn every_fault_name_is_tested() {
    let mut tested: Vec<&str> = ON_READS.iter().map(|(name, ..)| *name).collect();
    tested.extend(DELAYS.iter().map(|(name, ..)| *name));
    tested.extend(ON_TASKS.iter().map(|(name, _)| *name));
    tested.extend(TESTED_BELOW);
    for name in NAMES {
        assert!(tested.contains(&name), "{name}");
    }
    for name in tested {
        assert!(NAMES.contains(&name), "{name}");
    }
}

#[test]
fn the_documentation_lists_every_fault_name_and_kind() {
    let page = include_str!("../../../../docs/simulator-differences.md");
    for name in NAMES {
        assert!(page.contains(&format!("`{name}`")), "{name}");
        let kind = by_name::fault_named(name).unwrap().kind();
        assert!(
            page.contains(&format!("`{kind}`")) || page.contains(&format!("\"{kind}\"")),
            "{kind}"
        );
    }
}

#[rstest]
#[case("fault-lost-request", None, false)]
#[case("fault-lost-answer", None, true)]
#[case("fault-reset", None, false)]
#[case("fault-reset-late", None, true)]
#[case("fault-page-502", Some(502), false)]
#[case("fault-page-502-late", Some(502), true)]
#[case("fault-error-503", Some(503), false)]
#[case("fault-truncate", Some(200), true)]
#[tokio::test]
async fn a_failed_post_may_still_have_started_the_kill(
    #[case] user: &str,
    #[case] status: Option<u16>,
    #[case] took_effect: bool,
) {
    let server = TestServer::new().await;
    let body = json!({"action": "KILL_BY_USER", "userName": user,
                      "deviceReferences": [reference(LONE)]});
    let got = server.post(KILL, &body.to_string()).await;
    assert_eq!(got.aborted.is_none().then_some(got.status), status);
    let query = format!("{KILL}?$filter=userName+eq+'{user}'");
    let found = server.get(&query).await.json()["items"].as_array().unwrap().len();
    assert_eq!(found, usize::from(took_effect));
}

#[tokio::test]
async fn the_sign_in_goes_wrong_with_the_password_sign_in() {
    let server = TestServer::new().await;
    let sign_in = |password: &str| json!({"username": "fault-page-504", "password": password});
    let wrong = sign_in("sign-in").to_string();
    assert!(is_page(&server.anonymous("POST", "/mgmt/shared/authn/login", &wrong).await, 504));
    let right = sign_in("fault-page-504").to_string();
    assert_eq!(server.anonymous("POST", "/mgmt/shared/authn/login", &right).await.status, 200);
}

#[tokio::test]
async fn a_restart_ends_and_all_tokens_stay_invalid() {
    let server = TestServer::new().await;
    third_read(&server, "fault-restart", ECHO).await;
    let silent = server.anonymous("GET", "/info/system", "").await;
    assert_eq!(
        (silent.status, silent.message().as_str()),
        (
            404,
            "Public URI path not registered. Please see /var/log/restjavad.0.log and \
             /var/log/restnoded/restnoded.log for details."
        )
    );
    server.advance(20_000);
    assert_eq!(server.anonymous("GET", "/info/system", "").await.status, 200);
    assert_eq!(server.get(ECHO).await.status, 401);
}

#[tokio::test]
async fn a_rule_counts_and_its_fault_is_logged() {
    let server = TestServer::new().await;
    let rule = json!({"method": "GET", "path": "/mgmt/shared/*", "skip": 1, "count": 1,
                      "fault": {"kind": "html", "status": 502}});
    server.set_faults(json!([rule])).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(server.get(ECHO).await.status);
    }
    assert_eq!(seen, [200, 502, 200]);
    let left = server.anonymous("GET", "/_sim/faults", "").await.json();
    assert_eq!((&left[0]["skip"], &left[0]["count"]), (&json!(0), &json!(0)));
    let record = server.anonymous("GET", "/_sim/requests", "").await.json();
    let logged: Vec<&Value> =
        record.as_array().unwrap().iter().rev().take(3).map(|call| &call["fault"]).collect();
    assert_eq!(logged, [&Value::Null, &json!("html"), &Value::Null]);
    server.set_faults(json!([])).await;
    let wrong =
        server.anonymous("POST", "/_sim/faults", r#"[{"path":"/a","fault":{"kind":"x"}}]"#).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.json()["error"].as_str().unwrap().contains("unknown variant"));
}
