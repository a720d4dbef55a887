//! `GET /_sim/sessions`: all live sessions, which tests compare with what clients show.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::json::reply;
use crate::simulator::Simulator;
use crate::world::sessions::DeviceSession;

/// All live sessions.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    let mut simulation = simulator.lock();
    let appliance = &mut simulation.appliance;
    appliance.catch_up();
    let all = appliance.sessions.all().map(|DeviceSession { device, session }| {
        json!({
            "device": appliance.inventory.get(device).map(|device| &device.id),
            "id": session.id,
            "user": session.user,
            "clientIp": session.client_ip,
        })
    });
    reply(Ok(Value::Array(all.collect())))
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use serde_json::json;

    #[tokio::test]
    async fn each_session_is_listed_on_the_device_that_holds_it() {
        let server = TestServer::new().await;
        let all = server.anonymous("GET", "/_sim/sessions", "").await.json();
        let named = all.as_array().unwrap().iter().find(|one| one["id"] == "2a5d7604").unwrap();
        assert_eq!(
            (&named["device"], &named["user"]),
            (&json!("901695c8-f405-489f-9996-54f7b21da642"), &json!("user2"))
        );
        assert!(named["clientIp"].as_str().unwrap().starts_with("198.51.100."));
        let standby = json!("5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52");
        assert!(all.as_array().unwrap().iter().all(|one| one["device"] != standby));
    }
}
