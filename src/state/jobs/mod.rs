//! The jobs of this tab: owned by the app, so that no page's end ends one. Here they are listed, kept and restored;
//! `send` sends them, `watch` looks at their tasks, `search` looks for those whose answer was lost, and `tabs` tells other tabs.
//! It must not show anything.

mod cancel;
mod heard;
mod search;
mod send;
mod store;
mod tabs;
mod watch;

use super::{ConfigStore, Idle, SignIn};
use crate::web::before_unload::BeforeUnload;
use crate::web::broadcast::Channel;
use crate::web::storage::StorageError;
use crate::web::{Poll, lock, sleep, spawn_app, time};
use curfew_core::app::AccountKey;
use curfew_core::engine::{RateLimit, SeenTasks, TaskSearch};
use curfew_core::job::{Job, NotSent, Observation, Phase, Source};
use curfew_core::plan::{Batch, Confirmed};
use curfew_core::timestamp::Timestamp;
use heard::Heard;
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A job and the facts that it shares with the others of its plan.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The facts.
    pub batch: Arc<Batch>,
    /// The job.
    pub job: ArcRwSignal<Job>,
}

impl Entry {
    /// The job's id.
    pub fn id(&self) -> String {
        self.job.with_untracked(|job| job.id().to_owned())
    }

    /// Takes an observation, and keeps the job if it says something new.
    pub(super) fn observe(&self, source: Source, what: Observation) {
        let now = Timestamp(time::epoch_ms());
        let new = self.job.try_maybe_update(|job| {
            let new = job.observe(now, source, what);
            (true, new)
        });
        if new == Some(true) {
            // What could not be kept is still in memory, and the operator was told when sending began.
            _ = self.keep();
        }
    }

    fn keep(&self) -> Result<(), StorageError> {
        self.job.with_untracked(|job| store::keep_job(&self.batch, job))
    }
}

/// How long a page that is being left may hold its locks.
const LEAVING: Duration = Duration::from_secs(1);

/// What to do where the browser keeps no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Send nothing.
    Must,
    /// Send all the same: the operator was told.
    IfPossible,
}

/// What sending, watching and searching remember from one time to the next. In one value: each type of value that is kept is
/// code of its own.
#[derive(Debug, Clone, Copy)]
struct Flow {
    /// How fast requests may leave.
    rate_limit: RateLimit,
    /// How many are on their way.
    on_the_way: u16,
    /// Whether those are searched for, too, that were searched for in vain.
    search_all: bool,
    /// How many lists in a row could not be had by the search.
    unlisted: u32,
    /// Whether BIG-IQ refuses its list of all tasks.
    no_list: bool,
    /// Where those are that are looked at next, when only a few can be.
    turn: usize,
    /// Until when none of many is looked at by itself, to make room.
    rests_until: Timestamp,
}

/// The jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    entries: RwSignal<Vec<Entry>>,
    /// Whether what a reload left was brought back.
    restored: RwSignal<bool>,
    session: SignIn,
    idle: Idle,
    watcher: StoredValue<Option<Poll>>,
    searcher: StoredValue<Option<Poll>>,
    /// What the search for each lost task has shown so far.
    task_searches: StoredValue<FxHashMap<String, TaskSearch>>,
    /// When each of BIG-IQ's tasks was first seen.
    seen_tasks: StoredValue<SeenTasks>,
    flow: StoredValue<Flow>,
    /// When each job is to be looked at next.
    due: StoredValue<FxHashMap<String, Timestamp>>,
    /// The jobs whose tasks are being looked at one by one, since when.
    looking: StoredValue<FxHashMap<String, Timestamp>>,
    /// Batches whose unsent rest waits for the operator.
    paused: RwSignal<Vec<String>>,
    /// So many requests are on their way at once, of all batches together: it is somebody's appliance.
    at_once: u16,
    /// How many events of each job the operator has saved.
    saved: RwSignal<FxHashMap<String, usize>>,
    channel: StoredValue<Option<Channel>, LocalStorage>,
    /// What other tabs have said to be in flight.
    elsewhere: RwSignal<Vec<Heard>>,
}

/// What a sign-out would lose; `None` where it is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loss {
    /// So many kills are not sent yet.
    pub unsent: Option<usize>,
    /// The records of so many jobs are not saved as they are now.
    pub unsaved: Option<usize>,
}

impl Jobs {
    /// No jobs yet; starts watching.
    pub fn provide(setup: ConfigStore, session: SignIn, idle: Idle) -> Self {
        let jobs = Self {
            entries: RwSignal::default(),
            restored: RwSignal::new(false),
            session,
            idle,
            watcher: StoredValue::new(None),
            searcher: StoredValue::new(None),
            task_searches: StoredValue::default(),
            seen_tasks: StoredValue::default(),
            flow: StoredValue::new(Flow {
                rate_limit: RateLimit::new(setup.with(|config| config.kills_per_minute)),
                on_the_way: 0,
                search_all: false,
                unlisted: 0,
                no_list: false,
                turn: 0,
                rests_until: Timestamp(0),
            }),
            due: StoredValue::default(),
            looking: StoredValue::default(),
            paused: RwSignal::default(),
            at_once: setup.with(|config| config.kills_at_once),
            saved: RwSignal::default(),
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

    /// The jobs of whoever is signed in, newest plan first. Tracked, but for what happens to each.
    pub fn all(&self) -> Vec<Entry> {
        let Some(binding) = self.session.binding() else { return Vec::new() };
        self.entries.with(|entries| {
            entries.iter().rev().filter(|e| e.batch.binding == binding).cloned().collect()
        })
    }

    /// A job by its id. Tracked, but for what happens to it.
    pub fn find(&self, id: &str) -> Option<Entry> {
        self.all().into_iter().find(|entry| entry.id() == id)
    }

    /// The jobs of a batch, in the order of the plan. Tracked, but for what happens to each.
    pub fn batch(&self, id: &str) -> Vec<Entry> {
        self.all().into_iter().rev().filter(|entry| entry.batch.id == id).collect()
    }

    /// How many are under way; of those that wait in a paused batch only if they are wanted, too. Tracked.
    pub fn under_way(&self, with_paused: bool) -> usize {
        let counts = |job: &Job| job.is_under_way() && (with_paused || !self.is_held(job));
        self.all().iter().filter(|entry| entry.job.with(counts)).count()
    }

    /// Whether a job waits for the operator to go on sending. Tracked.
    pub fn is_held(&self, job: &Job) -> bool {
        *job.phase() == Phase::Confirmed && self.is_paused(job.batch())
    }

    /// Takes over a confirmed plan: keeps its jobs and begins to send. Gives the batch's id.
    ///
    /// # Errors
    /// Where no record can be kept and one must be; nothing was sent then.
    pub fn start(self, confirmed: Confirmed, keep: Keep) -> Result<String, StorageError> {
        let now = Timestamp(time::epoch_ms());
        let started = confirmed.start(&new_id(now), now);
        let batch = Arc::new(started.batch);
        let (jobs, waiting): (Vec<_>, Vec<_>) = started.items.into_iter().unzip();
        let kept = store::keep_batch(&batch)
            .and_then(|()| jobs.iter().try_for_each(|job| store::keep_job(&batch, job)));
        if kept.is_ok() {
            // Whoever is told is the tab that may find a copy.
            drop(lock::hold(&lock_of(&batch.id)));
        }
        if let (Err(error), Keep::Must) = (kept, keep) {
            store::forget(&batch);
            return Err(error);
        }
        jobs.iter().for_each(|job| self.say_in_flight(&batch.binding, job.request()));
        let entries = jobs
            .into_iter()
            .map(|job| Entry { batch: Arc::clone(&batch), job: ArcRwSignal::new(job) });
        self.entries.update(|all| all.extend(entries));
        self.send(&batch, waiting, keep);
        Ok(batch.id.clone())
    }

    /// Brings back what a reload left of this operator's jobs: what was on its way is unknown and searched for, what was
    /// not sent never is. A tab that was duplicated has a copy of what the other tab still works on: it is dropped.
    pub fn restore(self, binding: AccountKey) {
        spawn_app(async move {
            let kept = store::kept(&binding);
            let mut others = BTreeSet::new();
            for (batch, _) in &kept {
                if !self.has(&batch.id) && is_others(&batch.id).await {
                    others.insert(batch.id.clone());
                }
            }
            for (batch, jobs) in kept {
                if others.contains(&batch.id) {
                    store::forget(&batch);
                } else if !self.has(&batch.id) {
                    self.bring_back(batch, jobs);
                }
            }
            self.restored.set(true);
            self.look_now();
            self.search_now();
        });
    }

    fn has(self, batch: &str) -> bool {
        self.entries.with_untracked(|entries| entries.iter().any(|entry| entry.batch.id == batch))
    }

    fn bring_back(self, batch: Batch, jobs: Vec<Job>) {
        self.seen_tasks.update_value(|all| all.add(store::kept_sightings(&batch)));
        let batch = Arc::new(batch);
        for job in jobs {
            let entry = Entry { batch: Arc::clone(&batch), job: ArcRwSignal::new(job) };
            entry.observe(Source::Reload, Observation::Reloaded);
            self.entries.update(|all| all.push(entry));
        }
    }

    /// Whether the jobs of whoever is signed in have been brought back. Tracked.
    pub fn are_restored(&self) -> bool {
        self.restored.get()
    }

    /// Notes that the operator has signed out: what was not sent never is.
    pub fn note_sign_out(self, binding: &AccountKey) {
        self.restored.set(false);
        self.entries.with_untracked(|entries| {
            for entry in entries.iter().filter(|e| e.batch.binding == *binding) {
                entry.observe(Source::Operator, Observation::SignedOut);
            }
        });
    }

    /// Whether the rest of a batch is being sent. Untracked.
    pub fn is_sending(&self) -> bool {
        let waits = |job: &Job| *job.phase() == Phase::Confirmed && !self.is_held(job);
        self.session.client().is_some() && !untrack(|| self.mine(&waits)).is_empty()
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

    /// Notes that the operator has saved the records of these jobs as they are now.
    pub fn note_saved(&self, entries: &[Entry]) {
        self.saved.update(|saved| {
            for entry in entries {
                let events = entry.job.with_untracked(|job| job.events().len());
                saved.insert(entry.id(), events);
            }
        });
    }

    /// Whether a saved record of one of these jobs lacks what has come to be known since. Tracked.
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
    pub fn is_paused(&self, batch: &str) -> bool {
        self.paused.with(|paused| paused.iter().any(|id| id == batch))
    }

    /// Pauses the sending of a batch's rest, or goes on with it.
    pub fn pause(&self, batch: &str, pause: bool) {
        self.paused.update(|paused| {
            paused.retain(|id| id != batch);
            if pause {
                paused.push(batch.to_owned());
            }
        });
    }

    /// Drops what is not sent yet of a batch, for good.
    pub fn drop_rest(&self, batch: &str) {
        for entry in self.batch(batch) {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if waits {
                entry.observe(Source::Operator, Observation::NotSent(NotSent::Dropped));
            }
        }
        self.pause(batch, false);
    }

    /// Looks at all running tasks now, and for all that are lost.
    pub fn look_at_all(&self) {
        self.forget_waits();
        let flow = self.flow.get_value();
        self.flow.set_value(Flow { no_list: false, search_all: true, ..flow });
        self.look_now();
        self.search_now();
    }

    /// The jobs of whoever is signed in that are so. Untracked.
    fn mine(self, so: &dyn Fn(&Job) -> bool) -> Vec<Entry> {
        let Some(binding) = untrack(|| self.session.binding()) else { return Vec::new() };
        self.entries.with_untracked(|entries| {
            let mine = entries.iter().filter(|entry| entry.batch.binding == binding);
            mine.filter(|entry| entry.job.with_untracked(so)).cloned().collect()
        })
    }

    /// Asks before the tab is left while a request is on its way.
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

/// The name of the lock that the tab holds that works on a batch.
fn lock_of(batch: &str) -> String {
    ["curfew:batch:", batch].concat()
}

/// Whether another living tab works on a batch; else it is this tab's from now on.
async fn is_others(batch: &str) -> bool {
    let name = lock_of(batch);
    if lock::hold(&name).await {
        return false;
    }
    // The page that was reloaded may be on its way out.
    sleep(LEAVING).await;
    !lock::hold(&name).await
}

/// An id that no other tab of this browser makes.
fn new_id(now: Timestamp) -> String {
    format!("{:x}-{:04x}", now.0, (crate::web::random() * 65_536.0) as u32)
}
