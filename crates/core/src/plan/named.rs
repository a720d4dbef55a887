//! Listed sessions one by one, for those who read before they confirm. It must not choose any.

use super::PlanInputs;
use crate::plan::gate::MANY;
use crate::plan::{Draft, Kind};

/// A listed session by its names for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSession {
    /// Its id.
    pub id: String,
    /// Whose it is, where that is known.
    pub user: Option<String>,
    /// The name of the device that it is ended on.
    pub device: String,
}

/// The listed sessions, where they are so few that no phrase has to stand for them.
pub(super) fn named(draft: &Draft, basis: PlanInputs<'_>) -> Vec<NamedSession> {
    if draft.kind != Kind::Listed || draft.sessions.len() > MANY {
        return Vec::new();
    }
    let live =
        |device: &str, id: &str| Some(basis.live?.reading(device)?.session(id)?.user.as_str());
    let named = draft.sessions.iter().map(|(device, id, user)| NamedSession {
        id: id.to_owned(),
        user: user.or_else(|| live(device, id)).filter(|user| !user.is_empty()).map(str::to_owned),
        device: basis.inventory.device(device).map_or(device, |d| &d.name).to_owned(),
    });
    named.collect()
}
