//! What can go wrong with a call, by stage.

use bigiq::{DecodeError, ErrorBody, Refusal, decode};
use curfew_core::engine::CallFailure;
use curfew_core::job::Failure;
use std::time::Duration;

/// Why a call has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No answer came: no network, name resolution, TLS, a reset, or a proxy that closed the connection. The browser
    /// doesn't say which, so it is unknown whether BIG-IQ received the request.
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
        /// The kind of refusal.
        refusal: Refusal,
        /// BIG-IQ's own message, if the answer came from BIG-IQ.
        message: Option<String>,
        /// How long BIG-IQ or a proxy asks us to wait.
        retry_after: Option<Duration>,
        /// Whether the body had BIG-IQ's error format. A proxy's page says nothing about what BIG-IQ did.
        from_bigiq: bool,
        /// The whole answer, for diagnostics only.
        body: String,
    },
    /// A success status with a body that can't be read: a proxy's page, a truncated answer, a changed format.
    #[error("unreadable answer: {0}")]
    Unreadable(DecodeError),
    /// The body is larger than the app reads.
    #[error("answer of {0} bytes is too large")]
    TooLarge(u64),
    /// The sign-in has ended: the refresh window is over, or BIG-IQ no longer knows the tokens. The app asks the
    /// operator to sign in again in place.
    #[error("signed out by BIG-IQ")]
    SignInNeeded,
}

impl From<&ApiError> for Failure {
    fn from(error: &ApiError) -> Self {
        match error {
            ApiError::Network => Self::NoAnswer,
            ApiError::Timeout(limit) => Self::Timeout { seconds: limit.as_secs() },
            // A page written by a proxy: BIG-IQ itself neither forbids the call nor reports the thing missing or the token
            // expired.
            ApiError::Refused { status: 403 | 404, from_bigiq: false, .. }
            | ApiError::Refused { refusal: Refusal::TokenExpired, from_bigiq: false, .. } => {
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

impl From<&ApiError> for CallFailure {
    fn from(error: &ApiError) -> Self {
        Self {
            failure: error.into(),
            retry_after: error.retry_after(),
            is_gone: error.is_gone(),
            is_refused_for_good: error.is_refused_for_good(),
        }
    }
}

impl ApiError {
    /// From an error status and its body.
    pub(crate) fn refused(status: u16, body: String, retry_after: Option<Duration>) -> Self {
        let parsed =
            decode::<ErrorBody>(&body).ok().filter(|b| b.code.is_some() || b.message.is_some());
        let from_bigiq = parsed.is_some();
        let message = parsed.and_then(|b| b.message);
        let refusal = Refusal::of(status, message.as_deref());
        Self::Refused { status, refusal, message, retry_after, from_bigiq, body }
    }

    /// For an answer to a sign-in or exchange that can't be decoded: it may hold a token, and the decoder's message
    /// quotes it.
    pub(crate) fn unreadable_secret(error: DecodeError) -> Self {
        Self::Unreadable(DecodeError { excerpt: String::new(), reason: String::new(), ..error })
    }

    /// The kind of refusal, if the call was refused.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// Whether BIG-IQ itself reports that the thing does not exist. A 404 from a proxy says nothing about tasks.
    pub fn is_gone(&self) -> bool {
        // guard: proxy-404
        matches!(self, Self::Refused { refusal: Refusal::NotFound, from_bigiq: true, .. })
    }

    /// Whether the same call would be refused again: the role, this BIG-IQ or a proxy does not allow it.
    pub fn is_refused_for_good(&self) -> bool {
        let refusal = self.refusal();
        matches!(refusal, Some(Refusal::NotPermitted | Refusal::NotFound | Refusal::Invalid))
    }

    /// How long the other side asks us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same read may succeed a little later.
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
