//! What a fault makes of an answer on its way out.

use serde_json::Value;

use super::{Fault, Span, edit};
use crate::answer::{Answer, Content};

/// How an answer's bytes reach the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// All of them.
    Whole,
    /// None: the connection closes.
    HangUp,
    /// None: the connection is reset.
    Reset,
    /// Headers and half the body, then the connection closes.
    Cut,
    /// Headers and half the body, the rest after a while.
    Stall(Span),
}

/// An answer as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u64>,
    /// Seconds by which `Date` is wrong.
    pub date_skew: i64,
    /// How the bytes reach the client.
    pub delivery: Delivery,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        let (content_type, body) = match answer.content {
            Content::Json(text) => ("application/json; charset=UTF-8", text),
            Content::Html(text) => ("text/html", text),
        };
        Self {
            status: answer.status,
            content_type: content_type.to_owned(),
            body: body.into_bytes(),
            retry_after: answer.retry_after,
            date_skew: 0,
            delivery: Delivery::Whole,
        }
    }
}

impl Fault {
    /// Whether the call's own effect is skipped.
    pub fn prevents_effect(&self) -> bool {
        match self {
            Self::Status { after_effect, .. }
            | Self::Html { after_effect, .. }
            | Self::Reset { after_effect } => !after_effect,
            Self::DropBeforeEffect => true,
            _ => false,
        }
    }

    /// What goes out instead of `answer`.
    pub fn apply(&self, answer: Answer) -> Outcome {
        let mut outcome = Outcome::from(self.edit(answer));
        match self {
            Self::DropBeforeEffect | Self::DropAfterEffect => outcome.delivery = Delivery::HangUp,
            Self::Reset { .. } => outcome.delivery = Delivery::Reset,
            Self::Truncate => outcome.delivery = Delivery::Cut,
            Self::Stall { ms } => outcome.delivery = Delivery::Stall(*ms),
            Self::ContentType { value } => outcome.content_type.clone_from(value),
            Self::ClockSkew { seconds } => outcome.date_skew = *seconds,
            Self::InvalidUtf8 => {
                // Inside the first text, so that only the encoding is wrong.
                let at = outcome.body.iter().position(|byte| *byte == b'"').map_or(0, |at| at + 1);
                outcome.body.splice(at..at, [0xc3, 0x28, 0xff]);
            }
            _ => {}
        }
        outcome
    }

    /// Changes a JSON text; an answer without one stays as it is.
    fn edit(&self, answer: Answer) -> Answer {
        let Content::Json(text) = &answer.content else { return answer };
        let changed = match self {
            Self::Oversized { .. }
            | Self::UnknownEnum
            | Self::ExtraFields
            | Self::MissingField { .. }
            | Self::NullField { .. }
            | Self::DuplicateIds
            | Self::OddIds
            | Self::HugeString { .. }
            | Self::WrongTotal { .. }
            | Self::Edit { .. }
            | Self::StatusRegress
            | Self::CancelRequested
            | Self::FinishedWithoutResult => {
                let mut body: Value = serde_json::from_str(text).unwrap_or_default();
                edit::apply(self, &mut body);
                body.to_string()
            }
            Self::Floats => edit::with_floats(&serde_json::from_str(text).unwrap_or_default()),
            _ => return answer,
        };
        Answer { content: Content::Json(changed), ..answer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_utf8_is_inside_a_text() {
        let outcome = Fault::InvalidUtf8.apply(Answer::text(200, "{\"a\":1}".to_owned()));
        assert_eq!(outcome.body, b"{\"\xc3\x28\xffa\":1}");
        assert!(String::from_utf8(outcome.body).is_err());
    }

    #[test]
    fn how_the_bytes_go_out_and_whether_the_call_counts_are_two_things() {
        for (fault, delivery, prevents) in [
            (Fault::DropBeforeEffect, Delivery::HangUp, true),
            (Fault::DropAfterEffect, Delivery::HangUp, false),
            (Fault::Reset { after_effect: false }, Delivery::Reset, true),
            (Fault::Reset { after_effect: true }, Delivery::Reset, false),
            (Fault::Truncate, Delivery::Cut, false),
        ] {
            assert_eq!(fault.apply(Answer::text(200, "{}".to_owned())).delivery, delivery);
            assert_eq!(fault.prevents_effect(), prevents);
        }
    }
}
