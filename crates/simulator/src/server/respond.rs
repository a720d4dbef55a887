//! Turns a response into HTTP, with the headers of BIG-IQ's front end.

use std::convert::Infallible;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;

use crate::fault::raw_response::{Delivery, RawResponse};
use crate::simulator::Simulator;

/// Marks a response that must not be sent: the connection ends instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abort {
    /// Close normally.
    Close,
    /// Close with a TCP reset.
    Reset,
}

/// Builds the HTTP response.
pub(super) fn respond(simulator: &Simulator, raw: RawResponse) -> Response {
    let now = simulator.lock().appliance.now();
    let date = now.plus_millis(raw.date_skew_seconds.saturating_mul(1000)).http_date();
    let length = raw.body.len();
    let half = length / 2;
    let body = Bytes::from(raw.body);
    let is_whole = matches!(raw.delivery, Delivery::Whole);
    let body = match raw.delivery {
        Delivery::Whole | Delivery::Close | Delivery::Reset => Body::from(body),
        Delivery::Cut => {
            Body::from_stream(stream::unfold(false, move |half_is_sent| {
                let body = body.clone();
                async move {
                    if !half_is_sent {
                        return Some((Ok(body.slice(..half)), true));
                    }
                    // The connection sends what it has while it waits. After an error it would send
                    // nothing.
                    tokio::task::yield_now().await;
                    Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), true))
                }
            }))
        }
        Delivery::Stall(wait) => {
            let simulator = simulator.clone();
            let millis = simulator.pick_wait_ms(wait);
            Body::from_stream(stream::unfold(0, move |step| {
                let (simulator, body) = (simulator.clone(), body.clone());
                async move {
                    let part = match step {
                        0 => body.slice(..half),
                        1 => {
                            simulator.sleep(millis).await;
                            body.slice(half..)
                        }
                        _ => return None,
                    };
                    Some((Ok::<_, Infallible>(part), step + 1))
                }
            }))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(raw.status).unwrap_or_default();
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, &raw.content_type);
    set(headers, header::DATE, &date);
    set(headers, header::SERVER, "webd");
    set(headers, header::CACHE_CONTROL, "no-store, no-cache, must-revalidate");
    set(headers, header::PRAGMA, "no-cache");
    set(headers, header::EXPIRES, "-1");
    if let Some(seconds) = raw.retry_after_seconds {
        set(headers, header::RETRY_AFTER, &seconds.to_string());
    }
    // Captured: only error answers have it.
    if raw.status >= 400 {
        set(headers, header::CONNECTION, "close");
    }
    if !is_whole {
        set(headers, header::CONTENT_LENGTH, &length.to_string());
    }
    let abort = match raw.delivery {
        Delivery::Close => Some(Abort::Close),
        Delivery::Reset => Some(Abort::Reset),
        Delivery::Whole | Delivery::Cut | Delivery::Stall(_) => None,
    };
    if let Some(abort) = abort {
        response.extensions_mut().insert(abort);
    }
    response
}

/// Sets a header, unless the value is invalid.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
