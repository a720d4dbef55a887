//! What is fuzzed: each function takes any bytes and must return. The binaries under `targets/` hand them to libFuzzer,
//! `crates/core/tests/findings.rs` runs them over what is kept under `seeds/`.

mod readers;
mod simulator;

pub use readers::{
    answers, config, dates, filter, links, pasted_sessions, pasted_targets, pasted_users, portal,
    route, shape,
};
pub use simulator::simulator;
