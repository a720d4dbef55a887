//! A simulator without a network, and an operator who is signed in.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use bigiq::call::GroupFlag;
use bigiq::device::{DevicePage, GroupPage};
use bigiq::{Call, decode};
use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::router::router;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::settings::Settings;
use bigiq_simulator::world::setup::{FleetOptions, Setup};
use curfew_core::app::AccountKey;
use curfew_core::inventory::{DeviceList, Inventory};
use curfew_core::timestamp::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// The time at which each simulator's clock starts, and the "now" of the rules.
pub(crate) const START: i64 = 1_700_000_000_000;

/// A simulator and an operator who is signed in.
pub(crate) struct BigIq {
    app: Router,
    runtime: tokio::runtime::Runtime,
    token: String,
}

impl BigIq {
    pub(crate) fn new(devices: usize, seed: u64) -> Self {
        let setup = Setup {
            fleet: FleetOptions { devices, sessions_per_device: 4, seed },
            settings: Settings { returning_per_mille: 0, ..Settings::default() },
            start: Some(bigiq_simulator::world::timestamp::Timestamp::from_millis(START)),
            frozen: true,
        };
        let simulator = Simulator::new(setup, FaultPlan::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut new = Self { app: router(simulator, None), runtime, token: String::new() };
        new.sign_in();
        new
    }

    pub(crate) fn sign_in(&mut self) {
        let login = json!({"username": "manager", "password": "manager"});
        let (status, body) = self.post("/mgmt/shared/authn/login", &login.to_string());
        assert_eq!(status, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        answer["token"]["token"].as_str().unwrap().clone_into(&mut self.token);
    }

    pub(crate) fn ask(&self, method: Method, target: &str, body: Option<&str>) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("X-F5-Auth-Token", &self.token)
            .body(Body::from(body.unwrap_or_default().to_owned()))
            .unwrap();
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8(body.to_vec()).unwrap())
        })
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.ask(Method::POST, path, Some(body))
    }

    pub(crate) fn call(&self, call: &Call) -> (u16, String) {
        let method = Method::from_bytes(call.endpoint.method.as_str().as_bytes()).unwrap();
        self.ask(method, &call.target, call.body.as_deref())
    }

    pub(crate) fn get<T: serde::de::DeserializeOwned>(&self, call: &Call) -> T {
        let (status, body) = self.call(call);
        assert_eq!(status, 200, "{call:?}: {body}");
        decode(&body).unwrap()
    }

    pub(crate) fn inventory(&self) -> Inventory {
        let (_, body) = self.call(&Call::access_devices(0, 500));
        let devices: DevicePage<'_> = decode(&body).unwrap();
        let groups: GroupPage = self.get(&Call::access_groups(GroupFlag::AccessGroup));
        DeviceList::of(devices.items).inventory(&groups.items, vec![], Timestamp(START))
    }

    pub(crate) fn advance(&self, ms: i64) {
        let (status, body) = self.post("/_sim/clock", &json!({"advanceMs": ms}).to_string());
        assert_eq!(status, 200, "{body}");
    }
}

pub(crate) fn account() -> AccountKey {
    AccountKey { bigiq: "sim".into(), operator: "manager".into() }
}
