//! A simulator without a socket and with a frozen clock, for tests of the endpoints.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use serde_json::{Map, Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use tower::ServiceExt;

use crate::fault::plan::FaultPlan;
use crate::server::respond::Abort;
use crate::server::router::router;
use crate::server::site::Site;
use crate::simulator::Simulator;
use crate::world::settings::Settings;
use crate::world::setup::Setup;
use crate::world::timestamp::Timestamp;

/// Address of the test client.
pub(crate) const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 10);

pub(crate) const KILL: &str = "/mgmt/cm/access/tasks/kill-sessions";
pub(crate) const ACCESS: &str =
    "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";

/// A simulator and a signed-in administrator.
pub(crate) struct TestServer {
    app: Router,
    pub(crate) simulator: Simulator,
    pub(crate) token: String,
}

/// An answer.
pub(crate) struct TestResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) aborted: Option<Abort>,
    /// Whether the body ended early.
    pub(crate) truncated: bool,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The keys of the JSON object, in order.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.json().as_object().unwrap().keys().cloned().collect()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl TestServer {
    pub(crate) async fn new() -> Self {
        Self::with_settings(json!({})).await
    }

    /// With changed settings.
    pub(crate) async fn with_settings(changes: Value) -> Self {
        Self::start(changes, None).await
    }

    /// With a site to serve, which has no files.
    pub(crate) async fn with_site() -> Self {
        Self::start(json!({}), Some(Site::new(PathBuf::from("/nonexistent"), true))).await
    }

    async fn start(changes: Value, site: Option<Site>) -> Self {
        let Value::Object(changes) = changes else { unreachable!() };
        let setup = Setup {
            settings: Settings::default().with(&changes).unwrap(),
            start: Timestamp::from_rfc3339("2016-11-15T12:25:35.610-08:00"),
            frozen: true,
            ..Setup::default()
        };
        let simulator = Simulator::new(setup, FaultPlan::default());
        let mut server =
            Self { app: router(simulator.clone(), site), simulator, token: String::new() };
        server.token = server.sign_in("admin").await;
        server
    }

    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let mut body = json!({"username": name, "password": name});
        if name.starts_with("remote-") {
            body["loginProviderName"] = "CorpRadius".into();
        }
        let got = self.anonymous("POST", "/mgmt/shared/authn/login", &body.to_string()).await;
        assert_eq!(got.status, 200, "{}", got.text);
        got.json()["token"]["token"].as_str().unwrap().to_owned()
    }

    /// Sends without a token.
    pub(crate) async fn anonymous(&self, method: &str, path: &str, body: &str) -> TestResponse {
        self.send(method, path, &[], body, CLIENT).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
        from: Ipv4Addr,
    ) -> TestResponse {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let peer = ConnectInfo(SocketAddr::from((from, 50_000)));
        let request = request.extension(peer).body(Body::from(body.to_owned())).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await;
        let truncated = bytes.is_err();
        let bytes = bytes.unwrap_or_default();
        TestResponse {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            aborted: parts.extensions.get::<Abort>().copied(),
            truncated,
        }
    }

    /// Sends with the given token.
    pub(crate) async fn send_as(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> TestResponse {
        self.send(method, path, &[("X-F5-Auth-Token", token)], body, CLIENT).await
    }

    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.send_as(&self.token, "GET", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> TestResponse {
        self.send_as(&self.token, "POST", path, body).await
    }

    /// Starts a kill and returns the id of its task.
    pub(crate) async fn start_kill(&self, body: &Value) -> String {
        let got = self.post(KILL, &body.to_string()).await;
        assert!(got.status < 300, "{}", got.text);
        got.json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn task(&self, id: &str) -> Value {
        self.get(&format!("{KILL}/{id}")).await.json()
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.simulator.lock().appliance.clock.advance(millis);
        self.simulator.notify_clock_moved();
    }

    /// Ids of the live sessions on a device.
    pub(crate) fn sessions_on(&self, device: &str) -> Vec<String> {
        let mut simulation = self.simulator.lock();
        simulation.appliance.catch_up();
        let index = simulation.appliance.inventory.index_of(device).unwrap();
        simulation.appliance.sessions.on(index).iter().map(|session| session.id.clone()).collect()
    }

    pub(crate) async fn set_faults(&self, rules: Value) {
        let got = self.anonymous("POST", "/_sim/faults", &rules.to_string()).await;
        assert_eq!(got.status, 200, "{}", got.text);
    }
}

/// `{"link": …}` of a machine id.
pub(crate) fn reference(id: &str) -> Value {
    json!({"link": format!("https://localhost/mgmt/cm/system/machineid-resolver/{id}")})
}

/// The fields of a JSON object.
pub(crate) fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}
