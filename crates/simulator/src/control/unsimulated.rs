//! `GET /_sim/unsimulated`: what BIG-IQ has and the simulator has not.

use axum::extract::State;
use axum::response::Response;

use super::json::reply;
use crate::api::unsimulated;
use crate::simulator::Simulator;

/// The list.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(Ok(unsimulated::list(&simulator.lock().appliance)))
}
