//! The simulator's own control paths, `/_sim/…`. One path, one file; the crate's documentation
//! lists them.

mod clock;
mod faults;
mod json;
mod requests;
mod reset;
mod sessions;
mod settings;
mod unsimulated;

use axum::Router;
use axum::routing::get;

use crate::simulator::Simulator;

/// Routes of all control paths.
pub(crate) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/_sim/sessions", get(sessions::get))
        .route("/_sim/requests", get(requests::get))
        .route("/_sim/faults", get(faults::get).post(faults::post))
        .route("/_sim/clock", get(clock::get).post(clock::post))
        .route("/_sim/reset", axum::routing::post(reset::post))
        .route("/_sim/settings", get(settings::get).post(settings::post))
        .route("/_sim/unsimulated", get(unsimulated::get))
}
