//! Applies a fault: to the appliance and the call before the call is answered, and to its answer.

use serde_json::Value;

use super::json_edit;
use super::kind::Fault;
use super::raw_response::{Delivery, RawResponse};
use crate::http::answer::{Answer, Content};
use crate::http::call::Call;
use crate::http::rest_error::RestError;
use crate::world::appliance::Appliance;
use crate::world::tokens::TokenType;

/// Changes the appliance or the call before it is answered.
pub(crate) fn before_call(appliance: &mut Appliance, fault: Option<&Fault>, call: &mut Call) {
    match fault {
        Some(Fault::Restart { seconds, status }) => {
            appliance.restart(i64::from(*seconds) * 1000, *status);
        }
        Some(Fault::RevokeAccess) => appliance.tokens.forget(TokenType::Access),
        Some(Fault::RevokeRefresh) => appliance.tokens.forget(TokenType::Refresh),
        Some(Fault::SourceAddress { address }) => call.peer = *address,
        _ => {}
    }
}

/// The answer that the fault gives instead of the endpoint's, if any.
pub(crate) fn replacement(appliance: &mut Appliance, call: &Call, fault: &Fault) -> Option<Answer> {
    let error = match fault {
        Fault::Html { status, retry_after_seconds, .. } => {
            return Some(Answer {
                retry_after_seconds: *retry_after_seconds,
                ..Answer::page(*status)
            });
        }
        Fault::Status { status, message, .. } => {
            let message = message.clone().unwrap_or_else(|| format!("simulator: fault {status}"));
            RestError::new(*status, message)
        }
        Fault::TaskGone => {
            let path = call.trimmed_path().trim_start_matches("/mgmt/");
            RestError::new(404, path)
        }
        _ => return None,
    };
    let operation_id = appliance.next_operation_id();
    let retry_after_seconds = match fault {
        Fault::Status { retry_after_seconds, .. } => *retry_after_seconds,
        _ => None,
    };
    let java_stacks = appliance.settings.java_stacks;
    Some(Answer {
        retry_after_seconds,
        ..error.answer(&call.peer.to_string(), operation_id, java_stacks)
    })
}

impl Fault {
    /// Whether the fault keeps the call from taking effect.
    pub fn prevents_effect(&self) -> bool {
        match self {
            Self::Status { after_effect, .. }
            | Self::Html { after_effect, .. }
            | Self::Reset { after_effect } => !after_effect,
            Self::DropBeforeEffect => true,
            _ => false,
        }
    }

    /// Turns `answer` into the response that leaves the server.
    pub fn apply(&self, answer: Answer) -> RawResponse {
        let mut response = RawResponse::from(self.edit(answer));
        match self {
            Self::DropBeforeEffect | Self::DropAfterEffect => response.delivery = Delivery::Close,
            Self::Reset { .. } => response.delivery = Delivery::Reset,
            Self::Truncate => response.delivery = Delivery::Cut,
            Self::Stall { ms } => response.delivery = Delivery::Stall(*ms),
            Self::ContentType { value } => response.content_type.clone_from(value),
            Self::ClockSkew { seconds } => response.date_skew_seconds = *seconds,
            Self::InvalidUtf8 => {
                // Insert into the first string, so that only the encoding is wrong.
                let at = response.body.iter().position(|byte| *byte == b'"').map_or(0, |at| at + 1);
                response.body.splice(at..at, [0xc3, 0x28, 0xff]);
            }
            _ => {}
        }
        response
    }

    /// Changes a JSON answer; other answers stay as they are.
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
                json_edit::apply(self, &mut body);
                body.to_string()
            }
            Self::Floats => json_edit::with_floats(&serde_json::from_str(text).unwrap_or_default()),
            _ => return answer,
        };
        Answer { content: Content::Json(changed), ..answer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_utf8_is_inside_a_string() {
        let response = Fault::InvalidUtf8.apply(Answer::text(200, "{\"a\":1}".to_owned()));
        assert_eq!(response.body, b"{\"\xc3\x28\xffa\":1}");
        assert!(String::from_utf8(response.body).is_err());
    }

    #[test]
    fn delivery_and_effect_are_independent() {
        for (fault, delivery, prevents) in [
            (Fault::DropBeforeEffect, Delivery::Close, true),
            (Fault::DropAfterEffect, Delivery::Close, false),
            (Fault::Reset { after_effect: false }, Delivery::Reset, true),
            (Fault::Reset { after_effect: true }, Delivery::Reset, false),
            (Fault::Truncate, Delivery::Cut, false),
        ] {
            assert_eq!(fault.apply(Answer::text(200, "{}".to_owned())).delivery, delivery);
            assert_eq!(fault.prevents_effect(), prevents);
        }
    }
}
