//! The kill-sessions task worker: the requests it accepts, how a task runs, and its JSON.

mod json;
pub(crate) mod request;
pub(crate) mod stamp;
pub(crate) mod store;
mod targets;
pub(crate) mod task;
#[cfg(test)]
mod tests;
pub(crate) mod world;
