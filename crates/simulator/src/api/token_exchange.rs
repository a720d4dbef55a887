//! `POST /mgmt/shared/authn/exchange`: a new access token for a refresh token, which comes back
//! unchanged, so that the ten hours do not slide (documented and captured).

use serde_json::{Value, json};

use crate::auth::authenticate::{dead_token, good_token};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{Problem, Reply};
use crate::lenient_json as gson;
use crate::world::appliance::Appliance;
use crate::world::tokens::Use;

/// Exchanges. What an ended refresh token is told is not published; it gets the text of an ended
/// access token.
pub(super) fn post(appliance: &mut Appliance, call: &Call) -> Reply {
    let text = read(&call.body).map_err(|gson::Unreadable(text)| Problem::new(400, text))?;
    let Some(text) = text else { return Err(dead_token(&appliance.settings)) };
    let refresh = good_token(appliance, &text, Use::Refresh, call.peer)?;
    let (now, seconds) = (appliance.now(), appliance.settings.access_seconds);
    let peer = call.peer.to_string();
    let access = appliance.tokens.issue(
        Use::Access,
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

fn read(body: &str) -> Result<Option<String>, gson::Unreadable> {
    let sent = gson::object(body)?;
    match sent.get("refreshToken") {
        Some(Value::Object(token)) => gson::text(body, token, "token"),
        None | Some(Value::Null) => Ok(None),
        Some(other) => Err(gson::expected(body, "$.refreshToken", "BEGIN_OBJECT", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::authenticate::DEAD_TOKEN;
    use crate::test_server::Lab;
    use std::net::Ipv4Addr;

    const EXCHANGE: &str = "/mgmt/shared/authn/exchange";

    async fn refresh_token(lab: &Lab) -> Value {
        let body = r#"{"username":"admin","password":"admin"}"#;
        lab.bare("POST", "/mgmt/shared/authn/login", body).await.json()["refreshToken"].clone()
    }

    fn body(token: &Value) -> String {
        json!({"refreshToken": {"token": token["token"]}}).to_string()
    }

    #[tokio::test]
    async fn gives_a_new_access_token_and_the_same_refresh_token() {
        let lab = Lab::new().await;
        let refresh = refresh_token(&lab).await;
        lab.advance(400_000);
        let got = lab.bare("POST", EXCHANGE, &body(&refresh)).await;
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
        assert_eq!(lab.call_as(token, "GET", "/mgmt/shared/echo", "").await.status, 200);
    }

    #[tokio::test]
    async fn the_ten_hours_do_not_slide() {
        let lab = Lab::new().await;
        let refresh = refresh_token(&lab).await;
        lab.advance(35_999_000);
        assert_eq!(lab.bare("POST", EXCHANGE, &body(&refresh)).await.status, 200);
        lab.advance(1_000);
        let got = lab.bare("POST", EXCHANGE, &body(&refresh)).await;
        assert_eq!((got.status, got.message().as_str()), (401, DEAD_TOKEN));
    }

    #[tokio::test]
    async fn takes_no_access_token_and_no_other_address() {
        let lab = Lab::new().await;
        let access = json!({"token": lab.token});
        assert_eq!(lab.bare("POST", EXCHANGE, &body(&access)).await.message(), DEAD_TOKEN);
        let refresh = refresh_token(&lab).await;
        let elsewhere = Ipv4Addr::new(192, 0, 2, 77);
        let got = lab.send("POST", EXCHANGE, &[], &body(&refresh), elsewhere).await;
        assert!(got.message().starts_with("Tokens are only valid"), "{}", got.text);
        for odd in ["{}", r#"{"refreshToken":null}"#] {
            assert_eq!(lab.bare("POST", EXCHANGE, odd).await.status, 401, "{odd}");
        }
        assert_eq!(lab.bare("POST", EXCHANGE, r#"{"refreshToken":"x"}"#).await.status, 400);
    }
}
