//! `GET` and `POST /_sim/faults`: the fault plan.

use axum::extract::{Request, State as Extract};
use axum::response::Response;

use super::json::{body, reply};
use crate::fault::plan::Plan;
use crate::simulator::State;

/// The rules, with what is left of their counts.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(serde_json::to_value(&state.world().plan).map_err(|error| error.to_string()))
}

/// Replaces the rules; an empty list ends all faults, and a restart in progress with them.
pub(super) async fn post(Extract(state): Extract<State>, request: Request) -> Response {
    match body::<Plan>(request).await {
        Err(error) => reply(Err(error)),
        Ok(plan) => {
            {
                let mut world = state.world();
                if plan.is_empty() {
                    world.appliance.outage = None;
                }
                world.plan = plan;
            }
            get(Extract(state)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::Lab;
    use serde_json::json;

    #[tokio::test]
    async fn an_empty_plan_ends_a_restart_too() {
        let lab = Lab::new().await;
        lab.faults(json!([{"path": "/info/system", "fault": {"kind": "restart", "seconds": 60}}]))
            .await;
        assert_eq!(lab.bare("GET", "/info/system", "").await.status, 404);
        lab.faults(json!([])).await;
        assert_eq!(lab.bare("GET", "/info/system", "").await.status, 200);
    }

    #[tokio::test]
    async fn a_plan_that_cannot_be_read_changes_nothing() {
        let lab = Lab::new().await;
        lab.faults(json!([{"path": "/info/system", "fault": {"kind": "html", "status": 502}}]))
            .await;
        for wrong in [
            r#"[{"path":"/a"}]"#,
            "{",
            r#"[{"path":"/a","fault":{"kind":"oversized","bytes":99999999999}}]"#,
        ] {
            assert_eq!(lab.bare("POST", "/_sim/faults", wrong).await.status, 400, "{wrong}");
        }
        assert_eq!(lab.bare("GET", "/info/system", "").await.status, 502);
    }
}
