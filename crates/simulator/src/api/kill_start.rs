//! `POST /mgmt/cm/access/tasks/kill-sessions`: starts a kill (documented, specification section 2).

use serde_json::Value;

use crate::auth::authentication;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::world::account::Account;
use crate::world::appliance::Appliance;
use crate::world::tasks::request::{Invalid, KillRequest};
use crate::world::tasks::stamp::Stamp;

/// Starts a task, if the account may kill and the request is valid. The same request twice starts
/// two tasks.
pub(super) fn post(appliance: &mut Appliance, account: Account, call: &Call) -> EndpointResult {
    if !account.may_kill() {
        return Err(authentication::forbidden(appliance, account, call));
    }
    let stamp = Stamp { id: appliance.rng.uuid(), at: appliance.now() };
    let request = KillRequest::read(&call.body).map_err(|invalid| match invalid {
        Invalid::Unreadable(message) => RestError::new(400, message).quoting(call.body.clone()),
        Invalid::Incomplete { message, sent } => {
            RestError::new(400, message).quoting(stamp.quote(&sent))
        }
    })?;
    let settings = &appliance.settings;
    let task = appliance.tasks.start(request, account, stamp, &mut appliance.rng);
    Ok(Answer::json(settings.accepted_status, Value::from(task.first_reply(settings))))
}

#[cfg(test)]
mod tests {
    use crate::auth::authentication::INVALID_TOKEN;
    use crate::test_server::{KILL, TestServer};
    use rstest::rstest;
    use serde_json::{Value, json};

    const BODY: &str = r#"{"action":"KILL_ALL_SESSIONS","clusterNames":["RedCluster",]}"#;

    #[rstest]
    #[case("5.2", 200, true)]
    #[case("7.1", 202, false)]
    #[case("8.x", 200, true)]
    #[tokio::test]
    async fn the_first_reply_depends_on_the_version(
        #[case] profile: &str,
        #[case] status: u16,
        #[case] full: bool,
    ) {
        let server = TestServer::with_settings(json!({"profile": profile})).await;
        let got = server.post(KILL, BODY).await;
        assert_eq!(got.status, status);
        let task = got.json();
        // The trailing comma of the list leaves a null.
        assert_eq!(task["clusterNames"], json!(["RedCluster", null]));
        assert_eq!((&task["status"], &task["generation"]), (&json!("STARTED"), &json!(1)));
        for name in ["currentStep", "startDateTime", "username", "ownerMachineId"] {
            assert_eq!(task.get(name).is_some(), full, "{name}");
        }
    }

    #[tokio::test]
    async fn the_same_request_twice_starts_two_tasks() {
        let server = TestServer::new().await;
        let [one, two] = [server.post(KILL, BODY).await, server.post(KILL, BODY).await];
        assert_ne!(one.json()["id"], two.json()["id"]);
    }

    /// A kill with a token that is not valid is refused before its body is read.
    #[rstest]
    #[case::expired(300_000, None)]
    #[case::unknown(0, Some("a.b.c"))]
    #[case::empty(0, Some(""))]
    #[tokio::test]
    async fn the_token_is_checked_before_the_body(#[case] later: i64, #[case] token: Option<&str>) {
        let server = TestServer::new().await;
        let before = server.get(KILL).await.json()["items"].as_array().unwrap().len();
        server.advance(later);
        for body in [BODY, "nonsense"] {
            let got = server.send_as(token.unwrap_or(&server.token), "POST", KILL, body).await;
            assert_eq!((got.status, got.message().as_str()), (401, INVALID_TOKEN), "{body}");
        }
        let token = server.sign_in("admin").await;
        let tasks = server.send_as(&token, "GET", KILL, "").await.json();
        assert_eq!(tasks["items"].as_array().unwrap().len(), before);
    }

    #[tokio::test]
    async fn an_id_chosen_by_the_client_is_ignored() {
        let server = TestServer::new().await;
        let body = r#"{"id":"mine","action":"KILL_ALL_SESSIONS","clusterNames":["RedCluster"]}"#;
        assert_ne!(server.post(KILL, body).await.json()["id"], "mine");
    }

    /// The quote is raw when the body cannot be read, and includes the stamp when something is
    /// missing.
    #[tokio::test]
    async fn an_error_quotes_the_request() {
        let server = TestServer::new().await;
        for body in ["\"text\"", "{\"action\":", r#"{"action":"KILL_ALL_SESSIONS","sessions":7}"#] {
            let got = server.post(KILL, body).await;
            assert_eq!((got.status, &got.json()["originalRequestBody"]), (400, &json!(body)));
        }
        let got = server.post(KILL, r#"{"action":"KILL_BY_USER","extra":1}"#).await.json();
        let quote: Value =
            serde_json::from_str(got["originalRequestBody"].as_str().unwrap()).unwrap();
        assert_eq!((&quote["status"], &quote["extra"]), (&json!("CREATED"), &Value::Null));
    }
}
