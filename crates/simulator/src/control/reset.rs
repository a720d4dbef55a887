//! `POST /_sim/reset`: back to the start, or to another one.

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde_json::json;

use super::json::{body, reply};
use crate::simulator::State;
use crate::world::setup::Start;

/// Starts over: sessions, tasks, tokens, record, clock, settings; no faults. The differences hold
/// until the next reset.
pub(super) async fn post(Extract(state): Extract<State>, request: Request) -> Response {
    let start = body::<Start>(request).await;
    let result = start.and_then(|start| {
        let mut world = state.world();
        let setup = start.over(&world.setup)?;
        world.reset(&setup);
        Ok(json!({
            "devices": world.appliance.inventory.devices().len(),
            "sessions": world.appliance.sessions.all().count(),
        }))
    });
    state.clock_moved();
    reply(result)
}

#[cfg(test)]
mod tests {
    use crate::test_server::{KILL, Lab};
    use serde_json::json;

    #[tokio::test]
    async fn everything_starts_over_and_differences_last_until_the_next_time() {
        let lab = Lab::new().await;
        let truth = lab.bare("GET", "/_sim/sessions", "").await.json();
        let body = r#"{"action":"KILL_ALL_SESSIONS","clusterNames":["RedCluster"]}"#;
        lab.post(KILL, body).await;
        lab.advance(5_000);
        lab.faults(json!([{"path": "/info/system", "fault": {"kind": "truncate"}}])).await;
        assert_ne!(lab.bare("GET", "/_sim/sessions", "").await.json(), truth);

        let start = r#"{"devices":40,"settings":{"profile":"5.2"},"now":"2026-01-01T00:00:00Z"}"#;
        let got = lab.bare("POST", "/_sim/reset", start).await.json();
        assert_eq!(got["devices"], 42);
        assert_eq!(lab.bare("GET", "/_sim/settings", "").await.json()["profile"], "5.2");
        let clock = lab.bare("GET", "/_sim/clock", "").await.json();
        assert_eq!(clock["now"], "2026-01-01T00:00:00.000Z");

        lab.bare("POST", "/_sim/reset", "").await;
        assert_eq!(lab.bare("GET", "/_sim/sessions", "").await.json(), truth);
        for (path, empty) in [("/_sim/faults", json!([])), ("/_sim/requests", json!([]))] {
            assert_eq!(lab.bare("GET", path, "").await.json(), empty);
        }
        assert_eq!(lab.get("/mgmt/shared/echo").await.status, 401, "tokens are gone too");
    }

    #[tokio::test]
    async fn what_makes_no_sense_changes_nothing() {
        let lab = Lab::new().await;
        for wrong in [
            r#"{"devices":100001}"#,
            r#"{"devices":-1}"#,
            r#"{"now":"x"}"#,
            r#"{"settings":{"x":1}}"#,
        ] {
            assert_eq!(lab.bare("POST", "/_sim/reset", wrong).await.status, 400, "{wrong}");
        }
        assert_eq!(lab.get("/mgmt/shared/echo").await.status, 200);
    }
}
