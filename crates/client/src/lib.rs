//! Calls BIG-IQ for the app, and decides what each answer means. A [`SignedOut`](signed_out::SignedOut) client can call
//! what needs no token, and sign in; only the resulting [`SignedIn`](signed_in::SignedIn) has the data calls, so
//! "forgot the token" does not compile.
//!
//! It runs on a [`Platform`](platform::Platform): the browser in the app, a simulated BIG-IQ in the tests. Reads are
//! cancelled when their future is dropped. Tokens live here, in memory, and nowhere else.

pub mod call_log;
mod caller;
mod device;
pub mod error;
pub mod inventory;
pub mod kill;
pub mod missing_devices;
pub mod platform;
pub mod self_check;
pub mod signed_in;
pub mod signed_out;
