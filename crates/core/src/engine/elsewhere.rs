//! What the tabs of one browser tell each other: which kills are in flight, so that the operator can be warned of an identical
//! one, and a search does not take its task. It is a hint and never stops a kill.

use super::effect::{Effect, JobIndex};
use super::input::RequestElsewhere;
use super::records;
use super::state::{Engine, Turn};
use crate::app::AccountKey;
use crate::ids::TaskId;
use crate::plan::{KillRequest, Plan, fingerprint};
use std::time::Duration;

/// How long a page that is being closed may keep its locks.
const LEAVING: Duration = Duration::from_secs(1);

/// When to ask again for the lock of a stored batch that was refused this many times: the page before a reload may still be
/// closing. `None` if another open tab works on the batch, so that the records in this tab are a copy.
pub fn lock_retry(refused: u32) -> Option<Duration> {
    (refused < 2).then_some(LEAVING)
}

impl Engine {
    /// How many requests of a plan are also in flight in other tabs, as far as they have reported.
    pub fn in_flight_elsewhere(&self, plan: &Plan) -> usize {
        let is_elsewhere = |request: &&KillRequest| self.is_elsewhere(plan.account(), request);
        plan.requests().iter().filter(is_elsewhere).count()
    }

    /// Whether another tab has reported that the same request is in flight.
    fn is_elsewhere(&self, account: &AccountKey, request: &KillRequest) -> bool {
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
        let open =
            self.indices().filter(|index| self.job(*index).is_some_and(|job| !job.is_over()));
        self.note_contested(turn, open.collect());
    }

    /// Remembers which of these jobs another tab has in flight too, for good: the other tab may be closed before the search.
    pub(super) fn note_contested(&mut self, turn: &mut Turn, jobs: Vec<JobIndex>) {
        for index in jobs {
            let Some(entry) = self.entries.get(index.0).filter(|entry| !entry.is_contested) else {
                continue;
            };
            // guard: other-tab-contests
            if self.is_elsewhere(&entry.batch.account, entry.job.request()) {
                let record = records::of_contested(entry.job.id());
                self.store(turn, vec![record]);
                if let Some(entry) = self.entry(index) {
                    entry.is_contested = true;
                }
            }
        }
    }

    pub(super) fn forget_elsewhere(&mut self, turn: &mut Turn) {
        self.elsewhere.clear();
        turn.push(Effect::Changed);
    }

    pub(super) fn note_task_elsewhere(&mut self, bigiq: &str, task: TaskId) {
        self.tasks_elsewhere.insert((bigiq.to_owned(), task));
    }

    /// Reports the requests in flight to a tab that asks, and then all tasks: older tabs understand only the former.
    pub(super) fn report_in_flight(&self, turn: &mut Turn, bigiq: &str) {
        let of_bigiq = || self.entries.iter().filter(|entry| entry.batch.account.bigiq == bigiq);
        for entry in of_bigiq().filter(|entry| !entry.job.is_over()) {
            announce(turn, &entry.batch.account, entry.job.request());
        }
        // guard: own-tasks-announced
        for entry in of_bigiq() {
            if let Some(task) = entry.job.task_id() {
                let (account, task) = (entry.batch.account.clone(), task.clone());
                turn.push(Effect::AnnounceTask { account, task });
            }
        }
    }
}

/// Informs the other tabs of a request that is in flight, or about to be.
pub(super) fn announce(turn: &mut Turn, account: &AccountKey, request: &KillRequest) {
    turn.push(Effect::Announce { account: account.clone(), request: fingerprint(request) });
}
