//! `POST /mgmt/shared/authn/exchange`: a new access token for a refresh token, which comes back
//! unchanged, so that the ten hours do not slide (documented and captured).

use serde_json::{Value, json};

use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::gate::{DEAD_TOKEN, good_token};
use crate::gson;
use crate::tokens::Use;

/// Exchanges. What an ended refresh token is told is not published; it gets the text of an ended
/// access token.
pub(super) fn post(appliance: &mut Appliance, call: &Call) -> Reply {
    let text = read(&call.body).map_err(|gson::Unreadable(text)| Problem::new(400, text))?;
    let Some(text) = text else { return Err(Problem::new(401, DEAD_TOKEN)) };
    let refresh = good_token(appliance, &text, Use::Refresh, call.peer)?;
    let (now, seconds) = (appliance.now(), appliance.settings.access_seconds);
    let peer = call.peer.to_string();
    let access = appliance.tokens.issue(
        Use::Access,
        refresh.account,
        &peer,
        seconds,
        now,
        &mut appliance.rng,
    );
    let mut unchanged = refresh.json();
    if let Value::Object(token) = &mut unchanged {
        token.insert("generation".to_owned(), 0.into());
        token.insert("lastUpdateMicros".to_owned(), 0.into());
    }
    Ok(Answer::json(
        200,
        json!({
            "refreshToken": unchanged,
            "token": access.json(),
            "generation": 0,
            "lastUpdateMicros": 0,
        }),
    ))
}

fn read(body: &str) -> Result<Option<String>, gson::Unreadable> {
    let sent = gson::object(body)?;
    match sent.get("refreshToken") {
        Some(Value::Object(token)) => gson::text(body, token, "token"),
        None | Some(Value::Null) => Ok(None),
        Some(other) => Err(gson::expected(body, "$.refreshToken", "BEGIN_OBJECT", other)),
    }
}
