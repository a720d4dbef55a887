//! Curfew's rules: what the app may assume about BIG-IQ's answers, what may be sent, and what is known about the requests
//! that were sent. This crate does no I/O and reads no clock: times are passed in. It returns values and enums; `text` turns
//! them into sentences.

pub mod app;
pub mod count;
pub mod engine;
pub mod find;
#[cfg(test)]
mod fixture;
pub mod ids;
pub mod input;
pub mod inventory;
pub mod job;
pub mod names;
pub mod plan;
pub mod record;
pub mod self_check;
pub mod sorted;
pub mod verify;

pub use timestamp;
