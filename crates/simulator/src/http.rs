//! Between HTTP and the appliance: what arrives becomes a [`Call`], what leaves gets the headers of
//! BIG-IQ's front end.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use futures_util::stream;

use crate::answer::Answer;
use crate::call::Call;
use crate::control;
use crate::cors;
use crate::fault::{Delivery, Outcome};
use crate::state::State;

/// Longest request body that is read; the front end answers 413 to more.
const MOST_BODY: usize = 8 << 20;

/// Longest request target; the front end answers 414 to a longer one. The front end is an nginx under
/// another name, and this is nginx's default (inferred).
const MOST_TARGET: usize = 8 << 10;

/// Marks a response of which not a byte goes out: the connection ends in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HangUp {
    /// In order.
    Close,
    /// With a TCP reset.
    Reset,
}

/// Tells the connection that a request has been read to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct WholeRequest(Arc<AtomicBool>);

impl WholeRequest {
    /// The request has been read.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has been since the last time somebody asked.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

/// The whole server: BIG-IQ's paths, the control paths, the site.
pub fn app(state: State) -> Router {
    Router::new()
        .merge(control::routes())
        .route("/mgmt", any(api))
        .route("/mgmt/{*path}", any(api))
        .route("/info/{*path}", any(api))
        .fallback(site)
        .with_state(state)
}

/// Reads a request to its end; `None` when it is too long or breaks off.
pub(crate) async fn read(request: Request) -> Option<(Parts, Bytes)> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MOST_BODY).await.ok()?;
    if let Some(whole) = parts.extensions.get::<WholeRequest>() {
        whole.set();
    }
    Some((parts, body))
}

async fn api(Extract(state): Extract<State>, request: Request) -> Response {
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MOST_TARGET) {
        return respond(&state, Outcome::from(Answer::page(414)));
    }
    let Some((parts, body)) = read(request).await else {
        return respond(&state, Outcome::from(Answer::page(413)));
    };
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let call = Call::new(parts.method, &parts.uri, parts.headers, peer, &body);
    let closes = state.site().is_some()
        && call.method == Method::POST
        && call.segments() == ["mgmt", "cm", "access", "tasks", "kill-sessions"];
    let origin = cors::allowed(&state, &call);
    if let Some(origin) = &origin
        && cors::is_preflight(&call)
    {
        return cors::preflight(origin);
    }
    // A task of its own: a client that gives up does not undo what it asked for.
    let handled = {
        let state = state.clone();
        tokio::spawn(async move { state.handle(call).await })
    };
    let outcome = handled.await.unwrap_or_else(|_| Outcome::from(Answer::page(500)));
    let mut response = respond(&state, outcome);
    if closes {
        // As the proxies in front of a real one do: Chromium sends a POST again by itself if a connection that was used
        // before dies without an answer, so the next kill must find none.
        set(response.headers_mut(), header::CONNECTION, "close");
    }
    if let Some(origin) = &origin {
        cors::open(response.headers_mut(), origin);
    }
    response
}

fn respond(state: &State, outcome: Outcome) -> Response {
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

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

async fn site(Extract(state): Extract<State>, request: Request) -> Response {
    match state.site() {
        Some(site) => site.answer(request.method(), request.uri().path(), request.headers()).await,
        None => respond(&state, Outcome::from(Answer::page(404))),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{KILL, Lab};
    use serde_json::json;

    #[tokio::test]
    async fn beside_a_site_a_kills_connection_ends_with_its_answer_and_no_other_does() {
        let kill =
            json!({"action": "KILL_BY_USER", "userName": "user2", "clusterNames": ["RedCluster"]});
        for (lab, closing) in [(Lab::beside_a_site().await, "close"), (Lab::new().await, "")] {
            let got = lab.post(KILL, &kill.to_string()).await;
            assert!(got.status < 300, "{}", got.text);
            assert_eq!(got.header("connection"), closing);
            assert_eq!(lab.get(KILL).await.header("connection"), "");
        }
    }
}
