//! Answers to scripts of other origins, if the setting `corsOrigins` lists their origin. Invented:
//! a live 7.1 registers a list of origins, but nothing public shows its format or effect.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::http::call::Call;
use crate::simulator::Simulator;

/// The call's origin, if it is listed.
pub(crate) fn allowed(simulator: &Simulator, call: &Call) -> Option<HeaderValue> {
    let origin = call.header("origin")?;
    let simulation = simulator.lock();
    let listed = simulation.appliance.settings.cors_origins.iter().any(|known| known == origin);
    listed.then(|| HeaderValue::from_str(origin).ok()).flatten()
}

/// Whether the call is a preflight request.
pub(crate) fn is_preflight(call: &Call) -> bool {
    call.method == Method::OPTIONS && call.header("access-control-request-method").is_some()
}

/// The answer to a preflight request: what the API accepts.
pub(crate) fn preflight(origin: &HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    add_headers(headers, origin);
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PATCH, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, x-f5-auth-token"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets the origin's scripts read the answer.
pub(crate) fn add_headers(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

#[cfg(test)]
mod tests {
    use crate::test_server::{CLIENT, KILL, TestServer};
    use serde_json::json;

    const ALLOW: &str = "access-control-allow-origin";

    #[tokio::test]
    async fn no_origin_is_allowed_by_default() {
        let server = TestServer::new().await;
        let headers =
            [("Origin", "https://portal.example.test"), ("Access-Control-Request-Method", "POST")];
        for method in ["OPTIONS", "GET"] {
            let got = server.send(method, KILL, &headers, "", CLIENT).await;
            assert_eq!((got.status, got.header(ALLOW)), (401, ""), "{method}");
        }
    }

    #[tokio::test]
    async fn only_a_listed_origin_is_allowed() {
        let server =
            TestServer::with_settings(json!({"corsOrigins": ["https://portal.example.test"]}))
                .await;
        let asks = |origin| [("Origin", origin), ("Access-Control-Request-Method", "POST")];
        let listed = asks("https://portal.example.test");
        let got = server.send("OPTIONS", KILL, &listed, "", CLIENT).await;
        assert_eq!((got.status, got.header(ALLOW)), (204, "https://portal.example.test"));
        let got = server.send("GET", KILL, &listed, "", CLIENT).await;
        assert_eq!((got.status, got.header(ALLOW)), (401, "https://portal.example.test"));
        let other = asks("https://other.example.test");
        let got = server.send("OPTIONS", KILL, &other, "", CLIENT).await;
        assert_eq!((got.status, got.header(ALLOW)), (401, ""));
    }
}
