//! BIG-IQ's own paths: one endpoint, one file. This file routes calls to them.

mod access_info;
mod device_groups;
mod device_info;
mod device_reference_query;
mod device_stats;
mod echo;
mod failover_state;
mod group_devices;
mod info_system;
mod items;
mod kill_cancel;
mod kill_start;
mod kill_tasks;
mod login;
mod machineid_resolver;
mod rest_proxy;
mod token_delete;
mod token_exchange;
pub(crate) mod unsimulated;

use axum::http::Method;

use crate::auth::authentication::{self, AuthError};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::world::appliance::Appliance;

/// Answers a call: restart, authentication, endpoint.
pub(crate) fn answer(appliance: &mut Appliance, call: &Call) -> Answer {
    appliance.catch_up();
    let reply = match appliance.outage.map(|outage| outage.status) {
        Some(status @ (401 | 404)) => Err(RestError::starting(status)),
        Some(status) => Ok(Answer::page(status)),
        None => route(appliance, call),
    };
    reply.unwrap_or_else(|error| {
        let operation_id = appliance.next_operation_id();
        error.answer(&call.peer.to_string(), operation_id, appliance.settings.java_stacks)
    })
}

fn route(appliance: &mut Appliance, call: &Call) -> EndpointResult {
    let segments = call.segments();
    let refused = refused_status(appliance, call, &segments);
    if authentication::is_public(&segments)
        && let Some(status) = refused
    {
        return Err(RestError::refused(status));
    }
    match (&call.method, segments.as_slice()) {
        (&Method::GET, ["info", "system"]) => return Ok(info_system::get(appliance)),
        (&Method::POST, ["mgmt", "shared", "authn", "login"]) => {
            return login::post(appliance, call);
        }
        (&Method::POST, ["mgmt", "shared", "authn", "exchange"]) => {
            return token_exchange::post(appliance, call);
        }
        (_, segments) if authentication::is_public(segments) => {
            return Err(unsimulated::method_not_supported(call));
        }
        _ => {}
    }
    let account = match authentication::authenticate(appliance, call) {
        Ok(account) => account,
        Err(AuthError::Page(page)) => return Ok(page),
        Err(AuthError::Rest(error)) => return Err(error),
    };
    match refused {
        Some(status @ (401 | 403)) => {
            let error = authentication::forbidden(appliance, account, call);
            return Err(RestError { status, ..error });
        }
        Some(status) => return Err(RestError::refused(status)),
        None => {}
    }
    let ["mgmt", path @ ..] = segments.as_slice() else { return Ok(Answer::page(404)) };
    match (&call.method, path) {
        (&Method::DELETE, ["shared", "authz", "tokens", token]) => {
            token_delete::delete(appliance, token)
        }
        (&Method::GET, ["cm", "system", "machineid-resolver"]) => {
            machineid_resolver::list(appliance, account, call)
        }
        (&Method::GET, ["cm", "system", "machineid-resolver", id]) => {
            machineid_resolver::item(appliance, call, id)
        }
        (&Method::POST, ["cm", "shared", "device-reference-query"]) => {
            device_reference_query::post(appliance, call)
        }
        (&Method::GET, ["shared", "resolver", "device-groups"]) => {
            device_groups::list(appliance, call)
        }
        (&Method::GET, ["shared", "resolver", "device-groups", group]) => {
            device_groups::item(appliance, call, group)
        }
        (&Method::GET, ["shared", "resolver", "device-groups", group, "devices"]) => {
            group_devices::list(appliance, account, call, group)
        }
        (&Method::GET, ["shared", "resolver", "device-groups", group, "devices", "stats"]) => {
            device_stats::all(appliance, group)
        }
        (&Method::GET, ["shared", "resolver", "device-groups", group, "devices", id]) => {
            group_devices::item(appliance, account, call, group, id)
        }
        (&Method::GET, ["shared", "resolver", "device-groups", group, "devices", id, "stats"]) => {
            device_stats::one(appliance, group, id)
        }
        (
            _,
            ["shared", "resolver", "device-groups", group, "devices", id, "rest-proxy", rest @ ..],
        ) => rest_proxy::forward(appliance, account, call, group, id, rest),
        (&Method::GET, ["shared", "identified-devices", "config", "device-info"]) => {
            device_info::get(appliance)
        }
        (&Method::GET, ["shared", "failover-state"]) => Ok(failover_state::get(appliance)),
        (_, ["shared", "echo" | "echo-query"]) => Ok(echo::any(call)),
        (&Method::GET, ["cm", "access", "tasks", "kill-sessions"]) => {
            kill_tasks::list(appliance, call)
        }
        (&Method::POST, ["cm", "access", "tasks", "kill-sessions"]) => {
            kill_start::post(appliance, account, call)
        }
        (&Method::GET, ["cm", "access", "tasks", "kill-sessions", id]) => {
            kill_tasks::item(appliance, call, id)
        }
        (&Method::PATCH, ["cm", "access", "tasks", "kill-sessions", id]) => {
            kill_cancel::patch(appliance, account, call, id)
        }
        _ => Err(unsimulated::refuse(appliance, call)),
    }
}

/// The status with which a setting refuses this read.
fn refused_status(appliance: &Appliance, call: &Call, segments: &[&str]) -> Option<u16> {
    let is_at = |path: &str| {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let matches = |(part, segment): (&&str, &&str)| *part == "*" || part == segment;
        parts.len() == segments.len() && parts.iter().zip(segments).all(matches)
    };
    let mut refused = appliance.settings.refused_reads.iter();
    let found = refused.find(|(path, _)| call.method == Method::GET && is_at(path));
    found.map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use crate::test_server::{ACCESS, KILL, TestServer};
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("/info/system", 404, "Public URI path not registered")]
    #[case("/mgmt/shared/failover-state", 503, "simulator: refused by the setting refusedReads")]
    #[case("/mgmt/shared/*", 404, "")]
    #[tokio::test]
    async fn a_setting_refuses_reads(#[case] path: &str, #[case] status: u16, #[case] text: &str) {
        let server = TestServer::with_settings(json!({"refusedReads": {path: status}})).await;
        let asked = path.replace('*', "echo");
        let got = server.get(&asked).await;
        assert_eq!(got.status, status);
        assert!(text.is_empty() || got.message() == text, "{}", got.text);
        assert_eq!(server.get(KILL).await.status, 200);
        assert_eq!(server.get(ACCESS).await.status, 200, "longer paths are not refused");
        assert_ne!(server.post(&asked, "{}").await.status, status, "only reads are refused");
    }

    #[rstest]
    #[case(401)]
    #[case(403)]
    #[tokio::test]
    async fn a_refusal_of_an_account_names_what_was_refused(#[case] status: u16) {
        let server = TestServer::with_settings(json!({"refusedReads": {KILL: status}})).await;
        let got = server.get(KILL).await;
        assert_eq!(got.status, status);
        assert!(got.message().contains(&format!("resource={KILL} verb=GET")), "{}", got.text);
        assert_eq!(server.anonymous("GET", KILL, "").await.status, 401, "a token is needed first");
    }
}
