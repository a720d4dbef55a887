//! Signing in and out.

use crate::virtual_browser::VirtualBrowser;
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::platform::Connection;
use curfew_client::signed_out::{Secret, SignInProvider};
use serde_json::json;

#[test]
fn before_the_sign_in_bigiq_reports_its_name_and_its_providers_local_first() {
    let browser = VirtualBrowser::new(json!({}));
    let welcome = browser.run(browser.signed_out().welcome()).unwrap();
    assert!(welcome.name.is_some());
    assert!(!welcome.starting);
    let names: Vec<&str> = welcome.providers.iter().map(SignInProvider::name).collect();
    assert_eq!(names, ["local", "CorpRadius"]);
    let local: Vec<bool> = welcome.providers.iter().map(SignInProvider::is_local).collect();
    assert_eq!(local, [true, false]);
}

#[test]
fn a_bigiq_that_starts_says_so() {
    let browser = VirtualBrowser::new(json!({}));
    browser.faults(&json!([{"path": "/info/system", "fault": {"kind": "edit", "set": {"/systemStarted": false}}}]));
    assert!(browser.run(browser.signed_out().welcome()).unwrap().starting);
}

#[test]
fn an_account_of_another_provider_signs_in_with_it() {
    let browser = VirtualBrowser::new(json!({}));
    let signed_out = browser.signed_out();
    let password = Secret::new("remote-manager");
    let radius = SignInProvider::named("CorpRadius");
    let client = browser.run(signed_out.sign_in("remote-manager", &password, Some(&radius)));
    assert_eq!(client.unwrap().operator(), "remote-manager");
    let local = browser.run(signed_out.sign_in("remote-manager", &password, None)).unwrap_err();
    assert_eq!(local.refusal(), Some(Refusal::BadCredentials));
}

#[test]
fn a_wrong_password_is_a_refusal() {
    let browser = VirtualBrowser::new(json!({}));
    let refused = browser.run(browser.signed_out().sign_in("manager", &Secret::new("x"), None));
    assert_eq!(refused.unwrap_err().refusal(), Some(Refusal::BadCredentials));
    assert_eq!(browser.count("POST", "/login"), 1);
}

#[test]
fn all_calls_go_below_the_prefix() {
    let browser = VirtualBrowser::under("/east", json!({}));
    assert_eq!(browser.signed_out().prefix(), "/east");
    let client = browser.sign_in("manager");
    browser.run(client.tasks(0, 10)).unwrap();
    for sent in browser.sent() {
        assert!(sent.target.starts_with("/east/mgmt/"), "{sent:?}");
    }
}

#[test]
fn calls_that_change_something_carry_the_header_that_a_form_cannot_send() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("manager");
    browser.run(client.tasks(0, 10)).unwrap();
    let sent = browser.sent();
    let header = |at: usize, name| sent[at].header(name);
    assert_eq!(header(0, "X-Curfew"), Some("1"), "the sign-in");
    assert_eq!(header(0, "X-F5-Auth-Token"), None);
    assert_eq!(header(0, "Content-Type"), Some("application/json"));
    assert_eq!(header(1, "X-Curfew"), None, "a read");
    assert!(header(1, "X-F5-Auth-Token").is_some());
    assert_eq!(header(1, "Content-Type"), None);
    assert_eq!(header(1, "Accept"), Some("application/json"));
}

#[test]
fn an_unreadable_answer_to_a_sign_in_does_not_quote_a_token() {
    let browser = VirtualBrowser::new(json!({}));
    let fault = json!({"kind": "missing-field", "name": "refreshToken"});
    browser.faults(&json!([{"path": "/mgmt/shared/authn/login", "fault": {"kind": "edit", "set": {"/token": "secret-token"}}}]));
    let result =
        browser.run(browser.signed_out().sign_in("manager", &Secret::new("manager"), None));
    let Err(ApiError::Unreadable(error)) = &result else { panic!("{result:?}") };
    assert!(!format!("{error:?} {error}").contains("secret-token"), "{error:?}");
    browser.faults(&json!([{"path": "/mgmt/shared/authn/login", "fault": fault}]));
    assert!(
        browser.run(browser.signed_out().sign_in("manager", &Secret::new("manager"), None)).is_ok()
    );
}

#[test]
fn what_is_printed_of_a_client_has_no_token() {
    let browser = VirtualBrowser::under("/east", json!({}));
    assert_eq!(format!("{:?}", browser.signed_out()), r#"SignedOut("/east")"#);
    let client = browser.sign_in("manager");
    assert_eq!(format!("{client:?}"), r#"SignedIn { operator: "manager", .. }"#);
    assert_eq!(browser.sent()[0].printed, r#"Request("LOGIN")"#);
    assert!(client.is(&client.clone()));
    assert!(!client.is(&browser.sign_in("manager")));
}

#[test]
fn a_sign_out_revokes_both_tokens() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    browser.run(client.clone().sign_out());
    assert!(client.is_ended());
    let deleted: Vec<_> = browser.sent().into_iter().filter(|s| s.method == "DELETE").collect();
    assert_eq!(deleted.len(), 2);
    let own = deleted[0].header("X-F5-Auth-Token").unwrap();
    assert!(!deleted[0].target.ends_with(own), "the refresh token first");
    assert!(deleted[1].target.ends_with(own), "then the token that allows it");
    assert_eq!(browser.run(client.tasks(0, 1)).unwrap_err(), ApiError::SignInNeeded);
    assert_eq!(browser.calls().len(), 3);
}

#[test]
fn an_expired_access_token_is_exchanged_once_more_to_sign_out() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    browser.pass(std::time::Duration::from_secs(400));
    browser.run(client.sign_out());
    assert_eq!(browser.count("POST", "/exchange"), 1);
    let calls = browser.calls();
    let deleted: Vec<_> = calls.iter().filter(|c| c.starts_with("DELETE")).collect();
    assert_eq!(deleted.len(), 2);
    assert!(deleted.iter().all(|call| call.ends_with(" 200")), "{deleted:?}");
}

#[test]
fn a_client_that_is_not_used_is_forgotten_without_an_exchange() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("admin");
    browser.pass(std::time::Duration::from_secs(280));
    browser.run(client.forget());
    assert_eq!(browser.count("POST", "/exchange"), 0);
    assert_eq!(browser.calls().iter().filter(|call| call.starts_with("DELETE")).count(), 2);
}

#[test]
fn where_the_proxy_signs_in_no_token_is_sent_or_revoked() {
    let browser = VirtualBrowser::new(json!({}));
    browser.add_token_of("manager");
    let client = browser.signed_out().by_proxy("service".to_owned());
    assert_eq!(client.operator(), "service");
    browser.run(client.tasks(0, 10)).unwrap();
    browser.run(client.renew()).unwrap();
    for sent in browser.sent() {
        assert_eq!(sent.header("X-F5-Auth-Token"), None);
        assert_eq!(sent.connection, Connection::Shared);
    }
    let before = browser.calls().len();
    browser.run(client.clone().forget());
    browser.run(client.clone().sign_out());
    assert_eq!(browser.calls().len(), before);
    assert!(client.is_ended());
}

#[test]
fn where_the_proxy_signs_in_a_refused_token_ends_the_sign_in() {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.signed_out().by_proxy("service".to_owned());
    assert_eq!(browser.run(client.tasks(0, 10)).unwrap_err(), ApiError::SignInNeeded);
    assert!(client.is_ended());
    assert_eq!(browser.calls().len(), 1);
}
