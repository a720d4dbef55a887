//! `GET /_sim/unsimulated`: URIs that BIG-IQ has and the simulator does not answer.

use axum::extract::State;
use axum::response::Response;

use super::json::reply;
use crate::api::unsimulated;
use crate::simulator::Simulator;

/// The list.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(Ok(unsimulated::list(&simulator.lock().appliance)))
}
