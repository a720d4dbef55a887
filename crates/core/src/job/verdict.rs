//! The result of comparing live sessions before and after a kill, in numbers. See [`verify`](crate::verify).

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
