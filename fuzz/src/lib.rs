//! The fuzzed code: each function takes any bytes and must return. The binaries in
//! `targets/` pass them bytes from libFuzzer; `crates/core/tests/findings.rs` runs them on the stored inputs in
//! `seeds/`.

mod readers;
mod simulator;

pub use readers::{
    answers, config, dates, filter, links, names, pasted_sessions, pasted_tables, pasted_targets,
    pasted_users, portal, route, shape,
};
pub use simulator::simulator;
