//! `GET /_sim/sessions`: the sessions that really live.

use axum::extract::State as Extract;
use axum::response::Response;
use serde_json::{Value, json};

use super::reply;
use crate::state::State;

/// The truth.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    let mut world = state.world();
    let appliance = &mut world.appliance;
    appliance.settle();
    let all = appliance.sessions.all().map(|(device, session)| {
        json!({
            "device": appliance.inventory.get(device).map(|device| &device.id),
            "id": session.id,
            "user": session.user,
            "clientIp": session.client_ip,
        })
    });
    reply(Ok(Value::Array(all.collect())))
}
