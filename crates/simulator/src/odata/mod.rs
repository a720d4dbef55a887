//! Query options of BIG-IQ's collections: the part of OData that its workers are known to
//! understand.

pub(crate) mod error;
mod filter;
pub(crate) mod item;
pub(crate) mod page;
pub(crate) mod query;
