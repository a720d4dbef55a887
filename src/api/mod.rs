//! The only place that fetches. A
//! [`SignedOut`] client can call what needs no token, and sign in; only the resulting [`SignedIn`] has the data calls,
//! so "forgot the token" does not compile.
//!
//! Reads are aborted when their future is dropped. Tokens live here, in memory, and nowhere else.

mod call_log;
mod config;
mod device;
mod error;
mod inventory;
mod kill;
mod missing_devices;
mod self_check;
mod signed_in;
mod signed_out;
mod transport;

// What the sign-in takes.
pub use bigiq::Secret;
pub use call_log::{EndpointStatus, FailedCall, each_failed_call, endpoint_status, forget_notes};
pub use config::config;
pub use error::ApiError;
pub use kill::{AuditHeaders, SendOutcome};
pub use missing_devices::{LookedUp, MissingReason};
pub use self_check::{Finding, Question};
pub use signed_in::SignedIn;
pub use signed_out::{SignInProvider, SignedOut, Welcome};
