//! `GET` and `POST /_sim/faults`: the fault plan.

use axum::extract::{Request, State as Extract};
use axum::response::Response;

use super::{body, reply};
use crate::fault::Plan;
use crate::state::State;

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
