//! The results of calls that were not made.

use super::effect::ApiCall;
use super::input::{CallFailure, Input, SendAnswer};
use crate::job::{Failure, SendOutcome};

impl ApiCall {
    /// The result of a call that was not made because nobody is signed in any more.
    pub fn not_made(self) -> Input {
        let failure = CallFailure {
            failure: Failure::SignInNeeded,
            retry_after: None,
            is_gone: false,
            is_refused_for_good: false,
        };
        match self {
            Self::Post { job, .. } => {
                let outcome = SendOutcome::NotSent(failure.failure);
                Input::Answered { job, answer: SendAnswer { outcome, retry_after: None } }
            }
            Self::ReadTask { job, .. } => Input::TaskRead { job, answer: Err(failure) },
            Self::ReadTasks { purpose, .. } => Input::TasksRead { purpose, answer: Err(failure) },
            Self::ReadSessions(_) => Input::SessionsRead(None),
            Self::ReadEarly(device) => Input::EarlyRead { device, answer: Err(failure) },
            Self::Cancel { job, .. } => Input::CancelAnswered { job, answer: Err(failure) },
        }
    }
}
