//! `GET` and `POST /_sim/settings`: the settings.

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Map, Value};

use super::json::{body, reply};
use crate::simulator::Simulator;

/// All settings.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(serde_json::to_value(&simulator.lock().appliance.settings).map_err(|e| e.to_string()))
}

/// Changes the settings that the body names.
pub(super) async fn post(State(simulator): State<Simulator>, request: Request) -> Response {
    let changes = body::<Map<String, Value>>(request).await;
    let changed = changes.and_then(|changes| {
        let settings = &mut simulator.lock().appliance.settings;
        *settings = settings.with(&changes)?;
        Ok(())
    });
    match changed {
        Ok(()) => get(State(simulator)).await,
        Err(error) => reply(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    #[tokio::test]
    async fn changes_the_named_settings_and_returns_all() {
        let server = TestServer::new().await;
        let before = server.anonymous("GET", "/_sim/settings", "").await.json();
        let got =
            server.anonymous("POST", "/_sim/settings", r#"{"acceptedStatus":202}"#).await.json();
        let mut expected = before;
        expected["acceptedStatus"] = 202.into();
        assert_eq!(got, expected);
        assert_eq!(server.anonymous("POST", "/_sim/settings", r#"{"no":1}"#).await.status, 400);
        assert_eq!(server.anonymous("GET", "/_sim/settings", "").await.json(), expected);
    }
}
