//! The events of a job's timeline, each with its time and source, in the order in which they were observed.

use super::{Failure, TaskSnapshot, Verdict};
use crate::ids::{MachineId, SessionId, TaskId, UserName};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it was first observed.
    pub at: Timestamp,
    /// Where the observation comes from.
    pub source: Source,
    /// What was observed.
    pub what: Observation,
    /// How often in a row. Equal observations are counted instead of listed again.
    pub times: u32,
    /// When it was last observed.
    pub last_at: Timestamp,
    /// Whether it contradicts earlier observations, for example a status that goes backwards. An odd observation that would
    /// change an end is listed but has no effect.
    pub odd: bool,
}

/// Where an observation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The app.
    App,
    /// BIG-IQ's answer to the request, or that there was none.
    Answer,
    /// A poll of the task.
    Poll,
    /// A list of all tasks.
    Collection,
    /// The search for the task of a request whose answer was lost.
    Reconcile,
    /// The restored record after a page reload.
    Reload,
    /// The operator.
    Operator,
    /// A reading of live sessions.
    Sessions,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// The plan was confirmed. Always the first event of a job, and only that.
    Confirmed,
    /// Sending started. Only [`Job::start_sending`](super::Job::start_sending) creates this event.
    Sent,
    /// The request was certainly not sent, and never will be.
    NotSent(NotSent),
    /// BIG-IQ refused the request.
    Rejected(Failure),
    /// No usable answer, so BIG-IQ may or may not have accepted the request.
    Lost(Failure),
    /// BIG-IQ answered with a task.
    Accepted(TaskSnapshot),
    /// The task of a request whose answer was lost has been found.
    Adopted(TaskSnapshot),
    /// Several tasks could belong to the request, so none is adopted. Task ids.
    Several(Vec<TaskId>),
    /// No task in BIG-IQ's list is certain to belong to the request. It may still appear.
    NotListed,
    /// No task could belong to the request, in task pages spread over enough time.
    NoneFound,
    /// The task was read.
    Seen(TaskSnapshot),
    /// The task names other devices than before. Machine ids.
    Resolved(Vec<MachineId>),
    /// A poll got no usable answer. The task continues.
    NotReached(Failure),
    /// BIG-IQ reports that the task does not exist.
    Missing(Failure),
    /// The page was reloaded.
    Reloaded,
    /// The operator signed out, or was signed out.
    SignedOut,
    /// The operator requested that the task is cancelled.
    CancelAsked,
    /// BIG-IQ refused to cancel the task.
    CancelRefused(Failure),
    /// The cancel request got no usable answer, or an error that is not a refusal.
    CancelLost(Failure),
    /// Live sessions were compared with those seen before the kill.
    Checked(Verdict),
    /// The watch for return began, for this many minutes.
    WatchStarted(u32),
    /// A user of the ended sessions signed in again.
    Returned(Return),
    /// The watch for return ended.
    WatchEnded,
}

/// A new session of a user whose sessions a kill should end: it was not there before the kill ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Its user.
    pub user: UserName,
    /// Its id.
    pub session: SessionId,
    /// The client's IP address, if the device reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The machine id of the device that lists it.
    pub device: MachineId,
    /// The device's name.
    pub name: String,
    /// When it began, by the device's clock. `None` if the device doesn't report it: then it was not in an earlier list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
}

/// Why a confirmed request was not sent. Sending it later takes a new plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSent {
    /// The call failed before anything was sent.
    Failed(Failure),
    /// The browser could not store the record that must exist before sending.
    #[serde(rename = "NotKept")]
    NotStored,
    /// The operator discarded it.
    Dropped,
    /// The page was reloaded before its turn.
    Reloaded,
    /// The operator signed out, or was signed out, before its turn.
    SignedOut,
}
