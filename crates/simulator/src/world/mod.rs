//! The simulated BIG-IQ as values: devices, sessions, tasks, tokens and time.

pub(crate) mod account;
pub(crate) mod appliance;
pub(crate) mod clock;
pub(crate) mod device;
pub(crate) mod inventory;
pub mod list_rules;
pub(crate) mod rng;
pub(crate) mod seed;
pub(crate) mod sessions;
pub mod settings;
pub mod setup;
pub(crate) mod tasks;
pub mod timestamp;
pub(crate) mod tokens;
