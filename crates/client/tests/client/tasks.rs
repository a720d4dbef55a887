//! Reads of tasks, and what an error says about them.

use crate::kill_request::{claim, prepared};
use crate::scripted::{Scripted, answer};
use crate::virtual_browser::{START, VirtualBrowser};
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::platform::NoResponse;
use curfew_core::ids::TaskId;
use curfew_core::job::Failure;
use curfew_core::job::SendOutcome;
use curfew_core::timestamp::Timestamp;
use futures::executor::block_on;
use rstest::rstest;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_kill_that_was_accepted_is_found_by_its_id_and_in_the_lists() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    let SendOutcome::Accepted(snapshot) = outcome else { panic!("{outcome:?}") };
    let id = snapshot.task.unwrap();
    browser.pass(Duration::from_secs(60));
    let snapshot = browser.run(client.task(&id)).unwrap();
    assert!(snapshot.ended.is_some(), "{snapshot:?}");
    let full = browser.run(client.full_answer(&id)).unwrap();
    assert!(full.text().contains(id.as_str()) && full.read_at().0 >= START + 60_000);
    let now = Timestamp(START + passed_ms(&browser));
    for page in [
        browser.run(client.tasks(0, 100)).unwrap(),
        browser.run(client.task_states(100)).unwrap(),
        browser.run(client.task_ids(100)).unwrap(),
    ] {
        assert!(page.tasks.iter().any(|task| task.id == id));
        assert!(!page.cut);
        assert_eq!(page.at, now);
        // The header has whole seconds.
        assert_eq!(page.server_time, Some(Timestamp(now.0 / 1000 * 1000)));
    }
    let listed = browser.run(client.listed_task(&id)).unwrap();
    assert_eq!((listed.tasks.len(), listed.tasks[0].operator.as_deref()), (1, Some("admin")));
    assert!(browser.run(client.tasks(0, 1)).unwrap().cut, "there may be more");
}

/// How many milliseconds have passed.
fn passed_ms(browser: &VirtualBrowser) -> i64 {
    use curfew_client::platform::Clock;
    browser.monotonic_ms() as i64
}

#[test]
fn a_cancel_needs_an_answer_of_bigiqs_own() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let outcome = browser.run(client.kill(prepared(), &claim())).outcome;
    let SendOutcome::Accepted(snapshot) = outcome else { panic!("{outcome:?}") };
    let id = snapshot.task.unwrap();
    let path = format!("/mgmt/cm/access/tasks/kill-sessions/{}", id.as_str());
    browser.faults(
        &json!([{"method": "PATCH", "path": path, "fault": {"kind": "html", "status": 200}}]),
    );
    assert!(matches!(browser.run(client.cancel(&id)), Err(ApiError::Unreadable(_))));
    browser.faults(&json!([]));
    browser.run(client.cancel(&id)).unwrap();
    assert_eq!(browser.count("PATCH", id.as_str()), 2);
}

const BIGIQ: &str = r#"{"code":404,"message":"m"}"#;

/// What an error says: gone, refused for good, passing.
#[rstest]
#[case(404, BIGIQ, [true, true, false])]
#[case(404, "<html>", [false, true, false])]
#[case(404, r#"{"message":"Public URI path not registered"}"#, [false, false, true])]
#[case(400, BIGIQ, [false, true, false])]
#[case(403, BIGIQ, [false, true, false])]
#[case(429, BIGIQ, [false, false, true])]
#[case(500, BIGIQ, [false, false, true])]
#[case(502, "<html>", [false, false, true])]
#[case(200, "<html>", [false, false, true])]
#[case(200, "{\"items\":7", [false, false, false])]
fn an_error_says_whether_to_try_again(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] expected: [bool; 3],
) {
    let (client, _) = Scripted::signed_in(move |_| answer(status, body));
    let error = block_on(client.task(&TaskId::new("t"))).unwrap_err();
    assert_eq!(
        [error.is_gone(), error.is_refused_for_good(), error.is_passing()],
        expected,
        "{error:?}"
    );
    assert_eq!(error.retry_after(), None);
}

#[rstest]
#[case(NoResponse::Broken, true, "no answer", Failure::NoAnswer)]
#[case(NoResponse::Timeout(Duration::from_secs(65)), true, "no answer within 65 s", Failure::Timeout { seconds: 65 })]
#[case(NoResponse::TooLarge(100), false, "answer of 100 bytes is too large", Failure::TooLarge)]
fn without_an_answer_nothing_is_known(
    #[case] none: NoResponse,
    #[case] is_passing: bool,
    #[case] text: &str,
    #[case] failure: Failure,
) {
    let (client, _) = Scripted::signed_in(move |_| Err(none));
    let error = block_on(client.task(&TaskId::new("t"))).unwrap_err();
    assert!(!error.is_gone() && !error.is_refused_for_good());
    assert_eq!(error.is_passing(), is_passing);
    assert_eq!((error.to_string().as_str(), error.refusal()), (text, None));
    assert_eq!(Failure::from(&error), failure);
    assert_eq!(error.retry_after(), None);
}

#[test]
fn a_retry_after_in_seconds_is_kept() {
    for (header, seconds) in [("5", Some(5)), (" 7 ", Some(7)), ("soon", None), ("-1", None)] {
        let (client, _) = Scripted::signed_in(move |_| {
            answer(503, "").map(|mut response| {
                response.retry_after = Some(header.to_owned());
                response
            })
        });
        let error = block_on(client.task(&TaskId::new("t"))).unwrap_err();
        assert_eq!(error.retry_after(), seconds.map(Duration::from_secs), "{header}");
    }
}

#[rstest]
#[case(403, "<html>", Failure::Unreadable { html: true })]
#[case(404, "<html>", Failure::Unreadable { html: true })]
#[case(401, "<html>", Failure::Unreadable { html: true })]
#[case(502, "<html>", Failure::Refused { status: 502, refusal: Refusal::Server, message: None })]
#[case(403, r#"{"code":403,"message":"m"}"#, Failure::Refused { status: 403, refusal: Refusal::NotPermitted, message: Some("m".to_owned()) })]
#[case(200, "<html>", Failure::Unreadable { html: true })]
#[case(200, "[", Failure::Unreadable { html: false })]
fn a_failure_keeps_what_bigiq_said_and_not_what_a_proxy_wrote(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] failure: Failure,
) {
    let (client, _) = Scripted::signed_in(move |_| answer(status, body));
    let outcome = block_on(client.kill(prepared(), &claim())).outcome;
    let (SendOutcome::Rejected(error) | SendOutcome::Unknown(error)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error, failure);
}

#[test]
fn the_end_of_a_sign_in_is_a_failure_of_its_own() {
    assert_eq!(Failure::from(&ApiError::SignInNeeded), Failure::SignInNeeded);
    assert!(!ApiError::SignInNeeded.is_passing());
    assert_eq!(ApiError::SignInNeeded.to_string(), "signed out by BIG-IQ");
}
