//! `POST /_sim/reset`: starts over, optionally from a changed setup.

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::json;

use super::json::{body, reply};
use crate::simulator::Simulator;
use crate::world::setup::SetupChanges;

/// Resets sessions, tasks, tokens, log, clock and settings, and removes all faults. The changes
/// hold until the next reset.
pub(super) async fn post(State(simulator): State<Simulator>, request: Request) -> Response {
    let start = body::<SetupChanges>(request).await;
    let result = start.and_then(|start| {
        let mut simulation = simulator.lock();
        let setup = start.apply_to(&simulation.setup)?;
        simulation.reset(&setup);
        Ok(json!({
            "devices": simulation.appliance.inventory.devices().len(),
            "sessions": simulation.appliance.sessions.all().count(),
        }))
    });
    simulator.notify_clock_moved();
    reply(result)
}

#[cfg(test)]
mod tests {
    use crate::test_server::{KILL, TestServer};
    use serde_json::json;

    #[tokio::test]
    async fn a_reset_restores_everything_and_its_changes_last_until_the_next() {
        let server = TestServer::new().await;
        let before = server.anonymous("GET", "/_sim/sessions", "").await.json();
        let body = r#"{"action":"KILL_ALL_SESSIONS","clusterNames":["RedCluster"]}"#;
        server.post(KILL, body).await;
        server.advance(5_000);
        server.set_faults(json!([{"path": "/info/system", "fault": {"kind": "truncate"}}])).await;
        assert_ne!(server.anonymous("GET", "/_sim/sessions", "").await.json(), before);

        let start = r#"{"devices":40,"settings":{"profile":"5.2"},"now":"2026-01-01T00:00:00Z"}"#;
        let got = server.anonymous("POST", "/_sim/reset", start).await.json();
        assert_eq!(got["devices"], 42);
        assert_eq!(server.anonymous("GET", "/_sim/settings", "").await.json()["profile"], "5.2");
        let clock = server.anonymous("GET", "/_sim/clock", "").await.json();
        assert_eq!(clock["now"], "2026-01-01T00:00:00.000Z");

        server.anonymous("POST", "/_sim/reset", "").await;
        assert_eq!(server.anonymous("GET", "/_sim/sessions", "").await.json(), before);
        for (path, empty) in [("/_sim/faults", json!([])), ("/_sim/requests", json!([]))] {
            assert_eq!(server.anonymous("GET", path, "").await.json(), empty);
        }
        assert_eq!(server.get("/mgmt/shared/echo").await.status, 401, "tokens are reset too");
    }

    #[tokio::test]
    async fn an_invalid_reset_changes_nothing() {
        let server = TestServer::new().await;
        for wrong in [
            r#"{"devices":100001}"#,
            r#"{"devices":-1}"#,
            r#"{"now":"x"}"#,
            r#"{"settings":{"x":1}}"#,
        ] {
            assert_eq!(server.anonymous("POST", "/_sim/reset", wrong).await.status, 400, "{wrong}");
        }
        assert_eq!(server.get("/mgmt/shared/echo").await.status, 200);
    }
}
