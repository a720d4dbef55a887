//! Reads request bodies as leniently as the appliance's JSON reader (Gson).
//!
//! A trailing comma in a list is accepted and leaves a `null`: a public sample of a sibling task
//! shows that `null` (documented). Numbers and booleans are accepted as strings, as that library is
//! known to do (inferred).

use serde_json::{Map, Value};

/// Why a body cannot be read; the text becomes the error's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable(pub String);

/// Reads a body that must be an object.
pub(crate) fn object(body: &str) -> Result<Map<String, Value>, Unreadable> {
    match serde_json::from_str(&fill_trailing_commas(body)) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => Err(expected(body, "$", "BEGIN_OBJECT", &other)),
        Err(error) => Err(Unreadable(format!(
            "com.google.gson.stream.MalformedJsonException: Malformed JSON at line {} column {} \
             path $",
            error.line(),
            error.column()
        ))),
    }
}

/// A string field, if present and not null.
pub(crate) fn text(
    body: &str,
    map: &Map<String, Value>,
    name: &str,
) -> Result<Option<String>, Unreadable> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(scalar @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(scalar.to_string())),
        Some(other) => Err(expected(body, &format!("$.{name}"), "a string", other)),
    }
}

/// A list field, if present and not null.
pub(crate) fn list<'a>(
    body: &str,
    map: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a Vec<Value>>, Unreadable> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items)),
        Some(other) => Err(expected(body, &format!("$.{name}"), "BEGIN_ARRAY", other)),
    }
}

/// The error about a value of the wrong type, worded as captured from another worker.
pub(crate) fn expected(body: &str, path: &str, wanted: &str, found: &Value) -> Unreadable {
    let found = match found {
        Value::Null => "NULL",
        Value::Bool(_) => "BOOLEAN",
        Value::Number(_) => "NUMBER",
        Value::String(_) => "STRING",
        Value::Array(_) => "BEGIN_ARRAY",
        Value::Object(_) => "BEGIN_OBJECT",
    };
    let name = path.rsplit(['.', '$']).next().unwrap_or_default();
    let name = name.split('[').next().unwrap_or_default();
    let key = format!("\"{name}\"");
    let before = body.find(&key).filter(|_| !name.is_empty()).map_or(0, |at| {
        let after = at + key.len();
        after + body.get(after..).and_then(|rest| rest.find(':')).map_or(0, |colon| colon + 1)
    });
    let lines = body.get(..before).unwrap_or_default();
    let line = lines.matches('\n').count() + 1;
    let column = lines.rsplit('\n').next().unwrap_or_default().chars().count() + 2;
    Unreadable(format!(
        "java.lang.IllegalStateException: Expected {wanted} but was {found} at line {line} column \
         {column} path {path}"
    ))
}

/// Inserts a `null` between a trailing comma and the closing bracket of its list.
fn fill_trailing_commas(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut in_string = false;
    let mut escaped = false;
    let mut after_comma = false;
    for c in body.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if !c.is_whitespace() {
            if after_comma && c == ']' {
                out.push_str("null");
            }
            after_comma = c == ',';
            in_string = c == '"';
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(r#"{"a":["x","y",]}"#, json!({"a": ["x", "y", null]}))]
    #[case("{\"a\":[1,\n  ]}", json!({"a": [1, null]}))]
    #[case(r#"{"a":",]","b":"\\",  "c":"\"]"}"#, json!({"a": ",]", "b": "\\", "c": "\"]"}))]
    fn reads_trailing_commas(#[case] body: &str, #[case] expected: Value) {
        assert_eq!(Value::from(object(body).unwrap()), expected);
    }

    #[rstest]
    #[case("\"text\"", "Expected BEGIN_OBJECT but was STRING at line 1 column 2 path $")]
    #[case("[]", "Expected BEGIN_OBJECT but was BEGIN_ARRAY")]
    #[case("", "MalformedJsonException")]
    #[case("{\"a\":1,}", "MalformedJsonException")]
    #[case("{", "MalformedJsonException")]
    fn reports_what_is_wrong(#[case] body: &str, #[case] expected: &str) {
        let Unreadable(message) = object(body).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn types_are_checked_field_by_field() {
        let body = "{\"a\":1,\n \"b\": \"x\"}";
        let map = object(body).unwrap();
        assert_eq!(text(body, &map, "a").unwrap().unwrap(), "1");
        let Unreadable(message) = list(body, &map, "b").unwrap_err();
        assert_eq!(
            message,
            "java.lang.IllegalStateException: Expected BEGIN_ARRAY but was STRING at line 2 \
             column 7 path $.b"
        );
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(object(&"[".repeat(1_000_000)).is_err());
    }

    proptest! {
        #[test]
        fn never_panics(body in "[\\[\\]{},:\"\\\\ a1]{0,40}") {
            if let Ok(map) = object(&body) {
                for name in map.keys() {
                    let _ = (text(&body, &map, name), list(&body, &map, name));
                }
            }
        }
    }
}
