//! `GET` and `POST /_sim/settings`: the switches.

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde_json::{Map, Value};

use super::json::{body, reply};
use crate::simulator::State;

/// All of them.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(serde_json::to_value(&state.world().appliance.settings).map_err(|e| e.to_string()))
}

/// Changes those that are named.
pub(super) async fn post(Extract(state): Extract<State>, request: Request) -> Response {
    let changes = body::<Map<String, Value>>(request).await;
    let changed = changes.and_then(|changes| {
        let settings = &mut state.world().appliance.settings;
        *settings = settings.with(&changes)?;
        Ok(())
    });
    match changed {
        Ok(()) => get(Extract(state)).await,
        Err(error) => reply(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::Lab;

    #[tokio::test]
    async fn changes_what_it_names_and_shows_all() {
        let lab = Lab::new().await;
        let before = lab.bare("GET", "/_sim/settings", "").await.json();
        let got = lab.bare("POST", "/_sim/settings", r#"{"acceptedStatus":202}"#).await.json();
        let mut expected = before;
        expected["acceptedStatus"] = 202.into();
        assert_eq!(got, expected);
        assert_eq!(lab.bare("POST", "/_sim/settings", r#"{"no":1}"#).await.status, 400);
        assert_eq!(lab.bare("GET", "/_sim/settings", "").await.json(), expected);
    }
}
