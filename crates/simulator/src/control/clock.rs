//! `GET` and `POST /_sim/clock`: the appliance's clock.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::json::{body, reply};
use crate::simulator::Simulator;
use crate::world::clock::Clock;
use crate::world::timestamp::Timestamp;

/// The requested changes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Change {
    /// Stops or restarts the clock.
    frozen: Option<bool>,
    /// Sets the clock; RFC 3339.
    now: Option<String>,
    /// Moves the clock, forwards or backwards.
    advance_ms: Option<i64>,
}

/// The time that the clock shows.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(Ok(show(&simulator.lock().appliance.clock)))
}

/// Changes the clock, and does everything that is due by the new time.
pub(super) async fn post(State(simulator): State<Simulator>, request: Request) -> Response {
    let change = body::<Change>(request).await;
    reply(change.and_then(|change| apply(&simulator, &change)))
}

fn apply(simulator: &Simulator, change: &Change) -> Result<Value, String> {
    let now = match &change.now {
        Some(text) => {
            Some(Timestamp::from_rfc3339(text).ok_or("now is not an RFC 3339 date and time")?)
        }
        None => None,
    };
    let shown = {
        let mut simulation = simulator.lock();
        let clock = &mut simulation.appliance.clock;
        if let Some(frozen) = change.frozen {
            clock.freeze(frozen);
        }
        if let Some(now) = now {
            clock.set(now);
        }
        clock.advance(change.advance_ms.unwrap_or(0));
        simulation.appliance.catch_up();
        show(&simulation.appliance.clock)
    };
    simulator.notify_clock_moved();
    Ok(shown)
}

fn show(clock: &Clock) -> Value {
    let now = clock.now();
    json!({"now": now.property_date(), "nowMs": now.millis(), "frozen": clock.is_frozen()})
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use serde_json::json;

    #[tokio::test]
    async fn the_clock_can_be_moved_set_and_stopped() {
        let server = TestServer::new().await;
        let at = |body: &'static str| server.anonymous("POST", "/_sim/clock", body);
        let start = server.anonymous("GET", "/_sim/clock", "").await.json();
        assert_eq!(
            start,
            json!({"now": "2016-11-15T20:25:35.610Z", "nowMs": 1_479_241_535_610_i64, "frozen": true})
        );
        assert_eq!(at(r#"{"advanceMs":-10}"#).await.json()["nowMs"], 1_479_241_535_600_i64);
        let set = at(r#"{"now":"2026-01-01T00:00:00Z","advanceMs":5}"#).await.json();
        assert_eq!(set["now"], "2026-01-01T00:00:00.005Z");
        assert_eq!(at(r#"{"frozen":false}"#).await.json()["frozen"], false);
        for wrong in [r#"{"now":"yesterday"}"#, r#"{"advance":1}"#, "[", "7"] {
            let got = server.anonymous("POST", "/_sim/clock", wrong).await;
            assert_eq!(got.status, 400, "{wrong}");
            assert!(got.json()["error"].is_string());
        }
    }
}
