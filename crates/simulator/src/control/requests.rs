//! `GET /_sim/requests`: every API call.

use axum::extract::State;
use axum::response::Response;

use super::json::reply;
use crate::simulator::Simulator;

/// The log of calls.
pub(super) async fn get(State(simulator): State<Simulator>) -> Response {
    reply(Ok(simulator.lock().request_log.json()))
}

#[cfg(test)]
mod tests {
    use crate::test_server::{CLIENT, KILL, TestServer};
    use serde_json::{Value, json};

    #[tokio::test]
    async fn lists_every_call_and_no_secrets() {
        let server = TestServer::new().await;
        let headers =
            [("X-F5-Auth-Token", server.token.as_str()), ("X-Curfew-Operation", "verify")];
        server.send("POST", &format!("{KILL}?a=b"), &headers, "{}", CLIENT).await;
        let all = server.anonymous("GET", "/_sim/requests", "").await;
        assert!(!all.text.contains(&server.token));
        let calls = all.json();
        assert_eq!(calls[0]["body"], Value::Null, "the body of a sign-in is not logged");
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
