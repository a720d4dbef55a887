//! A query that the simulator does not understand.

/// A query that could not be understood, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidQuery(pub String);
