//! The simulator's own control paths, `/_sim/…`. Never part of BIG-IQ; listed in the crate's
//! documentation. One path, one file.

mod clock;
mod faults;
mod requests;
mod reset;
mod sessions;
mod settings;
mod unsimulated;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use reset::Start;

use crate::http;
use crate::state::State;

/// All control paths.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/_sim/sessions", get(sessions::get))
        .route("/_sim/requests", get(requests::get))
        .route("/_sim/faults", get(faults::get).post(faults::post))
        .route("/_sim/clock", get(clock::get).post(clock::post))
        .route("/_sim/reset", axum::routing::post(reset::post))
        .route("/_sim/settings", get(settings::get).post(settings::post))
        .route("/_sim/unsimulated", get(unsimulated::get))
}

/// Reads a JSON body; an empty one stands for `{}`.
async fn body<T: DeserializeOwned>(request: Request) -> Result<T, String> {
    let (_, bytes) = http::read(request).await.ok_or("the body cannot be read")?;
    let bytes = if bytes.is_empty() { Bytes::from_static(b"{}") } else { bytes };
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn reply(result: Result<Value, String>) -> Response {
    let (status, value) = match result {
        Ok(value) => (StatusCode::OK, value),
        Err(error) => (StatusCode::BAD_REQUEST, json!({"error": error})),
    };
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
