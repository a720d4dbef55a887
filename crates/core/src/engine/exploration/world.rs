//! The world: tabs, BIG-IQ, and the network between them.

use super::limits::Limits;
use crate::engine::{ApiCall, Engine, JobIndex, Now, Settings, WriteId};
use crate::ids::{BatchId, JobId, TaskId};
use crate::job::{BigIqTask, End};
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// When the world begins, in milliseconds since 1970.
pub(super) const START: i64 = 1_000_000;

/// What BIG-IQ did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Arrival {
    OnItsWay,
    Executed { task: usize },
    Refused,
}

/// A request that left a tab.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) tab: usize,
    /// How often the tab had been reloaded.
    pub(super) epoch: u8,
    pub(super) index: JobIndex,
    pub(super) job: JobId,
    pub(super) request: KillRequest,
    /// When, by the true clock.
    pub(super) at: i64,
    pub(super) arrival: Arrival,
    /// Whether the tab has its answer, or gave up.
    pub(super) is_over: bool,
}

/// A task of BIG-IQ.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) id: TaskId,
    /// Whose request it executes. `None` for somebody else's.
    pub(super) job: Option<JobId>,
    pub(super) task: Arc<BigIqTask>,
    /// By BIG-IQ's clock.
    pub(super) started: i64,
    pub(super) is_finished: bool,
}

impl Task {
    /// Whether it ends the sessions of the user who has one.
    pub(super) fn is_of_user2(&self) -> bool {
        self.task.user.as_ref().is_some_and(|user| user == "user2")
    }
}

/// A text in a tab's storage, with the phase of the job that it stores.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) text: Arc<str>,
    pub(super) phase: String,
}

/// A write that takes time.
#[derive(Clone)]
pub(super) struct SlowWrite {
    pub(super) id: WriteId,
    pub(super) records: Vec<(String, Stored)>,
    /// Whether the engine waits for it.
    pub(super) is_awaited: bool,
}

/// A tab.
#[derive(Clone)]
pub(super) struct Tab {
    pub(super) engine: Engine,
    pub(super) is_signed_in: bool,
    pub(super) epoch: u8,
    pub(super) storage: Arc<BTreeMap<String, Stored>>,
    pub(super) is_storage_broken: bool,
    /// What is being stored, in this order.
    pub(super) writes: VecDeque<SlowWrite>,
    pub(super) reads: Vec<ApiCall>,
    /// When its timer is due, by the true clock.
    pub(super) wake: i64,
    /// How many plans were confirmed.
    pub(super) plans: u8,
    /// The stored batches that another tab worked on when this one was loaded.
    pub(super) copies: Vec<BatchId>,
    /// The jobs whose search has ended without a result.
    pub(super) not_found: Vec<JobId>,
    /// The ends that were seen, by job.
    pub(super) ends: BTreeMap<JobId, End>,
}

/// Everything.
#[derive(Clone)]
pub(super) struct World {
    pub(super) left: Limits,
    /// The true time, which is also BIG-IQ's.
    pub(super) now: i64,
    /// How far the browser's clock is ahead.
    pub(super) ahead: i64,
    pub(super) tabs: Vec<Arc<Tab>>,
    pub(super) sent: Vec<Sent>,
    pub(super) tasks: Vec<Task>,
    /// Which tab holds the lock of a batch.
    pub(super) locks: BTreeMap<BatchId, usize>,
    /// Whether the operator signs in right after a reload. Until then a tab can't tell the others about its jobs, so that an equal
    /// kill of another tab could take its task: a known weakness (docs/architecture.md).
    pub(super) signs_in_again: bool,
    /// The jobs that the operator has confirmed.
    pub(super) confirmed: Vec<JobId>,
    /// The jobs that were not sent before a sign-out or a reload, or that the operator discarded.
    pub(super) discarded: Vec<JobId>,
    /// Whether the user's session is live.
    pub(super) has_session: bool,
}

impl Tab {
    pub(super) fn new(now: i64) -> Self {
        let settings = Settings { per_minute: 0, at_once: 1 };
        Self {
            engine: Engine::without_jitter(settings),
            is_signed_in: false,
            epoch: 0,
            storage: Arc::default(),
            is_storage_broken: false,
            writes: VecDeque::new(),
            reads: Vec::new(),
            wake: now,
            plans: 0,
            not_found: Vec::new(),
            copies: Vec::new(),
            ends: BTreeMap::new(),
        }
    }
}

impl World {
    /// A tab to change. Worlds share the tabs in which nothing happens.
    pub(super) fn tab(&mut self, number: usize) -> &mut Tab {
        Arc::make_mut(&mut self.tabs[number])
    }

    pub(super) fn time(&self) -> Now {
        Now {
            wall: Timestamp(self.now + self.ahead),
            monotonic: Duration::from_millis(u64::try_from(self.now - START).unwrap_or_default()),
        }
    }

    /// The request that a job sent, if it was sent.
    pub(super) fn sent_of(&self, job: &JobId) -> Option<&Sent> {
        self.sent.iter().find(|sent| sent.job == *job)
    }
}
