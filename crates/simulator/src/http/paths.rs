//! Paths that several modules recognise, as segments.

/// The kill-sessions task worker.
pub(crate) const KILL_SESSIONS: &[&str] = &["mgmt", "cm", "access", "tasks", "kill-sessions"];
