//! The engine, and what all its decisions share.

use super::effect::{Effect, JobIndex, Write, WriteId};
use super::input::{Now, RequestElsewhere, Settings};
use super::memory::{Early, Entry, PageState, Polling, Queue, Searching};
use super::random::Random;
use super::records::{self, Record};
use crate::app::AccountKey;
use crate::ids::{BatchId, JobId, TaskId};
use crate::job::{Job, Observation, Phase, Source};
use crate::plan::Batch;
use crate::sorted::SortedSet;
use std::sync::Arc;
use std::time::Duration;

/// All jobs of a tab, and every decision about them. See the [module](super).
///
/// The caller executes the effects in their order and passes the results back as inputs. [`Effect::WakeIn`] replaces the previous
/// one.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Engine {
    pub(super) entries: Vec<Entry>,
    /// The operator whose jobs are handled. It stays after BIG-IQ ended the sign-in.
    pub(super) account: Option<AccountKey>,
    /// Whether calls can be made now.
    pub(super) is_signed_in: bool,
    pub(super) page: PageState,
    pub(super) random: Random,
    pub(super) queue: Queue,
    pub(super) polling: Polling,
    pub(super) searching: Searching,
    /// Requests that other tabs reported as in flight.
    pub(super) elsewhere: Vec<RequestElsewhere>,
    /// Tasks that belong to jobs of other tabs, by BIG-IQ.
    pub(super) tasks_elsewhere: SortedSet<(String, TaskId)>,
    /// The jobs whose devices are being read.
    pub(super) comparing: Vec<JobIndex>,
    pub(super) early: Early,
    /// How many writes were requested.
    pub(super) writes: u32,
}

/// The effects of one input, in their order.
pub(super) struct Turn {
    pub(super) now: Now,
    pub(super) effects: Vec<Effect>,
    /// How long until the engine has something to do without another input.
    pub(super) wake: Duration,
}

impl Turn {
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn wake_in(&mut self, wait: Duration) {
        self.wake = self.wake.min(wait);
    }
}

/// How long the engine sleeps if nothing is due. Any input wakes it.
pub(super) const REST: Duration = Duration::from_secs(3_600);
impl Engine {
    /// Without jobs and without an operator. `seed` spreads the polls of several tabs.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            entries: Vec::new(),
            account: None,
            is_signed_in: false,
            page: PageState::default(),
            random: Random::new(seed),
            queue: Queue::new(settings),
            polling: Polling::default(),
            searching: Searching::default(),
            elsewhere: Vec::new(),
            tasks_elsewhere: SortedSet::new(),
            comparing: Vec::new(),
            early: Early::default(),
            writes: 0,
        }
    }

    /// For tests: each wait is the shortest that random numbers allow.
    #[cfg(test)]
    pub(super) fn without_jitter(settings: Settings) -> Self {
        Self { random: Random::none(), ..Self::new(settings, 0) }
    }

    /// How many jobs there are, of all operators.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no jobs.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The jobs in the order in which they were added.
    pub fn indices(&self) -> impl Iterator<Item = JobIndex> + use<> {
        (0..self.entries.len()).map(JobIndex)
    }

    /// A job. `None` if the index is from another engine.
    pub fn job(&self, index: JobIndex) -> Option<&Job> {
        self.entries.get(index.0).map(|entry| &entry.job)
    }

    /// What a job shares with the other jobs of its plan.
    pub fn batch(&self, index: JobIndex) -> Option<&Arc<Batch>> {
        self.entries.get(index.0).map(|entry| &entry.batch)
    }

    /// A job by its id.
    pub fn find(&self, id: &JobId) -> Option<JobIndex> {
        self.entries.iter().position(|entry| entry.job.id() == id).map(JobIndex)
    }

    /// Whether there are jobs of a batch.
    pub fn has_batch(&self, id: &BatchId) -> bool {
        self.entries.iter().any(|entry| entry.batch.id == *id)
    }

    /// The operator whose jobs are handled.
    pub fn account(&self) -> Option<&AccountKey> {
        self.account.as_ref()
    }

    /// Whether calls can be made now.
    pub fn is_signed_in(&self) -> bool {
        self.is_signed_in
    }

    /// Whether the rest of a batch is being sent.
    pub fn is_sending(&self) -> bool {
        self.is_signed_in && self.own(&|job| self.is_waiting(job)).next().is_some()
    }

    /// Whether a job is to be sent, and its batch is not paused.
    fn is_waiting(&self, job: &Job) -> bool {
        *job.phase() == Phase::Confirmed && !self.is_paused(job.batch())
    }

    /// The jobs of the operator for which `so` is true.
    pub(super) fn own(&self, so: &dyn Fn(&Job) -> bool) -> impl Iterator<Item = JobIndex> {
        self.entries.iter().enumerate().filter_map(move |(index, entry)| {
            let is_own = self.account.as_ref() == Some(&entry.batch.account);
            (is_own && so(&entry.job)).then_some(JobIndex(index))
        })
    }

    pub(super) fn entry(&mut self, index: JobIndex) -> Option<&mut Entry> {
        self.entries.get_mut(index.0)
    }

    /// Whether calls for this operator can be made now.
    pub(super) fn may_call_for(&self, account: &AccountKey) -> bool {
        self.is_signed_in && self.account.as_ref() == Some(account)
    }

    /// Adds an observation, and stores the job if it says something new. If it can't be stored, it is still in memory, and the
    /// operator learned of it when sending started.
    pub(super) fn observe(
        &mut self,
        turn: &mut Turn,
        index: JobIndex,
        source: Source,
        what: Observation,
    ) {
        let Some(entry) = self.entries.get_mut(index.0) else { return };
        let had_ended = entry.job.ended_at().is_some();
        let is_new = entry.job.observe(turn.now.wall, source, what);
        let batch = Arc::clone(&entry.batch);
        let has_ended = !had_ended && entry.job.ended_at().is_some();
        // guard: sessions-outdated-at-end
        if has_ended && !self.is_open(&batch.id) {
            turn.push(Effect::SessionsOutdated);
        }
        if is_new {
            self.store_job(turn, index);
        }
        turn.push(Effect::JobChanged(index));
    }

    /// Whether kills of a batch continue, as far as it is known.
    fn is_open(&self, batch: &BatchId) -> bool {
        let mut open = self.entries.iter().filter(|entry| entry.batch.id == *batch);
        open.any(|entry| !entry.job.is_over() && !entry.job.is_lost())
    }

    /// Requests a write, and returns the id of its result.
    pub(super) fn store(&mut self, turn: &mut Turn, records: Vec<Record>) -> WriteId {
        let id = WriteId(self.writes);
        self.writes = self.writes.wrapping_add(1);
        turn.push(Effect::Store(Write { id, records }));
        id
    }

    /// Stores the current state of a job.
    pub(super) fn store_job(&mut self, turn: &mut Turn, index: JobIndex) -> Option<WriteId> {
        let entry = self.entries.get(index.0)?;
        let record = records::of_job(&entry.batch, &entry.job);
        Some(self.store(turn, vec![record]))
    }
}
