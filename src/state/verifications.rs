//! Whether the sessions that a kill was about are gone: what was known of them when it was confirmed is compared with what
//! their devices list after its end. It must not delay a kill, ask a device before one, or take BIG-IQ's word.

use super::live_sessions::in_time;
use super::{Entry, InventoryStore, Jobs, LiveSessions, SignIn};
use crate::api::SignedIn;
use crate::web::storage::Storage;
use crate::web::{Poll, four_at_once, spawn_poll, time};
use curfew_core::inventory::Live;
use curfew_core::job::{Finding, Job, Observation, Source};
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::{Baseline, Check};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A reading older than this when a kill is confirmed says too little about the moment of the kill.
const YOUNG: i64 = 5 * 60_000;
/// A longer baseline is not stored: the storage is there for the jobs first.
const LONGEST: usize = 200_000;
/// Waits before the comparisons after the first, for devices that are slow to tell.
const AGAIN: [Duration; 2] = [Duration::from_secs(4), Duration::from_secs(15)];
/// How long the loop rests while nothing is to be compared; whoever has news rings.
const REST: Duration = Duration::from_secs(3600);

/// The shortest wait.
const LEAST: Duration = Duration::from_millis(250);

const BASELINE: &str = "curfew:baseline:";

/// When a job is compared next, and how often it was.
#[derive(Debug, Clone, Copy)]
struct Turn {
    done: usize,
    next: Option<Timestamp>,
}

/// What live sessions say of the jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Verifications {
    jobs: Jobs,
    session: SignIn,
    estate: InventoryStore,
    lookout: LiveSessions,
    /// What was there before each job, by the job's id.
    before: StoredValue<FxHashMap<String, Baseline>>,
    /// What the last comparison showed, by the job's id.
    shown: RwSignal<FxHashMap<String, Arc<Check>>>,
    turns: StoredValue<FxHashMap<String, Turn>>,
    /// The jobs whose devices are being read.
    busy: RwSignal<Vec<String>>,
    poll: StoredValue<Option<Poll>>,
}

impl Verifications {
    /// Nothing compared yet; notes what is there before each job, and compares once it is over.
    pub fn provide(jobs: Jobs, session: SignIn, estate: InventoryStore, lookout: LiveSessions) {
        let checks = Self {
            jobs,
            session,
            estate,
            lookout,
            before: StoredValue::default(),
            shown: RwSignal::default(),
            turns: StoredValue::default(),
            busy: RwSignal::default(),
            poll: StoredValue::new(None),
        };
        Effect::new(move |_| {
            for entry in checks.jobs.all() {
                checks.note_before(&entry);
            }
        });
        checks.poll.set_value(Some(spawn_poll(move || async move { Some(checks.round().await) })));
        Effect::new(move |_| {
            if checks.session.is_signed_in() && !checks.due().is_empty() {
                checks.ring();
            }
        });
        provide_context(checks);
    }

    /// The comparisons of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What the last comparison showed of a job. Tracked.
    pub fn of(&self, job: &str) -> Option<Arc<Check>> {
        self.shown.with(|shown| shown.get(job).cloned())
    }

    /// Whether a job's devices are being read. Tracked.
    pub fn is_reading(&self, job: &str) -> bool {
        self.busy.with(|busy| busy.iter().any(|id| id == job))
    }

    /// When the oldest of the readings was taken that a job is compared with; `None` where there was none, or nobody knows
    /// of one any more.
    pub fn as_of(&self, job: &str) -> Option<Timestamp> {
        self.before.with_value(|before| before.get(job).and_then(Baseline::as_of))
    }

    /// Whether something is known of what was there before a job.
    pub fn knows(&self, job: &str) -> bool {
        self.before.with_value(|before| before.contains_key(job))
    }

    /// Compares these jobs anew, as far as they are over and something is known of before.
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

    /// Keeps what is known now of a job's sessions, once: for a job that is new, or what was stored for one that a reload
    /// brought back.
    fn note_before(self, entry: &Entry) {
        let id = entry.id();
        if self.before.with_value(|before| before.contains_key(&id)) {
            return;
        }
        let key = [BASELINE, &id].concat();
        let baseline = stored(&key).or_else(|| {
            let inventory = untrack(|| self.estate.inventory())?;
            entry.job.with_untracked(|job| {
                let young = Timestamp(job.confirmed_at().0 - YOUNG);
                let known = self.lookout.known().with_untracked(|known| known.since(young));
                is_new(job).then(|| Baseline::take(job, &entry.batch, &known, &inventory))
            })
        });
        let Some(baseline) = baseline else { return };
        let text = serde_json::to_string(&baseline).unwrap_or_default();
        if text.len() <= LONGEST {
            // Without it a reload takes the proof away and nothing else.
            _ = Storage::Session.set(&key, &text);
        }
        self.before.update_value(|before| _ = before.insert(id, baseline));
    }

    /// The jobs to be compared now. Tracked.
    fn due(self) -> Vec<Entry> {
        let now = Timestamp(time::epoch_ms());
        let all = self.jobs.all();
        // Devices are read once for a whole plan, not while its other kills go on.
        let open: BTreeSet<String> = all
            .iter()
            .filter(|entry| entry.job.with(|job| !job.is_over() && !job.is_lost()))
            .map(|entry| entry.batch.id.clone())
            .collect();
        let is_due = |entry: &Entry| {
            let (ended, judged) =
                entry.job.with(|job| (job.ended_at().is_some(), job.verdict().is_some()));
            let id = entry.id();
            let known = self.before.with_value(|before| before.contains_key(&id));
            let turn = self.turns.with_value(|turns| turns.get(&id).copied());
            let wanted = match turn {
                Some(turn) => turn.next.is_some_and(|next| next <= now),
                None => !judged,
            };
            ended && known && wanted && !open.contains(&entry.batch.id)
        };
        all.into_iter().filter(is_due).collect()
    }

    /// Compares what is due, and says when to come again.
    async fn round(self) -> Duration {
        // Whoever signs in rings.
        let Some(client) = self.session.client() else { return REST };
        let due = untrack(|| self.due());
        if due.is_empty() {
            return self.next();
        }
        self.busy.set(due.iter().map(Entry::id).collect());
        let mut devices = BTreeSet::new();
        self.before.with_value(|before| {
            let baselines = due.iter().filter_map(|entry| before.get(&entry.id()));
            for baseline in baselines {
                devices.extend(baseline.devices().map(str::to_owned));
            }
        });
        let live = read(&client, devices).await;
        self.session.note_end(&client);
        // A sign-in that ended meanwhile says nothing of the devices.
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
async fn read(client: &SignedIn, devices: BTreeSet<String>) -> Live {
    let live = RefCell::new(Live::default());
    four_at_once(devices, async |id| {
        if let Ok(Some(reading)) = in_time(client.live_sessions(&id)).await {
            live.borrow_mut().note_reading(&id, reading);
        }
    })
    .await;
    live.into_inner()
}
