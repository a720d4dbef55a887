//! What the tabs of one browser tell each other: which kills are in flight, so that the operator can be warned of an identical
//! one, and a search does not take its task. It is a hint and never stops a kill.

use super::{Effect, Engine, RequestElsewhere, Turn};
use crate::app::AccountKey;
use crate::plan::{KillRequest, Plan, fingerprint};

impl Engine {
    /// How many requests of a plan are also in flight in other tabs, as far as they have reported.
    pub fn in_flight_elsewhere(&self, plan: &Plan) -> usize {
        let is_elsewhere = |request: &&KillRequest| self.is_elsewhere(plan.account(), request);
        plan.requests().iter().filter(is_elsewhere).count()
    }

    /// Whether another tab has reported that the same request is in flight.
    pub(super) fn is_elsewhere(&self, account: &AccountKey, request: &KillRequest) -> bool {
        // Most often there are none, and a fingerprint takes time.
        if self.elsewhere.is_empty() {
            return false;
        }
        let hash = fingerprint(request);
        self.elsewhere.iter().any(|other| other.bigiq == account.bigiq && other.request == hash)
    }

    pub(super) fn note_elsewhere(&mut self, turn: &mut Turn, request: RequestElsewhere) {
        if !self.elsewhere.contains(&request) {
            self.elsewhere.push(request);
            turn.push(Effect::Changed);
        }
    }

    pub(super) fn forget_elsewhere(&mut self, turn: &mut Turn) {
        self.elsewhere.clear();
        turn.push(Effect::Changed);
    }

    /// Reports the requests in flight to a tab that asks.
    pub(super) fn report_in_flight(&mut self, turn: &mut Turn, bigiq: &str) {
        for entry in &self.entries {
            if entry.batch.account.bigiq == bigiq && !entry.job.is_over() {
                announce(turn, &entry.batch.account, entry.job.request());
            }
        }
    }
}

/// Informs the other tabs of a request that is in flight, or about to be.
pub(super) fn announce(turn: &mut Turn, account: &AccountKey, request: &KillRequest) {
    turn.push(Effect::Announce { account: account.clone(), request: fingerprint(request) });
}
