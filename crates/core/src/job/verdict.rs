//! What live sessions say after a kill, in numbers. It must not read sessions: see `verify`.

use serde::{Deserialize, Serialize};

/// What became of the sessions that were seen before a kill. The numbers of sessions seen before add up:
/// `gone + remaining + unreadable`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Seen before in a complete reading, absent now from complete readings of every member of their cluster.
    pub gone: usize,
    /// Seen before and still there.
    pub remaining: usize,
    /// Seen before, and nothing can be said now: a reading is cut or missing.
    pub unreadable: usize,
    /// New sessions of the same users: they signed in again.
    pub came_back: usize,
    /// Clusters and devices of their own of which there was no complete reading before, so that nobody knows what was there.
    pub blind: usize,
}

/// The verdict in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// All that was there is gone.
    Verified,
    /// Something is still there.
    NotVerified,
    /// Nothing was there before.
    NothingToVerify,
    /// Readings are cut or missing.
    NotVerifiable,
}

impl Verdict {
    /// The verdict in a word; the most serious that applies.
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

    /// Adds another's numbers.
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
