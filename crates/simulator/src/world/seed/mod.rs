//! What a fresh appliance holds: the devices and sessions of the specification, and made-up ones.

mod branches;
pub(crate) mod build;
pub(crate) mod named;
mod users;
