//! What can go wrong with a call, by stage. It must not hold words for people other than BIG-IQ's own.

use bigiq::{DecodeError, ErrorBody, Refusal, decode};
use curfew_core::job::Failure;
use std::time::Duration;

/// Why a call has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No answer came: no network, name, TLS, reset, or a proxy that hung up. The browser does not say which, so
    /// whether BIG-IQ saw the request is not known.
    #[error("no answer")]
    Network,
    /// No answer came in time.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// An answer with an error status.
    #[error("status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it is about.
        refusal: Refusal,
        /// BIG-IQ's own words, where the answer was BIG-IQ's.
        message: Option<String>,
        /// How long BIG-IQ or a proxy asks to wait.
        retry_after: Option<Duration>,
        /// Whether the body was BIG-IQ's error shape. A page from a proxy says nothing of what BIG-IQ did.
        from_bigiq: bool,
        /// The whole answer. For diagnostics alone.
        body: String,
    },
    /// A good status with a body that can't be read: a proxy's page, a cut answer, version drift.
    #[error("unreadable answer: {0}")]
    Unreadable(DecodeError),
    /// The body is larger than the app reads.
    #[error("answer of {0} bytes is too large")]
    TooLarge(u64),
    /// The sign-in has ended: the refresh window is over or BIG-IQ forgot the tokens. The app asks for a new one in place.
    #[error("signed out by BIG-IQ")]
    SignInNeeded,
}

impl From<&ApiError> for Failure {
    fn from(error: &ApiError) -> Self {
        match error {
            ApiError::Network => Self::NoAnswer,
            ApiError::Timeout(limit) => Self::Timeout { seconds: limit.as_secs() },
            // A page of a proxy's own: BIG-IQ neither knows nothing of it nor forbids it.
            ApiError::Refused { status: 403 | 404, from_bigiq: false, .. } => {
                Self::Unreadable { html: true }
            }
            ApiError::Refused { status, refusal, message, .. } => {
                Self::Refused { status: *status, refusal: *refusal, message: message.clone() }
            }
            ApiError::Unreadable(error) => Self::Unreadable { html: error.html },
            ApiError::TooLarge(_) => Self::TooLarge,
            ApiError::SignInNeeded => Self::SignInNeeded,
        }
    }
}

impl ApiError {
    /// From an error status and its body.
    pub(super) fn refused(status: u16, body: String, retry_after: Option<Duration>) -> Self {
        let parsed =
            decode::<ErrorBody>(&body).ok().filter(|b| b.code.is_some() || b.message.is_some());
        let from_bigiq = parsed.is_some();
        let message = parsed.and_then(|b| b.message);
        let refusal = Refusal::of(status, message.as_deref());
        Self::Refused { status, refusal, message, retry_after, from_bigiq, body }
    }

    /// For an answer to sign-in or exchange that can't be decoded: it may hold a token, and the decoder's words quote it.
    pub(super) fn unreadable_secret(error: DecodeError) -> Self {
        Self::Unreadable(DecodeError { excerpt: String::new(), reason: String::new(), ..error })
    }

    /// What the refusal is about, where there was one.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// Whether BIG-IQ itself says that there is no such thing. A proxy that answers 404 knows of no tasks.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused { refusal: Refusal::NotFound, from_bigiq: true, .. })
    }

    /// Whether the same call would be refused again: the role, or this BIG-IQ, or a proxy does not take it.
    pub fn is_refused_for_good(&self) -> bool {
        let refusal = self.refusal();
        matches!(refusal, Some(Refusal::NotPermitted | Refusal::NotFound | Refusal::Invalid))
    }

    /// How long the other side asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same read may go well a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network | Self::Timeout(_) => true,
            Self::Refused { refusal, .. } => {
                matches!(refusal, Refusal::Busy | Refusal::Server | Refusal::NotRegistered)
            }
            Self::Unreadable(error) => error.html,
            Self::TooLarge(_) | Self::SignInNeeded => false,
        }
    }
}
