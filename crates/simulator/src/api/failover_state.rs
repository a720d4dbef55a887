//! `GET /mgmt/shared/failover-state`: BIG-IQ's own high availability (captured in use; the
//! simulated BIG-IQ has no peer).

use serde_json::json;

use crate::http::answer::Answer;
use crate::world::appliance::Appliance;

/// The state, with the role from the settings.
pub(super) fn get(appliance: &Appliance) -> Answer {
    Answer::json(
        200,
        json!({
            "nodeRole": appliance.settings.node_role,
            "haStatus": {"peerAvailable": false},
            "generation": 0,
            "lastUpdateMicros": 0,
            "kind": "shared:failover-state:failoverstate",
            "selfLink": "https://localhost/mgmt/shared/failover-state",
        }),
    )
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    #[tokio::test]
    async fn shows_the_role_from_the_settings() {
        let server = TestServer::with_settings(serde_json::json!({"nodeRole": "STANDBY"})).await;
        let state = server.get("/mgmt/shared/failover-state").await.json();
        assert_eq!(state["nodeRole"], "STANDBY");
        assert_eq!(state["haStatus"]["peerAvailable"], false);
    }
}
