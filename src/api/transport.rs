//! One call out, one answer back: headers, time limit, abort on drop.

use super::ApiError;
use crate::web;
use bigiq::{Call, DecodeError, Endpoint, Method, Secret};
use curfew_core::timestamp::{Timestamp, parse_http_date};
use futures_util::future::{Either, select};
use gloo_net::http::{RequestBuilder, Response};
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

/// The time limit of a read. BIG-IQ's own framework gives up after about 60 s (captured).
const READ_LIMIT: Duration = Duration::from_secs(65);
/// The largest body that is read, in bytes: an answer with 10,000 devices is smaller. It also limits the number of
/// items; `serde_json` limits the depth.
const LARGEST: u64 = 96 * 1024 * 1024;

/// A successful answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The endpoint that answered.
    pub(super) endpoint: &'static Endpoint,
    /// The body.
    pub(super) text: String,
    /// BIG-IQ's clock, from the `Date` header, in milliseconds since 1970.
    pub(super) server_time: Option<Timestamp>,
}

/// Aborts the fetch when dropped, so that a read ends with its caller.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // guard: fetch-abort
            controller.abort();
        }
    }
}

/// Which connections a call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// Any.
    Shared,
    /// One that only such calls have used. When a used connection closes without an answer, Chromium sends the request
    /// again by itself, even a POST (seen in a test; its source calls it resending), and the kill would be executed
    /// twice. Requests without credentials use separate connections, so a kill without credentials starts on a new one
    /// if everything else is sent with them.
    Own,
}

/// Sends a call under a path prefix and waits for the whole answer.
///
/// # Errors
/// Any [`ApiError`] but `SignInNeeded`, which only the signed-in client can detect.
pub(super) async fn send(
    prefix: &str,
    call: &Call,
    token: Option<&Secret>,
) -> Result<Answer, ApiError> {
    send_with(prefix, call, token, &[], Connection::Shared).await
}

/// [`send`] with Curfew's own headers, which proxies log and remove.
///
/// # Errors
/// As [`send`].
pub(super) async fn send_with(
    prefix: &str,
    call: &Call,
    token: Option<&Secret>,
    claims: &[(&str, String)],
    connection: Connection,
) -> Result<Answer, ApiError> {
    let exchange = pin!(exchange(prefix, call, token, claims, connection));
    let limit = pin!(web::sleep(READ_LIMIT));
    match select(exchange, limit).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => Err(ApiError::Timeout(READ_LIMIT)),
    }
}

async fn exchange(
    prefix: &str,
    call: &Call,
    token: Option<&Secret>,
    claims: &[(&str, String)],
    connection: Connection,
) -> Result<Answer, ApiError> {
    let abort = AbortOnDrop(AbortController::new().ok());
    let request = build(prefix, call, token, claims, connection, abort.0.as_ref())
        .map_err(|_| ApiError::Network)?;
    let response = request.send().await.map_err(|_| ApiError::Network)?;
    let bytes =
        web::read_body_limited(&response, LARGEST).await.map_err(|unread| match unread {
            web::BodyError::Broken => ApiError::Network,
            web::BodyError::TooLarge(size) => ApiError::TooLarge(size),
        })?;
    if !response.ok() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let wait = header(&response, "retry-after").and_then(|v| v.trim().parse().ok());
        return Err(ApiError::refused(response.status(), text, wait.map(Duration::from_secs)));
    }
    // The browser's own decoder would replace invalid characters, and a damaged answer would be accepted.
    let text = String::from_utf8(bytes)
        .map_err(|error| ApiError::Unreadable(DecodeError::no_text(error.as_bytes())))?;
    let server_time = header(&response, "date").and_then(|d| parse_http_date(&d));
    Ok(Answer { endpoint: call.endpoint, text, server_time })
}

fn build(
    prefix: &str,
    call: &Call,
    token: Option<&Secret>,
    claims: &[(&str, String)],
    connection: Connection,
    abort: Option<&AbortController>,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = match call.endpoint.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let signal = abort.map(AbortController::signal);
    // A portal's sign-in may need cookies; the proxies remove them before BIG-IQ.
    let credentials = match connection {
        Connection::Shared => RequestCredentials::SameOrigin,
        Connection::Own => RequestCredentials::Omit,
    };
    // No redirects to another host, and nothing in the HTTP cache.
    // guard: no-redirects
    let mut request = RequestBuilder::new(&format!("{prefix}{}", call.target))
        .method(method)
        .credentials(credentials)
        .redirect(RequestRedirect::Error)
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(signal.as_ref())
        .header("Accept", "application/json");
    if let Some(token) = token {
        request = request.header("X-F5-Auth-Token", token.expose());
    }
    if !matches!(call.endpoint.method, Method::Get) {
        // A form on another site can't send this header: proxies that sign in by themselves require it.
        request = request.header("X-Curfew", "1");
    }
    for (name, value) in claims {
        request = request.header(name, value);
    }
    match &call.body {
        Some(body) => {
            request.header("Content-Type", "application/json").body(JsValue::from_str(body))
        }
        None => request.build(),
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)
}
