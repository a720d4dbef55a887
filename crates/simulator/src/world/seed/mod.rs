//! The initial devices and sessions: those of the specification, special cases, and generated ones.

mod branches;
pub(crate) mod build;
pub(crate) mod named;
mod users;
