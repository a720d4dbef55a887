//! Why a call to BIG-IQ had no usable answer, as data that a job can keep. Whoever fetches fills it in. It must not
//! hold a token, a body or any words but BIG-IQ's own.

use bigiq::Refusal;
use serde::{Deserialize, Serialize};

/// What went wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// No answer came: no network, a reset, a proxy that hung up.
    NoAnswer,
    /// No answer came within so many seconds.
    Timeout {
        /// How long was waited.
        seconds: u64,
    },
    /// An answer with an error status.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it is about.
        refusal: Refusal,
        /// BIG-IQ's own words, where it said any.
        message: Option<String>,
    },
    /// A good status with a body that can't be read.
    Unreadable {
        /// Whether it looked like a web page, as proxies send.
        html: bool,
    },
    /// The answer was larger than the app reads.
    TooLarge,
    /// The sign-in has ended.
    SignInNeeded,
}

impl Failure {
    /// The HTTP status, where there was an answer with an error status.
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

    /// BIG-IQ's own words, where it said any.
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
