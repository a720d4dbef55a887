//! `DELETE /mgmt/shared/authz/tokens/<token>`: sign-out (captured; that the answer is the token and
//! that the token is dead afterwards is BIG-IP's habit, inferred here).

use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;

/// Forgets a token.
pub(super) fn delete(appliance: &mut Appliance, token: &str) -> Reply {
    let deleted = appliance.tokens.delete(token);
    // The text would repeat a token; it is the caller's own.
    let gone = || Problem::no_item(&format!("/shared/authz/tokens/{token}"));
    deleted.map(|token| Answer::json(200, token.json())).ok_or_else(gone)
}
