//! The facts that the jobs of one confirmed plan share.

use super::draft::Kind;
use super::reach::PlannedDevice;
use crate::app::AccountKey;
use crate::timestamp::Timestamp;
use bigiq::Targets;
use serde::{Deserialize, Serialize};

/// What the jobs of one confirmed plan have in common. Stored beside them; it holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id, unique in this browser. Its jobs' ids are this, a dot and their number from 1.
    pub id: String,
    /// To whom it belongs.
    pub binding: AccountKey,
    /// Reason or ticket.
    pub reason: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Whose sessions.
    pub kind: Kind,
    /// The targets that its requests name; empty for listed sessions.
    pub targets: Targets,
    /// The devices that these stood for.
    pub reached: Vec<PlannedDevice>,
    /// When the inventory behind it was read.
    pub as_of: Timestamp,
    /// How many jobs it has.
    pub items: usize,
}
