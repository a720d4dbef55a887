//! Reads and writes the JSON of the control paths.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::body::read;

/// Reads a JSON body; an empty body counts as `{}`.
pub(super) async fn body<T: DeserializeOwned>(request: Request) -> Result<T, String> {
    let request = read(request).await.ok_or("the body is too long or incomplete")?;
    let body: &[u8] = if request.body().is_empty() { b"{}" } else { request.body() };
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// The answer: 200 with the value, or 400 with the error.
pub(super) fn reply(result: Result<Value, String>) -> Response {
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
