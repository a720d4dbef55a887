//! `GET` and `POST /_sim/settings`: the switches.

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde_json::{Map, Value};

use super::{body, reply};
use crate::state::State;

/// All of them.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(serde_json::to_value(&state.world().appliance.settings).map_err(|e| e.to_string()))
}

/// Changes those that are named.
pub(super) async fn post(Extract(state): Extract<State>, request: Request) -> Response {
    let changes = body::<Map<String, Value>>(request).await;
    let changed = changes.and_then(|changes| {
        let settings = &mut state.world().appliance.settings;
        *settings = settings.with(&changes)?;
        Ok(())
    });
    match changed {
        Ok(()) => get(Extract(state)).await,
        Err(error) => reply(Err(error)),
    }
}
