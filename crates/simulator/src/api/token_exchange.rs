//! `POST /mgmt/shared/authn/exchange`: issues a new access token for a refresh token. The refresh
//! token stays the same, so its ten hours are not extended (documented and captured).

use serde_json::{Value, json};

use crate::auth::authentication::{invalid_token, valid_token};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::lenient_json;
use crate::world::appliance::Appliance;
use crate::world::tokens::TokenType;

/// Exchanges a token. The error for an expired refresh token is not published; it is assumed to be
/// that of an expired access token.
pub(super) fn post(appliance: &mut Appliance, call: &Call) -> EndpointResult {
    let text =
        read(&call.body).map_err(|lenient_json::Unreadable(text)| RestError::new(400, text))?;
    let Some(text) = text else { return Err(invalid_token(&appliance.settings)) };
    let refresh = valid_token(appliance, &text, TokenType::Refresh, call.peer)?;
    let (now, seconds) = (appliance.now(), appliance.settings.access_seconds);
    let peer = call.peer.to_string();
    let access = appliance.tokens.issue(
        TokenType::Access,
        refresh.account,
        &peer,
        seconds,
        now,
        &mut appliance.rng,
    );
    let mut unchanged = refresh.json();
    if let Value::Object(token) = &mut unchanged {
        token.insert("generation".to_owned(), 0.into());
        token.insert("lastUpdateMicros".to_owned(), 0.into());
    }
    Ok(Answer::json(
        200,
        json!({
            "refreshToken": unchanged,
            "token": access.json(),
            "generation": 0,
            "lastUpdateMicros": 0,
        }),
    ))
}

fn read(body: &str) -> Result<Option<String>, lenient_json::Unreadable> {
    let sent = lenient_json::object(body)?;
    match sent.get("refreshToken") {
        Some(Value::Object(token)) => lenient_json::text(body, token, "token"),
        None | Some(Value::Null) => Ok(None),
        Some(other) => Err(lenient_json::expected(body, "$.refreshToken", "BEGIN_OBJECT", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::authentication::INVALID_TOKEN;
    use crate::test_server::TestServer;
    use std::net::Ipv4Addr;

    const EXCHANGE: &str = "/mgmt/shared/authn/exchange";

    async fn refresh_token(server: &TestServer) -> Value {
        let body = r#"{"username":"admin","password":"admin"}"#;
        server.anonymous("POST", "/mgmt/shared/authn/login", body).await.json()["refreshToken"]
            .clone()
    }

    fn body(token: &Value) -> String {
        json!({"refreshToken": {"token": token["token"]}}).to_string()
    }

    #[tokio::test]
    async fn gives_a_new_access_token_and_the_same_refresh_token() {
        let server = TestServer::new().await;
        let refresh = refresh_token(&server).await;
        server.advance(400_000);
        let got = server.anonymous("POST", EXCHANGE, &body(&refresh)).await;
        assert_eq!(got.status, 200);
        assert_eq!(got.keys(), ["refreshToken", "token", "generation", "lastUpdateMicros"]);
        let reply = got.json();
        for same in ["token", "jti", "exp", "iat"] {
            assert_eq!(reply["refreshToken"][same], refresh[same], "{same}");
        }
        assert_eq!(
            (&reply["generation"], &reply["refreshToken"]["generation"]),
            (&json!(0), &json!(0))
        );
        let token = reply["token"]["token"].as_str().unwrap();
        assert_eq!(server.send_as(token, "GET", "/mgmt/shared/echo", "").await.status, 200);
    }

    #[tokio::test]
    async fn the_lifetime_of_the_refresh_token_is_not_extended() {
        let server = TestServer::new().await;
        let refresh = refresh_token(&server).await;
        server.advance(35_999_000);
        assert_eq!(server.anonymous("POST", EXCHANGE, &body(&refresh)).await.status, 200);
        server.advance(1_000);
        let got = server.anonymous("POST", EXCHANGE, &body(&refresh)).await;
        assert_eq!((got.status, got.message().as_str()), (401, INVALID_TOKEN));
    }

    #[tokio::test]
    async fn refuses_access_tokens_and_other_addresses() {
        let server = TestServer::new().await;
        let access = json!({"token": server.token});
        assert_eq!(
            server.anonymous("POST", EXCHANGE, &body(&access)).await.message(),
            INVALID_TOKEN
        );
        let refresh = refresh_token(&server).await;
        let elsewhere = Ipv4Addr::new(192, 0, 2, 77);
        let got = server.send("POST", EXCHANGE, &[], &body(&refresh), elsewhere).await;
        assert!(got.message().starts_with("Tokens are only valid"), "{}", got.text);
        for odd in ["{}", r#"{"refreshToken":null}"#] {
            assert_eq!(server.anonymous("POST", EXCHANGE, odd).await.status, 401, "{odd}");
        }
        assert_eq!(server.anonymous("POST", EXCHANGE, r#"{"refreshToken":"x"}"#).await.status, 400);
    }
}
