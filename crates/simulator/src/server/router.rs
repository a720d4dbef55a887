//! The routes of the server: BIG-IQ's paths, the control paths, and the files of a site.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, header};
use axum::response::Response;
use axum::routing::any;

use super::cors;
use super::respond::{respond, set};
use super::site::Site;
use crate::control;
use crate::fault::raw_response::RawResponse;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::{body, paths};
use crate::simulator::Simulator;

/// Longest request target; the front end answers 414 to a longer one. The front end is a renamed
/// nginx, and this is nginx's default (inferred).
const MAX_TARGET: usize = 8 << 10;

/// The whole server: BIG-IQ's paths, the control paths, and the site if there is one.
pub fn router(simulator: Simulator, site: Option<Site>) -> Router {
    routes(Handlers { simulator, site, is_detached: true })
}

/// The same with calls that run in the task of their caller, who has to wait for them.
pub(super) fn attached_router(simulator: Simulator) -> Router {
    routes(Handlers { simulator, site: None, is_detached: false })
}

fn routes(handlers: Handlers) -> Router {
    let simulator = handlers.simulator.clone();
    Router::new()
        .route("/mgmt", any(api))
        .route("/mgmt/{*path}", any(api))
        .route("/info/{*path}", any(api))
        .fallback(site_file)
        .with_state(handlers)
        .merge(control::routes().with_state(simulator))
}

/// State of the handlers.
#[derive(Debug, Clone)]
struct Handlers {
    simulator: Simulator,
    site: Option<Site>,
    /// Whether calls run in tasks of their own.
    is_detached: bool,
}

async fn api(State(handlers): State<Handlers>, request: Request) -> Response {
    let Handlers { simulator, site, is_detached } = handlers;
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET) {
        return respond(&simulator, RawResponse::from(Answer::page(414)));
    }
    let Some(request) = body::read(request).await else {
        return respond(&simulator, RawResponse::from(Answer::page(413)));
    };
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let call = Call::new(parts.method, &parts.uri, parts.headers, peer, &body);
    let closes =
        site.is_some() && call.method == Method::POST && call.segments() == paths::KILL_SESSIONS;
    let origin = cors::allowed(&simulator, &call);
    if let Some(origin) = &origin
        && cors::is_preflight(&call)
    {
        return cors::preflight(origin);
    }
    let handled = {
        let simulator = simulator.clone();
        async move { simulator.handle(call).await }
    };
    let raw = if is_detached {
        // A client that disconnects does not undo its call.
        tokio::spawn(handled).await.unwrap_or_else(|_| RawResponse::from(Answer::page(500)))
    } else {
        handled.await
    };
    let mut response = respond(&simulator, raw);
    if closes {
        // As the proxies in front of a real BIG-IQ do. Chromium repeats a POST by itself if a
        // reused connection closes without an answer, so the next kill must not find an open one.
        set(response.headers_mut(), header::CONNECTION, "close");
    }
    if let Some(origin) = &origin {
        cors::add_headers(response.headers_mut(), origin);
    }
    response
}

async fn site_file(
    State(Handlers { simulator, site, .. }): State<Handlers>,
    request: Request,
) -> Response {
    match site {
        Some(site) => site.answer(request).await,
        None => respond(&simulator, RawResponse::from(Answer::page(404))),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::{KILL, TestServer};
    use serde_json::json;

    #[tokio::test]
    async fn with_a_site_only_the_connection_of_a_kill_closes_after_its_answer() {
        let kill =
            json!({"action": "KILL_BY_USER", "userName": "user2", "clusterNames": ["RedCluster"]});
        for (server, closing) in
            [(TestServer::with_site().await, "close"), (TestServer::new().await, "")]
        {
            let got = server.post(KILL, &kill.to_string()).await;
            assert!(got.status < 300, "{}", got.text);
            assert_eq!(got.header("connection"), closing);
            assert_eq!(server.get(KILL).await.header("connection"), "");
        }
    }
}
