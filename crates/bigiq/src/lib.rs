//! BIG-IQ's REST contract for ending access sessions, as data: wire types exactly as sent, the calls a
//! client may make, and how to read answers that differ from version to version.
//!
//! No I/O, no clock, no web, nothing of Curfew's own rules. Types here are lenient on purpose: what
//! BIG-IQ leaves out, renames or sends as another type becomes `None` or `Other`, never an error, so
//! that the judgement of what is missing is made once, by whoever turns these into its own types.
//!
//! Where a rule about BIG-IQ comes from is said beside it: *documented* (F5's how-to "Kill active
//! access sessions" or its sister pages), *captured* (seen in public code or logs), *inferred*, or
//! *invented*.

pub mod access_info;
pub mod auth;
pub mod call;
mod date;
pub mod decode;
pub mod device;
pub mod error;
pub mod failover;
mod java_stack;
mod json_path;
pub mod kill;
pub mod lenient;
pub mod link;
pub mod odata;
pub mod redacted_shape;
pub mod secret;
pub mod stats;
pub mod task;

pub use call::{Call, Endpoint, Method};
pub use date::{parse_date_time, parse_http_date};
pub use decode::{DecodeError, decode};
pub use error::{ErrorBody, Refusal};
pub use java_stack::java_stack;
pub use kill::{DeviceSessions, KillRequest, Targets};
pub use link::DeviceReference;
pub use secret::Secret;
pub use task::{KillTask, Status, Step, TaskResult};
