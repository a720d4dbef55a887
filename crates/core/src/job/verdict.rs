//! The result of comparing live sessions before and after a kill, in numbers and for each unit. See [`verify`](crate::verify).

use crate::ids::{MachineId, SessionId, UserName};
use serde::{Deserialize, Serialize};

/// What happened to the sessions that were seen before a kill. Their number is `gone + remaining + unreadable`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Seen in a complete reading before, and missing now in complete readings of every member of their cluster.
    pub gone: usize,
    /// Seen before and still listed.
    pub remaining: usize,
    /// Seen before, and not known now, because a reading is missing or incomplete.
    pub unreadable: usize,
    /// New sessions of the same users, who have signed in again.
    pub came_back: usize,
    /// Clusters and standalone devices without a complete reading before the kill, so their sessions are not known.
    pub blind: usize,
}

/// A summary of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// All sessions seen before are gone.
    Verified,
    /// Some sessions are still listed.
    NotVerified,
    /// There were no sessions before.
    NothingToVerify,
    /// Readings are missing or incomplete.
    NotVerifiable,
}

impl Verdict {
    /// The summary: the most serious finding that applies.
    pub fn finding(&self) -> Finding {
        if self.remaining > 0 {
            Finding::NotVerified
        } else if self.unreadable > 0 || self.blind > 0 {
            Finding::NotVerifiable
        } else if self.gone > 0 {
            Finding::Verified
        } else {
            Finding::NothingToVerify
        }
    }

    /// Adds another verdict's numbers.
    pub(crate) fn add(&mut self, other: &Self) {
        self.gone += other.gone;
        self.remaining += other.remaining;
        self.unreadable += other.unreadable;
        self.came_back += other.came_back;
        self.blind += other.blind;
    }

    /// How many sessions were seen before.
    pub fn before(&self) -> usize {
        self.gone + self.remaining + self.unreadable
    }
}

/// The comparison for a cluster or a standalone device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedUnit {
    /// The cluster. `None` for a standalone device.
    pub cluster: Option<String>,
    /// The machine ids of the members.
    pub members: Vec<MachineId>,
    /// The sessions seen before, by id.
    pub sessions: Vec<CheckedSession>,
    /// The numbers of this unit.
    pub verdict: Verdict,
}

/// A session that was seen before a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedSession {
    /// Session id.
    pub id: SessionId,
    /// User. Empty if the device doesn't report it.
    pub user: UserName,
    /// What happened to it.
    pub now: Now,
}

/// What happened to a session that was seen before a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Now {
    /// Missing in complete readings of every member.
    Gone,
    /// A member still lists it.
    Remaining,
    /// Not seen, but a reading is missing or incomplete.
    Unreadable,
}
