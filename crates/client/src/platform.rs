//! What the client needs from where it runs: something that carries requests, and clocks.

use bigiq::{Call, Secret};
use futures_util::future::LocalBoxFuture;
use std::fmt;
use std::time::Duration;

pub use bigiq::Method;

/// The time limit of a request. BIG-IQ's own framework gives up after about 60 s (captured).
pub const TIME_LIMIT: Duration = Duration::from_secs(65);
/// The largest body that is read, in bytes: an answer with 10,000 devices is smaller. It also limits the number of
/// items; `serde_json` limits the depth.
pub const LARGEST: u64 = 96 * 1024 * 1024;

/// A request as it is sent.
pub struct Request<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) call: &'a Call,
    pub(crate) token: Option<&'a Secret>,
    /// Curfew's own headers, which proxies log and remove.
    pub(crate) claims: &'a [(&'static str, String)],
    pub(crate) connection: Connection,
}

/// Without tokens, and without a body, which may hold a password.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.call.endpoint.name).finish()
    }
}

impl Request<'_> {
    /// The method.
    pub fn method(&self) -> Method {
        self.call.endpoint.method
    }

    /// The path and query, from the root of the origin.
    pub fn target(&self) -> String {
        [self.prefix, &self.call.target].concat()
    }

    /// Calls `set` with the name and value of each header.
    pub fn each_header(&self, set: &mut dyn FnMut(&str, &str)) {
        set("Accept", "application/json");
        if let Some(token) = self.token {
            set("X-F5-Auth-Token", token.expose());
        }
        if !matches!(self.method(), Method::Get) {
            // A form on another site can't send this header: proxies that sign in by themselves require it.
            set("X-Curfew", "1");
        }
        for (name, value) in self.claims {
            set(name, value);
        }
        if self.call.body.is_some() {
            set("Content-Type", "application/json");
        }
    }

    /// The body, JSON.
    pub fn body(&self) -> Option<&str> {
        self.call.body.as_deref()
    }

    /// Which connections it may use.
    pub fn connection(&self) -> Connection {
        self.connection
    }
}

/// Which connections a request may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Any.
    Shared,
    /// One that only such requests have used. When a used connection closes without an answer, Chromium sends the
    /// request again by itself, even a POST (seen in a test; its source calls it resending), and the kill would be
    /// executed twice. Requests without credentials use separate connections, so a kill without credentials starts on a
    /// new one if everything else is sent with them.
    Own,
}

/// A whole answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
    /// The `Date` header.
    pub date: Option<String>,
    /// The body, at most [`LARGEST`] bytes.
    pub body: Vec<u8>,
}

/// Why there is no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResponse {
    /// No answer, or only a part of one, for whatever reason; also a redirect.
    Broken,
    /// None within this time.
    Timeout(Duration),
    /// The body has at least this many bytes, more than [`LARGEST`].
    TooLarge(u64),
}

/// Carries requests to BIG-IQ. It sends each request once and follows no redirect.
pub trait Transport {
    /// Sends a request and waits for the whole answer, at most [`TIME_LIMIT`]. Dropping the future cancels the wait; it
    /// is then unknown whether the request was received.
    fn send<'a>(&'a self, request: Request<'a>)
    -> LocalBoxFuture<'a, Result<Response, NoResponse>>;
}

/// Two clocks.
pub trait Clock {
    /// Milliseconds since 1970 by the machine's clock, which may be set at any time.
    fn epoch_ms(&self) -> i64;

    /// Milliseconds since some fixed time, never set back. It may stop while the machine sleeps.
    fn monotonic_ms(&self) -> f64;
}

/// Where the client runs.
pub trait Platform: Transport + Clock {}

impl<T: Transport + Clock> Platform for T {}
