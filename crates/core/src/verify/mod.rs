//! Verifies a kill: compares the sessions seen before it with those seen after its end. Only complete readings prove that a
//! session is gone; BIG-IQ's report does not count.

mod baseline;
mod check;
mod later;
mod proof;

#[cfg(test)]
mod tests;

pub use baseline::Baseline;
pub use check::{Check, SessionsThere, SoFar};
pub use later::Later;
pub use proof::Proof;
