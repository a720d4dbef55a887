//! `GET /_sim/unsimulated`: what BIG-IQ has and the simulator has not.

use axum::extract::State as Extract;
use axum::response::Response;

use super::reply;
use crate::api;
use crate::state::State;

/// The list.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(Ok(api::unsimulated(&state.world().appliance)))
}
