//! `GET /_sim/requests`: every call that came in.

use axum::extract::State as Extract;
use axum::response::Response;

use super::reply;
use crate::state::State;

/// The record.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(Ok(state.world().record.json()))
}
