//! `POST /mgmt/shared/authn/login`: signs in (documented; both answers are captured).

use serde_json::{Map, Value};

use crate::auth::accounts;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, ErrorStack, RestError};
use crate::lenient_json;
use crate::world::account::{Account, Provider};
use crate::world::appliance::Appliance;
use crate::world::tokens::TokenType;

/// Checks the password and issues an access and a refresh token.
pub(super) fn post(appliance: &mut Appliance, call: &Call) -> EndpointResult {
    let (sent, account) = read(&call.body)?;
    let Some(account) = account else { return Err(failed(&sent)) };
    let peer = call.peer.to_string();
    let settings = &appliance.settings;
    let lifetimes = [
        (TokenType::Access, settings.access_seconds),
        (TokenType::Refresh, settings.refresh_seconds),
    ];
    let now = appliance.now();
    let [access, refresh] = lifetimes.map(|(token_type, seconds)| {
        appliance.tokens.issue(token_type, account, &peer, seconds, now, &mut appliance.rng)
    });
    let mut map = Map::new();
    map.insert("username".to_owned(), account.name.into());
    let link = account.provider.login_link();
    map.insert("loginReference".to_owned(), serde_json::json!({"link": link}));
    // Captured: absent for users of a RADIUS server.
    if account.provider == Provider::Local {
        map.insert("loginProviderName".to_owned(), account.provider.name().into());
    }
    map.insert("token".to_owned(), access.json());
    map.insert("refreshToken".to_owned(), refresh.json());
    map.insert("generation".to_owned(), (refresh.generation() + 1).into());
    map.insert("lastUpdateMicros".to_owned(), (now.micros() + 5_212).into());
    Ok(Answer::json(200, map))
}

/// The request without its password, and the account that signs in.
fn read(body: &str) -> Result<(Map<String, Value>, Option<Account>), RestError> {
    let read = || {
        let mut sent = lenient_json::object(body)?;
        let name = lenient_json::text(body, &sent, "username")?.unwrap_or_default();
        let password = lenient_json::text(body, &sent, "password")?.unwrap_or_default();
        let provider = lenient_json::text(body, &sent, "loginProviderName")?;
        let link = match sent.get("loginReference") {
            Some(Value::Object(reference)) => lenient_json::text(body, reference, "link")?,
            _ => None,
        };
        let known = ["username", "loginReference", "loginProviderName"];
        sent.retain(|name, _| known.contains(&name.as_str()));
        let provider = Provider::named(link.as_deref(), provider.as_deref());
        let account = provider.and_then(|p| accounts::sign_in(p, &name, &password));
        Ok((sent, account))
    };
    // Do not quote the body: it may hold a password.
    read().map_err(|lenient_json::Unreadable(message)| RestError::new(400, message))
}

/// The captured error: the quote has no password, and there is no `referer`.
fn failed(sent: &Map<String, Value>) -> RestError {
    let mut quote = sent.clone();
    quote.insert("generation".to_owned(), 0.into());
    quote.insert("lastUpdateMicros".to_owned(), 0.into());
    RestError {
        stack: ErrorStack::Empty,
        has_referer: false,
        ..RestError::new(401, "Authentication failed.").quoting(Value::from(quote).to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use rstest::rstest;
    use serde_json::json;

    const LOGIN: &str = "/mgmt/shared/authn/login";

    #[tokio::test]
    async fn a_local_sign_in_looks_as_captured() {
        let server = TestServer::new().await;
        let got =
            server.anonymous("POST", LOGIN, r#"{"username":"admin","password":"admin"}"#).await;
        assert_eq!(got.status, 200);
        let keys = [
            "username",
            "loginReference",
            "loginProviderName",
            "token",
            "refreshToken",
            "generation",
            "lastUpdateMicros",
        ];
        assert_eq!(got.keys(), keys);
        let reply = got.json();
        for (token, kind, lifetime) in
            [("token", "ACCESS", 300), ("refreshToken", "REFRESH", 36_000)]
        {
            let token = &reply[token];
            assert_eq!((&token["type"], &token["timeout"]), (&json!(kind), &json!(lifetime)));
            assert_eq!(token["address"], "192.0.2.10");
            let [exp, iat] = ["exp", "iat"].map(|name| token[name].as_i64().unwrap());
            assert_eq!(exp - iat, lifetime);
            assert_eq!(token["user"]["link"], "https://localhost/mgmt/shared/authz/users/admin");
            let text = token["token"].as_str().unwrap();
            let link = format!("https://localhost/mgmt/shared/authz/tokens/{text}");
            assert_eq!(token["selfLink"], link);
        }
    }

    #[rstest]
    #[case(json!({"loginProviderName": "CorpRadius"}))]
    #[case(json!({"loginReference": {"link": crate::world::account::Provider::Radius.login_link()}}))]
    #[tokio::test]
    async fn a_radius_sign_in_has_no_provider_name(#[case] provider: serde_json::Value) {
        let server = TestServer::new().await;
        let mut body = json!({"username": "remote-manager", "password": "remote-manager"});
        body.as_object_mut().unwrap().extend(provider.as_object().unwrap().clone());
        let reply = server.anonymous("POST", LOGIN, &body.to_string()).await.json();
        assert!(reply.get("loginProviderName").is_none());
        let user = reply["token"]["user"]["link"].as_str().unwrap();
        assert!(user.contains("/providers/radius/"), "{user}");
    }

    #[rstest]
    #[case(r#"{"username":"admin","password":"wrong"}"#)]
    #[case(r#"{"username":"admin"}"#)]
    #[case(r#"{"username":"admin","password":"admin","loginProviderName":"nowhere"}"#)]
    #[tokio::test]
    async fn an_error_quotes_the_request_without_the_password(#[case] body: &str) {
        let got = TestServer::new().await.anonymous("POST", LOGIN, body).await;
        assert_eq!((got.status, got.message().as_str()), (401, "Authentication failed."));
        let keys =
            ["code", "message", "originalRequestBody", "restOperationId", "errorStack", "kind"];
        assert_eq!(got.keys(), keys);
        let quote = got.json()["originalRequestBody"].as_str().unwrap().to_owned();
        assert!(quote.starts_with(r#"{"username":"admin","#), "{quote}");
        assert!(quote.ends_with(r#""generation":0,"lastUpdateMicros":0}"#), "{quote}");
        assert!(!quote.contains("password"), "{quote}");
        assert_eq!(got.header("connection"), "close");
    }

    #[tokio::test]
    async fn an_unreadable_body_is_not_quoted() {
        let got = TestServer::new().await.anonymous("POST", LOGIN, r#"["secret"]"#).await;
        assert_eq!(got.status, 400);
        assert!(!got.text.contains("secret"));
    }
}
