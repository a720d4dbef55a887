//! One call out, one answer back, and what its status means.

use crate::error::ApiError;
use crate::platform::{Connection, NoResponse, Platform, Request, Response};
use bigiq::{Call, DecodeError, Endpoint, Secret};
use curfew_core::timestamp::{Timestamp, parse_http_date};
use futures_util::future::{FutureExt, LocalBoxFuture};
use std::time::Duration;

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The endpoint that answered.
    pub(crate) endpoint: &'static Endpoint,
    /// The body.
    pub(crate) text: String,
    /// BIG-IQ's clock, from the `Date` header.
    pub(crate) server_time: Option<Timestamp>,
}

/// A call whose answer is awaited.
pub(crate) type Sending<'a> = LocalBoxFuture<'a, Result<Answer, ApiError>>;

/// Calls one BIG-IQ.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The path prefix of this origin under which it is reached: empty, or starts with a slash.
    pub(crate) prefix: String,
    pub(crate) platform: &'static dyn Platform,
}

impl Caller {
    /// The time by the machine's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.platform.epoch_ms())
    }

    /// Sends a call and waits for the whole answer.
    ///
    /// # Errors
    /// Any [`ApiError`] but `SignInNeeded`, which only the signed-in client can detect.
    pub(crate) fn send<'a>(&'a self, call: &'a Call, token: Option<&'a Secret>) -> Sending<'a> {
        self.send_with(call, token, &[], Connection::Shared)
    }

    /// [`Self::send`] with Curfew's own headers.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(crate) fn send_with<'a>(
        &'a self,
        call: &'a Call,
        token: Option<&'a Secret>,
        claims: &'a [(&'static str, String)],
        connection: Connection,
    ) -> Sending<'a> {
        let endpoint = call.endpoint;
        let request = Request { prefix: &self.prefix, call, token, claims, connection };
        self.platform.send(request).map(move |response| judged(endpoint, response)).boxed_local()
    }
}

/// What a response means.
fn judged(
    endpoint: &'static Endpoint,
    response: Result<Response, NoResponse>,
) -> Result<Answer, ApiError> {
    let response = response.map_err(|none| match none {
        NoResponse::Broken => ApiError::Network,
        NoResponse::Timeout(limit) => ApiError::Timeout(limit),
        NoResponse::TooLarge(size) => ApiError::TooLarge(size),
    })?;
    if !matches!(response.status, 200..=299) {
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let wait = response.retry_after.and_then(|value| value.trim().parse().ok());
        return Err(ApiError::refused(response.status, text, wait.map(Duration::from_secs)));
    }
    // Replacing invalid characters would accept a damaged answer.
    let text = String::from_utf8(response.body)
        .map_err(|error| ApiError::Unreadable(DecodeError::no_text(error.as_bytes())))?;
    let server_time = response.date.and_then(|date| parse_http_date(&date));
    Ok(Answer { endpoint, text, server_time })
}
