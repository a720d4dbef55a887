//! What a sign-in, a sign-out and a reload mean for jobs.

use super::effect::{Effect, JobIndex};
use super::memory::Entry;
use super::state::{Engine, Turn};
use super::{RestoredJob, StoredBatch};
use crate::app::AccountKey;
use crate::job::{Observation, Source};
use std::sync::Arc;

impl Engine {
    pub(super) fn note_sign_in(&mut self, turn: &mut Turn, account: AccountKey) {
        if let Some(before) = self.account.take().filter(|before| *before != account) {
            self.note_sign_out(turn, &before);
        }
        self.account = Some(account);
        self.is_signed_in = true;
        if !self.page.hidden && self.page.online {
            self.poll_all();
        }
    }

    /// Unsent requests of an operator who signed out are never sent.
    pub(super) fn note_sign_out(&mut self, turn: &mut Turn, account: &AccountKey) {
        for index in self.indices() {
            if self.batch(index).is_some_and(|batch| batch.account == *account) {
                self.end_watch(turn, index);
                // guard: sign-out-discards-unsent
                self.observe(turn, index, Source::Operator, Observation::SignedOut);
            }
        }
        self.account = None;
        self.is_signed_in = false;
    }

    /// A request that was in flight before the reload is unknown and is searched for; an unsent request is never sent. A
    /// duplicated tab has a copy of jobs that the other tab still works on: the copy is dropped.
    pub(super) fn restore(&mut self, turn: &mut Turn, batches: Vec<StoredBatch>) {
        for stored in batches {
            // guard: restored-once
            if self.has_batch(&stored.batch.id) {
                continue;
            }
            // guard: duplicated-tab
            if stored.is_of_other_tab {
                turn.push(Effect::Forget(stored.keys()));
                continue;
            }
            self.searching.seen_tasks.add(stored.seen_tasks);
            let batch = Arc::new(stored.batch);
            for RestoredJob { job, baseline, is_contested } in stored.jobs {
                let index = JobIndex(self.entries.len());
                let entry = Entry::new(Arc::clone(&batch), job, baseline);
                self.entries.push(Entry { is_contested, ..entry });
                self.observe(turn, index, Source::Reload, Observation::Reloaded);
            }
        }
        turn.push(Effect::JobsAdded);
        self.note_contested(turn, self.indices().collect());
        // Other tabs reported their requests before the reload.
        // guard: reload-asks-tabs
        turn.effects.extend(self.account.clone().map(Effect::AskTabs));
        self.searching.search_now();
    }
}
