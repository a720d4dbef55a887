//! Failed calls in a record.

use super::clean::clean;
use super::ident;
use crate::job::{Failure, NotSent};
use serde::Serialize;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureRecord {
    /// The kind of failure.
    pub kind: &'static str,
    /// The HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// BIG-IQ's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl FailureRecord {
    pub(super) fn of(failure: &Failure) -> Self {
        Self {
            kind: ident::failure(failure),
            status: failure.status(),
            message: failure.message().map(clean),
        }
    }
}

/// The failed call because of which a request was not sent, if that was the reason.
pub(super) fn failure_of(why: &NotSent) -> Option<FailureRecord> {
    match why {
        NotSent::Failed(failure) => Some(FailureRecord::of(failure)),
        NotSent::NotStored | NotSent::Dropped | NotSent::Reloaded | NotSent::SignedOut => None,
    }
}
