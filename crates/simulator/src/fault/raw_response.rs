//! An answer as it leaves the server.

use super::wait::Wait;
use crate::http::answer::{Answer, Content};

/// How an answer's bytes reach the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// All of them.
    Whole,
    /// None: the connection closes.
    Close,
    /// None: the connection is reset.
    Reset,
    /// Headers and half the body, then the connection closes.
    Cut,
    /// Headers and half the body, the rest after a while.
    Stall(Wait),
}

/// An answer as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
    /// Seconds for `Retry-After`.
    pub retry_after_seconds: Option<u64>,
    /// Seconds by which `Date` is wrong.
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
