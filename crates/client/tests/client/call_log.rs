//! The log of calls, for diagnostics.

use crate::inventory::Steps;
use crate::scripted::{Scripted, answer};
use crate::virtual_browser::{START, VirtualBrowser};
use curfew_client::call_log::{each_failed_call, endpoint_status, forget_notes};
use curfew_client::error::ApiError;
use curfew_core::timestamp::Timestamp;
use futures::executor::block_on;
use serde_json::json;

/// Name, time and error of each failed call.
fn failed() -> Vec<(&'static str, Timestamp, ApiError)> {
    let mut failed = Vec::new();
    each_failed_call(&mut |call| failed.push((call.call, call.at, call.error.clone())));
    failed
}

#[test]
fn each_endpoint_has_the_result_of_its_last_call() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    let all = endpoint_status().unasked;
    assert!(all.contains(&"KILL_TASKS") || all.len() > 10, "{all:?}");
    browser.settings(&json!({"accessList": "absent"}));
    browser.run(client.inventory(&Steps::default())).unwrap();
    let status = endpoint_status();
    assert!(status.failed.contains(&"ACCESS_DEVICES"), "{status:?}");
    assert!(!status.answered.is_empty());
    assert_eq!(status.answered.len() + status.failed.len() + status.unasked.len(), all.len());
    browser.settings(&json!({"accessList": "flat"}));
    browser.run(client.inventory(&Steps::default())).unwrap();
    assert_eq!(endpoint_status().failed, Vec::<&str>::new());
    assert!(failed().iter().any(|(call, ..)| *call == "ACCESS_DEVICES"), "it stays listed");
    forget_notes();
    assert_eq!(endpoint_status().unasked, all);
    assert!(failed().is_empty());
}

#[test]
fn an_answer_that_can_not_be_read_counts_as_failed() {
    let (client, _) = Scripted::signed_in(|_| answer(200, "<html>"));
    block_on(client.tasks(0, 1)).unwrap_err();
    let all = failed();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1, Timestamp(START));
    assert!(matches!(all[0].2, ApiError::Unreadable(_)));
    assert_eq!(endpoint_status().answered, Vec::<&str>::new());
}

#[test]
fn the_last_twenty_failures_are_kept_without_large_bodies() {
    let (client, _) = Scripted::signed_in(|sent| {
        let size = if sent.target.contains("top=7") { 33_000 } else { 10 };
        answer(500, &"x".repeat(size))
    });
    for top in 1..=25 {
        block_on(client.tasks(0, top)).unwrap_err();
    }
    let bodies = |failed: &[(&str, Timestamp, ApiError)]| -> Vec<usize> {
        let size = |error: &ApiError| match error {
            ApiError::Refused { body, .. } => body.len(),
            _ => panic!("{error:?}"),
        };
        failed.iter().map(|(_, _, error)| size(error)).collect()
    };
    let all = bodies(&failed());
    assert_eq!(all.len(), 20);
    assert_eq!(all[..2], [10, 0], "those from the sixth on, the seventh without its body");
}

#[test]
fn a_java_stack_is_kept_without_its_message() {
    let body = json!({"code": 500, "message": "m", "errorStack": ["java.lang.NullPointerException: secret", "at com.f5.rest.Worker.run(Worker.java:1)"]});
    let (client, _) = Scripted::signed_in(move |_| answer(500, &body.to_string()));
    block_on(client.tasks(0, 1)).unwrap_err();
    let mut stacks = Vec::new();
    each_failed_call(&mut |call| stacks.push(call.stack()));
    assert_eq!(stacks.len(), 1);
    assert!(!stacks[0].is_empty() && !stacks[0].concat().contains("secret"), "{stacks:?}");
    forget_notes();
    let (client, _) = Scripted::signed_in(|_| answer(200, "<html>"));
    block_on(client.tasks(0, 1)).unwrap_err();
    each_failed_call(&mut |call| assert!(call.stack().is_empty()));
}
