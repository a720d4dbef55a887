//! `GET` and `POST /_sim/faults`: the fault plan.

use axum::extract::{Request, State};
use axum::response::Response;

use super::json::{body, reply};
use crate::fault::plan::FaultPlan;
use crate::simulator::Simulator;

/// The rules and their remaining counts.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(serde_json::to_value(&simulator.lock().faults).map_err(|error| error.to_string()))
}

/// Replaces the rules. An empty list ends all faults, including a restart in progress.
pub(super) async fn post(State(simulator): State<Simulator>, request: Request) -> Response {
    match body::<FaultPlan>(request).await {
        Err(error) => reply(Err(error)),
        Ok(plan) => {
            {
                let mut simulation = simulator.lock();
                if plan.is_empty() {
                    simulation.appliance.outage = None;
                }
                simulation.faults = plan;
            }
            get(State(simulator)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use serde_json::json;

    #[tokio::test]
    async fn an_empty_plan_also_ends_a_restart() {
        let server = TestServer::new().await;
        server
            .set_faults(
                json!([{"path": "/info/system", "fault": {"kind": "restart", "seconds": 60}}]),
            )
            .await;
        assert_eq!(server.anonymous("GET", "/info/system", "").await.status, 404);
        server.set_faults(json!([])).await;
        assert_eq!(server.anonymous("GET", "/info/system", "").await.status, 200);
    }

    #[tokio::test]
    async fn an_invalid_plan_changes_nothing() {
        let server = TestServer::new().await;
        server
            .set_faults(json!([{"path": "/info/system", "fault": {"kind": "html", "status": 502}}]))
            .await;
        for wrong in [
            r#"[{"path":"/a"}]"#,
            "{",
            r#"[{"path":"/a","fault":{"kind":"oversized","bytes":99999999999}}]"#,
        ] {
            assert_eq!(
                server.anonymous("POST", "/_sim/faults", wrong).await.status,
                400,
                "{wrong}"
            );
        }
        assert_eq!(server.anonymous("GET", "/info/system", "").await.status, 502);
    }
}
