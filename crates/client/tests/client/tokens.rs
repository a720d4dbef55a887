//! The access token is renewed before it is needed, once for all who wait; and what a 401 means.

use crate::kill_request::{claim, prepared};
use crate::virtual_browser::VirtualBrowser;
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::signed_in::SignedIn;
use curfew_core::ids::{MachineId, TaskId};
use curfew_core::job::{Failure, SendOutcome};
use futures::future::{join, join_all};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

const EXCHANGE: &str = "/mgmt/shared/authn/exchange";
const TASKS: &str = "/mgmt/cm/access/tasks/kill-sessions";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn signed_in() -> (VirtualBrowser, SignedIn) {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    (browser, client)
}

fn fault(browser: &VirtualBrowser, path: &str, count: usize, fault: &Value) {
    browser.faults(&json!([{"path": path, "count": count, "fault": fault}]));
}

/// A token that BIG-IQ no longer knows.
fn token_error() -> Value {
    json!({"kind": "status", "status": 401, "message": "Invalid registered claims."})
}

// An access token is valid for 300 s, and exchanged once less than 90 s are left.
#[rstest]
#[case(0, 0)]
#[case(209, 0)]
#[case(211, 1)]
#[case(299, 1)]
#[case(301, 1)]
#[case(30_000, 1)]
fn a_token_is_exchanged_before_it_expires(#[case] after: u64, #[case] exchanges: usize) {
    let (browser, client) = signed_in();
    browser.pass(seconds(after));
    browser.run(client.tasks(0, 1)).unwrap();
    assert_eq!(browser.count("POST", EXCHANGE), exchanges);
    browser.run(client.tasks(0, 1)).unwrap();
    assert_eq!(browser.count("POST", EXCHANGE), exchanges, "the new one is used");
    assert!(!browser.calls().iter().any(|call| call.ends_with("401")));
}

#[test]
fn a_token_ages_while_the_machine_sleeps_and_when_its_clock_is_set_back() {
    let (browser, client) = signed_in();
    browser.suspend(seconds(400));
    browser.run(client.tasks(0, 1)).unwrap();
    assert_eq!(browser.count("POST", EXCHANGE), 1, "by the time of day");
    browser.set_clock_by(-7_200_000);
    browser.pass(seconds(400));
    browser.run(client.tasks(0, 1)).unwrap();
    assert_eq!(browser.count("POST", EXCHANGE), 2, "by the monotonic clock");
    assert!(!browser.calls().iter().any(|call| call.ends_with("401")));
}

#[test]
fn many_calls_at_once_share_one_exchange() {
    let (browser, client) = signed_in();
    browser.settings(&json!({"latencyMs": [200, 400]}));
    browser.pass(seconds(400));
    let reads = (0..50).map(|_| client.tasks(0, 1));
    let read = browser.run(join_all(reads));
    assert!(read.iter().all(Result::is_ok));
    assert_eq!(browser.count("POST", EXCHANGE), 1);
    assert_eq!(browser.count("GET", TASKS), 50);
}

#[test]
fn many_reads_with_a_dead_token_share_one_exchange() {
    let (browser, client) = signed_in();
    browser.settings(&json!({"latencyMs": [200, 400]}));
    fault(&browser, "/info/system", 1, &json!({"kind": "revoke-access"}));
    browser.run(browser.signed_out().welcome()).unwrap();
    let read = browser.run(join_all((0..50).map(|_| client.tasks(0, 1))));
    assert!(read.iter().all(Result::is_ok), "{read:?}");
    assert_eq!(browser.count("POST", EXCHANGE), 1);
    assert_eq!(browser.count("GET", TASKS), 100, "each is repeated once");
}

#[test]
fn an_exchange_whose_caller_is_gone_is_not_used_forever() {
    let (browser, client) = signed_in();
    browser.settings(&json!({"latencyMs": [2_000, 2_000]}));
    browser.pass(seconds(400));
    // The first caller gives up during the exchange, and the second waits for its result.
    let first = client.clone();
    let leaves = browser.sleep(seconds(1));
    let first = async move {
        futures::future::select(std::pin::pin!(first.tasks(0, 1)), leaves).await;
    };
    let sleep = browser.sleep(Duration::from_millis(500));
    let second = async {
        sleep.await;
        client.tasks(0, 1).await
    };
    let ((), second) = browser.run(join(first, second));
    second.unwrap();
    assert_eq!(browser.count("POST", EXCHANGE), 1);
    for exchanges in 2..5 {
        browser.pass(seconds(400));
        browser.run(client.tasks(0, 1)).unwrap();
        assert_eq!(browser.count("POST", EXCHANGE), exchanges);
    }
}

#[rstest]
#[case(json!({"kind": "drop-before-effect"}))]
#[case(json!({"kind": "html", "status": 502}))]
#[case(json!({"kind": "status", "status": 503}))]
#[case(json!({"kind": "status", "status": 429}))]
#[case(json!({"kind": "truncate"}))]
#[case(json!({"kind": "restart", "seconds": 20}))]
#[case(json!({"kind": "delay", "ms": 90_000}))]
fn an_exchange_that_fails_is_tried_again_at_the_next_call(#[case] fails: Value) {
    let (browser, client) = signed_in();
    browser.pass(seconds(400));
    let is_restart = fails["kind"] == "restart";
    fault(&browser, EXCHANGE, 1, &fails);
    let (one, other) = browser.run(join(client.tasks(0, 1), client.tasks(0, 1)));
    assert_eq!(one.unwrap_err(), other.unwrap_err());
    assert!(!client.is_ended());
    assert_eq!(browser.count("POST", EXCHANGE), 1);
    browser.pass(seconds(30));
    let later = browser.run(client.tasks(0, 1));
    // A restart forgets all tokens.
    assert_eq!(later.is_ok(), !is_restart, "{later:?}");
    assert_eq!(client.is_ended(), is_restart);
}

#[rstest]
#[case(401, "Invalid registered claims.")]
#[case(401, "Authentication failed.")]
#[case(400, "refreshToken is invalid")]
fn a_refused_exchange_ends_the_sign_in(#[case] status: u16, #[case] message: &str) {
    let (browser, client) = signed_in();
    browser.pass(seconds(400));
    fault(&browser, EXCHANGE, 1, &json!({"kind": "status", "status": status, "message": message}));
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err(), ApiError::SignInNeeded);
    assert!(client.is_ended());
    let before = browser.calls().len();
    assert_eq!(browser.run(client.renew()).unwrap_err(), ApiError::SignInNeeded);
    assert_eq!(browser.calls().len(), before, "an ended client calls nothing");
}

#[test]
fn the_sign_in_ends_with_the_refresh_token() {
    let (browser, client) = signed_in();
    browser.pass(seconds(36_001));
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err(), ApiError::SignInNeeded);
    assert!(client.is_ended());
    assert_eq!(browser.count("POST", EXCHANGE), 0);
}

#[test]
fn an_unreadable_answer_to_an_exchange_does_not_quote_a_token() {
    let (browser, client) = signed_in();
    browser.pass(seconds(400));
    fault(
        &browser,
        EXCHANGE,
        1,
        &json!({"kind": "edit", "set": {"/token": 7, "/refreshToken": "secret-token"}}),
    );
    let result = browser.run(client.tasks(0, 1));
    let Err(ApiError::Unreadable(error)) = &result else { panic!("{result:?}") };
    assert!(!format!("{error:?} {error}").contains("secret-token"), "{error:?}");
}

#[test]
fn a_read_with_a_dead_token_is_repeated_once_with_a_new_one() {
    let (browser, client) = signed_in();
    fault(&browser, TASKS, 1, &token_error());
    browser.run(client.tasks(0, 1)).unwrap();
    assert_eq!((browser.count("GET", TASKS), browser.count("POST", EXCHANGE)), (2, 1));
    assert!(!client.is_ended());
}

#[test]
fn a_read_whose_new_token_is_refused_too_ends_the_sign_in() {
    let (browser, client) = signed_in();
    fault(&browser, TASKS, 9, &token_error());
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err(), ApiError::SignInNeeded);
    assert_eq!((browser.count("GET", TASKS), browser.count("POST", EXCHANGE)), (2, 1));
    assert!(client.is_ended());
}

#[test]
fn a_late_401_for_the_old_token_takes_the_token_that_another_call_has_renewed() {
    let (browser, client) = signed_in();
    fault(&browser, "/info/system", 1, &json!({"kind": "revoke-access"}));
    browser.run(browser.signed_out().welcome()).unwrap();
    // The first read is refused at once, and its answer comes late.
    fault(&browser, TASKS, 1, &json!({"kind": "delay", "ms": 9_000, "afterEffect": true}));
    let (late, soon) = browser.run(join(client.tasks(0, 1), client.tasks(0, 1)));
    assert!(late.is_ok() && soon.is_ok());
    assert_eq!((browser.count("GET", TASKS), browser.count("POST", EXCHANGE)), (4, 1));
}

#[test]
fn a_400_for_a_read_does_not_end_the_sign_in() {
    let (browser, client) = signed_in();
    fault(&browser, TASKS, 1, &json!({"kind": "status", "status": 400}));
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err().refusal(), Some(Refusal::Invalid));
    assert!(!client.is_ended());
}

#[rstest]
#[case("Authorization failed: user=x resource=y verb=GET", Refusal::NotPermitted)]
#[case(
    "Tokens are only valid to be used by the client of which they were issued.",
    Refusal::WrongAddress
)]
#[case("Public URI path not registered.", Refusal::NotRegistered)]
fn a_401_about_something_else_renews_and_ends_nothing(
    #[case] message: &str,
    #[case] refusal: Refusal,
) {
    let (browser, client) = signed_in();
    let error = json!({"kind": "status", "status": 401, "message": message});
    fault(&browser, TASKS, 1, &error);
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err().refusal(), Some(refusal));
    assert_eq!((browser.count("GET", TASKS), browser.count("POST", EXCHANGE)), (1, 0));
    assert!(!client.is_ended());
}

#[test]
fn a_401_for_an_optional_read_means_not_permitted() {
    let (browser, client) = signed_in();
    fault(&browser, "/mgmt/shared/resolver/*", 9, &token_error());
    let role = browser.run(client.role(&MachineId::new("a")));
    assert_eq!(role.unwrap_err().refusal(), Some(Refusal::NotPermitted));
    assert!(!client.is_ended());
    assert_eq!(browser.count("POST", EXCHANGE), 1, "the token could have been the reason");
}

#[test]
fn a_kill_with_a_dead_token_is_not_repeated_and_the_next_call_has_a_new_one() {
    let (browser, client) = signed_in();
    fault(&browser, TASKS, 1, &token_error());
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    let SendOutcome::Rejected(error) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(error, Failure::Refused { refusal: Refusal::TokenExpired, .. }));
    assert_eq!((browser.count("POST", TASKS), browser.count("POST", EXCHANGE)), (1, 0));
    assert!(!client.is_ended());
    browser.run(client.renew()).unwrap();
    assert_eq!((browser.count("POST", TASKS), browser.count("POST", EXCHANGE)), (1, 1));
}

#[test]
fn a_kill_during_an_exchange_waits_for_the_new_token() {
    let (browser, client) = signed_in();
    fault(&browser, "/info/system", 1, &json!({"kind": "revoke-access"}));
    browser.run(browser.signed_out().welcome()).unwrap();
    browser.settings(&json!({"latencyMs": [2_000, 2_000]}));
    // The read gets its 401 after 2 s, and the exchange its answer after 4 s.
    let sleep = browser.sleep(seconds(3));
    let kill = async {
        sleep.await;
        client.kill(prepared(), &claim()).await
    };
    let (read, outcome) = browser.run(join(client.tasks(0, 1), kill));
    read.unwrap();
    assert!(matches!(outcome.outcome, SendOutcome::Accepted(_)), "{outcome:?}");
    assert_eq!((browser.count("POST", TASKS), browser.count("POST", EXCHANGE)), (1, 1));
}

#[test]
fn a_cancel_with_a_dead_token_is_not_repeated() {
    let (browser, client) = signed_in();
    fault(&browser, &format!("{TASKS}/*"), 1, &token_error());
    let refused = browser.run(client.cancel(&TaskId::new("t"))).unwrap_err();
    assert_eq!(refused.refusal(), Some(Refusal::TokenExpired));
    assert_eq!(browser.count("PATCH", "/t"), 1);
}

#[test]
fn a_kill_whose_token_cannot_be_renewed_is_not_sent() {
    let (browser, client) = signed_in();
    browser.pass(seconds(400));
    fault(&browser, EXCHANGE, 1, &json!({"kind": "drop-before-effect"}));
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    assert!(matches!(outcome, SendOutcome::NotSent(Failure::NoAnswer)), "{outcome:?}");
    fault(&browser, EXCHANGE, 1, &token_error());
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    assert!(matches!(outcome, SendOutcome::NotSent(Failure::SignInNeeded)), "{outcome:?}");
    assert_eq!(browser.count("POST", TASKS), 0);
}

#[test]
fn a_sign_out_during_an_exchange_ends_the_calls_that_wait_for_it() {
    let (browser, client) = signed_in();
    browser.settings(&json!({"latencyMs": [2_000, 2_000]}));
    browser.pass(seconds(400));
    let sleep = browser.sleep(seconds(1));
    let signs_out = async {
        sleep.await;
        client.clone().sign_out().await;
    };
    let (answer, ()) = browser.run(join(client.kill(prepared(), &claim()), signs_out));
    let outcome = answer.outcome;
    assert!(matches!(outcome, SendOutcome::NotSent(Failure::SignInNeeded)), "{outcome:?}");
    assert_eq!((browser.count("POST", TASKS), browser.count("POST", EXCHANGE)), (0, 1));
}
