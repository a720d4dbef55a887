//! The kill-sessions task worker: what it accepts, how a task runs, how it looks.

mod json;
pub(crate) mod request;
pub(crate) mod stamp;
pub(crate) mod store;
mod targets;
pub(crate) mod task;
#[cfg(test)]
mod tests;
pub(crate) mod world;
