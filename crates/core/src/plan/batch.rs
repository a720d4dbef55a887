//! What the jobs of one confirmed plan have in common.

use super::draft::{Draft, Kind};
use super::inputs::PlanInputs;
use super::reach::{self, PlannedDevice, is_false};
use super::requests::all_targets;
use crate::app::AccountKey;
use crate::count::Count;
use crate::ids::BatchId;
use crate::timestamp::Timestamp;
use bigiq::Targets;
use serde::{Deserialize, Serialize};

/// What the jobs of one confirmed plan have in common. Stored with the jobs; contains nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The batch's id, unique in this browser. The ids of its jobs are this, a dot and their number from 1.
    pub id: BatchId,
    /// The BIG-IQ and the operator that it belongs to.
    #[serde(rename = "binding")]
    pub account: AccountKey,
    /// Reason or ticket number.
    pub reason: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Whose sessions are killed.
    pub kind: Kind,
    /// The targets of all its requests together. Empty for listed sessions.
    pub targets: Targets,
    /// The devices that these targets stood for.
    pub reached: Vec<PlannedDevice>,
    /// Whether they may stand for more devices: see [`Plan::device_count`](super::Plan::device_count).
    #[serde(default, skip_serializing_if = "is_false")]
    pub may_reach_more: bool,
    /// When its inventory was read.
    pub as_of: Timestamp,
    /// How many jobs it has.
    pub items: usize,
}

impl Batch {
    /// That of a draft which was sent at `at` under this id, with the devices that its targets stand for now.
    pub(crate) fn of(draft: &Draft, inputs: PlanInputs<'_>, id: BatchId, at: Timestamp) -> Self {
        let reached = reach::reach(draft, inputs);
        Self {
            id,
            account: AccountKey { bigiq: String::new(), operator: String::new() },
            reason: String::new(),
            confirmed_at: at,
            kind: draft.kind,
            targets: all_targets(draft),
            may_reach_more: !reach::count(draft, inputs.inventory, reached.len()).is_exact(),
            reached,
            as_of: inputs.inventory.read_at(),
            items: 1,
        }
    }

    /// How many devices these targets stood for.
    pub fn device_count(&self) -> Count {
        Count::of(self.reached.len(), !self.may_reach_more)
    }
}
