//! A plan: what it does and the phrase for its gate. All of it comes from the frozen plan, so that no two places can
//! differ.

use super::amount;
use crate::{Name, isolated};
use curfew_core::count::Count;
use curfew_core::ids::MachineId;
use curfew_core::inventory::{HaRole, Missing};
use curfew_core::plan::{DraftError, Kind, NamedSession, Phrase, Plan, Warning};

/// "5 devices".
pub fn devices(plan: &Plan) -> String {
    amount::devices(plan.device_count())
}

/// A plan in numbers: "2 devices · 2 sessions · 1 warning". Nothing is said about sessions of which nothing is known.
pub fn counts(plan: &Plan) -> String {
    let counted = match (plan.kind(), plan.session_counts()) {
        (Kind::Listed, _) => Some(Count::Exactly(plan.session_count())),
        (_, Some(counts)) if counts.as_of.is_some() => {
            let of_users = counts.users.iter().map(|user| user.sessions).sum();
            let found = counts.total.as_ref().map_or(of_users, |total| total.sessions);
            Some(counts.counted(found))
        }
        _ => None,
    };
    let sessions = counted.and_then(|counted| match counted {
        Count::Exactly(number) => Some(crate::session_count(number)),
        Count::AtLeast(number) => Some(crate::session_count_at_least(number)),
        Count::Unknown => None,
    });
    let warnings = Some(plan.warnings().chunk_by(Warning::is_like).count());
    let warnings = warnings.filter(|number| *number > 0).map(crate::warning_count);
    let parts = [Some(devices(plan)), sessions, warnings];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Whom a plan hits.
enum Hit<'a> {
    User(Name<'a>),
    Users(usize),
    Everybody,
    Listed(usize),
}

fn hit(plan: &Plan) -> Hit<'_> {
    let mut users = plan.users();
    match (plan.kind(), users.next(), users.count()) {
        (Kind::Users, Some(user), 0) => Hit::User(Name(user.as_str())),
        (Kind::Users, _, more) => Hit::Users(more + 1),
        (Kind::Everybody, ..) => Hit::Everybody,
        (Kind::Listed, ..) => Hit::Listed(plan.session_count()),
    }
}

/// What the plan will do.
pub fn lead(plan: &Plan) -> String {
    let devices = devices(plan);
    match hit(plan) {
        Hit::User(user) => crate::plan_user(user, &devices),
        Hit::Users(n) => crate::plan_users(n, &devices),
        Hit::Everybody => crate::plan_everybody(&devices),
        Hit::Listed(n) => crate::plan_listed(n, &devices),
    }
}

/// The button that opens the gate.
pub fn review(plan: &Plan) -> String {
    match hit(plan) {
        Hit::User(user) => crate::review_user(user),
        Hit::Users(n) => crate::review_users(n),
        Hit::Everybody => crate::review_everybody(),
        Hit::Listed(n) => crate::review_listed(n),
    }
}

/// The gate's heading, a question.
pub fn question(plan: &Plan) -> String {
    let devices = devices(plan);
    match hit(plan) {
        Hit::User(user) => crate::gate_user(user, &devices),
        Hit::Users(n) => crate::gate_users(n, &devices),
        Hit::Everybody => crate::gate_everybody(&devices),
        Hit::Listed(n) => crate::gate_listed(n, &devices),
    }
}

/// The button that confirms.
pub fn confirm(plan: &Plan) -> String {
    let devices = amount::devices_on_button(plan.device_count());
    match hit(plan) {
        Hit::User(user) => crate::confirm_user(user, &devices),
        Hit::Users(n) => crate::confirm_users(n, &devices),
        Hit::Everybody => crate::confirm_everybody(&devices),
        Hit::Listed(n) => crate::confirm_listed(n, &devices),
    }
}

/// The phrase to type.
pub fn phrase(phrase: &Phrase) -> String {
    match *phrase {
        Phrase::Everybody { devices } => crate::phrase_everybody(&amount::devices(devices)),
        Phrase::Users { users: 1, devices } => crate::phrase_user(&amount::devices(devices)),
        Phrase::Users { users, devices } => crate::phrase_users(users, &amount::devices(devices)),
        Phrase::Sessions { sessions, devices } => {
            crate::phrase_sessions(sessions, &amount::devices(devices))
        }
    }
}

/// An error in a draft.
pub fn draft_error(error: &DraftError) -> String {
    match error {
        DraftError::NoUser => crate::need_user(),
        DraftError::UsersInDoubt(_) => crate::users_in_doubt(),
        DraftError::UnreadableUsers(refused) => super::pasted::unreadable(refused),
        DraftError::NoTarget => crate::need_target(),
        DraftError::NoSession => crate::need_sessions(),
        DraftError::Vanished(name) => crate::target_vanished(Name(name)),
    }
}

/// The display name of a device that the plan reaches.
pub fn name_of<'a>(plan: &'a Plan, id: &'a MachineId) -> &'a str {
    let known = plan.reached().iter().find(|device| device.id == *id);
    known.map_or(id.as_str(), |device| &device.name)
}

/// A listed session: its user, its id, its device.
pub fn named_session(session: &NamedSession) -> String {
    let user = session.user.iter().map(|user| user.as_str());
    let facts = user.chain([session.id.as_str(), &session.device]).map(isolated);
    let unusual = session.is_unusual.then(crate::id_is_unusual);
    facts.chain(unusual).collect::<Vec<_>>().join(" · ")
}

/// A name with its role in a cluster.
pub fn with_role(name: &str, role: HaRole) -> String {
    crate::name_and_role(Name(name), &role_text(role))
}

/// The cluster of a device, with the device's role in it.
pub fn in_cluster(cluster: &str, role: HaRole) -> String {
    crate::in_cluster_with_role(Name(cluster), &role_text(role))
}

fn role_text(role: HaRole) -> String {
    match role {
        HaRole::Active => crate::role_active(),
        HaRole::Standby => crate::role_standby(),
        HaRole::Unknown => crate::role_unknown(),
    }
}

/// What a device that is not ready lacks, in two words.
pub fn missing(missing: Missing) -> String {
    match missing {
        Missing::Trust => crate::missing_trust(),
        Missing::Data => crate::missing_data(),
        Missing::Discovery => crate::missing_discovery(),
        Missing::Reach => crate::missing_reach(),
        Missing::Import => crate::missing_import(),
    }
}

/// Whether a device is ready, in two words.
pub fn readiness(lacks: Option<Missing>) -> String {
    lacks.map_or_else(crate::ready, missing)
}

/// What to do about what a device lacks.
pub fn missing_help(missing: Missing) -> String {
    match missing {
        Missing::Trust => crate::missing_trust_help(),
        Missing::Data => crate::missing_data_help(),
        Missing::Discovery => crate::missing_discovery_help(),
        Missing::Reach => crate::missing_reach_help(),
        Missing::Import => crate::missing_import_help(),
    }
}
