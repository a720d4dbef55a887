//! `GET /_sim/requests`: every call that came in.

use axum::extract::State as Extract;
use axum::response::Response;

use super::json::reply;
use crate::simulator::State;

/// The record.
pub(super) async fn get(Extract(state): Extract<State>) -> Response {
    reply(Ok(state.world().record.json()))
}

#[cfg(test)]
mod tests {
    use crate::test_server::{CLIENT, KILL, Lab};
    use serde_json::{Value, json};

    #[tokio::test]
    async fn shows_every_call_and_no_secret() {
        let lab = Lab::new().await;
        let headers = [("X-F5-Auth-Token", lab.token.as_str()), ("X-Curfew-Operation", "verify")];
        lab.send("POST", &format!("{KILL}?a=b"), &headers, "{}", CLIENT).await;
        let all = lab.bare("GET", "/_sim/requests", "").await;
        assert!(!all.text.contains(&lab.token));
        let calls = all.json();
        assert_eq!(calls[0]["body"], Value::Null, "a sign-in's body is not kept");
        assert_eq!(
            calls[1],
            json!({
                "number": 1,
                "time": 1_479_241_535_610_i64,
                "method": "POST",
                "path": KILL,
                "query": "a=b",
                "body": "{}",
                "status": 400,
                "operator": "admin",
                "fault": null,
                "headers": {"X-Curfew-Operation": "verify"},
            })
        );
    }
}
