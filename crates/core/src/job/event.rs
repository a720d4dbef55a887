//! What can happen to a job, each with its time and source: the timeline is the list of these, in the order they
//! became known. It must not decide what they mean.

use super::{Failure, TaskSnapshot, Verdict};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it was first observed.
    pub at: Timestamp,
    /// Who said so.
    pub source: Source,
    /// What was observed.
    pub what: Observation,
    /// How often in a row: the same again is counted, not listed.
    pub times: u32,
    /// When it was last observed.
    pub last_at: Timestamp,
    /// Whether it does not fit what was known before, as a status that goes backwards. Where it could change an end it
    /// is listed and has no effect.
    pub odd: bool,
}

/// Who made an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The app itself.
    App,
    /// BIG-IQ's answer to the request, or the lack of one.
    Answer,
    /// A look at the task.
    Poll,
    /// A list of all tasks.
    Collection,
    /// The search for the task of a request whose answer was lost.
    Reconcile,
    /// A look back after the page was loaded anew.
    Reload,
    /// The operator.
    Operator,
    /// A reading of live sessions.
    Sessions,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// The plan was confirmed. The first event of every job, and only its first.
    Confirmed,
    /// Sending began. Only [`Job::begin`](super::Job::begin) makes it.
    Sent,
    /// It surely was not sent, and never will be.
    NotSent(NotSent),
    /// BIG-IQ refused it.
    Rejected(Failure),
    /// No answer that says what became of it.
    Lost(Failure),
    /// BIG-IQ answered with a task.
    Accepted(TaskSnapshot),
    /// The task of a request whose answer was lost was found.
    Adopted(TaskSnapshot),
    /// Several tasks could be the one; none is adopted. Their ids.
    Several(Vec<String>),
    /// A listing shows no task that surely is the one; it may come yet.
    NotListed,
    /// No task that could be the one, in listings spread over long enough a time.
    NoneFound,
    /// The task was seen.
    Seen(TaskSnapshot),
    /// The task names other devices than before: machine ids.
    Resolved(Vec<String>),
    /// A look got no usable answer. The task goes on.
    NotReached(Failure),
    /// BIG-IQ says that there is no such task.
    Missing(Failure),
    /// The page was loaded anew.
    Reloaded,
    /// The operator signed out, or was signed out.
    SignedOut,
    /// The operator had BIG-IQ asked to cancel the task.
    CancelAsked,
    /// BIG-IQ refused to.
    CancelRefused(Failure),
    /// The wish got no answer that says what became of it, or one that has another cause.
    CancelLost(Failure),
    /// Live sessions were compared with those before.
    Checked(Verdict),
}

/// Why a confirmed request was not sent. It never will be: that takes a new plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSent {
    /// There was no way to send it.
    Failed(Failure),
    /// The browser could not keep the record without which a reload would lose it.
    NotKept,
    /// The operator dropped it.
    Dropped,
    /// The page was loaded anew before its turn came.
    Reloaded,
    /// The operator signed out, or was signed out, before its turn came.
    SignedOut,
}
