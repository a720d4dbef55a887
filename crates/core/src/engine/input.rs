//! What happens to the engine.

use super::effect::{JobIndex, Purpose, WriteId};
use super::{StoredBatch, TaskPage};
use crate::app::AccountKey;
use crate::ids::{BatchId, MachineId, TaskId};
use crate::inventory::{Inventory, Live, Reading};
use crate::job::{Failure, Refusal, SendOutcome, TaskSnapshot};
use crate::plan::Confirmed;
use crate::timestamp::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// The time of an input, by two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The time of day. It may be set back or forward.
    pub wall: Timestamp,
    /// Time since any start. It never goes back, but may stop while a computer sleeps.
    pub monotonic: Duration,
}

/// How fast requests may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Requests per minute. 0 means no limit.
    pub per_minute: u16,
    /// Requests at once, over all batches, to limit the load on BIG-IQ.
    pub at_once: u16,
}

/// What to do if the browser can't store a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub enum Storing {
    /// Send nothing.
    Required,
    /// Send anyway: the operator was warned.
    IfPossible,
}

/// A session list older than this when a plan is confirmed says too little about the time of the kill.
const YOUNG: Duration = Duration::from_secs(5 * 60);

/// The sessions that are known well enough to be compared with those after a kill that is confirmed now.
pub fn recent(known: &Live, now: Timestamp) -> Live {
    let oldest = Timestamp(now.0.saturating_sub(YOUNG.as_millis() as i64));
    // Before that, sessions may have been ended by an earlier kill.
    // guard: earlier-kill
    known.since(oldest.max(known.outdated()))
}

/// What is known when a plan is confirmed, for the comparison after it.
#[derive(Debug, Clone)]
pub struct Before {
    /// The live sessions that were read recently.
    pub(super) live: Live,
    /// The devices.
    pub(super) inventory: Arc<Inventory>,
}

impl Before {
    /// Takes what was recent enough of the known sessions when the plan was confirmed.
    pub fn new(known: &Live, inventory: Arc<Inventory>, confirmed_at: Timestamp) -> Self {
        Self { live: recent(known, confirmed_at), inventory }
    }
}

/// Why a read or a cancel request has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// The failure, as it is shown and stored.
    pub failure: Failure,
    /// How long BIG-IQ or a proxy asks us to wait.
    pub retry_after: Option<Duration>,
    /// Whether BIG-IQ itself reports that the thing does not exist. A 404 from a proxy says nothing about tasks.
    pub is_gone: bool,
    /// Whether the same call would be refused again: the role, this BIG-IQ or a proxy does not allow it.
    pub is_refused_for_good: bool,
}

/// The answer to a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendAnswer {
    /// What became of the request.
    pub outcome: SendOutcome,
    /// How long BIG-IQ or a proxy asks us to wait.
    pub retry_after: Option<Duration>,
}

impl SendAnswer {
    /// Whether the request was refused because there were too many.
    pub(super) fn is_busy(&self) -> bool {
        let failure = match &self.outcome {
            SendOutcome::Rejected(failure) | SendOutcome::Unknown(failure) => failure,
            SendOutcome::Accepted(_) | SendOutcome::NotSent(_) => return false,
        };
        matches!(failure, Failure::Refused { refusal: Refusal::Busy, .. })
    }
}

/// A kill that another tab has in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub struct RequestElsewhere {
    /// The path prefix of its BIG-IQ.
    pub bigiq: String,
    /// The [`fingerprint`](crate::plan::fingerprint) of the request.
    pub request: String,
}

/// What happens to the engine.
#[derive(Debug)]
pub enum Input {
    /// The time of [`Effect::WakeIn`](super::Effect::WakeIn) has come.
    Timer,
    /// The operator confirmed a plan.
    Confirmed {
        /// The plan.
        confirmed: Confirmed,
        /// The batch's id, new in this browser.
        id: BatchId,
        /// What to do if its records can't be stored.
        storing: Storing,
        /// What is known about sessions. `None` without an inventory.
        before: Option<Before>,
    },
    /// A write is done.
    Stored {
        /// Which.
        write: WriteId,
        /// Whether all of it is stored.
        is_stored: bool,
    },
    /// A POST has an answer, or certainly never will.
    Answered {
        /// Its job.
        job: JobIndex,
        /// The answer.
        answer: SendAnswer,
    },
    /// A task was read, or could not be.
    TaskRead {
        /// Its job.
        job: JobIndex,
        /// The task.
        answer: Result<TaskSnapshot, CallFailure>,
    },
    /// A page of BIG-IQ's task list was read, or could not be.
    TasksRead {
        /// What it was read for.
        purpose: Purpose,
        /// The page.
        answer: Result<TaskPage, CallFailure>,
    },
    /// The sessions of some devices were read; those that did not answer have no reading. `None` if the sign-in ended meanwhile.
    SessionsRead(Option<Live>),
    /// The sessions of a device were read while a kill runs. `None` if its answer has no list.
    EarlyRead {
        /// The device.
        device: MachineId,
        /// The answer.
        answer: Result<Option<Reading>, CallFailure>,
    },
    /// What is known about sessions when a request is sent.
    SessionsKnown {
        /// Its job.
        job: JobIndex,
        /// What is known: lists that were read until now. `None` without an inventory.
        before: Option<Before>,
    },
    /// The operator wants a job's task to be cancelled.
    CancelAsked(JobIndex),
    /// The cancel request has an answer.
    CancelAnswered {
        /// Its job.
        job: JobIndex,
        /// The answer.
        answer: Result<(), CallFailure>,
    },
    /// The operator pauses or resumes the sending of a batch.
    Pause {
        /// The batch.
        batch: BatchId,
        /// Whether it is paused.
        pause: bool,
    },
    /// The operator discards the unsent requests of a batch.
    Drop(BatchId),
    /// The operator wants the current state of all tasks.
    PollAll,
    /// The operator wants jobs to be compared with the sessions now.
    Compare(Vec<JobIndex>),
    /// The operator starts the watch for return of jobs, for this many minutes, or ends it. It begins when a kill has ended.
    Watch {
        /// The jobs.
        jobs: Vec<JobIndex>,
        /// How long.
        minutes: Option<u32>,
    },
    /// The page was hidden or shown, or the network left or returned.
    Page {
        /// Whether the page is hidden.
        hidden: bool,
        /// Whether the browser reports a network connection.
        online: bool,
    },
    /// An operator signed in.
    SignedIn(AccountKey),
    /// BIG-IQ ended the sign-in. The operator may sign in again.
    SignInEnded,
    /// The operator signed out, or was signed out for inactivity.
    SignedOut(AccountKey),
    /// The batches that were stored in this tab before a reload.
    Restored(Vec<StoredBatch>),
    /// Another tab reported a request in flight.
    Elsewhere(RequestElsewhere),
    /// Another tab reported a task that belongs to one of its jobs.
    TaskElsewhere {
        /// The path prefix of its BIG-IQ.
        bigiq: String,
        /// Its id.
        task: TaskId,
    },
    /// The other tabs are about to be asked again.
    ForgetElsewhere,
    /// Another tab asks which requests are in flight.
    WhatIsInFlight {
        /// The path prefix of its BIG-IQ.
        bigiq: String,
    },
}
