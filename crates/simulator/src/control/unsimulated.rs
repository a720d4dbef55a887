//! `GET /_sim/unsimulated`: what BIG-IQ has and the simulator has not.

use axum::extract::State as Extract;
use axum::response::Response;

use super::json::reply;
use crate::api::unsimulated;
use crate::simulator::State;

/// The list.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(Ok(unsimulated::list(&state.world().appliance)))
}
