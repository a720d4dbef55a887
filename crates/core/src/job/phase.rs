//! Where a job stands. It must not know how it came there: that is the timeline's.

use super::{Failure, NotSent, TaskSnapshot};
use bigiq::{Status, Step, TaskResult};

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Confirmed; its turn has not come.
    Confirmed,
    /// On its way to BIG-IQ.
    Sending,
    /// Not sent, and never will be.
    NotSent(NotSent),
    /// Refused by BIG-IQ.
    Rejected(Failure),
    /// Sent, perhaps started: the answer was lost.
    Unknown {
        /// How.
        lost: Lost,
        /// What the search for its task has shown.
        search: Search,
    },
    /// Accepted and not seen to end. Both fields are what was seen last; `None` until BIG-IQ says.
    Watched {
        /// BIG-IQ's status.
        status: Option<Status>,
        /// BIG-IQ's step.
        step: Option<Step>,
    },
    /// Over. It never changes its end.
    Ended(End),
}

/// How an answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// The call failed in a way that does not say.
    Failure(Failure),
    /// The page was loaded anew while the request was on its way.
    Reload,
}

/// What the search for the task of a lost answer has shown so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Nothing to go by yet.
    Looking,
    /// Several tasks could be the one; the operator must look at them. Their ids.
    Several(Vec<String>),
    /// No task could be the one, in listings spread over long enough a time.
    NoneFound,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// FINISHED and COMPLETE, nothing said to have failed. BIG-IQ's word, not proof: a misspelt user ends so too
    /// (documented, section 3 and Prerequisites).
    Success,
    /// FINISHED in any other way: without COMPLETE, in another step than DONE, or with failures.
    Incomplete(Option<TaskResult>),
    /// FAILED.
    Failed,
    /// CANCELLED, in either spelling.
    Cancelled,
    /// BIG-IQ knows the task no more.
    Gone,
}

impl End {
    /// How a task with this look has ended; `None` while it has not.
    pub(super) fn of(sight: &TaskSnapshot) -> Option<Self> {
        match sight.status.as_ref()? {
            Status::Finished => {
                let done = matches!(sight.step, None | Some(Step::Done));
                let complete = sight.result == Some(TaskResult::Complete);
                Some(if complete && done && sight.troubles.is_empty() {
                    Self::Success
                } else {
                    Self::Incomplete(sight.result.clone())
                })
            }
            Status::Failed => Some(Self::Failed),
            Status::Cancelled => Some(Self::Cancelled),
            Status::Created | Status::Started | Status::CancelRequested | Status::Other(_) => None,
        }
    }
}

/// Contact lost while a task was watched or searched for. Not an end: the task goes on, on BIG-IQ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostContact {
    /// When the first of the looks in a row failed.
    pub since: crate::timestamp::Timestamp,
    /// How many failed in a row.
    pub failures: u32,
    /// Why the latest did.
    pub failure: Failure,
}

/// What became of the wish to cancel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cancel {
    /// Nobody asked, or not so that BIG-IQ is known to have heard it.
    #[default]
    NotAsked,
    /// BIG-IQ was asked.
    Asked,
    /// BIG-IQ refused.
    Refused,
}
