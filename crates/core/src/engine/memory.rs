//! What the engine remembers, without the decisions.

use super::effect::{JobIndex, WriteId};
use super::input::{Settings, Storing};
use super::{RateLimit, SeenTasks, TaskPage, TaskSearch};
use crate::ids::{BatchId, MachineId, SessionId};
use crate::inventory::Live;
use crate::job::{Job, QueuedRequest, StartedJob};
use crate::plan::{Batch, PreparedRequest};
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use crate::verify::{Baseline, Check, SoFar};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// What sending remembers.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Queue {
    pub(super) rate_limit: RateLimit,
    pub(super) at_once: usize,
    /// Plans whose records are being stored.
    pub(super) starting: Vec<Starting>,
    /// What is not sent yet, by batch.
    pub(super) batches: Vec<QueuedBatch>,
    /// Which batch sends next.
    pub(super) turn: usize,
    pub(super) paused: Vec<BatchId>,
    /// Requests whose job says "sent" and whose record is being stored.
    pub(super) recording: Vec<Recording>,
    /// The jobs whose request is being recorded or sent.
    pub(super) in_flight: Vec<JobIndex>,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Starting {
    pub(super) write: WriteId,
    pub(super) batch: Arc<Batch>,
    pub(super) jobs: Vec<(StartedJob, Option<Baseline>)>,
    pub(super) storing: Storing,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct QueuedBatch {
    pub(super) batch: Arc<Batch>,
    pub(super) requests: VecDeque<(JobIndex, QueuedRequest)>,
    pub(super) storing: Storing,
    /// Whether the existing tasks are noted, or waiting for them has ended.
    pub(super) is_ready: bool,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Recording {
    pub(super) write: WriteId,
    pub(super) job: JobIndex,
    pub(super) request: PreparedRequest,
    pub(super) storing: Storing,
}

impl Queue {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            rate_limit: RateLimit::new(settings.per_minute),
            at_once: usize::from(settings.at_once),
            starting: Vec::new(),
            batches: Vec::new(),
            turn: 0,
            paused: Vec::new(),
            recording: Vec::new(),
            in_flight: Vec::new(),
        }
    }
}

/// What polling remembers.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Polling {
    /// The jobs whose tasks are being read with one list.
    pub(super) list: Option<Vec<JobIndex>>,
    /// Whether BIG-IQ refuses its list of all tasks.
    pub(super) no_list: bool,
    /// Which tasks are polled next, when only a few can be.
    pub(super) turn: usize,
    /// When tasks are polled singly again: with many tasks the polls pause, to leave room for other requests.
    pub(super) rests_until: Timestamp,
}

/// What searching remembers.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Searching {
    /// When each of BIG-IQ's tasks was first seen.
    pub(super) seen_tasks: SeenTasks,
    /// The list that is being read.
    pub(super) reading: Option<Reading>,
    /// When the list is read next.
    pub(super) due: Timestamp,
    /// Whether to search again for tasks whose search has already failed.
    pub(super) all: bool,
    /// How many times in a row the list could not be read.
    pub(super) unlisted: u32,
    /// How far the time of day is ahead of the monotonic clock, in milliseconds. `None` before the first input.
    pub(super) ahead: Option<i64>,
}

/// A list that is read page by page, back to before the first of the lost requests.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Reading {
    pub(super) lost: Vec<JobIndex>,
    pub(super) first_sent: Timestamp,
    pub(super) page: TaskPage,
    pub(super) all: bool,
}

impl Searching {
    /// Searches as soon as the current search has ended.
    pub(super) fn search_now(&mut self) {
        self.due = Timestamp(0);
    }

    /// The same, also for tasks whose search has already failed.
    pub(super) fn search_all(&mut self) {
        self.all = true;
        self.search_now();
    }

    /// Whether the list could be read the last time.
    pub(super) fn is_listed(&self) -> bool {
        self.unlisted == 0
    }
}

/// What reading sessions while kills run remembers.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Early {
    pub(super) reads: Vec<EarlyRead>,
    /// The latest readings of these devices.
    pub(super) live: Live,
    /// BIG-IQ asked for a pause until then, by the monotonic clock.
    pub(super) rests_until: Duration,
}

/// A device that is read while kills run. Times are those of the monotonic clock.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone, Hash))]
pub(super) struct EarlyRead {
    pub(super) device: MachineId,
    /// Since when.
    pub(super) added: Duration,
    /// When it is read next.
    pub(super) due: Duration,
    /// Since when it is being read.
    pub(super) since: Option<Duration>,
    /// How many reads in a row have failed.
    pub(super) failures: u32,
}

impl EarlyRead {
    pub(super) fn of(device: MachineId, added: Duration, due: Duration) -> Self {
        Self { device, added, due, since: None, failures: 0 }
    }
}

/// The watch for the return of a kill's users.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Watch {
    pub(super) minutes: u32,
    /// When it ends, by the monotonic clock and by the time of day. `None` before the kill has ended.
    pub(super) until: Option<(Duration, Timestamp)>,
    /// Sessions that were there before the kill ended, or were reported.
    pub(super) seen: SortedSet<SessionId>,
    /// The devices that were completely read since the kill ended.
    pub(super) read: SortedSet<MachineId>,
}

/// When a job is compared next, and how many comparisons were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(super) struct Comparison {
    pub(super) done: usize,
    pub(super) next: Option<Timestamp>,
}

/// Whether the page is shown and has a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(super) struct PageState {
    pub(super) hidden: bool,
    pub(super) online: bool,
}

impl Default for PageState {
    fn default() -> Self {
        Self { hidden: false, online: true }
    }
}

/// A job with what the engine knows about it.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Entry {
    pub(super) batch: Arc<Batch>,
    pub(super) job: Job,
    /// When its task is polled next. `None` if that has not been decided yet.
    pub(super) due: Option<Timestamp>,
    /// Whether its task is being read on its own.
    pub(super) is_being_read: bool,
    /// The search for its task.
    pub(super) search: TaskSearch,
    /// Whether another tab had the same request in flight: its task may be the other's.
    pub(super) is_contested: bool,
    /// The sessions before the kill.
    pub(super) baseline: Option<Baseline>,
    /// The latest comparison with them.
    pub(super) check: Option<Arc<Check>>,
    /// How many of these sessions are gone while the kill runs.
    pub(super) so_far: Option<SoFar>,
    /// When it is compared again. `None` before the first comparison.
    pub(super) comparison: Option<Comparison>,
    /// The watch for return, if it is wanted and not over.
    pub(super) watch: Option<Watch>,
    /// The devices that the last watch has completely read.
    pub(super) watched: Option<SortedSet<MachineId>>,
}

impl Entry {
    pub(super) fn new(batch: Arc<Batch>, job: Job, baseline: Option<Baseline>) -> Self {
        Self {
            batch,
            job,
            due: None,
            is_being_read: false,
            search: TaskSearch::default(),
            is_contested: false,
            baseline,
            check: None,
            so_far: None,
            comparison: None,
            watch: None,
            watched: None,
        }
    }
}
