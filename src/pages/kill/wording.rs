//! A plan as text: what it does, its warnings, the phrase for its gate. All of it comes from the frozen plan, so that
//! no two places can differ.

use super::readiness_text::{help, readiness};
use crate::text::{LISTED, Word, count, count_and, fill, listing, listing_of, locale, t};
use curfew_core::ids::{MachineId, UserName};
use curfew_core::input::RepeatedName;
use curfew_core::inventory::{Gap, HaRole, SessionCount};
use curfew_core::plan::{DraftError, Kind, NamedSession, Phrase, Plan, Warning};
use std::collections::BTreeMap;

/// "5 devices", or that only BIG-IQ knows how many.
pub(super) fn devices(plan: &Plan) -> String {
    count(Word::DeviceCount, plan.reached().len())
}

/// A sentence in one of four forms: for one user, several users, all users, listed sessions.
fn by_kind(plan: &Plan, [one, many, everybody, listed]: [Word; 4]) -> String {
    let devices = devices(plan);
    let mut users = plan.users();
    match (plan.kind(), users.next(), users.count()) {
        (Kind::Users, Some(user), 0) => {
            fill(one, &[("user", user.as_str()), ("devices", &devices)])
        }
        (Kind::Users, _, more) => count_and(many, more + 1, &[("devices", &devices)]),
        (Kind::Everybody, ..) => fill(everybody, &[("devices", &devices)]),
        (Kind::Listed, ..) => count_and(listed, plan.session_count(), &[("devices", &devices)]),
    }
}

/// The button that opens the gate.
pub(super) fn review(plan: &Plan) -> String {
    by_kind(plan, [Word::ReviewUser, Word::ReviewUsers, Word::ReviewEverybody, Word::ReviewListed])
}

/// The gate's heading, a question.
pub(super) fn question(plan: &Plan) -> String {
    by_kind(plan, [Word::GateUser, Word::GateUsers, Word::GateEverybody, Word::GateListed])
}

/// The button that confirms.
pub(super) fn act(plan: &Plan) -> String {
    by_kind(plan, [Word::ActUser, Word::ActUsers, Word::ActEverybody, Word::ActListed])
}

/// The phrase to type.
pub(super) fn phrase(phrase: &Phrase) -> String {
    match phrase {
        Phrase::Everybody { targets } => count(Word::PhraseEverybody, *targets),
        Phrase::Users { users, targets } => {
            let users = locale().integer(*users as u64);
            count_and(Word::PhraseUsers, *targets, &[("users", &users)])
        }
        Phrase::Sessions { sessions, devices } => {
            let sessions = locale().integer(*sessions as u64);
            count_and(Word::PhraseSessions, *devices, &[("sessions", &sessions)])
        }
    }
}

/// An error in a draft.
pub(super) fn error(error: &DraftError) -> String {
    match error {
        DraftError::NoUser => t(Word::NeedUser),
        DraftError::QuotedUsers(line) => quoted_users(*line),
        DraftError::NoTarget => t(Word::NeedTarget),
        DraftError::NoSession => t(Word::NeedSessions),
        DraftError::Vanished(name) => fill(Word::Vanished, &[("name", name)]),
    }
}

/// Why a pasted list of users is refused.
pub(super) fn quoted_users(line: usize) -> String {
    fill(Word::QuotedUsers, &[("line", &locale().integer(line as u64))])
}

/// A warning.
pub(super) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeviceInCluster { name, cluster, role, .. } => {
            let word = match role {
                HaRole::Active => Word::WarnActiveNow,
                HaRole::Standby => Word::WarnStandby,
                HaRole::Unknown => Word::WarnDeviceInCluster,
            };
            fill(word, &[("device", name), ("cluster", cluster)])
        }
        Warning::NotReady { name, missing, .. } => {
            let help = t(help(*missing));
            let what = t(readiness(Some(*missing)));
            fill(Word::WarnNotReady, &[("device", name), ("missing", &what), ("help", &help)])
        }
        Warning::NobodyIn(name) => fill(Word::WarnNobodyIn, &[("name", name)]),
        Warning::Padded(name) => fill(Word::WarnPadded, &[("name", name.as_str())]),
        Warning::Repeated(repeated) => {
            count_and(Word::WarnRepeated, repeated.times, &[("name", repeated.name.as_str())])
        }
        Warning::NobodyNow { user, near, unknown } => match near.as_slice() {
            [] => fill(Word::WarnNobodyNow, &[("name", user.as_str())]),
            near => {
                let near = listing(near.iter().map(UserName::as_str));
                let word = if *unknown == 0 { Word::WarnNobodyNear } else { Word::WarnNobodyKnown };
                fill(word, &[("name", user.as_str()), ("near", &near)])
            }
        },
        Warning::NotThere { name, sessions, .. } => {
            count_and(Word::WarnNotThere, *sessions, &[("device", name)])
        }
        Warning::LongList(sessions) => count(Word::WarnLongList, *sessions),
        Warning::OwnSessions(name) => fill(Word::WarnOwn, &[("name", name.as_str())]),
        Warning::Everybody => t(Word::WarnEverybody),
        Warning::Partial(Gap::Groups) => t(Word::WarnPartialGroups),
        Warning::Partial(Gap::Devices) => t(Word::WarnPartialDevices),
        Warning::Partial(Gap::AccessList) => t(Word::WarnAccessList),
        Warning::Partial(Gap::Reach) => t(Word::WarnPartialReach),
        Warning::Partial(Gap::Nameless(n)) => count(Word::WarnNameless, *n),
        Warning::Stale(age) => {
            let age = locale().duration(age.as_secs_f64() * 1000.0);
            fill(Word::WarnStale, &[("age", &age)])
        }
    }
}

/// A warning, for several of one cause.
pub(super) fn warnings(alike: &[Warning]) -> String {
    match alike {
        [] => String::new(),
        [one] => warning(one),
        [Warning::DeviceInCluster { .. }, ..] => count(Word::WarnInClusters, alike.len()),
        [Warning::NotReady { missing, .. }, ..] => {
            let what = t(readiness(Some(*missing)));
            let placeholders = [("missing", what.as_str()), ("help", &t(help(*missing)))];
            count_and(Word::WarnNotReadyMany, alike.len(), &placeholders)
        }
        [Warning::NotThere { .. }, ..] => {
            let devices = count(Word::DeviceCount, alike.len());
            count_and(Word::WarnNotThere, gone(alike), &[("device", &devices)])
        }
        [first, rest @ ..] => count_and(Word::WarnMore, rest.len(), &[("text", &warning(first))]),
    }
}

/// How many of the selected sessions no longer exist, according to the warnings.
pub(super) fn gone(alike: &[Warning]) -> usize {
    let gone = alike.iter().map(|warning| match warning {
        Warning::NotThere { sessions, .. } => *sessions,
        _ => 0,
    });
    gone.sum()
}

/// The name that the warning is about, if several are listed together.
pub(super) fn subject(warning: &Warning) -> Option<&str> {
    match warning {
        Warning::DeviceInCluster { name, .. }
        | Warning::NotReady { name, .. }
        | Warning::NotThere { name, .. }
        | Warning::NobodyIn(name) => Some(name),
        Warning::Padded(name)
        | Warning::Repeated(RepeatedName { name, .. })
        | Warning::OwnSessions(name)
        | Warning::NobodyNow { user: name, .. } => Some(name.as_str()),
        Warning::Everybody | Warning::LongList(_) | Warning::Partial(_) | Warning::Stale(_) => None,
    }
}

/// The display name of a device that the plan reaches.
pub(super) fn name_of<'a>(plan: &'a Plan, id: &'a MachineId) -> &'a str {
    let known = plan.reached().iter().find(|device| device.id == *id);
    known.map_or(id.as_str(), |device| &device.name)
}

/// A listed session: its user, its id, its device.
pub(super) fn named(session: &NamedSession) -> String {
    let (user, dot) = match &session.user {
        Some(user) => (user.as_str(), " · "),
        None => ("", ""),
    };
    [user, dot, session.id.as_str(), " · ", &session.device].concat()
}

/// Numbers of sessions, by device.
pub(super) fn places(plan: &Plan, devices: &BTreeMap<MachineId, usize>) -> String {
    let place = |(id, number): (&MachineId, &usize)| {
        let number = locale().integer(*number as u64);
        fill(Word::SessionsOn, &[("device", name_of(plan, id)), ("number", &number)])
    };
    let places: Vec<String> = devices.iter().take(LISTED).map(place).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    listing_of(&places, devices.len())
}

/// The current number of sessions; never more precise than what is known.
pub(super) fn sessions_now(counted: SessionCount) -> String {
    match counted {
        SessionCount::Exactly(number) => count(Word::SessionsNow, number),
        SessionCount::AtLeast { found, checked, units } => {
            at_least(Word::SessionsAtLeast, found, checked, units, "")
        }
    }
}

/// How many sessions were found, if not every unit was checked. `word` is for any number but zero.
fn at_least(word: Word, found: usize, checked: usize, units: usize, users: &str) -> String {
    let number = |n: usize| locale().integer(n as u64);
    let (checked, units) = (number(checked), number(units));
    let placeholders = [("checked", checked.as_str()), ("units", &units), ("users", users)];
    if found == 0 {
        fill(Word::SessionsNoneYet, &placeholders)
    } else {
        count_and(word, found, &placeholders)
    }
}

/// How many sessions a kill of all users would end now, and where, as far as they could be read.
pub(super) fn everybody_now(plan: &Plan) -> Option<String> {
    let counts = plan.session_counts().filter(|counts| counts.as_of.is_some())?;
    let total = counts.total.as_ref()?;
    let users = count(Word::UsersRead, total.users);
    let now = match counts.counted(total.sessions) {
        SessionCount::Exactly(number) => {
            count_and(Word::SessionsOfAll, number, &[("users", &users)])
        }
        SessionCount::AtLeast { found, checked, units } => {
            at_least(Word::SessionsOfAllAtLeast, found, checked, units, &users)
        }
    };
    let places = places(plan, &total.devices);
    Some(if places.is_empty() { now } else { [now.as_str(), &places].join(": ") })
}

/// A name with its role in a cluster.
pub(super) fn with_role(name: &str, role: HaRole) -> String {
    let role = match role {
        HaRole::Active => Word::RoleActive,
        HaRole::Standby => Word::RoleStandby,
        HaRole::Unknown => Word::RoleUnknown,
    };
    fill(Word::NameAndRole, &[("name", name), ("role", &t(role))])
}
