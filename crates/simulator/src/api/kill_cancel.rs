//! `PATCH /mgmt/cm/access/tasks/kill-sessions/<id>`: cancels a task. Invented, except for the error
//! when a running task is restarted, which is captured from another worker.

use serde_json::json;

use super::kill_tasks;
use crate::auth::authentication;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::lenient_json::{self, Unreadable};
use crate::world::account::Account;
use crate::world::appliance::Appliance;

/// Cancels a running task.
pub(super) fn patch(
    appliance: &mut Appliance,
    account: Account,
    call: &Call,
    id: &str,
) -> EndpointResult {
    if !account.may_kill() {
        return Err(authentication::forbidden(appliance, account, call));
    }
    let unreadable = |Unreadable(text)| RestError::new(400, text).quoting(call.body.clone());
    let sent = lenient_json::object(&call.body).map_err(unreadable)?;
    let requested =
        lenient_json::text(&call.body, &sent, "status").map_err(unreadable)?.unwrap_or_default();
    let stored =
        appliance.tasks.find(id, &appliance.settings).ok_or_else(|| kill_tasks::not_found(id))?;
    let status = stored.get("status").and_then(|s| s.as_str()).unwrap_or_default().to_owned();
    // The error quotes both states (captured).
    let refuse = |message: String| {
        let quote = json!({"clientState": sent, "storageState": stored}).to_string();
        Err(RestError::new(400, message).quoting(quote))
    };
    let now = appliance.now();
    match requested.as_str() {
        "CANCEL_REQUESTED" => match appliance.tasks.cancel(id, now, appliance.settings.cancel_ms) {
            Some(task) => Ok(Answer::json(200, task.json(&appliance.settings))),
            None => refuse(format!("simulator: task {id} is not running, status: {status}.")),
        },
        "STARTED" if status == "STARTED" => {
            refuse(format!("Cannot restart running task {id}, status: {status}."))
        }
        other => refuse(format!("simulator: status {other} cannot be requested")),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_server::{KILL, TestServer, reference};
    use rstest::rstest;
    use serde_json::json;

    const SLOW: &str = "a2f3b6d8-9c14-4a7d-8e0b-3d5c7e9f1a42";

    async fn running(server: &TestServer) -> String {
        let body = json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": [reference(SLOW)]});
        let id = server.start_kill(&body).await;
        server.advance(1_000);
        id
    }

    #[rstest]
    #[case("8.x", "CANCELED")]
    #[case("5.2", "CANCELLED")]
    #[tokio::test]
    async fn a_cancelled_task_stops_killing(#[case] profile: &str, #[case] end: &str) {
        let server = TestServer::with_settings(json!({"profile": profile})).await;
        let before = server.sessions_on(SLOW);
        let id = running(&server).await;
        let path = format!("{KILL}/{id}");
        let body = r#"{"status":"CANCEL_REQUESTED"}"#;
        let got = server.send_as(&server.token, "PATCH", &path, body).await;
        assert_eq!((got.status, &got.json()["status"]), (200, &json!("CANCEL_REQUESTED")));
        server.advance(20_000);
        assert_eq!(server.task(&id).await["status"], end);
        assert_eq!(server.sessions_on(SLOW), before);
    }

    #[tokio::test]
    async fn a_running_task_cannot_be_restarted() {
        let server = TestServer::new().await;
        let id = running(&server).await;
        let path = format!("{KILL}/{id}");
        let got = server.send_as(&server.token, "PATCH", &path, r#"{"status":"STARTED"}"#).await;
        let text = format!("Cannot restart running task {id}, status: STARTED.");
        assert_eq!((got.status, got.message()), (400, text));
        let quote = got.json()["originalRequestBody"].as_str().unwrap().to_owned();
        let quote: serde_json::Value = serde_json::from_str(&quote).unwrap();
        assert_eq!(quote["clientState"]["status"], "STARTED");
        assert_eq!(quote["storageState"]["id"], id);
    }

    #[tokio::test]
    async fn an_ended_task_cannot_be_cancelled_and_a_viewer_cannot_cancel() {
        let server = TestServer::new().await;
        let id = running(&server).await;
        let path = format!("{KILL}/{id}");
        let body = r#"{"status":"CANCEL_REQUESTED"}"#;
        let viewer = server.sign_in("viewer").await;
        assert_eq!(server.send_as(&viewer, "PATCH", &path, body).await.status, 401);
        server.advance(20_000);
        assert_eq!(server.send_as(&server.token, "PATCH", &path, body).await.status, 400);
        let gone = format!("{KILL}/none");
        assert_eq!(server.send_as(&server.token, "PATCH", &gone, body).await.status, 404);
        assert_eq!(server.send_as(&server.token, "PATCH", &path, "").await.status, 400);
    }
}
