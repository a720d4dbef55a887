//! The checks before any endpoint, in the appliance's order.
//!
//! Public paths pass. A call without a token gets a page of the front end (captured). Then come the
//! errors for a token that is unreadable, unknown, expired or of the wrong type (documented), and
//! for a token that was issued to another address (captured). Each endpoint checks itself whether
//! the account may use it.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::accounts;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::RestError;
use crate::world::account::{Account, Provider};
use crate::world::appliance::Appliance;
use crate::world::settings::Settings;
use crate::world::tokens::{Token, TokenType};

/// Message for every token that is not valid (captured).
pub(crate) const INVALID_TOKEN: &str =
    "java.security.GeneralSecurityException: Invalid registered claims.";

/// The same without the class name (captured too; the 7.1 reference words it so).
const INVALID_TOKEN_BARE: &str = "Invalid registered claims.";

/// The error for a token that is not valid.
pub(crate) fn invalid_token(settings: &Settings) -> RestError {
    RestError::new(401, if settings.bare_token_error { INVALID_TOKEN_BARE } else { INVALID_TOKEN })
}

/// Why a call is refused.
#[derive(Debug)]
pub(crate) enum AuthError {
    /// Refused by the front end, with a page.
    Page(Answer),
    /// Refused by the REST framework.
    Rest(RestError),
}

/// Whether a path needs no token.
pub(crate) fn is_public(segments: &[&str]) -> bool {
    matches!(segments, ["info", "system"] | ["mgmt", "shared", "authn", "login" | "exchange"])
}

/// The account that makes the call.
pub(crate) fn authenticate(appliance: &Appliance, call: &Call) -> Result<Account, AuthError> {
    let page = || AuthError::Page(Answer::page(401));
    let Some(text) = call.header("x-f5-auth-token") else {
        let basic = call.header("authorization").filter(|_| appliance.settings.basic_auth);
        return basic.and_then(basic_account).ok_or_else(page);
    };
    let token =
        valid_token(appliance, text, TokenType::Access, call.peer).map_err(AuthError::Rest)?;
    Ok(token.account)
}

/// The token with this text, if it is valid for this type and for a caller at `peer`.
pub(crate) fn valid_token(
    appliance: &Appliance,
    text: &str,
    token_type: TokenType,
    peer: IpAddr,
) -> Result<Token, RestError> {
    let settings = &appliance.settings;
    let token = appliance
        .tokens
        .find(text)
        .filter(|token| token.is_valid(token_type, appliance.now(), settings.deleted_token_works))
        .ok_or_else(|| invalid_token(settings))?;
    let received = peer.to_string();
    if settings.address_binding && token.address != received {
        return Err(RestError::new(
            401,
            format!(
                "Tokens are only valid to be used by the client of which they were issued.\n\
                 Token is valid for {} and received from {received}.",
                token.address
            ),
        ));
    }
    Ok(token.clone())
}

/// The error for an account without permission, worded as BIG-IP's framework words it (captured
/// there).
pub(crate) fn forbidden(appliance: &Appliance, account: Account, call: &Call) -> RestError {
    let path = call.trimmed_path();
    RestError::new(
        appliance.settings.forbidden_status,
        format!(
            "Authorization failed: user={} resource={path} verb={} uri:http://localhost:8100{path} \
             referrer:{peer} sender:{peer}",
            account.link(),
            call.method,
            peer = call.peer,
        ),
    )
}

fn basic_account(header: &str) -> Option<Account> {
    let text = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    accounts::sign_in(Provider::Local, name, password)
}

#[cfg(test)]
mod tests {
    use crate::test_server::{CLIENT, KILL, TestServer};
    use serde_json::json;
    use std::net::Ipv4Addr;

    #[tokio::test]
    async fn without_a_token_the_front_end_answers() {
        let server = TestServer::new().await;
        for path in ["/mgmt/cm/system/machineid-resolver", "/mgmt/no/such", "/mgmt", "/info/other"]
        {
            let got = server.anonymous("GET", path, "").await;
            assert_eq!((got.status, got.header("content-type")), (401, "text/html"), "{path}");
            assert!(got.text.contains("<h1>401 Authorization Required</h1>"), "{path}");
        }
        let basic = [("Authorization", "Basic YWRtaW46YWRtaW4=")];
        assert_eq!(
            server.send("GET", KILL, &basic, "", CLIENT).await.header("content-type"),
            "text/html"
        );
    }

    #[tokio::test]
    async fn basic_authentication_is_a_setting() {
        let server = TestServer::with_settings(json!({"basicAuth": true})).await;
        for (header, status) in [
            ("Basic YWRtaW46YWRtaW4=", 200),
            ("Basic YWRtaW46d3Jvbmc=", 401),
            ("Basic ====", 401),
            ("Bearer x", 401),
        ] {
            let got = server.send("GET", KILL, &[("Authorization", header)], "", CLIENT).await;
            assert_eq!(got.status, status, "{header}");
        }
    }

    #[tokio::test]
    async fn an_expired_or_unknown_token_is_refused_with_the_captured_text() {
        let server = TestServer::new().await;
        server.advance(300_000);
        for token in [server.token.as_str(), "a.b.c", ""] {
            let got = server.send_as(token, "GET", "/mgmt/no/such", "").await;
            assert_eq!((got.status, got.message().as_str()), (401, super::INVALID_TOKEN));
            assert_eq!(got.keys(), ["code", "message", "referer", "restOperationId", "kind"]);
            assert_eq!(got.json()["referer"], "192.0.2.10");
        }
    }

    #[tokio::test]
    async fn on_7_1_the_text_has_no_class_name() {
        let server = TestServer::with_settings(json!({"profile": "7.1"})).await;
        assert_eq!(
            server.send_as("x", "GET", KILL, "").await.message(),
            "Invalid registered claims."
        );
    }

    #[tokio::test]
    async fn a_token_is_valid_only_from_its_own_address() {
        let server = TestServer::new().await;
        let header = [("X-F5-Auth-Token", server.token.as_str())];
        let got = server.send("GET", KILL, &header, "", Ipv4Addr::new(192, 0, 2, 77)).await;
        assert_eq!(
            (got.status, got.message().as_str()),
            (
                401,
                "Tokens are only valid to be used by the client of which they were issued.\n\
                 Token is valid for 192.0.2.10 and received from 192.0.2.77."
            )
        );
        let server = TestServer::with_settings(json!({"addressBinding": false})).await;
        let header = [("X-F5-Auth-Token", server.token.as_str())];
        assert_eq!(
            server.send("GET", KILL, &header, "", Ipv4Addr::new(192, 0, 2, 77)).await.status,
            200
        );
    }

    #[tokio::test]
    async fn a_viewer_can_read_but_not_kill() {
        for (settings, status) in [(json!({}), 401), (json!({"forbiddenStatus": 403}), 403)] {
            let server = TestServer::with_settings(settings).await;
            let token = server.sign_in("viewer").await;
            assert_eq!(server.send_as(&token, "GET", KILL, "").await.status, 200);
            // The role is checked before the body.
            let got = server.send_as(&token, "POST", KILL, "nonsense").await;
            assert_eq!(got.status, status);
            assert_eq!(
                got.message(),
                "Authorization failed: user=https://localhost/mgmt/shared/authz/users/viewer \
                 resource=/mgmt/cm/access/tasks/kill-sessions verb=POST \
                 uri:http://localhost:8100/mgmt/cm/access/tasks/kill-sessions \
                 referrer:192.0.2.10 sender:192.0.2.10"
            );
            assert_eq!(got.json()["code"], status);
        }
    }
}
