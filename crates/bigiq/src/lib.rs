//! BIG-IQ's REST contract for ending access sessions, as data: the wire types, the calls that a client may make, and lenient
//! decoding of answers that differ between versions.
//!
//! This crate does no I/O, reads no clock and contains none of Curfew's rules. If BIG-IQ omits a field, or sends an unknown
//! word or another type, the value becomes `None` or `Other` instead of an error. The caller checks once which values are
//! missing, when it converts these types to its own.
//!
//! Each rule about BIG-IQ names its source: *documented* (F5's how-to "Kill active access sessions" or its sister pages),
//! *captured* (seen in public code or logs), *inferred*, or *invented*.

pub mod access_info;
pub mod auth;
pub mod call;
pub mod decode;
pub mod device;
mod embedded;
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
pub use decode::{DecodeError, decode};
pub use error::{ErrorBody, Refusal};
pub use java_stack::java_stack;
pub use kill::{DeviceSessions, KillRequest, Targets};
pub use link::DeviceReference;
pub use secret::Secret;
pub use task::{KillTask, Status, Step, TaskResult};
