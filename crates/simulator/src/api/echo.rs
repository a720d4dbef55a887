//! `/mgmt/shared/echo` and `/mgmt/shared/echo-query`: the connection test of public client
//! libraries (registered on a live 7.1; the format of the answer is BIG-IP's, inferred).

use serde_json::json;

use crate::http::answer::Answer;
use crate::http::call::Call;

/// The same answer for every method.
pub(super) fn any(call: &Call) -> Answer {
    Answer::json(
        200,
        json!({
            "stage": "STARTED",
            "generation": 0,
            "lastUpdateMicros": 0,
            "kind": "shared:echo:echoworkerstate",
            "selfLink": format!("https://localhost{}", call.trimmed_path()),
        }),
    )
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    #[tokio::test]
    async fn answers_only_signed_in_clients() {
        let server = TestServer::new().await;
        for path in ["/mgmt/shared/echo", "/mgmt/shared/echo-query"] {
            let got = server.get(path).await;
            assert_eq!((got.status, got.json()["stage"].as_str()), (200, Some("STARTED")));
            assert_eq!(server.anonymous("GET", path, "").await.status, 401);
        }
    }
}
