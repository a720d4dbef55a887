//! The jobs of this tab, owned by the app so that closing a page never ends one. This module lists, stores and restores
//! them; `send` sends them, `watch` polls their tasks, `search` searches for tasks whose answer was lost, and `tabs`
//! informs other tabs.

mod cancel;
mod elsewhere;
mod memory;
mod search;
mod send;
mod store;
mod tabs;
mod watch;

use super::{ConfigStore, FullAnswers, Idle, SignIn};
use crate::web::before_unload::BeforeUnload;
use crate::web::broadcast::Channel;
use crate::web::storage::StorageError;
use crate::web::{lock, sleep, spawn_app, time};
use curfew_core::app::AccountKey;
use curfew_core::engine::RateLimit;
use curfew_core::ids::{BatchId, JobId};
use curfew_core::job::{Job, NotSent, Observation, Phase, Source, StartedJob};
use curfew_core::plan::{Batch, Confirmed};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use elsewhere::RequestElsewhere;
use leptos::prelude::*;
use memory::{Polling, Searching, Sending};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::time::Duration;
use store::StoredBatch;

/// A job and the facts that it shares with the other jobs of its plan.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The facts.
    pub batch: Arc<Batch>,
    /// The job.
    pub job: ArcRwSignal<Job>,
}

impl Entry {
    /// The job's id.
    pub fn id(&self) -> JobId {
        self.job.with_untracked(|job| job.id().clone())
    }

    /// Adds an observation, and stores the job if it says something new.
    pub(super) fn observe(&self, source: Source, what: Observation) {
        let now = Timestamp(time::epoch_ms());
        let new = self.job.try_maybe_update(|job| {
            let new = job.observe(now, source, what);
            (true, new)
        });
        if new == Some(true) {
            // If it can't be stored, it is still in memory, and the operator learned of it when sending started.
            _ = self.store();
        }
    }

    fn store(&self) -> Result<(), StorageError> {
        self.job.with_untracked(|job| store::store_job(&self.batch, job))
    }
}

/// How long a page that is being closed may keep its locks.
const LEAVING: Duration = Duration::from_secs(1);

/// What to do if the browser can't store a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storing {
    /// Send nothing.
    Required,
    /// Send anyway: the operator was warned.
    IfPossible,
}

/// The jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    entries: RwSignal<Vec<Entry>>,
    /// Whether the jobs from before a reload are restored.
    restored: RwSignal<bool>,
    sign_in: SignIn,
    idle: Idle,
    sending: StoredValue<Sending>,
    polling: StoredValue<Polling>,
    searching: StoredValue<Searching>,
    /// Batches whose sending is paused.
    paused: RwSignal<Vec<BatchId>>,
    /// How many events of each job the operator has saved.
    saved: RwSignal<FxHashMap<JobId, usize>>,
    full_answers: FullAnswers,
    channel: StoredValue<Option<Channel>, LocalStorage>,
    /// Requests that other tabs reported as in flight.
    elsewhere: RwSignal<Vec<RequestElsewhere>>,
}

/// What a sign-out would lose; `None` for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loss {
    /// How many kills are not sent yet.
    pub unsent: Option<usize>,
    /// How many job records have unsaved changes.
    pub unsaved: Option<usize>,
}

impl Jobs {
    /// Provides it without jobs, and starts watching.
    pub fn provide(config: ConfigStore, sign_in: SignIn, idle: Idle) -> Self {
        let jobs = Self {
            entries: RwSignal::default(),
            restored: RwSignal::new(false),
            sign_in,
            idle,
            sending: StoredValue::new(config.with(|config| Sending {
                rate_limit: RateLimit::new(config.kills_per_minute),
                in_flight: 0,
                at_once: config.kills_at_once,
            })),
            polling: StoredValue::default(),
            searching: StoredValue::default(),
            paused: RwSignal::default(),
            saved: RwSignal::default(),
            full_answers: FullAnswers::default(),
            channel: StoredValue::new_local(None),
            elsewhere: RwSignal::default(),
        };
        jobs.start_watching();
        jobs.start_searching();
        jobs.open_channel();
        jobs.guard_unload();
        provide_context(jobs);
        jobs
    }

    /// The jobs of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// BIG-IQ's full answers about tasks, as far as they were read.
    pub fn full_answers(&self) -> FullAnswers {
        self.full_answers
    }

    /// The jobs of the signed-in operator, newest plan first. Tracked, except for changes within a job.
    pub fn all(&self) -> Vec<Entry> {
        let Some(account) = self.sign_in.account() else { return Vec::new() };
        self.entries.with(|entries| {
            entries.iter().rev().filter(|e| e.batch.account == account).cloned().collect()
        })
    }

    /// A job by its id. Tracked, except for changes within the job.
    pub fn find(&self, id: &JobId) -> Option<Entry> {
        self.all().into_iter().find(|entry| entry.id() == *id)
    }

    /// The jobs of a batch, in the order of the plan. Tracked, except for changes within a job.
    pub fn batch(&self, id: &BatchId) -> Vec<Entry> {
        self.all().into_iter().rev().filter(|entry| entry.batch.id == *id).collect()
    }

    /// How many jobs are in progress; unsent jobs of a paused batch count only `with_paused`. Tracked.
    pub fn under_way(&self, with_paused: bool) -> usize {
        let counts = |job: &Job| job.is_under_way() && (with_paused || !self.is_held(job));
        self.all().iter().filter(|entry| entry.job.with(counts)).count()
    }

    /// Whether a job waits for the operator to resume sending. Tracked.
    pub fn is_held(&self, job: &Job) -> bool {
        *job.phase() == Phase::Confirmed && self.is_paused(job.batch())
    }

    /// Takes over a confirmed plan: stores its jobs and starts to send. Returns the batch's id.
    ///
    /// # Errors
    /// If no record can be stored and `keep` requires one; then nothing was sent.
    pub fn start(self, confirmed: Confirmed, storing: Storing) -> Result<BatchId, StorageError> {
        let now = Timestamp(time::epoch_ms());
        let started = confirmed.start(&new_id(now), now);
        let batch = Arc::new(started.batch);
        let (mut jobs, mut waiting) = (Vec::new(), Vec::new());
        for StartedJob { job, queued } in started.items {
            jobs.push(job);
            waiting.push(queued);
        }
        let stored = store::store_batch(&batch)
            .and_then(|()| jobs.iter().try_for_each(|job| store::store_job(&batch, job)));
        if stored.is_ok() {
            // Take the lock first: a duplicated tab must see it held.
            drop(lock::hold(&lock_of(&batch.id)));
        }
        // guard: unstored-plan-forgotten
        if let (Err(error), Storing::Required) = (stored, storing) {
            store::forget(&batch);
            return Err(error);
        }
        jobs.iter().for_each(|job| self.report_in_flight(&batch.account, job.request()));
        let entries = jobs
            .into_iter()
            .map(|job| Entry { batch: Arc::clone(&batch), job: ArcRwSignal::new(job) });
        self.entries.update(|all| all.extend(entries));
        self.send(&batch, waiting, storing);
        Ok(batch.id.clone())
    }

    /// Restores this operator's jobs after a reload: a request that was in flight is unknown and is searched for; an
    /// unsent request is never sent. A duplicated tab has a copy of jobs that the other tab still works on: the copy is
    /// dropped.
    pub fn restore(self, account: AccountKey) {
        spawn_app(async move {
            let stored = store::stored(&account);
            let mut others = SortedSet::new();
            for StoredBatch { batch, .. } in &stored {
                // guard: duplicated-tab
                if !self.has(&batch.id) && is_others(&batch.id).await {
                    others.insert(batch.id.clone());
                }
            }
            for StoredBatch { batch, jobs } in stored {
                if others.contains(&batch.id) {
                    store::forget(&batch);
                } else if !self.has(&batch.id) {
                    self.restore_batch(batch, jobs);
                }
            }
            self.restored.set(true);
            self.poll_now();
            self.search_now();
        });
    }

    fn has(self, batch: &BatchId) -> bool {
        self.entries.with_untracked(|entries| entries.iter().any(|entry| entry.batch.id == *batch))
    }

    fn restore_batch(self, batch: Batch, jobs: Vec<Job>) {
        let seen_tasks = store::stored_seen_tasks(&batch);
        self.searching.update_value(|searching| searching.seen_tasks.add(seen_tasks));
        let batch = Arc::new(batch);
        for job in jobs {
            let entry = Entry { batch: Arc::clone(&batch), job: ArcRwSignal::new(job) };
            entry.observe(Source::Reload, Observation::Reloaded);
            self.entries.update(|all| all.push(entry));
        }
    }

    /// Whether the jobs of the signed-in operator are restored. Tracked.
    pub fn are_restored(&self) -> bool {
        self.restored.get()
    }

    /// Notes that the operator has signed out: unsent requests are never sent.
    pub fn note_sign_out(self, account: &AccountKey) {
        self.restored.set(false);
        // guard: sign-out-forgets-answers
        self.full_answers.forget();
        self.entries.with_untracked(|entries| {
            for entry in entries.iter().filter(|e| e.batch.account == *account) {
                // guard: sign-out-discards-unsent
                entry.observe(Source::Operator, Observation::SignedOut);
            }
        });
    }

    /// Whether the rest of a batch is being sent. Untracked.
    pub fn is_sending(&self) -> bool {
        let waits = |job: &Job| *job.phase() == Phase::Confirmed && !self.is_held(job);
        self.sign_in.client().is_some() && !untrack(|| self.own_entries(&waits)).is_empty()
    }

    /// What would be lost if the operator signed out now. Tracked.
    pub fn loss(&self) -> Loss {
        let all = self.all();
        let waits = |entry: &&Entry| entry.job.with(|job| *job.phase() == Phase::Confirmed);
        let some = |n: usize| (n > 0).then_some(n);
        let unsaved = self.saved.with(|saved| {
            let new = |entry: &&Entry| {
                entry.job.with(|job| saved.get(job.id()) != Some(&job.events().len()))
            };
            all.iter().filter(new).count()
        });
        Loss { unsent: some(all.iter().filter(waits).count()), unsaved: some(unsaved) }
    }

    /// Notes that the operator has saved the current records of these jobs.
    pub fn note_saved(&self, entries: &[Entry]) {
        self.saved.update(|saved| {
            for entry in entries {
                let events = entry.job.with_untracked(|job| job.events().len());
                saved.insert(entry.id(), events);
            }
        });
    }

    /// Whether the saved record of one of these jobs has become outdated. Tracked.
    pub fn is_saved_outdated(&self, entries: &[Entry]) -> bool {
        self.saved.with(|saved| {
            !saved.is_empty()
                && entries.iter().any(|entry| {
                    entry.job.with(|job| {
                        saved.get(job.id()).is_some_and(|events| *events != job.events().len())
                    })
                })
        })
    }

    /// Whether sending the rest of a batch is paused. Tracked.
    pub fn is_paused(&self, batch: &BatchId) -> bool {
        self.paused.with(|paused| paused.iter().any(|id| id == batch))
    }

    /// Pauses or resumes the sending of a batch.
    pub fn pause(&self, batch: &BatchId, pause: bool) {
        self.paused.update(|paused| {
            paused.retain(|id| id != batch);
            if pause {
                paused.push(batch.clone());
            }
        });
    }

    /// Discards the unsent jobs of a batch.
    pub fn drop_rest(&self, batch: &BatchId) {
        for entry in self.batch(batch) {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if waits {
                entry.observe(Source::Operator, Observation::NotSent(NotSent::Dropped));
            }
        }
        self.pause(batch, false);
    }

    /// Polls all running tasks now, and searches for all lost ones.
    pub fn poll_all(&self) {
        self.forget_waits();
        self.polling.update_value(|polling| polling.no_list = false);
        self.searching.update_value(|searching| searching.all = true);
        self.poll_now();
        self.search_now();
    }

    /// The jobs of the signed-in operator for which `so` is true. Untracked.
    fn own_entries(self, so: &dyn Fn(&Job) -> bool) -> Vec<Entry> {
        let Some(account) = untrack(|| self.sign_in.account()) else { return Vec::new() };
        self.entries.with_untracked(|entries| {
            let mine = entries.iter().filter(|entry| entry.batch.account == account);
            mine.filter(|entry| entry.job.with_untracked(so)).cloned().collect()
        })
    }

    /// Asks for confirmation before the tab is closed while a request is in flight.
    fn guard_unload(self) {
        let guard = StoredValue::new_local(None::<BeforeUnload>);
        Effect::new(move |_| {
            let sending = self.entries.with(|entries| {
                entries.iter().any(|e| e.job.with(|job| *job.phase() == Phase::Sending))
            });
            guard.set_value(sending.then(BeforeUnload::guard));
        });
    }
}

/// The name of the lock held by the tab that works on a batch.
fn lock_of(batch: &BatchId) -> String {
    ["curfew:batch:", batch.as_str()].concat()
}

/// Whether another open tab works on a batch; if not, this tab now owns it.
async fn is_others(batch: &BatchId) -> bool {
    let name = lock_of(batch);
    if lock::hold(&name).await {
        return false;
    }
    // The page before a reload may still be closing.
    sleep(LEAVING).await;
    !lock::hold(&name).await
}

/// An id that no other tab of this browser generates.
fn new_id(now: Timestamp) -> BatchId {
    BatchId::new(format!("{:x}-{:04x}", now.0, (crate::web::random() * 65_536.0) as u32))
}
