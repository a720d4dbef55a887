//! What became of the sessions that a kill was about: those seen before it, compared with those seen after its end. Only
//! complete readings prove that a session is gone. It must not fetch, or take BIG-IQ's word for anything.

mod baseline;
mod check;

#[cfg(test)]
mod tests;

pub use baseline::Baseline;
pub use check::{Check, CheckedSession, CheckedUnit, Now};
