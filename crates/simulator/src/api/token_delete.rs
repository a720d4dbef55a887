//! `DELETE /mgmt/shared/authz/tokens/<token>`: signs out (captured). That the answer is the token,
//! and that the token is invalid afterwards, is BIG-IP's behaviour (inferred here).

use crate::http::answer::Answer;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::world::appliance::Appliance;

/// Deletes a token.
pub(super) fn delete(appliance: &mut Appliance, token: &str) -> EndpointResult {
    let deleted = appliance.tokens.delete(token);
    // The error repeats the token, but only to the client that sent it.
    let not_found = || RestError::item_not_found(&format!("/shared/authz/tokens/{token}"));
    deleted.map(|token| Answer::json(200, token.json())).ok_or_else(not_found)
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    #[tokio::test]
    async fn a_deleted_token_is_invalid() {
        let server = TestServer::new().await;
        let path = format!("/mgmt/shared/authz/tokens/{}", server.token);
        let got = server.send_as(&server.token, "DELETE", &path, "").await;
        assert_eq!((got.status, got.json()["token"].as_str()), (200, Some(server.token.as_str())));
        assert_eq!(server.get("/mgmt/shared/echo").await.status, 401);
    }

    #[tokio::test]
    async fn a_deleted_token_works_if_the_setting_says_so() {
        let server =
            TestServer::with_settings(serde_json::json!({"deletedTokenWorks": true})).await;
        let path = format!("/mgmt/shared/authz/tokens/{}", server.token);
        assert_eq!(server.send_as(&server.token, "DELETE", &path, "").await.status, 200);
        assert_eq!(server.get("/mgmt/shared/echo").await.status, 200);
        let unknown = "/mgmt/shared/authz/tokens/a.b.c";
        assert_eq!(server.send_as(&server.token, "DELETE", unknown, "").await.status, 404);
    }
}
