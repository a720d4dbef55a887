//! The simulator under test, and the checks of every answer.

use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::router::router;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::setup::{FleetOptions, Setup};
use serde_json::Value;
use tower::ServiceExt as _;

/// More polls than any answer needs whose waits end at once.
const MAX_POLLS: usize = 20_000;

pub(crate) struct TestServer {
    app: Router,
    runtime: tokio::runtime::Runtime,
    token: String,
    /// Whether a fault plan is active, so that answers may be invalid.
    pub(crate) has_faults: bool,
}

/// A call to send.
#[derive(Clone)]
pub(crate) struct TestRequest {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) token: Token,
    pub(crate) header: Option<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for TestRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (body, header) = (String::from_utf8_lossy(&self.body), &self.header);
        write!(f, "{} {} {:?} {header:?} {body:.2000}", self.method, self.target, self.token)
    }
}

/// The token that a call carries.
#[derive(Debug, Clone)]
pub(crate) enum Token {
    Good,
    None,
    Odd(Vec<u8>),
}

impl TestServer {
    pub(crate) fn new(devices: usize) -> Self {
        let fleet = FleetOptions { devices, sessions_per_device: 2, seed: 1 };
        let setup = Setup { fleet, frozen: true, ..Setup::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let app = router(Simulator::new(setup, FaultPlan::default()), None);
        let mut server = Self { app, runtime, token: String::new(), has_faults: false };
        server.sign_in();
        server
    }

    /// Signs in, if the simulator currently allows it.
    pub(crate) fn sign_in(&mut self) {
        let body = br#"{"username":"admin","password":"admin"}"#.to_vec();
        let login = "/mgmt/shared/authn/login".to_owned();
        let sent = TestRequest {
            method: "POST".to_owned(),
            target: login,
            token: Token::None,
            header: None,
            body,
        };
        if let Some((_, text)) = self.send(&sent)
            && let Ok(reply) = serde_json::from_slice::<Value>(&text)
            && let Some(token) = reply["token"]["token"].as_str()
        {
            token.clone_into(&mut self.token);
        }
    }

    /// Sends a call, if it can be expressed in HTTP, and checks the answer. Returns status and
    /// body.
    pub(crate) fn send(&self, call: &TestRequest) -> Option<(u16, Vec<u8>)> {
        let uri = Uri::try_from(call.target.as_str()).ok()?;
        let method = Method::from_bytes(call.method.as_bytes()).ok()?;
        let mut request =
            Request::builder().method(method).uri(uri).body(Body::from(call.body.clone())).ok()?;
        let headers = request.headers_mut();
        let token = match &call.token {
            Token::Good => Some(self.token.as_bytes()),
            Token::None => None,
            Token::Odd(bytes) => Some(bytes.as_slice()),
        };
        if let Some(value) = token.and_then(|token| HeaderValue::from_bytes(token).ok()) {
            headers.insert("x-f5-auth-token", value);
        }
        if let Some((name, value)) = &call.header
            && let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::from_bytes(value))
        {
            headers.insert(name, value);
        }
        let (status, kind, body) = self.runtime.block_on(self.answer(request, call));
        // These are answered without a body.
        let has_body = !matches!(call.method.as_str(), "HEAD" | "CONNECT");
        if has_body && !self.has_faults && kind.starts_with("application/json") {
            assert!(serde_json::from_slice::<Value>(&body).is_ok(), "not JSON: {call:?}: {status}");
        }
        assert!(status != 500 || kind.starts_with("application/json"), "a panic: {call:?}");
        Some((status, body))
    }

    /// Reads the whole answer, and moves the clock whenever it waits.
    async fn answer(&self, request: Request<Body>, call: &TestRequest) -> (u16, String, Vec<u8>) {
        let mut answer = pin!(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
            let kind = kind.unwrap_or_default().to_owned();
            // A fault may truncate the body.
            let body =
                axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            (status, kind, body.to_vec())
        });
        for _ in 0..MAX_POLLS {
            tokio::select! {
                biased;
                answer = &mut answer => return answer,
                () = tokio::task::yield_now() => self.advance_clock().await,
            }
        }
        panic!("no answer: {call:?}");
    }

    async fn advance_clock(&self) {
        let body = Body::from(r#"{"advanceMs":10000000000000}"#);
        let request = Request::builder().method("POST").uri("/_sim/clock").body(body).unwrap();
        self.app.clone().oneshot(request).await.unwrap();
    }
}
