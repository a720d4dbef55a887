//! `DELETE /mgmt/shared/authz/tokens/<token>`: sign-out (captured; that the answer is the token and
//! that the token is dead afterwards is BIG-IP's habit, inferred here).

use crate::http::answer::Answer;
use crate::http::rest_error::{Problem, Reply};
use crate::world::appliance::Appliance;

/// Forgets a token.
pub(super) fn delete(appliance: &mut Appliance, token: &str) -> Reply {
    let deleted = appliance.tokens.delete(token);
    // The text would repeat a token; it is the caller's own.
    let gone = || Problem::no_item(&format!("/shared/authz/tokens/{token}"));
    deleted.map(|token| Answer::json(200, token.json())).ok_or_else(gone)
}

#[cfg(test)]
mod tests {
    use crate::test_server::Lab;

    #[tokio::test]
    async fn a_deleted_token_is_dead() {
        let lab = Lab::new().await;
        let path = format!("/mgmt/shared/authz/tokens/{}", lab.token);
        let got = lab.call_as(&lab.token, "DELETE", &path, "").await;
        assert_eq!((got.status, got.json()["token"].as_str()), (200, Some(lab.token.as_str())));
        assert_eq!(lab.get("/mgmt/shared/echo").await.status, 401);
    }

    #[tokio::test]
    async fn unless_the_switch_says_otherwise() {
        let lab = Lab::with(serde_json::json!({"deletedTokenWorks": true})).await;
        let path = format!("/mgmt/shared/authz/tokens/{}", lab.token);
        assert_eq!(lab.call_as(&lab.token, "DELETE", &path, "").await.status, 200);
        assert_eq!(lab.get("/mgmt/shared/echo").await.status, 200);
        let unknown = "/mgmt/shared/authz/tokens/a.b.c";
        assert_eq!(lab.call_as(&lab.token, "DELETE", unknown, "").await.status, 404);
    }
}
