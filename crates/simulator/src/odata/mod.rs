//! The part of OData that BIG-IQ's workers are known to understand.

pub(crate) mod error;
mod filter;
pub(crate) mod item;
pub(crate) mod page;
pub(crate) mod query;
