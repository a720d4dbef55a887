//! What became of a POST.

use super::{Failure, NotSent, Observation, TaskSnapshot};

/// What became of a POST, from the answer to the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// BIG-IQ answered with a task.
    Accepted(TaskSnapshot),
    /// It was certainly not sent: there was no token to send it with.
    NotSent(Failure),
    /// BIG-IQ or a proxy refused it, and it was not processed.
    Rejected(Failure),
    /// BIG-IQ may or may not have started a task: no answer, a 5xx, or a page that is not from BIG-IQ.
    Unknown(Failure),
}

impl From<SendOutcome> for Observation {
    fn from(outcome: SendOutcome) -> Self {
        match outcome {
            SendOutcome::Accepted(snapshot) => Self::Accepted(snapshot),
            SendOutcome::NotSent(failure) => Self::NotSent(NotSent::Failed(failure)),
            SendOutcome::Rejected(failure) => Self::Rejected(failure),
            SendOutcome::Unknown(failure) => Self::Lost(failure),
        }
    }
}
