//! Everything else under `/mgmt`: gets BIG-IQ's answer to an unknown URI (documented) and is
//! listed. This includes URIs that a live 7.1 serves, since nothing public shows what they return.

use axum::http::Method;
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::rest_error::RestError;
use crate::world::appliance::Appliance;

/// URIs registered on a live 7.1, from a public listing (captured).
const REGISTERED: &str = include_str!("../../fixtures/registered-uris.txt");

/// Those of them that the simulator answers.
const SIMULATED: [&str; 10] = [
    "/mgmt/cm/access/tasks/kill-sessions",
    "/mgmt/cm/shared/device-reference-query",
    "/mgmt/cm/system/machineid-resolver",
    "/mgmt/shared/authn/exchange",
    "/mgmt/shared/authn/login",
    "/mgmt/shared/echo",
    "/mgmt/shared/echo-query",
    "/mgmt/shared/failover-state",
    "/mgmt/shared/identified-devices/config/device-info",
    "/mgmt/shared/resolver/device-groups",
];

/// Limits of the list of requested URIs: their number, and the length of each.
const MAX_LISTED: usize = 1_000;
const MAX_URI_LENGTH: usize = 500;

/// The error for a call that no endpoint handles.
pub(super) fn refuse(appliance: &mut Appliance, call: &Call) -> RestError {
    let path = format!("/{}", call.segments().join("/"));
    let is_at = |uri: &&str| {
        path.strip_prefix(*uri).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if SIMULATED.iter().any(is_at) {
        return if call.method == Method::GET {
            RestError::not_registered()
        } else {
            method_not_supported(call)
        };
    }
    let uri = registered().find(is_at).map_or_else(|| call.redacted_path(), str::to_owned);
    if appliance.not_simulated.len() < MAX_LISTED && uri.len() < MAX_URI_LENGTH {
        appliance.not_simulated.insert(uri);
    }
    RestError::not_registered()
}

/// The error for a method that a known path does not support. BIG-IQ's answer is not published.
pub(super) fn method_not_supported(call: &Call) -> RestError {
    RestError::new(405, format!("simulator: {} is not supported here", call.method))
}

/// URIs that BIG-IQ registers but the simulator does not answer, and those that clients asked for.
pub(crate) fn list(appliance: &Appliance) -> Value {
    let missing: Vec<&str> = registered().filter(|uri| !is_simulated(uri)).collect();
    json!({"registered": missing, "askedFor": appliance.not_simulated})
}

fn registered() -> impl Iterator<Item = &'static str> {
    REGISTERED.lines().map(str::trim).filter(|line| line.starts_with('/'))
}

fn is_simulated(uri: &str) -> bool {
    SIMULATED.contains(&uri) || uri.starts_with("/mgmt/shared/resolver/device-groups/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::TestServer;
    use rstest::rstest;

    #[rstest]
    #[case("GET", "/mgmt/cm/no/such", 404, "Public URI path not registered")]
    #[case("GET", "/mgmt", 404, "Public URI path not registered")]
    #[case("GET", "/mgmt/cm/access/tasks/kill-sessions/a/b", 404, "Public URI path not registered")]
    #[case(
        "DELETE",
        "/mgmt/cm/access/tasks/kill-sessions/a",
        405,
        "simulator: DELETE is not supported here"
    )]
    #[case(
        "PUT",
        "/mgmt/shared/resolver/device-groups",
        405,
        "simulator: PUT is not supported here"
    )]
    #[case("GET", "/mgmt/shared/cors/whitelist/x", 404, "Public URI path not registered")]
    #[case("POST", "/mgmt/cm/access/tasks/revoke-tokens", 404, "Public URI path not registered")]
    #[tokio::test]
    async fn refuses_unknown_uris_and_methods(
        #[case] method: &str,
        #[case] path: &str,
        #[case] status: u16,
        #[case] text: &str,
    ) {
        let server = TestServer::new().await;
        let got = server.send_as(&server.token, method, path, "").await;
        assert_eq!((got.status, got.message().as_str()), (status, text));
    }

    #[tokio::test]
    async fn public_paths_support_one_method() {
        let got = TestServer::new().await.anonymous("GET", "/mgmt/shared/authn/login", "").await;
        assert_eq!(got.status, 405);
    }

    #[tokio::test]
    async fn missing_uris_are_listed() {
        let server = TestServer::new().await;
        server.get("/mgmt/shared/cors/whitelist/x").await;
        server.get("/mgmt/no/such?x=1").await;
        server.get("/mgmt/shared/echo").await;
        let list = server.anonymous("GET", "/_sim/unsimulated", "").await.json();
        assert_eq!(list["askedFor"], json!(["/mgmt/no/such", "/mgmt/shared/cors/whitelist"]));
        let registered = list["registered"].as_array().unwrap();
        assert!(registered.contains(&json!("/mgmt/cm/access/tasks/revoke-tokens")));
        assert!(!registered.contains(&json!("/mgmt/cm/access/tasks/kill-sessions")));
    }

    #[tokio::test]
    async fn the_list_is_limited() {
        let server = TestServer::new().await;
        server.get(&format!("/mgmt/{}", "a".repeat(MAX_URI_LENGTH))).await;
        for number in 0..=MAX_LISTED {
            server.get(&format!("/mgmt/no/{number}")).await;
        }
        let list = server.anonymous("GET", "/_sim/unsimulated", "").await.json();
        assert_eq!(list["askedFor"].as_array().unwrap().len(), MAX_LISTED);
        assert!(!list["askedFor"].to_string().contains("aaa"));
    }

    /// No registered URI makes the simulator panic.
    #[tokio::test]
    async fn every_registered_uri_is_answered() {
        let server = TestServer::new().await;
        for uri in registered() {
            let status = server.get(uri).await.status;
            assert!(matches!(status, 200 | 404 | 405), "{uri} {status}");
        }
    }
}
