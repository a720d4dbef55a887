//! What the answer to a kill means, for every status and every kind of body.

use crate::kill_request::{claim, prepared};
use crate::scripted::{Answer, Scripted, answer};
use crate::virtual_browser::VirtualBrowser;
use curfew_client::kill::AuditHeaders;
use curfew_client::platform::{Connection, NoResponse};
use curfew_core::ids::JobId;
use curfew_core::job::SendOutcome;
use futures::executor::block_on;
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

/// Bodies with a letter each.
const BODIES: [(char, &[u8]); 10] = [
    ('t', br#"{"id":"9b2cf1d2-0000-4000-8000-000000000001","status":"STARTED"}"#),
    ('l', br#"{"selfLink":"https://localhost/mgmt/cm/access/tasks/kill-sessions/9b2cf1d2"}"#),
    ('n', br#"{"status":"STARTED"}"#),
    ('e', br#"{"code":400,"message":"userName is missing"}"#),
    ('m', br#"{"message":"something"}"#),
    ('h', b"<html><body>Request rejected</body></html>"),
    ('c', br#"{"id":"9b2cf1d2-0000-4000-8000-000000"#),
    ('u', b"{\"id\":\"9b2cf1d2\",\"x\":\"\xc3\x28\"}"),
    ('a', b"[]"),
    ('-', b""),
];

/// The expected outcome for each body, in their order: `A`ccepted, `R`ejected, `?` unknown.
#[rstest]
// Any success: accepted with a readable task that has an id, otherwise a task may be running.
#[case("AA????????", &[200, 201, 202, 204, 206, 299])]
// Redirects, and statuses that don't exist: nobody knows.
#[case("??????????", &[0, 100, 199, 300, 301, 302, 303, 304, 307, 308, 399])]
// BIG-IQ's own refusal counts; a page may have replaced its answer.
#[case("???RR?????", &[400, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 414, 415, 418, 421, 422, 423, 425, 428, 431, 451, 499])]
// Before the request is processed, from BIG-IQ or from a proxy.
#[case("RRRRRRRRRR", &[401, 413, 429])]
// The task may have started.
#[case("??????????", &[500, 501, 502, 503, 504, 507, 511, 520, 522, 530, 599, 600, 999])]
fn the_outcome_follows_from_status_and_body(#[case] expected: &str, #[case] statuses: &[u16]) {
    for status in statuses {
        for ((name, body), expected) in BODIES.into_iter().zip(expected.chars()) {
            let reply = answer(*status, "").map(|mut reply| {
                reply.body = body.to_vec();
                reply
            });
            assert_eq!(outcome_of(reply), expected, "{status} {name}");
        }
    }
}

#[rstest]
#[case(NoResponse::Broken)]
#[case(NoResponse::Timeout(Duration::from_secs(65)))]
#[case(NoResponse::TooLarge(100 << 20))]
fn without_a_whole_answer_the_outcome_is_unknown(#[case] none: NoResponse) {
    assert_eq!(outcome_of(Err(none)), '?');
}

/// The outcome of a kill that gets this answer, as a letter.
fn outcome_of(reply: Answer) -> char {
    let (client, platform) = Scripted::signed_in(move |_| reply.clone());
    let outcome = block_on(client.kill(prepared(), &claim())).outcome;
    assert_eq!(platform.sent().len(), 1, "it is sent once: {outcome:?}");
    assert!(!client.is_ended());
    match outcome {
        SendOutcome::Accepted(_) => 'A',
        SendOutcome::Rejected(_) => 'R',
        SendOutcome::Unknown(_) => '?',
        SendOutcome::NotSent(_) => 'N',
    }
}

/// Every fault that the simulator knows for the POST: the outcome, and whether the task exists.
#[rstest]
#[case(json!({"kind": "status", "status": 400}), 'R', 0)]
#[case(json!({"kind": "status", "status": 401, "message": "Invalid registered claims."}), 'R', 0)]
#[case(json!({"kind": "status", "status": 429, "retryAfter": 5}), 'R', 0)]
#[case(json!({"kind": "status", "status": 500}), '?', 0)]
#[case(json!({"kind": "status", "status": 503, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "html", "status": 200}), '?', 0)]
#[case(json!({"kind": "html", "status": 200, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "html", "status": 401}), 'R', 0)]
#[case(json!({"kind": "html", "status": 403, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "html", "status": 404, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "html", "status": 413}), 'R', 0)]
#[case(json!({"kind": "html", "status": 429}), 'R', 0)]
#[case(json!({"kind": "html", "status": 502}), '?', 0)]
#[case(json!({"kind": "html", "status": 504, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "drop-before-effect"}), '?', 0)]
#[case(json!({"kind": "drop-after-effect"}), '?', 1)]
#[case(json!({"kind": "reset"}), '?', 0)]
#[case(json!({"kind": "reset", "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "truncate"}), '?', 1)]
#[case(json!({"kind": "delay", "ms": 15_000}), 'A', 1)]
#[case(json!({"kind": "delay", "ms": 90_000}), '?', 1)]
#[case(json!({"kind": "delay", "ms": 90_000, "afterEffect": true}), '?', 1)]
#[case(json!({"kind": "stall", "ms": 15_000}), 'A', 1)]
#[case(json!({"kind": "stall", "ms": 90_000}), '?', 1)]
#[case(json!({"kind": "content-type", "value": "text/plain"}), 'A', 1)]
#[case(json!({"kind": "invalid-utf8"}), '?', 1)]
#[case(json!({"kind": "floats"}), 'A', 1)]
#[case(json!({"kind": "unknown-enum"}), 'A', 1)]
#[case(json!({"kind": "extra-fields"}), 'A', 1)]
#[case(json!({"kind": "missing-field", "name": "id"}), 'A', 1)]
#[case(json!({"kind": "edit", "remove": ["/id", "/selfLink"]}), '?', 1)]
#[case(json!({"kind": "odd-ids"}), 'A', 1)]
#[case(json!({"kind": "huge-string", "name": "status", "bytes": 100_000}), 'A', 1)]
#[case(json!({"kind": "clock-skew", "seconds": 7_200}), 'A', 1)]
#[case(json!({"kind": "restart", "seconds": 20}), 'R', 0)]
#[case(json!({"kind": "restart", "seconds": 20, "status": 503}), '?', 0)]
#[case(json!({"kind": "revoke-access"}), 'R', 0)]
#[case(json!({"kind": "source-address", "address": "192.0.2.99"}), 'R', 0)]
fn an_outcome_never_contradicts_what_bigiq_did(
    #[case] fault: Value,
    #[case] expected: char,
    #[case] tasks: usize,
) {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let path = "/mgmt/cm/access/tasks/kill-sessions";
    browser.faults(&json!([{"method": "POST", "path": path, "count": 1, "fault": fault}]));
    let before = browser.task_count();
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    let letter = match &outcome {
        SendOutcome::Accepted(snapshot) => {
            assert!(snapshot.task.is_some());
            'A'
        }
        SendOutcome::Rejected(_) => 'R',
        SendOutcome::Unknown(_) => '?',
        SendOutcome::NotSent(_) => 'N',
    };
    assert_eq!(letter, expected, "{outcome:?}");
    // Everything that is under way ends, also a restart.
    browser.pass(Duration::from_secs(120));
    assert_eq!(browser.task_count() - before, tasks);
    assert_eq!(browser.count("POST", "/kill-sessions"), 1);
}

#[test]
fn a_kill_has_the_connection_and_the_claims_of_its_own() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let claim = AuditHeaders {
        operator: "jürgen, admin".to_owned(),
        job: JobId::new("b1-1"),
        reason: "r\n".repeat(300),
    };
    browser.run(client.kill(prepared(), &claim));
    let sent = browser.sent();
    let kill = sent.last().unwrap();
    assert_eq!((kill.method, kill.connection), ("POST", Connection::Own));
    assert_eq!(kill.header("X-Curfew"), Some("1"));
    assert_eq!(kill.header("X-Curfew-Operator"), Some("j%C3%BCrgen,%20admin"));
    assert_eq!(kill.header("X-Curfew-Job"), Some("b1-1"));
    assert_eq!(kill.header("X-Curfew-Action"), Some("KILL_BY_USER"));
    assert_eq!(kill.header("X-Curfew-Reason"), Some(&*"r%0A".repeat(100)));
    let body: Value = serde_json::from_str(kill.body.as_deref().unwrap()).unwrap();
    assert_eq!(body["userName"], "user2");
    let others = sent.iter().filter(|sent| sent.connection == Connection::Own).count();
    assert_eq!(others, 1, "only the kill");
}

#[test]
fn where_the_proxy_signs_in_a_kill_shares_its_connections() {
    let browser = VirtualBrowser::new(json!({}));
    browser.add_token_of("manager");
    let client = browser.signed_out().by_proxy("service".to_owned());
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    assert!(matches!(outcome, SendOutcome::Accepted(_)), "{outcome:?}");
    assert_eq!(browser.sent()[0].connection, Connection::Shared);
}
