//! Sentences about what the core knows: errors, jobs, plans, counts. Each is a function of its value; the language is the
//! current one.

pub mod bigiq_task;
pub mod count;
pub mod error;
pub mod event;
pub mod job;
pub mod pasted;
pub mod plan;
pub mod refusal;
pub mod verification;
pub mod warning;
