//! Turns an answer into an HTTP response, with the headers of BIG-IQ's front end.

use std::convert::Infallible;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;

use crate::fault::raw_response::{Delivery, Outcome};
use crate::simulator::State;

/// Marks a response of which not a byte goes out: the connection ends in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HangUp {
    /// In order.
    Close,
    /// With a TCP reset.
    Reset,
}

/// The response of an outcome.
pub(super) fn respond(state: &State, outcome: Outcome) -> Response {
    let now = state.world().appliance.now();
    let date = now.plus_millis(outcome.date_skew.saturating_mul(1000)).http_date();
    let length = outcome.body.len();
    let half = length / 2;
    let body = Bytes::from(outcome.body);
    let whole = matches!(outcome.delivery, Delivery::Whole);
    let body = match outcome.delivery {
        Delivery::Whole | Delivery::HangUp | Delivery::Reset => Body::from(body),
        Delivery::Cut => {
            Body::from_stream(stream::unfold(false, move |half_is_out| {
                let body = body.clone();
                async move {
                    if !half_is_out {
                        return Some((Ok(body.slice(..half)), true));
                    }
                    // The connection sends what it has while it waits; after an error it would not.
                    tokio::task::yield_now().await;
                    Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), true))
                }
            }))
        }
        Delivery::Stall(span) => {
            let state = state.clone();
            let millis = state.length(span);
            Body::from_stream(stream::unfold(0, move |step| {
                let (state, body) = (state.clone(), body.clone());
                async move {
                    let part = match step {
                        0 => body.slice(..half),
                        1 => {
                            state.sleep(millis).await;
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
    *response.status_mut() = StatusCode::from_u16(outcome.status).unwrap_or_default();
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, &outcome.content_type);
    set(headers, header::DATE, &date);
    set(headers, header::SERVER, "webd");
    set(headers, header::CACHE_CONTROL, "no-store, no-cache, must-revalidate");
    set(headers, header::PRAGMA, "no-cache");
    set(headers, header::EXPIRES, "-1");
    if let Some(seconds) = outcome.retry_after {
        set(headers, header::RETRY_AFTER, &seconds.to_string());
    }
    // Seen on error answers only (captured).
    if outcome.status >= 400 {
        set(headers, header::CONNECTION, "close");
    }
    if !whole {
        set(headers, header::CONTENT_LENGTH, &length.to_string());
    }
    let hang_up = match outcome.delivery {
        Delivery::HangUp => Some(HangUp::Close),
        Delivery::Reset => Some(HangUp::Reset),
        Delivery::Whole | Delivery::Cut | Delivery::Stall(_) => None,
    };
    if let Some(hang_up) = hang_up {
        response.extensions_mut().insert(hang_up);
    }
    response
}

/// Sets a header, unless its value is not allowed in one.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
