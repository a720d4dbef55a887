//! Decodes JSON texts to wire types. An error names the place in the JSON.

use crate::json_path::{offset, place};
use serde::Deserialize;

/// How many characters of the answer a [`DecodeError`] quotes.
const EXCERPT: usize = 160;

/// An answer that does not have the expected shape: another version, a proxy's page, a truncated body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at {path}")]
pub struct DecodeError {
    /// Place in the JSON, such as `items[3].properties`.
    pub path: String,
    /// The decoder's message.
    pub reason: String,
    /// The start of the text.
    pub excerpt: String,
    /// Whether the text looks like an HTML page, which web servers and proxies send.
    pub html: bool,
}

impl DecodeError {
    /// An answer that is not UTF-8.
    pub fn no_text(bytes: &[u8]) -> Self {
        let shown = String::from_utf8_lossy(bytes.get(..4 * EXCERPT).unwrap_or(bytes));
        Self::new(&shown, ".".to_owned(), "no UTF-8")
    }

    /// An answer that decodes but lacks a required field.
    pub fn missing(field: &str) -> Self {
        Self::new("", field.to_owned(), "missing field")
    }

    fn new(text: &str, path: String, reason: &str) -> Self {
        let html = text.trim_start().get(..1) == Some("<");
        // The decoder quotes the wrong value in full, and the reason is shown on screen.
        Self { path, reason: excerpt(reason), excerpt: excerpt(text), html }
    }
}

/// The first characters of a text, on one line.
pub fn excerpt(text: &str) -> String {
    let mut out: String =
        text.chars().take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(EXCERPT).is_some() {
        out.push('…');
    }
    out
}

/// Decodes an answer. Values that nest deeper than 128 levels (`serde_json`'s limit) are an error if they are read; if not,
/// they are skipped without recursion.
///
/// # Errors
/// [`DecodeError`] with the path of the first value that does not fit.
///
/// ```
/// use bigiq::{KillTask, Status};
///
/// let task: KillTask = bigiq::decode(r#"{"id": "7c", "status": "STARTED"}"#)?;
/// assert_eq!(task.status, Some(Status::Started));
///
/// let error = bigiq::decode::<KillTask>("<html>Bad gateway</html>").err();
/// assert!(error.is_some_and(|error| error.html));
/// # Ok::<(), bigiq::DecodeError>(())
/// ```
pub fn decode<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|error| refusal(text, &error))
}

/// Separate from [`decode`], which is compiled for every type.
fn refusal(text: &str, error: &serde_json::Error) -> DecodeError {
    let path = place(text, offset(text, error.line(), error.column()));
    DecodeError::new(text, path, &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_bounded() {
        #[derive(Debug, serde::Deserialize)]
        struct Nested {
            #[serde(default)]
            read: Option<Box<Self>>,
        }
        let deep = |field: &str, depth: usize| {
            format!("{}null{}", format!(r#"{{"{field}":"#).repeat(depth), "}".repeat(depth))
        };
        let read = decode::<Nested>(&deep("read", 100)).unwrap();
        assert!(read.read.is_some());
        let error = decode::<Nested>(&deep("read", 200)).unwrap_err();
        assert!(error.reason.starts_with("recursion limit"), "{error}");
        assert!(decode::<Nested>(&deep("passed-over", 1_000_000)).unwrap().read.is_none());
    }

    #[test]
    fn names_the_place() {
        #[derive(Debug, serde::Deserialize)]
        struct Page {
            #[expect(dead_code, reason = "only decoded")]
            items: Vec<u8>,
        }
        let error = decode::<Page>(r#"{"items":[1,"x"]}"#).unwrap_err();
        assert_eq!(error.path, "items[1]");
        assert!(!error.html);
        assert!(decode::<Page>("<html>401</html>").unwrap_err().html);
        assert!(decode::<Page>(r#"{"items":[1]} tail"#).is_err());
        assert!(decode::<Page>("").is_err());
        let huge =
            decode::<Page>(&format!(r#"{{"items":"{}"}}"#, "x".repeat(100_000))).unwrap_err();
        assert!(huge.reason.starts_with("invalid type") && huge.reason.chars().count() <= 161);
        let no_text = DecodeError::no_text(b"{\"\xc3\x28\xff\": 1}");
        assert_eq!((no_text.path.as_str(), no_text.reason.as_str()), (".", "no UTF-8"));
    }
}
