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
        let setup = Setup {
            fleet: FleetOptions { devices, sessions_per_device: 4, seed: 1 },
            settings: Settings { returning_per_mille: 0, ..Settings::for_profile(profile) },
            start: Timestamp::from_rfc3339("2016-11-15T12:42:31.294-08:00"),
            frozen: true,
        };
        let app = router(Simulator::new(setup, FaultPlan::default()), None);
        let mut server = Self { app, token: String::new(), peer };
        let login = r#"{"username":"admin","password":"admin"}"#;
        let reply = server.send("POST", "/mgmt/shared/authn/login", login).await.json();
        reply["token"]["token"].as_str().unwrap().clone_into(&mut server.token);
        server
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
