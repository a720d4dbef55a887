//! The error for a query that the simulator does not understand.

/// The reason why a query cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidQuery(pub String);
