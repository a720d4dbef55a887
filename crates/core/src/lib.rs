//! The rules of Curfew: what the app may assume of BIG-IQ's answers, what may be sent, and what is known of what was
//! sent. Pure: no I/O, no clock, no web. Times come in as values; the text that people read is made elsewhere from the
//! enums here.

pub mod app;
pub mod engine;
#[cfg(test)]
mod fixture;
pub mod input;
pub mod inventory;
pub mod job;
pub mod plan;
pub mod record;
pub mod timestamp;
pub mod verify;
