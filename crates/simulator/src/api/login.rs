//! `POST /mgmt/shared/authn/login` (documented; both answers captured).

use serde_json::{Map, Value};

use crate::accounts::{Account, Provider};
use crate::answer::{Answer, Problem, Reply, Stack};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::gson;
use crate::tokens::Use;

/// Signs in.
pub(super) fn post(appliance: &mut Appliance, call: &Call) -> Reply {
    let (sent, account) = read(&call.body)?;
    let Some(account) = account else { return Err(refused(&sent)) };
    let peer = call.peer.to_string();
    let settings = &appliance.settings;
    let lives = [(Use::Access, settings.access_seconds), (Use::Refresh, settings.refresh_seconds)];
    let now = appliance.now();
    let [access, refresh] = lives.map(|(purpose, seconds)| {
        appliance.tokens.issue(purpose, account, &peer, seconds, now, &mut appliance.rng)
    });
    let mut map = Map::new();
    map.insert("username".to_owned(), account.name.into());
    let link = account.provider.login_link();
    map.insert("loginReference".to_owned(), serde_json::json!({"link": link}));
    // Absent for users of a RADIUS server (captured).
    if account.provider == Provider::Local {
        map.insert("loginProviderName".to_owned(), account.provider.name().into());
    }
    map.insert("token".to_owned(), access.json());
    map.insert("refreshToken".to_owned(), refresh.json());
    map.insert("generation".to_owned(), (refresh.generation() + 1).into());
    map.insert("lastUpdateMicros".to_owned(), (now.micros() + 5_212).into());
    Ok(Answer::json(200, map))
}

/// What was sent, without the password, and the account it signs in.
fn read(body: &str) -> Result<(Map<String, Value>, Option<Account>), Problem> {
    let read = || {
        let mut sent = gson::object(body)?;
        let name = gson::text(body, &sent, "username")?.unwrap_or_default();
        let password = gson::text(body, &sent, "password")?.unwrap_or_default();
        let provider = gson::text(body, &sent, "loginProviderName")?;
        let link = match sent.get("loginReference") {
            Some(Value::Object(reference)) => gson::text(body, reference, "link")?,
            _ => None,
        };
        let known = ["username", "loginReference", "loginProviderName"];
        sent.retain(|name, _| known.contains(&name.as_str()));
        let provider = Provider::named(link.as_deref(), provider.as_deref());
        let account = provider.and_then(|p| Account::sign_in(p, &name, &password));
        Ok((sent, account))
    };
    // The body is not quoted: it may hold a password.
    read().map_err(|gson::Unreadable(message)| Problem::new(400, message))
}

/// The captured refusal: the password is left out of the quote, and there is no `referer`.
fn refused(sent: &Map<String, Value>) -> Problem {
    let mut quote = sent.clone();
    quote.insert("generation".to_owned(), 0.into());
    quote.insert("lastUpdateMicros".to_owned(), 0.into());
    Problem {
        stack: Stack::Empty,
        names_referer: false,
        ..Problem::new(401, "Authentication failed.").quoting(Value::from(quote).to_string())
    }
}
