//! An answer within a message. When a BIG-IP refuses a call, BIG-IQ's message may contain that answer as text, such as
//! `status:400, body:{"code":400,"message":"…"}` (documented for a sister task; captured).

use serde::Deserialize;
use serde_json::Value;

/// A message for people, and the error code of the answer that it was taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Embedded {
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
}

/// Replaces an embedded answer by its message, in which another one may be embedded. A text without one is unchanged.
pub(crate) fn opened(text: String) -> Embedded {
    let Some((before, answer)) = split(&text) else {
        return Embedded { code: None, message: text };
    };
    let Some(message) = answer.get("message").and_then(Value::as_str) else {
        return Embedded { code: None, message: text };
    };
    // Each level doubles the escapes, so there are few.
    let inner = opened(message.to_owned());
    let code = inner.code.or(answer.get("code").and_then(Value::as_i64));
    Embedded { code, message: [introduction(before), &inner.message].concat() }
}

/// The text before the first JSON object, and that object.
fn split(text: &str) -> Option<(&str, Value)> {
    let (before, answer) = text.split_at(text.find('{')?);
    // More text may follow the object.
    let answer = Value::deserialize(&mut serde_json::Deserializer::from_str(answer)).ok()?;
    Some((before, answer))
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
    #[case::twice(r#"status:400, body:{"code":400,"message":"status:404, body:{\"code\":404,\"message\":\"gone\"}"}"#, Some(404), "gone")]
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
    fn field_an_embedded_answer_is_opened(
        #[case] text: &str,
        #[case] code: Option<i64>,
        #[case] message: &str,
    ) {
        let expected = Embedded { code, message: message.to_owned() };
        assert_eq!(opened(text.to_owned()), expected);
    }
}
