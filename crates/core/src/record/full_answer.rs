//! BIG-IQ's full answer about a task, as it is shown, copied, saved and recorded. What looks like a token is removed from it.

use super::clean::clean;
use super::stamp::{Stamp, Zone};
use crate::timestamp::Timestamp;
use serde::Serialize;

/// A longer answer is not drawn, in bytes.
const LONGEST: usize = 2_000_000;

/// BIG-IQ's full answer about a task.
///
/// ```
/// use curfew_core::record::FullAnswer;
/// use curfew_core::timestamp::Timestamp;
///
/// let answer = FullAnswer::new(r#"{"id": "7c", "generation": 4.0}"#, Timestamp(0));
/// let entries = FullAnswer::entries(answer.text());
/// assert_eq!(entries, [("id".to_owned(), r#""7c""#.to_owned()), ("generation".to_owned(), "4.0".to_owned())]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullAnswer {
    text: String,
    read_at: Timestamp,
}

impl FullAnswer {
    /// An answer that is JSON.
    pub fn new(text: &str, read_at: Timestamp) -> Self {
        // guard: full-answer-without-token
        Self { text: clean(text), read_at }
    }

    /// The text, as BIG-IQ sent it except for tokens.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// When it was read.
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// Whether the text of an answer is too large to be drawn.
    pub fn is_large(text: &str) -> bool {
        // guard: full-answer-limit
        text.len() > LONGEST
    }

    /// The entries of a JSON object or list: names or indices, and the values as they are written. A value without entries has
    /// none. Nothing is rounded or lost, and what is inside an entry is not read.
    pub fn entries(json: &str) -> Vec<(String, String)> {
        let mut entries = Vec::new();
        let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
        let (mut start, mut colon) = (0, None);
        for (at, byte) in json.bytes().enumerate() {
            if in_text {
                in_text = is_escaped || byte != b'"';
                is_escaped = !is_escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => {
                    depth += 1;
                    if depth == 1 {
                        start = at + 1;
                    }
                }
                b':' if depth == 1 => colon = Some(at),
                b',' | b'}' | b']' if depth == 1 => {
                    let name = colon.and_then(|colon| json.get(start..colon));
                    let value = json.get(colon.map_or(start, |colon| colon + 1)..at);
                    let value = value.unwrap_or_default().trim();
                    if !value.is_empty() {
                        let name = name.map_or_else(|| entries.len().to_string(), Self::string);
                        entries.push((name, value.to_owned()));
                    }
                    (start, colon) = (at + 1, None);
                    if byte != b',' {
                        break;
                    }
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        entries
    }

    /// A JSON string without its quotes; anything else as it is written.
    pub fn string(json: &str) -> String {
        serde_json::from_str(json).unwrap_or_else(|_| json.trim().to_owned())
    }
}

/// BIG-IQ's full answer about a task, in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FullAnswerRecord {
    /// When it was read.
    pub read_at: Stamp,
    /// Its text.
    pub answer: String,
}

impl FullAnswerRecord {
    pub(super) fn of(answer: &FullAnswer, zone: Zone<'_>) -> Self {
        Self { read_at: zone.stamp(answer.read_at), answer: answer.text.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    #[test]
    fn a_large_answer_is_not_drawn() {
        let is_large = |length| FullAnswer::is_large(&" ".repeat(length));
        assert_eq!([is_large(LONGEST), is_large(LONGEST + 1)], [false, true]);
    }

    #[test]
    fn it_contains_no_token() {
        let text = r#"{"selfLink":"x/tokens/eyJraWQiOiI1ZjQ4.eyJpc3MiOiJCSUctSVEi.c2lnbmF0dXJl"}"#;
        let answer = FullAnswer::new(text, Timestamp(0));
        assert_eq!(answer.text(), r#"{"selfLink":"x/tokens/[token]"}"#);
    }

    #[rstest]
    #[case::members(r#" { "a" : 1 , "b":[2,{"c":3}],"d" :{ } } "#, &["a=1", r#"b=[2,{"c":3}]"#, "d={ }"])]
    #[case::items(r#"[1.0, -2e9, "x", null, []]"#, &["0=1.0", "1=-2e9", r#"2="x""#, "3=null", "4=[]"])]
    #[case::a_large_number(r#"{"n":12345678901234567890123}"#, &["n=12345678901234567890123"])]
    #[case::syntax_in_texts(r#"{"a,:{\"":"}]\\","b":"[\"x\","}"#, &[r#"a,:{"="}]\\""#, r#"b="[\"x\",""#])]
    #[case::an_escaped_name(r#"{"\u00e9\n":1}"#, &["é\n=1"])]
    #[case::the_same_name_twice(r#"{"a":1,"a":2}"#, &["a=1", "a=2"])]
    #[case::empty("{}", &[])]
    #[case::a_text("\"{\"", &[])]
    #[case::a_number("7", &[])]
    #[case::cut(r#"{"a":[1,"#, &[])]
    fn entries_are_as_they_are_written(#[case] json: &str, #[case] expected: &[&str]) {
        let entries = FullAnswer::entries(json);
        let shown: Vec<_> = entries.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, expected);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// The value, put together again from its entries.
    fn assembled(json: &str) -> Value {
        let entries = FullAnswer::entries(json);
        match json.trim().as_bytes().first() {
            Some(b'{') => {
                entries.into_iter().map(|(name, value)| (name, assembled(&value))).collect()
            }
            Some(b'[') => entries.into_iter().map(|(_, value)| assembled(&value)).collect(),
            Some(b'"') => Value::from(FullAnswer::string(json)),
            _ => serde_json::from_str(json).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn no_entry_is_lost_or_changed(value in json(), pretty: bool) {
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(assembled(&text), value);
        }

        #[test]
        fn any_text_is_read_to_its_end(text in r#"[\[\]{}:,"\\ a\PC]{0,60}"#) {
            for (_, value) in FullAnswer::entries(&text) {
                prop_assert!(text.contains(&value) && value.len() < text.len());
            }
        }
    }
}
