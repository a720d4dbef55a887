//! Whether the sessions targeted by a kill are gone: the sessions known when it was confirmed are compared with the
//! lists of their devices after its end. It never delays a kill, never reads a device before one, and does not rely on
//! BIG-IQ's report.

use super::live_sessions::in_time;
use super::{Entry, InventoryStore, Jobs, LiveSessions, SignIn};
use crate::web::storage::Storage;
use crate::web::{Poll, four_at_once, spawn_poll, time};
use curfew_client::signed_in::SignedIn;
use curfew_core::ids::{BatchId, JobId, MachineId};
use curfew_core::inventory::Live;
use curfew_core::job::{Finding, Job, Observation, Source};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::{Baseline, Check};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// A reading older than this when a kill is confirmed says too little about the time of the kill.
const YOUNG: i64 = 5 * 60_000;
/// A longer baseline is not stored: jobs take priority in the storage.
const LONGEST: usize = 200_000;
/// Waits before later comparisons, for devices whose list is slow to change.
const AGAIN: [Duration; 2] = [Duration::from_secs(4), Duration::from_secs(15)];
/// How long the loop sleeps while nothing is to be compared; callers with new work wake it.
const REST: Duration = Duration::from_secs(3600);

/// The shortest wait.
const LEAST: Duration = Duration::from_millis(250);

const BASELINE: &str = "curfew:baseline:";

/// When a job is compared next, and how many comparisons were made.
#[derive(Debug, Clone, Copy)]
struct Turn {
    done: usize,
    next: Option<Timestamp>,
}

/// The verifications of the jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Verifications {
    jobs: Jobs,
    sign_in: SignIn,
    inventory_store: InventoryStore,
    live_sessions: LiveSessions,
    /// The sessions before each job, by the job's id.
    before: StoredValue<FxHashMap<JobId, Baseline>>,
    /// The result of the last comparison, by the job's id.
    shown: RwSignal<FxHashMap<JobId, Arc<Check>>>,
    turns: StoredValue<FxHashMap<JobId, Turn>>,
    /// The jobs whose devices are being read.
    busy: RwSignal<Vec<JobId>>,
    poll: StoredValue<Option<Poll>>,
}

impl Verifications {
    /// Provides it without results; notes the sessions before each job, and compares once it is over.
    pub fn provide(
        jobs: Jobs,
        sign_in: SignIn,
        inventory_store: InventoryStore,
        live_sessions: LiveSessions,
    ) {
        let verifications = Self {
            jobs,
            sign_in,
            inventory_store,
            live_sessions,
            before: StoredValue::default(),
            shown: RwSignal::default(),
            turns: StoredValue::default(),
            busy: RwSignal::default(),
            poll: StoredValue::new(None),
        };
        Effect::new(move |_| {
            for entry in verifications.jobs.all() {
                verifications.note_before(&entry);
            }
        });
        verifications
            .poll
            .set_value(Some(spawn_poll(move || async move { Some(verifications.round().await) })));
        Effect::new(move |_| {
            if verifications.sign_in.is_signed_in() && !verifications.due().is_empty() {
                verifications.ring();
            }
        });
        provide_context(verifications);
    }

    /// The verifications of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// The result of the last comparison for a job. Tracked.
    pub fn of(&self, job: &JobId) -> Option<Arc<Check>> {
        self.shown.with(|shown| shown.get(job).cloned())
    }

    /// Whether a job's devices are being read. Tracked.
    pub fn is_reading(&self, job: &JobId) -> bool {
        self.busy.with(|busy| busy.iter().any(|id| id == job))
    }

    /// The time of the oldest reading that a job is compared with; `None` if there was none, or it is no longer known.
    pub fn as_of(&self, job: &JobId) -> Option<Timestamp> {
        self.before.with_value(|before| before.get(job).and_then(Baseline::as_of))
    }

    /// Whether the sessions before a job are known.
    pub fn knows(&self, job: &JobId) -> bool {
        self.before.with_value(|before| before.contains_key(job))
    }

    /// Compares these jobs again, if they are over and the sessions before them are known.
    pub fn compare(&self, jobs: &[Entry]) {
        let now = Timestamp(time::epoch_ms());
        self.turns.update_value(|turns| {
            for entry in jobs {
                turns.insert(entry.id(), Turn { done: AGAIN.len(), next: Some(now) });
            }
        });
        self.ring();
    }

    fn ring(self) {
        if let Some(Some(poll)) = self.poll.try_get_value() {
            poll.poke();
        }
    }

    /// Keeps the current sessions of a new job, once; for a job restored after a reload, the stored ones.
    fn note_before(self, entry: &Entry) {
        let id = entry.id();
        if self.before.with_value(|before| before.contains_key(&id)) {
            return;
        }
        let key = [BASELINE, id.as_str()].concat();
        let baseline = stored(&key).or_else(|| {
            let inventory = untrack(|| self.inventory_store.inventory())?;
            entry.job.with_untracked(|job| {
                let young = Timestamp(job.confirmed_at().0 - YOUNG);
                let known = self.live_sessions.known().with_untracked(|known| known.since(young));
                is_new(job).then(|| Baseline::take(job, &entry.batch, &known, &inventory))
            })
        });
        let Some(baseline) = baseline else { return };
        let text = serde_json::to_string(&baseline).unwrap_or_default();
        if text.len() <= LONGEST {
            // If it can't be stored, a reload loses the verification and nothing else.
            _ = Storage::Session.set(&key, &text);
        }
        self.before.update_value(|before| _ = before.insert(id, baseline));
    }

    /// The jobs to compare now. Tracked.
    fn due(self) -> Vec<Entry> {
        let now = Timestamp(time::epoch_ms());
        let all = self.jobs.all();
        // Devices are read once for a whole plan, and not while its other kills continue.
        let open: SortedSet<BatchId> = SortedSet::from_iter(
            all.iter()
                .filter(|entry| entry.job.with(|job| !job.is_over() && !job.is_lost()))
                .map(|entry| entry.batch.id.clone()),
        );
        let is_due = |entry: &Entry| {
            let (ended, verified) =
                entry.job.with(|job| (job.ended_at().is_some(), job.verdict().is_some()));
            let id = entry.id();
            let known = self.before.with_value(|before| before.contains_key(&id));
            let turn = self.turns.with_value(|turns| turns.get(&id).copied());
            let wanted = match turn {
                Some(turn) => turn.next.is_some_and(|next| next <= now),
                None => !verified,
            };
            ended && known && wanted && !open.contains(&entry.batch.id)
        };
        all.into_iter().filter(is_due).collect()
    }

    /// Compares what is due, and returns the time until the next round.
    async fn round(self) -> Duration {
        // A new sign-in wakes the loop.
        let Some(client) = self.sign_in.client() else { return REST };
        let due = untrack(|| self.due());
        if due.is_empty() {
            return self.next();
        }
        self.busy.set(due.iter().map(Entry::id).collect());
        let devices = self.before.with_value(|before| {
            let baselines = due.iter().filter_map(|entry| before.get(&entry.id()));
            baselines.flat_map(Baseline::devices).cloned().collect()
        });
        let live = read(&client, devices).await;
        self.sign_in.note_end(&client);
        // If the sign-in has ended meanwhile, the answers say nothing about the devices.
        if !client.is_ended() {
            due.iter().for_each(|entry| self.judge(entry, &live));
        }
        self.busy.set(Vec::new());
        self.next()
    }

    fn judge(self, entry: &Entry, live: &Live) {
        let id = entry.id();
        let check = self.before.with_value(|before| {
            entry.job.with_untracked(|job| before.get(&id).and_then(|b| b.check(job, live)))
        });
        let Some(check) = check else { return };
        let verdict = check.verdict;
        self.shown.update(|shown| _ = shown.insert(id.clone(), Arc::new(check)));
        entry.observe(Source::Sessions, Observation::Checked(verdict));
        let slow = matches!(verdict.finding(), Finding::NotVerified | Finding::NotVerifiable);
        let now = Timestamp(time::epoch_ms());
        self.turns.update_value(|turns| {
            let turn = turns.entry(id).or_insert(Turn { done: 0, next: None });
            let wait = AGAIN.get(turn.done).filter(|_| slow && verdict.before() > 0);
            *turn = Turn { done: turn.done + 1, next: wait.map(|wait| now.plus(*wait)) };
        });
    }

    fn next(self) -> Duration {
        let now = Timestamp(time::epoch_ms());
        let mine = untrack(|| self.jobs.all());
        let next = self
            .turns
            .with_value(|turns| mine.iter().filter_map(|entry| turns.get(&entry.id())?.next).min());
        next.map_or(REST, |next| next.since(now).max(LEAST))
    }
}

/// Whether a job was confirmed since the page was loaded, and is not over.
fn is_new(job: &Job) -> bool {
    !job.is_over() && !job.events().iter().any(|event| event.source == Source::Reload)
}

fn stored(key: &str) -> Option<Baseline> {
    serde_json::from_str(&Storage::Session.get(key).ok()??).ok()
}

/// The live sessions of these devices, a few at a time. A device that does not answer has no reading.
async fn read(client: &SignedIn, devices: SortedSet<MachineId>) -> Live {
    let live = RefCell::new(Live::default());
    four_at_once(devices, async |id| {
        if let Ok(Some(reading)) = in_time(client.live_sessions(&id)).await {
            live.borrow_mut().note_reading(&id, reading);
        }
    })
    .await;
    live.into_inner()
}
