//! The phase of a job.

use super::{Failure, NotSent, TaskSnapshot};
use crate::ids::TaskId;
use bigiq::{Status, Step, TaskResult};

/// The phase of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Confirmed and queued.
    Confirmed,
    /// Being sent to BIG-IQ.
    Sending,
    /// Not sent, and never will be.
    NotSent(NotSent),
    /// Refused by BIG-IQ.
    Rejected(Failure),
    /// Sent, and the answer was lost: BIG-IQ may have started a task.
    Unknown {
        /// How the answer was lost.
        lost: Lost,
        /// The state of the search for its task.
        search: Search,
    },
    /// Accepted, and not yet observed to end. Both fields are the latest that BIG-IQ reported, or `None` before that.
    Watched {
        /// BIG-IQ's status.
        status: Option<Status>,
        /// BIG-IQ's step.
        step: Option<Step>,
    },
    /// Ended. The end never changes.
    Ended(End),
}

/// How an answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// The call failed, and the failure doesn't show whether BIG-IQ accepted the request.
    Failure(Failure),
    /// The page was reloaded while the request was in flight.
    Reload,
}

/// The state of the search for the task of a request whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// No result yet.
    Running,
    /// Several tasks could belong to the request; the operator must check them. Task ids.
    Several(Vec<TaskId>),
    /// No task could belong to the request, in task pages spread over enough time.
    NoneFound,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// FINISHED and COMPLETE without reported failures. This is BIG-IQ's report, not proof: the result for a misspelt user is
    /// the same (documented, section 3 and Prerequisites).
    Success,
    /// FINISHED in any other way: without COMPLETE, at another step than DONE, or with failures.
    Incomplete(Option<TaskResult>),
    /// FAILED.
    Failed,
    /// CANCELLED, in either spelling.
    Cancelled,
    /// The task no longer exists on BIG-IQ.
    Gone,
}

impl End {
    /// How the task of this snapshot ended. `None` while it has not.
    pub(super) fn of(snapshot: &TaskSnapshot) -> Option<Self> {
        match snapshot.status.as_ref()? {
            Status::Finished => {
                let done = matches!(snapshot.step, None | Some(Step::Done));
                let complete = snapshot.result == Some(TaskResult::Complete);
                // guard: success-needs-complete-result
                Some(if complete && done && snapshot.failures.is_empty() {
                    Self::Success
                } else {
                    Self::Incomplete(snapshot.result.clone())
                })
            }
            Status::Failed => Some(Self::Failed),
            Status::Cancelled => Some(Self::Cancelled),
            Status::Created | Status::Started | Status::CancelRequested | Status::Other(_) => None,
        }
    }
}

/// Polls fail while a task is watched or searched for. Not an end: the task continues on BIG-IQ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostContact {
    /// When the first poll of the row failed.
    pub since: crate::timestamp::Timestamp,
    /// How many polls in a row have failed.
    pub failures: u32,
    /// Why the latest poll failed.
    pub failure: Failure,
}

/// The state of a cancel request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cancel {
    /// Not requested, or BIG-IQ did not confirm that it got the request.
    #[default]
    NotAsked,
    /// Requested.
    Asked,
    /// BIG-IQ refused.
    Refused,
}
