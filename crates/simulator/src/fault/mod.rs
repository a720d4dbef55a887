//! Deliberate faults: which calls go wrong, and how.
//!
//! # The fault plan
//!
//! A list of rules, from `--scenario FILE` or `POST /_sim/faults`. The first rule that matches a
//! call is applied. A call without a matching rule goes well, unless a name in it triggers a fault
//! (see `by_name`).
//!
//! ```json
//! [{"method": "POST", "path": "/mgmt/cm/access/tasks/kill-sessions",
//!   "skip": 0, "count": 1, "chance": 1.0, "fault": {"kind": "drop-after-effect"}}]
//! ```
//!
//! `path` is compared without the query and may end in `*`. Everything except `path` and `fault` is
//! optional; the defaults are any method, no skipped calls, no limit and always. [`kind::Fault`]
//! lists the kinds and their fields.

pub(crate) mod by_name;
pub(crate) mod effects;
mod json_edit;
pub mod kind;
pub mod plan;
pub(crate) mod raw_response;
#[cfg(test)]
mod tests;
pub mod wait;
