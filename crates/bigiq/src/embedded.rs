//! An answer within a message. When a BIG-IP refuses a call, BIG-IQ's message may contain that answer as text, such as
//! `status:400, body:{"code":400,"message":"…"}` (documented for a sister task; captured).

use crate::error::ErrorBody;
use serde::Deserialize;

/// A message for people, and the error code of the answer that it was taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Embedded {
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
}

/// Replaces an embedded answer by its message, from which an answer within it was already taken. A text without one is
/// unchanged.
pub(crate) fn opened(text: String) -> Embedded {
    match split(&text) {
        Some((before, ErrorBody { code, message: Some(message) })) => {
            Embedded { code, message: [introduction(before), &message].concat() }
        }
        _ => Embedded { code: None, message: text },
    }
}

/// The text before the first JSON object, and that object as an error.
fn split(text: &str) -> Option<(&str, ErrorBody)> {
    let (before, body) = text.split_at(text.find('{')?);
    // More text may follow the object.
    let body = ErrorBody::deserialize(&mut serde_json::Deserializer::from_str(body)).ok()?;
    Some((before, body))
}

/// What people should read of the text before an embedded answer: `status:400, body:` says nothing that its code doesn't.
fn introduction(before: &str) -> &str {
    let Some((first, _)) = before.rsplit_once("status:") else { return before };
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("Internal Error occurred", None, "Internal Error occurred")]
    #[case::answer(
        r#"status:400, body:{"code":400,"message":"not found"}"#,
        Some(400),
        "not found"
    )]
    #[case::only_the_answer(r#"{"code":404,"message":"not found"} "#, Some(404), "not found")]
    #[case::introduced(
        r#"Failed on bip1: status:500, body:{"code":500,"message":"busy"}"#,
        Some(500),
        "Failed on bip1: busy"
    )]
    #[case::other_words_before(
        r#"REST call failed: {"message":"busy"}"#,
        None,
        "REST call failed: busy"
    )]
    #[case::twice(r#"status:400, body:{"code":400,"message":"status:404, body:{\"code\":404,\"message\":\"gone\"}"}"#, Some(400), "gone")]
    #[case::no_message(
        r#"status:400, body:{"code":400}"#,
        None,
        r#"status:400, body:{"code":400}"#
    )]
    #[case::cut(
        r#"status:400, body:{"code":400,"mess"#,
        None,
        r#"status:400, body:{"code":400,"mess"#
    )]
    #[case::braces("use {name}", None, "use {name}")]
    fn an_embedded_answer_is_opened(
        #[case] text: &str,
        #[case] code: Option<i64>,
        #[case] message: &str,
    ) {
        let expected = Embedded { code, message: message.to_owned() };
        assert_eq!(opened(text.to_owned()), expected);
    }
}
