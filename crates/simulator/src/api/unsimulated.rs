//! Everything else under `/mgmt` gets BIG-IQ's own answer to a URI that it does not serve (documented),
//! and is listed: also what a live 7.1 does serve, since nothing public shows its contents.

use axum::http::Method;
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::rest_error::Problem;
use crate::world::appliance::Appliance;

/// URIs registered on a live 7.1, from a public listing (captured).
const REGISTERED: &str = include_str!("../../fixtures/registered-uris.txt");

/// Those of them that the simulator answers.
const SIMULATED: [&str; 9] = [
    "/mgmt/cm/access/tasks/kill-sessions",
    "/mgmt/cm/shared/device-reference-query",
    "/mgmt/cm/system/machineid-resolver",
    "/mgmt/shared/authn/exchange",
    "/mgmt/shared/authn/login",
    "/mgmt/shared/echo",
    "/mgmt/shared/echo-query",
    "/mgmt/shared/failover-state",
    "/mgmt/shared/resolver/device-groups",
];

/// Most URIs that are listed as asked for, and how long each may be.
const MOST_LISTED: usize = 1_000;
const MOST_LENGTH: usize = 500;

/// Refuses a call that no endpoint takes.
pub(super) fn refuse(appliance: &mut Appliance, call: &Call) -> Problem {
    let path = format!("/{}", call.segments().join("/"));
    let is_at = |uri: &&str| {
        path.strip_prefix(*uri).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if SIMULATED.iter().any(is_at) {
        return if call.method == Method::GET { Problem::not_registered() } else { method(call) };
    }
    let uri = registered().find(is_at).map_or_else(|| call.shown_path(), str::to_owned);
    if appliance.not_simulated.len() < MOST_LISTED && uri.len() < MOST_LENGTH {
        appliance.not_simulated.insert(uri);
    }
    Problem::not_registered()
}

/// Refuses a method on a path that has others. The appliance's answer is not published.
pub(super) fn method(call: &Call) -> Problem {
    Problem::new(405, format!("simulator: {} is not supported here", call.method))
}

/// What is registered and not simulated, and which of it was asked for.
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
    use crate::test_server::Lab;
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
    async fn refuses(
        #[case] method: &str,
        #[case] path: &str,
        #[case] status: u16,
        #[case] text: &str,
    ) {
        let lab = Lab::new().await;
        let got = lab.call_as(&lab.token, method, path, "").await;
        assert_eq!((got.status, got.message().as_str()), (status, text));
    }

    #[tokio::test]
    async fn open_paths_take_one_method() {
        let got = Lab::new().await.bare("GET", "/mgmt/shared/authn/login", "").await;
        assert_eq!(got.status, 405);
    }

    #[tokio::test]
    async fn what_is_missing_is_listed() {
        let lab = Lab::new().await;
        lab.get("/mgmt/shared/cors/whitelist/x").await;
        lab.get("/mgmt/no/such?x=1").await;
        lab.get("/mgmt/shared/echo").await;
        let list = lab.bare("GET", "/_sim/unsimulated", "").await.json();
        assert_eq!(list["askedFor"], json!(["/mgmt/no/such", "/mgmt/shared/cors/whitelist"]));
        let registered = list["registered"].as_array().unwrap();
        assert!(registered.contains(&json!("/mgmt/cm/access/tasks/revoke-tokens")));
        assert!(!registered.contains(&json!("/mgmt/cm/access/tasks/kill-sessions")));
    }

    #[tokio::test]
    async fn the_list_has_an_end() {
        let lab = Lab::new().await;
        lab.get(&format!("/mgmt/{}", "a".repeat(MOST_LENGTH))).await;
        for number in 0..=MOST_LISTED {
            lab.get(&format!("/mgmt/no/{number}")).await;
        }
        let list = lab.bare("GET", "/_sim/unsimulated", "").await.json();
        assert_eq!(list["askedFor"].as_array().unwrap().len(), MOST_LISTED);
        assert!(!list["askedFor"].to_string().contains("aaa"));
    }

    /// Every registered URI has an answer of its own, and none makes the simulator fall over.
    #[tokio::test]
    async fn every_registered_uri_is_answered() {
        let lab = Lab::new().await;
        for uri in registered() {
            let status = lab.get(uri).await.status;
            assert!(matches!(status, 200 | 404 | 405), "{uri} {status}");
        }
    }
}
