//! The browser as the platform of the client: its fetch and its clocks.

use super::read_body_limited::read_body_limited;
use super::{sleep, time};
use curfew_client::platform::{
    Clock, Connection, LARGEST, Method, NoResponse, Request, Response, TIME_LIMIT, Transport,
};
use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use gloo_net::http::{Headers, RequestBuilder};
use std::pin::pin;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

/// The browser.
#[derive(Debug, Clone, Copy)]
pub struct Browser;

impl Clock for Browser {
    fn epoch_ms(&self) -> i64 {
        time::epoch_ms()
    }

    fn monotonic_ms(&self) -> f64 {
        time::monotonic_ms()
    }
}

impl Transport for Browser {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> LocalBoxFuture<'a, Result<Response, NoResponse>> {
        async move {
            let fetched = pin!(fetch(request));
            let limit = pin!(sleep(TIME_LIMIT));
            match select(fetched, limit).await {
                Either::Left((response, _)) => response,
                Either::Right(((), _)) => Err(NoResponse::Timeout(TIME_LIMIT)),
            }
        }
        .boxed_local()
    }
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

async fn fetch(request: Request<'_>) -> Result<Response, NoResponse> {
    let abort = AbortOnDrop(AbortController::new().ok());
    let request = build(&request, abort.0.as_ref()).map_err(|_| NoResponse::Broken)?;
    let response = request.send().await.map_err(|_| NoResponse::Broken)?;
    let body = read_body_limited(&response, LARGEST).await?;
    let headers = response.headers();
    Ok(Response {
        status: response.status(),
        retry_after: headers.get("retry-after"),
        date: headers.get("date"),
        body,
    })
}

fn build(
    request: &Request<'_>,
    abort: Option<&AbortController>,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = match request.method() {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let headers = Headers::new();
    request.each_header(&mut |name, value| headers.set(name, value));
    let signal = abort.map(AbortController::signal);
    // A portal's sign-in may need cookies; the proxies remove them before BIG-IQ.
    let credentials = match request.connection() {
        Connection::Shared => RequestCredentials::SameOrigin,
        // guard: own-connection-omits-credentials
        Connection::Own => RequestCredentials::Omit,
    };
    // No redirects to another host, and nothing in the HTTP cache.
    // guard: no-redirects
    let builder = RequestBuilder::new(&request.target())
        .headers(headers)
        .method(method)
        .credentials(credentials)
        .redirect(RequestRedirect::Error)
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(signal.as_ref());
    match request.body() {
        Some(body) => builder.body(JsValue::from_str(body)),
        None => builder.build(),
    }
}
