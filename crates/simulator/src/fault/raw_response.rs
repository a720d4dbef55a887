//! A response as it leaves the server.

use super::wait::Wait;
use crate::http::answer::{Answer, Content};

/// How the bytes of a response reach the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Completely.
    Whole,
    /// Not at all: the connection closes.
    Close,
    /// Not at all: the connection is reset.
    Reset,
    /// Headers and half of the body, then the connection closes.
    Cut,
    /// Headers and half of the body, the rest after a pause.
    Stall(Wait),
}

/// A response as it leaves the server, including what a fault did to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
    /// Value of `Retry-After`.
    pub retry_after_seconds: Option<u64>,
    /// Error of the `Date` header.
    pub date_skew_seconds: i64,
    /// How the bytes reach the client.
    pub delivery: Delivery,
}

impl From<Answer> for RawResponse {
    fn from(answer: Answer) -> Self {
        let (content_type, body) = match answer.content {
            Content::Json(text) => ("application/json; charset=UTF-8", text),
            Content::Html(text) => ("text/html", text),
        };
        Self {
            status: answer.status,
            content_type: content_type.to_owned(),
            body: body.into_bytes(),
            retry_after_seconds: answer.retry_after_seconds,
            date_skew_seconds: 0,
            delivery: Delivery::Whole,
        }
    }
}
