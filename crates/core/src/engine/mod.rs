//! Every decision about confirmed kills: when to send, poll and search, what an answer means, and what is verified. A value
//! without I/O: [`Engine::handle`] takes one input and the time and returns what to do. The same inputs at the same times
//! always have the same effects, so tests can drive it through everything that a browser can do.

mod cancel;
mod comparing;
mod effect;
mod elsewhere;
mod input;
mod page;
mod poll;
mod polling;
mod queue;
mod random;
mod rate_limit;
mod records;
mod searching;
mod sign_in;
mod task_search;

#[cfg(test)]
mod exploration;
#[cfg(test)]
mod tests;

pub use effect::{ApiCall, Effect, Purpose, TaskQuery, Write, WriteId};
pub use input::{Before, CallFailure, Input, Now, RequestElsewhere, SendAnswer, Settings, Storing};
pub use poll::{LONGEST, Pace, age, is_due, poll_delay, room};
pub use rate_limit::RateLimit;
pub use records::{RestoredJob, StoredBatch, read_batches};
pub use task_search::{SPREAD, SeenTasks, TaskPage, TaskSearch};

use crate::app::AccountKey;
use crate::ids::{BatchId, JobId, TaskId};
use crate::job::{Job, Observation, Phase, Source};
use crate::plan::Batch;
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use crate::verify::{Baseline, Check};
use comparing::Comparison;
use page::PageState;
use polling::Polling;
use queue::Queue;
use random::Random;
use searching::Searching;
use std::sync::Arc;
use std::time::Duration;

/// The position of a job in the engine. Jobs are never removed, so it stays valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobIndex(usize);

/// A job with what the engine knows about it.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
struct Entry {
    batch: Arc<Batch>,
    job: Job,
    /// When its task is polled next. `None` if that has not been decided yet.
    due: Option<Timestamp>,
    /// Whether its task is being read on its own.
    is_being_read: bool,
    /// The search for its task.
    search: TaskSearch,
    /// Whether another tab had the same request in flight: its task may be the other's.
    is_contested: bool,
    /// The sessions before the kill.
    baseline: Option<Baseline>,
    /// The latest comparison with them.
    check: Option<Arc<Check>>,
    /// When it is compared again. `None` before the first comparison.
    comparison: Option<Comparison>,
}

/// All jobs of a tab, and every decision about them. See the [module](self).
///
/// The caller executes the effects in their order and passes the results back as inputs. [`Effect::WakeIn`] replaces the previous
/// one.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Engine {
    entries: Vec<Entry>,
    /// The operator whose jobs are handled. It stays after BIG-IQ ended the sign-in.
    account: Option<AccountKey>,
    /// Whether calls can be made now.
    is_signed_in: bool,
    page: PageState,
    random: Random,
    queue: Queue,
    polling: Polling,
    searching: Searching,
    /// Requests that other tabs reported as in flight.
    elsewhere: Vec<RequestElsewhere>,
    /// Tasks that belong to jobs of other tabs, by BIG-IQ.
    tasks_elsewhere: SortedSet<(String, TaskId)>,
    /// The jobs whose devices are being read.
    comparing: Vec<JobIndex>,
    /// How many writes were requested.
    writes: u32,
}

/// The effects of one input, in their order.
struct Turn {
    now: Now,
    effects: Vec<Effect>,
    /// How long until the engine has something to do without another input.
    wake: Duration,
}

impl Turn {
    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn wake_in(&mut self, wait: Duration) {
        self.wake = self.wake.min(wait);
    }
}

/// How long the engine sleeps if nothing is due. Any input wakes it.
const REST: Duration = Duration::from_secs(3_600);
/// The shortest sleep.
const SHORTEST: Duration = Duration::from_millis(10);

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
            writes: 0,
        }
    }

    /// For tests: each wait is the shortest that random numbers allow.
    #[cfg(test)]
    fn without_jitter(settings: Settings) -> Self {
        Self { random: Random::none(), ..Self::new(settings, 0) }
    }

    /// Takes an input and returns what to do. The last effect is always [`Effect::WakeIn`].
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        let mut turn = Turn { now, effects: Vec::new(), wake: REST };
        self.take(&mut turn, input);
        self.send_due(&mut turn);
        self.poll_due(&mut turn);
        self.search_due(&mut turn);
        self.compare_due(&mut turn);
        let wake = turn.wake.max(SHORTEST);
        turn.push(Effect::WakeIn(wake));
        turn.effects
    }

    fn take(&mut self, turn: &mut Turn, input: Input) {
        match input {
            Input::Timer => {}
            Input::Confirmed { confirmed, id, storing, before } => {
                self.confirm(turn, confirmed, &id, storing, before.as_ref());
            }
            Input::Stored { write, is_stored } => self.note_stored(turn, write, is_stored),
            Input::Answered { job, answer } => self.note_answer(turn, job, answer),
            Input::TaskRead { job, answer } => self.note_task(turn, job, answer),
            Input::TasksRead { purpose, answer } => match purpose {
                Purpose::Before(batch) => self.note_tasks_before(turn, &batch, answer.ok()),
                Purpose::Poll => self.note_task_list(turn, answer),
                Purpose::Search => self.note_search_page(turn, answer),
            },
            Input::SessionsRead(live) => self.note_sessions(turn, live),
            Input::CancelAsked(job) => self.ask_cancel(turn, job),
            Input::CancelAnswered { job, answer } => self.note_cancel(turn, job, answer),
            Input::Pause { batch, pause } => self.pause(turn, &batch, pause),
            Input::Drop(batch) => self.drop_rest(turn, &batch),
            Input::PollAll => self.poll_all(),
            Input::Compare(jobs) => self.compare_again(turn, &jobs),
            Input::Page { hidden, online } => self.note_page(hidden, online),
            Input::SignedIn(account) => self.note_sign_in(turn, account),
            Input::SignInEnded => self.is_signed_in = false,
            Input::SignedOut(account) => self.note_sign_out(turn, &account),
            Input::Restored(batches) => self.restore(turn, batches),
            Input::Elsewhere(request) => self.note_elsewhere(turn, request),
            Input::TaskElsewhere { bigiq, task } => self.note_task_elsewhere(&bigiq, task),
            Input::ForgetElsewhere => self.forget_elsewhere(turn),
            Input::WhatIsInFlight { bigiq } => self.report_in_flight(turn, &bigiq),
        }
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
    fn own(&self, so: &dyn Fn(&Job) -> bool) -> impl Iterator<Item = JobIndex> {
        self.entries.iter().enumerate().filter_map(move |(index, entry)| {
            let is_own = self.account.as_ref() == Some(&entry.batch.account);
            (is_own && so(&entry.job)).then_some(JobIndex(index))
        })
    }

    fn entry(&mut self, index: JobIndex) -> Option<&mut Entry> {
        self.entries.get_mut(index.0)
    }

    /// Whether calls for this operator can be made now.
    fn may_call_for(&self, account: &AccountKey) -> bool {
        self.is_signed_in && self.account.as_ref() == Some(account)
    }

    /// Adds an observation, and stores the job if it says something new. If it can't be stored, it is still in memory, and the
    /// operator learned of it when sending started.
    fn observe(&mut self, turn: &mut Turn, index: JobIndex, source: Source, what: Observation) {
        let Some(entry) = self.entries.get_mut(index.0) else { return };
        let is_new = entry.job.observe(turn.now.wall, source, what);
        if is_new {
            self.store_job(turn, index);
        }
        turn.push(Effect::JobChanged(index));
    }
}

impl Entry {
    fn new(batch: Arc<Batch>, job: Job, baseline: Option<Baseline>) -> Self {
        Self {
            batch,
            job,
            due: None,
            is_being_read: false,
            search: TaskSearch::default(),
            is_contested: false,
            baseline,
            check: None,
            comparison: None,
        }
    }
}
