//! The jobs of this tab, owned by the app so that closing a page never ends one. The engine decides everything about them;
//! `driver` executes it, and `tabs` informs other tabs. This module is what the pages see.

mod driver;
mod entry;
mod tabs;

pub use curfew_core::engine::Storing;
pub use entry::Entry;

use super::{ConfigStore, FullAnswers, Idle, InventoryStore, LiveSessions, SignIn};
use crate::web::before_unload::BeforeUnload;
use crate::web::broadcast::Channel;
use crate::web::storage::{Storage, StorageError};
use crate::web::{Latest, effect, lock, online, random, sleep, spawn_app, time, visibility};
use curfew_core::app::AccountKey;
use curfew_core::engine::{
    Awaited, Before, Engine, Input, JobIndex, Settings, StoredBatch, WatchOver, WatchState,
    lock_retry, read_batches,
};
use curfew_core::ids::{BatchId, JobId};
use curfew_core::job::{Job, Phase};
use curfew_core::plan::Confirmed;
use curfew_core::timestamp::Timestamp;
use entry::JobSignal;
use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use leptos::prelude::*;
use rustc_hash::FxHashMap;

/// The jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    engine: StoredValue<Engine>,
    entries: RwSignal<Vec<Entry>>,
    /// Notified when something changes that belongs to no single job.
    changed: StoredValue<ArcTrigger>,
    /// Whether the jobs from before a reload are restored.
    restored: RwSignal<bool>,
    sign_in: SignIn,
    idle: Idle,
    inventory_store: InventoryStore,
    live_sessions: LiveSessions,
    /// Wakes the engine.
    timer: Latest,
    /// Why the browser could not store something the last time.
    storage_error: StoredValue<Option<StorageError>>,
    /// The devices whose answers are pending.
    awaited: StoredValue<Awaited>,
    /// How many events of each job the operator has saved.
    saved: RwSignal<FxHashMap<JobId, usize>>,
    full_answers: FullAnswers,
    channel: StoredValue<Option<Channel>, LocalStorage>,
    /// What [`copies`] found when the console was loaded: later, the other tab may be gone, and its copies here are out of date.
    copies: StoredValue<Shared<LocalBoxFuture<'static, Vec<String>>>, LocalStorage>,
    /// The names of kills that other tabs reported as not sent.
    unsent_elsewhere: RwSignal<Vec<String>>,
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
    /// Provides it without jobs.
    pub fn provide(
        config: ConfigStore,
        sign_in: SignIn,
        idle: Idle,
        inventory_store: InventoryStore,
        live_sessions: LiveSessions,
    ) -> Self {
        let settings = config.with(|config| Settings {
            per_minute: config.kills_per_minute,
            at_once: config.kills_at_once,
        });
        let seed = (random() * u64::MAX as f64) as u64;
        let jobs = Self {
            engine: StoredValue::new(Engine::new(settings, seed)),
            entries: RwSignal::default(),
            changed: StoredValue::new(ArcTrigger::new()),
            restored: RwSignal::new(false),
            sign_in,
            idle,
            inventory_store,
            live_sessions,
            timer: Latest::new(),
            storage_error: StoredValue::new(None),
            awaited: StoredValue::default(),
            saved: RwSignal::default(),
            full_answers: FullAnswers::default(),
            channel: StoredValue::new_local(None),
            copies: StoredValue::new_local(copies().boxed_local().shared()),
            unsent_elsewhere: RwSignal::default(),
        };
        let (hidden, online) = (visibility::hidden(), online::online());
        effect(move || {
            let (hidden, online) = (hidden.get(), online.get());
            sign_in.is_signed_in();
            jobs.feed(Input::Page { hidden, online });
        });
        spawn_app(jobs.copies.get_value().map(drop));
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

    /// Whether BIG-IQ refused the operator's latest kill because of their role. Tracked.
    pub fn is_last_not_permitted(&self) -> bool {
        self.all().first().is_some_and(|entry| entry.job.with(Job::is_not_permitted))
    }

    /// Whether a job waits for the operator to resume sending. Tracked.
    pub fn is_held(&self, job: &Job) -> bool {
        *job.phase() == Phase::Confirmed && self.is_paused(job.batch())
    }

    /// Takes over a confirmed plan, and watches for return for so many minutes when it has ended. Returns the batch's id.
    ///
    /// # Errors
    /// If no record can be stored and `storing` requires one; then nothing was sent.
    pub fn start(
        self,
        confirmed: Confirmed,
        storing: Storing,
        watch: Option<u32>,
    ) -> Result<BatchId, StorageError> {
        let now = Timestamp(time::epoch_ms());
        let id = new_id(now);
        let before = self.known_sessions(now);
        self.feed(Input::Confirmed { confirmed, id: id.clone(), storing, before });
        if self.engine.with_value(|engine| engine.has_batch(&id)) {
            if watch.is_some() {
                self.watch(&untrack(|| self.batch(&id)), watch);
            }
            Ok(id)
        } else {
            Err(self.storage_error.get_value().unwrap_or(StorageError::Unavailable))
        }
    }

    /// What is known about sessions for a plan that was confirmed then. `None` without an inventory.
    fn known_sessions(self, confirmed_at: Timestamp) -> Option<Before> {
        let inventory = untrack(|| self.inventory_store.inventory())?;
        let known = self.live_sessions.known();
        Some(known.with_untracked(|known| Before::new(known, inventory, confirmed_at)))
    }

    /// Restores this operator's jobs after a reload.
    pub fn restore(self, account: AccountKey) {
        spawn_app(async move {
            let mut batches = stored(&account);
            let copies = self.copies.get_value().await;
            for stored in &mut batches {
                stored.is_of_other_tab = copies.contains(&batch_lock(&stored.batch.id));
            }
            self.feed(Input::Restored(batches));
            self.restored.set(true);
        });
    }

    /// Whether the jobs of the signed-in operator are restored. Tracked.
    pub fn are_restored(&self) -> bool {
        self.restored.get()
    }

    /// Notes that the operator has signed out.
    pub fn note_sign_out(self) {
        self.restored.set(false);
        // guard: sign-out-forgets-answers
        self.full_answers.forget();
        self.feed(Input::Timer);
    }

    /// Deletes what this tab stored about the jobs of an operator.
    pub fn forget(self, account: &AccountKey) {
        for key in stored(account).iter().flat_map(StoredBatch::keys) {
            _ = Storage::Session.remove(&key);
        }
    }

    /// Whether the rest of a batch is being sent. Untracked.
    pub fn is_sending(&self) -> bool {
        self.engine.try_with_value(Engine::is_sending).unwrap_or_default()
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
        self.with_engine(|engine| engine.is_paused(batch))
    }

    /// Pauses or resumes the sending of a batch.
    pub fn pause(&self, batch: &BatchId, pause: bool) {
        self.feed(Input::Pause { batch: batch.clone(), pause });
    }

    /// Discards the unsent jobs of a batch.
    pub fn drop_rest(&self, batch: &BatchId) {
        self.feed(Input::Drop(batch.clone()));
    }

    /// Polls all running tasks now, and searches for all lost ones.
    pub fn poll_all(&self) {
        self.feed(Input::PollAll);
    }

    /// Whether a job's task can be cancelled, and BIG-IQ has not refused a cancel before. Tracked.
    pub fn may_cancel(&self, entry: &Entry) -> bool {
        self.all().iter().for_each(|entry| entry.job.track());
        self.engine.with_value(|engine| engine.may_cancel(entry.job.index()))
    }

    /// Asks BIG-IQ to cancel a job's task, once.
    pub fn cancel(self, entry: &Entry) {
        if !self.idle.end_if_over(self.is_sending()) {
            self.feed(Input::CancelAsked(entry.job.index()));
        }
    }

    /// Compares these jobs again, if they have ended and the sessions before them are known.
    pub(super) fn compare(self, entries: &[Entry]) {
        self.feed(Input::Compare(entries.iter().map(|entry| entry.job.index()).collect()));
    }

    /// Watches for the return of the users of these jobs for so many minutes, or no longer.
    pub fn watch(self, entries: &[Entry], minutes: Option<u32>) {
        let jobs = entries.iter().map(|entry| entry.job.index()).collect();
        self.feed(Input::Watch { jobs, minutes });
    }

    /// Whether a job can be watched. Tracked.
    pub fn may_watch(&self, entry: &Entry) -> bool {
        entry.job.track();
        self.with_engine(|engine| engine.may_watch(entry.job.index()))
    }

    /// The watch of a job, if it is wanted and not over. Tracked.
    pub fn watch_of(&self, entry: &Entry) -> Option<WatchState> {
        self.with_engine(|engine| engine.watch_of(entry.job.index()))
    }

    /// The last watch of some jobs, if one is over and none is wanted. Tracked.
    pub fn watch_over(&self, entries: &[Entry]) -> Option<WatchOver> {
        let jobs: Vec<JobIndex> = entries.iter().map(|entry| entry.job.index()).collect();
        entries.iter().for_each(|entry| entry.job.track());
        self.with_engine(|engine| engine.watch_over(&jobs))
    }

    /// Reads what the engine knows about a job. Tracked, except for changes within the job.
    pub(super) fn with_job<T>(
        self,
        id: &JobId,
        read: impl FnOnce(&Engine, JobIndex) -> Option<T>,
    ) -> Option<T> {
        self.with_engine(|engine| read(engine, engine.find(id)?))
    }

    /// Reads the engine. Tracked, except for changes within a job.
    fn with_engine<T>(self, read: impl FnOnce(&Engine) -> T) -> T {
        self.changed.with_value(ArcTrigger::track);
        self.engine.with_value(read)
    }

    /// Shows the jobs that the engine has added.
    fn add_entries(self) {
        self.entries.update(|entries| {
            let shown = entries.len();
            self.engine.with_value(|engine| {
                for index in engine.indices().skip(shown) {
                    let Some(batch) = engine.batch(index) else { continue };
                    let job = JobSignal::new(self.engine, index);
                    entries.push(Entry { batch: batch.clone(), job });
                }
            });
        });
    }

    /// Informs those who show a job.
    fn notify(self, index: JobIndex) {
        let job = self.entries.with_untracked(|entries| {
            entries.iter().find(|entry| entry.job.index() == index).map(|entry| entry.job.clone())
        });
        if let Some(job) = job {
            job.notify();
        }
    }

    /// Asks for confirmation before the tab is closed while a request is in flight.
    fn guard_unload(self) {
        let guard = StoredValue::new_local(None::<BeforeUnload>);
        effect(move || {
            let sending = self.entries.with(|entries| {
                entries.iter().any(|e| e.job.with(|job| *job.phase() == Phase::Sending))
            });
            guard.set_value(sending.then(BeforeUnload::guard));
        });
    }
}

/// What this tab stored about the jobs of an operator.
fn stored(account: &AccountKey) -> Vec<StoredBatch> {
    let names = Storage::Session.keys("").unwrap_or_default();
    read_batches(&names, &|key| Storage::Session.get(key).ok()?, account)
}

/// The name of the lock held by the tab that works on a batch.
fn batch_lock(batch: &BatchId) -> String {
    ["curfew:batch:", batch.as_str()].concat()
}

/// The locks of the stored batches that another open tab works on. This tab owns all others from now on.
async fn copies() -> Vec<String> {
    let mut copies = Vec::new();
    // A batch has the same name in the storage as its lock.
    for name in Storage::Session.keys(&batch_lock(&BatchId::new(""))).unwrap_or_default() {
        let mut refused = 0;
        while !lock::hold(&name).await {
            refused += 1;
            match lock_retry(refused) {
                Some(wait) => sleep(wait).await,
                None => {
                    copies.push(name);
                    break;
                }
            }
        }
    }
    copies
}

/// An id that no other tab of this browser generates.
fn new_id(now: Timestamp) -> BatchId {
    BatchId::new(format!("{:x}-{:04x}", now.0, (random() * 65_536.0) as u32))
}
