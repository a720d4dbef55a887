//! What other tabs have reported.

/// A kill that another tab has in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestElsewhere {
    pub(super) bigiq: String,
    pub(super) request: String,
}
