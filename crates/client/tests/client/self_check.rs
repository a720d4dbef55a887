//! The questions of the self-check: each has its own result, and none ends the sign-in or shows a value.

use crate::virtual_browser::VirtualBrowser;
use curfew_client::call_log::endpoint_status;
use curfew_client::error::ApiError;
use curfew_client::self_check::{Finding, Question};
use curfew_core::ids::MachineId;
use curfew_core::self_check::Report;
use serde_json::json;

fn check(browser: &VirtualBrowser, device: Option<&str>) -> Vec<Finding> {
    let client = browser.sign_in("admin");
    let mut findings = Vec::new();
    let device = device.map(MachineId::new);
    let mut report = Report::new("0.1.0");
    browser.run(client.self_check(device, &mut report, |finding| findings.push(finding)));
    assert!(!client.is_ended());
    findings
}

fn answer(findings: &[Finding], question: Question) -> &Finding {
    findings.iter().find(|finding| finding.answered.question == question).unwrap()
}

#[test]
fn every_question_has_an_answer_and_no_answer_has_a_value() {
    let browser = VirtualBrowser::new(json!({}));
    let sessions = browser.control("GET", "/_sim/sessions", &json!(null));
    let device = sessions[0]["device"].as_str().unwrap();
    let findings = check(&browser, Some(device));
    let mut questions: Vec<String> =
        findings.iter().map(|f| format!("{:?}", f.answered.question)).collect();
    questions.sort();
    questions.dedup();
    assert_eq!(questions.len(), 20);
    assert_eq!(findings.len(), 20);
    for finding in &findings {
        let shape = finding.shape();
        assert!(!shape.is_empty(), "{finding:?}");
        for value in ["example.test", "192.0.2.", "user2", device] {
            assert!(!shape.contains(value), "{value}: {finding:?}");
        }
    }
    assert!(answer(&findings, Question::MissingTask).shape().starts_with("404 "));
    assert_eq!(answer(&findings, Question::Paging).shape(), "kept");
}

#[test]
fn unusual_questions_say_nothing_about_the_ordinary_calls() {
    let browser = VirtualBrowser::new(json!({}));
    let findings = check(&browser, None);
    assert!(answer(&findings, Question::MissingTask).error.is_some());
    assert!(!endpoint_status().failed.contains(&"TASK"), "{:?}", endpoint_status());
}

#[test]
fn without_a_device_none_is_asked() {
    let browser = VirtualBrowser::new(json!({"accessPages": {"ignored": ["$skip"]}}));
    let findings = check(&browser, None);
    assert_eq!(findings.len(), 17);
    assert_eq!(answer(&findings, Question::Paging).shape(), "ignored");
}

#[test]
fn a_refused_or_lost_answer_is_a_finding() {
    let browser = VirtualBrowser::new(json!({}));
    let token = json!({"kind": "status", "status": 401, "message": "Invalid registered claims."});
    browser.faults(&json!([
        {"path": "/mgmt/shared/failover-state", "fault": token},
        {"path": "/info/system", "fault": {"kind": "drop-before-effect"}},
    ]));
    let findings = check(&browser, None);
    let own = answer(&findings, Question::OwnRole);
    assert!(own.shape().starts_with("401 "), "{own:?}");
    let lost = answer(&findings, Question::BeforeSignIn);
    assert_eq!((&lost.error, lost.shape()), (&Some(ApiError::Network), String::new()));
}
