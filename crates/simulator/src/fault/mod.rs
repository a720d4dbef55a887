//! Faults on purpose: which calls go wrong, and how.
//!
//! # The plan
//!
//! A list of rules, from `--scenario FILE` or `POST /_sim/faults`. The first rule that fits a call is
//! applied; a call that none fits goes well, unless it carries a name of `by_name`.
//!
//! ```json
//! [{"method": "POST", "path": "/mgmt/cm/access/tasks/kill-sessions",
//!   "skip": 0, "count": 1, "chance": 1.0, "fault": {"kind": "drop-after-effect"}}]
//! ```
//!
//! `path` is compared without query and may end in `*`. All but `path` and `fault` may be left out:
//! any method, from the first call on, without end, always. Kinds and their fields: [`kind::Fault`].

pub(crate) mod by_name;
pub(crate) mod effects;
mod json_edit;
pub mod kind;
pub mod plan;
pub(crate) mod raw_response;
#[cfg(test)]
mod tests;
pub mod wait;
