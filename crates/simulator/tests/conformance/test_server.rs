//! A simulator without a network and with a frozen clock, and a signed-in administrator.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::router::router;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::settings::{Profile, Settings};
use bigiq_simulator::world::setup::{FleetOptions, Setup};
use bigiq_simulator::world::timestamp::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const KILL: &str = "/mgmt/cm/access/tasks/kill-sessions";

pub(crate) struct TestServer {
    app: Router,
    token: String,
    peer: Ipv4Addr,
}

pub(crate) struct TestResponse {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A session that the simulator lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Session {
    pub(crate) device: String,
    pub(crate) id: String,
    pub(crate) user: String,
}

impl TestServer {
    pub(crate) async fn new(profile: Profile) -> Self {
        Self::at(profile, 24, Ipv4Addr::new(192, 0, 2, 10)).await
    }

    /// With this number of devices, called from `peer`.
    pub(crate) async fn at(profile: Profile, devices: usize, peer: Ipv4Addr) -> Self {
        Self::with(&Settings::for_profile(profile), devices, peer).await
    }

    /// With these settings, but nobody signs in again.
    pub(crate) async fn with(settings: &Settings, devices: usize, peer: Ipv4Addr) -> Self {
        let setup = Setup {
            fleet: FleetOptions { devices, sessions_per_device: 4, seed: 1 },
            settings: Settings { returning_per_mille: 0, ..settings.clone() },
            start: Timestamp::from_rfc3339("2016-11-15T12:42:31.294-08:00"),
            frozen: true,
        };
        let app = router(Simulator::new(setup, FaultPlan::default()), None);
        Self { app, token: String::new(), peer }.signed_in_as("admin").await
    }

    /// The same simulator, for another account.
    pub(crate) async fn signed_in_as(&self, name: &str) -> Self {
        let login = json!({"username": name, "password": name}).to_string();
        let reply = self.send("POST", "/mgmt/shared/authn/login", &login).await.json();
        let token = reply["token"]["token"].as_str().unwrap().to_owned();
        Self { app: self.app.clone(), token, peer: self.peer }
    }

    /// With changed settings of 8.x, as `--set` and `POST /_sim/reset` give them.
    pub(crate) async fn set(changes: Value) -> Self {
        let settings = Settings::default().with(changes.as_object().unwrap()).unwrap();
        Self::with(&settings, 24, Ipv4Addr::new(192, 0, 2, 10)).await
    }

    /// The task that this request starts, after a wait.
    pub(crate) async fn task_after(&self, request: &Value, millis: i64) -> Value {
        let started = self.send("POST", KILL, &request.to_string()).await.json();
        self.advance(millis).await;
        self.get(&format!("{KILL}/{}", started["id"].as_str().unwrap())).await.json()
    }

    pub(crate) async fn send(&self, method: &str, target: &str, body: &str) -> TestResponse {
        let mut request = Request::builder().method(method).uri(target);
        if !self.token.is_empty() {
            request = request.header("X-F5-Auth-Token", &self.token);
        }
        let peer = ConnectInfo(SocketAddr::from((self.peer, 50_000)));
        let request = request.extension(peer).body(Body::from(body.to_owned())).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        TestResponse { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&self, target: &str) -> TestResponse {
        self.send("GET", target, "").await
    }

    /// Moves the clock.
    pub(crate) async fn advance(&self, millis: i64) {
        let body = json!({"advanceMs": millis}).to_string();
        assert_eq!(self.send("POST", "/_sim/clock", &body).await.status, 200);
    }

    /// All live sessions.
    pub(crate) async fn sessions(&self) -> BTreeSet<Session> {
        let all = self.get("/_sim/sessions").await.json();
        let field = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        let session = |one: &Value| Session {
            device: field(one, "device"),
            id: field(one, "id"),
            user: field(one, "user"),
        };
        all.as_array().unwrap().iter().map(session).collect()
    }
}
