//! The listed sessions of a plan with readable names, to be checked before confirming.

use super::PlanInputs;
use crate::ids::{MachineId, SessionId, UserName};
use crate::input::{IdShapes, SelectedSession};
use crate::plan::gate::MANY;
use crate::plan::{Draft, Kind};

/// A listed session with its user and device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSession {
    /// Session id.
    pub id: SessionId,
    /// User, if known.
    pub user: Option<UserName>,
    /// Name of the device on which it ends.
    pub device: String,
    /// Whether the id doesn't look like a session id of APM.
    pub is_unusual: bool,
}

/// The listed sessions, if they are few enough that the gate requires no phrase.
pub(super) fn named(draft: &Draft, inputs: PlanInputs<'_>) -> Vec<NamedSession> {
    if draft.kind != Kind::Listed || draft.sessions.len() > MANY {
        return Vec::new();
    }
    let live = |device: &MachineId, id: &SessionId| inputs.live?.user_of(device, id);
    let shapes = inputs.live.map(IdShapes::of_live).unwrap_or_default();
    let named = draft.sessions.iter().map(|SelectedSession { device, id, user }| NamedSession {
        id: id.clone(),
        user: user.or_else(|| live(device, id)).filter(|user| !user.as_str().is_empty()).cloned(),
        device: inputs.inventory.device(device).map_or(device.as_str(), |d| &d.name).to_owned(),
        is_unusual: !shapes.fits(id.as_str()),
    });
    named.collect()
}
