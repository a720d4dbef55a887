//! API errors as text: what failed, what to do, and BIG-IQ's own message.

use crate::state::ApiError;
use crate::text::{Word, count, fill, t};
use curfew_core::job::{Failure, Refusal};

/// An error as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened.
    pub what: String,
    /// What to do next.
    pub next: String,
    /// BIG-IQ's own message.
    pub bigiq: Option<String>,
}

/// The text of an error, for this operator.
pub fn error_text(error: &ApiError, operator: &str) -> ErrorText {
    match error {
        // A report of a changed answer needs the path.
        ApiError::Unreadable(error) if !error.html => ErrorText {
            what: t(Word::ErrUnreadable),
            next: fill(
                Word::ErrUnreadableHelp,
                &[("place", &error.path), ("reason", &error.reason)],
            ),
            bigiq: None,
        },
        error => failure_text(&error.into(), operator),
    }
}

/// The text of an error that a job has stored.
pub fn failure_text(failure: &Failure, operator: &str) -> ErrorText {
    let plain = |what: Word, next: Word| ErrorText { what: t(what), next: t(next), bigiq: None };
    match failure {
        Failure::NoAnswer => plain(Word::ErrNetwork, Word::ErrNetworkHelp),
        Failure::Timeout { seconds } => ErrorText {
            what: count(Word::ErrTimeout, usize::try_from(*seconds).unwrap_or(usize::MAX)),
            next: t(Word::ErrTimeoutHelp),
            bigiq: None,
        },
        Failure::Refused { status, refusal, message } => {
            let mut text = refused(*status, *refusal, operator);
            text.bigiq =
                message.as_deref().map(|m| fill(Word::BigiqSays, &[("message", m.trim())]));
            text
        }
        Failure::Unreadable { html: true } => plain(Word::ErrHtml, Word::ErrHtmlHelp),
        Failure::Unreadable { html: false } => plain(Word::ErrUnreadable, Word::ErrUnreadableShort),
        Failure::TooLarge => plain(Word::ErrTooLarge, Word::ErrTooLargeHelp),
        Failure::SignInNeeded => plain(Word::ErrSignIn, Word::ErrSignInHelp),
    }
}

fn refused(status: u16, refusal: Refusal, operator: &str) -> ErrorText {
    let (what, next) = match refusal {
        Refusal::TokenExpired => (Word::ErrSignIn, Word::ErrSignInHelp),
        Refusal::WrongAddress => (Word::ErrWrongAddress, Word::ErrWrongAddressHelp),
        Refusal::NotPermitted => (Word::ErrNotPermitted, Word::ErrNotPermittedHelp),
        Refusal::BadCredentials => (Word::BadCredentials, Word::BadCredentialsHelp),
        Refusal::NotFound => (Word::ErrNotFound, Word::ErrNotFoundHelp),
        Refusal::NotRegistered => (Word::ErrNotRegistered, Word::ErrNotRegisteredHelp),
        Refusal::Busy => (Word::ErrBusy, Word::ErrBusyHelp),
        Refusal::Server => (Word::ErrServer, Word::ErrServerHelp),
        Refusal::Invalid => (Word::ErrInvalid, Word::ErrInvalidHelp),
    };
    let what = fill(what, &[("status", &status.to_string()), ("operator", operator)]);
    ErrorText { what, next: t(next), bigiq: None }
}
