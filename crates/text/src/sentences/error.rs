//! Failed calls: what failed, what to do, and BIG-IQ's own message.

use crate::{Name, isolated};
use curfew_core::job::{Failure, Refusal};

/// A sentence of a state, of an event or of an error.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sentence {
    /// In the language of the page.
    Own(String),
    /// A message of BIG-IQ with its introduction, from [`bigiq_says`]. The message is English in every language.
    BigIq(String),
}

impl Sentence {
    /// Its text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Own(text) | Self::BigIq(text) => text,
        }
    }
}

/// A failed call in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened.
    pub what: String,
    /// What to do next.
    pub next: String,
    /// BIG-IQ's own message.
    pub bigiq: Option<String>,
}

impl ErrorText {
    /// What happened and what to do, in one line.
    pub fn what_and_next(&self) -> String {
        crate::what_and_next(&self.what, &self.next)
    }
}

/// A failed call.
pub fn failure(failure: &Failure) -> ErrorText {
    let plain = |what, next| ErrorText { what, next, bigiq: None };
    match failure {
        Failure::NoAnswer => plain(crate::error_network(), crate::error_network_help()),
        Failure::Timeout { seconds } => plain(
            crate::error_timeout(usize::try_from(*seconds).unwrap_or(usize::MAX)),
            crate::error_timeout_help(),
        ),
        Failure::Refused { status, refusal, message } => {
            let (what, next) = refused(*status, *refusal);
            ErrorText { what, next, bigiq: message.as_deref().map(bigiq_says) }
        }
        Failure::Unreadable { html: true } => plain(crate::error_html(), crate::error_html_help()),
        Failure::Unreadable { html: false } => {
            plain(crate::error_unreadable(), crate::error_unreadable_short())
        }
        Failure::TooLarge => plain(crate::error_too_large(), crate::error_too_large_help()),
        Failure::SignInNeeded => plain(crate::error_sign_in(), crate::error_sign_in_help()),
    }
}

/// BIG-IQ's own message.
pub fn bigiq_says(message: &str) -> String {
    crate::bigiq_says(Name(&in_one_line(message)))
}

/// A message of BIG-IQ or of a device, isolated.
pub fn message(message: &str) -> String {
    isolated(&in_one_line(message))
}

/// Lines of a message are ordinary; in a name, a line end would be drawn as a mark.
fn in_one_line(message: &str) -> String {
    message.trim().replace(['\n', '\r', '\t'], " ")
}

/// A refusal in words that fit every call. Those of the console name what was refused ([`refusal`](super::refusal)).
fn refused(status: u16, refusal: Refusal) -> (String, String) {
    match refusal {
        Refusal::TokenExpired => (crate::error_sign_in(), crate::error_sign_in_help()),
        Refusal::WrongAddress => (crate::error_wrong_address(), crate::error_wrong_address_help()),
        Refusal::NotPermitted => (crate::error_not_permitted(), crate::error_not_permitted_help()),
        Refusal::BadCredentials => (crate::bad_credentials(), crate::bad_credentials_help()),
        Refusal::NotFound => (crate::error_not_found(), crate::error_not_found_help()),
        Refusal::NotRegistered => {
            (crate::error_not_registered(), crate::error_not_registered_help())
        }
        Refusal::Busy => (crate::error_busy(), crate::error_busy_help()),
        Refusal::Server => (crate::error_server(status), crate::error_server_help()),
        Refusal::Invalid => (crate::error_invalid(status), crate::error_invalid_help()),
    }
}
