//! Why a call to BIG-IQ failed, as data that can be stored. It must not contain a token, a body, or any text except BIG-IQ's
//! message.

use bigiq::Refusal;
use serde::{Deserialize, Serialize};

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// No answer: no network, or the connection was closed.
    NoAnswer,
    /// No answer within the time limit.
    Timeout {
        /// The time limit in seconds.
        seconds: u64,
    },
    /// An answer with an error status.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why BIG-IQ refused.
        refusal: Refusal,
        /// BIG-IQ's message, if there is one.
        message: Option<String>,
    },
    /// An answer with a success status and an unreadable body.
    Unreadable {
        /// Whether the body looks like an HTML page, which proxies send.
        html: bool,
    },
    /// The answer was larger than the app accepts.
    TooLarge,
    /// The operator is no longer signed in.
    SignInNeeded,
}

impl Failure {
    /// The HTTP status, if it was an error status.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::NoAnswer
            | Self::Timeout { .. }
            | Self::Unreadable { .. }
            | Self::TooLarge
            | Self::SignInNeeded => None,
        }
    }

    /// BIG-IQ's message, if there is one.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Refused { message, .. } => message.as_deref(),
            Self::NoAnswer
            | Self::Timeout { .. }
            | Self::Unreadable { .. }
            | Self::TooLarge
            | Self::SignInNeeded => None,
        }
    }
}
