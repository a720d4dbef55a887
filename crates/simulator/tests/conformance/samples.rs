//! The specification's samples. Some of them are not valid JSON.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/specification")
}

/// The text of a sample, verbatim.
pub(crate) fn text(name: &str) -> String {
    let path = folder().join(format!("{name}.txt"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A request that the specification prints.
pub(crate) struct SampleRequest {
    /// HTTP method.
    pub(crate) method: String,
    /// Path with query.
    pub(crate) target: String,
    /// Body.
    pub(crate) body: String,
}

/// A sample request.
pub(crate) fn request(name: &str) -> SampleRequest {
    let text = text(name);
    let (line, body) = text.split_once('\n').unwrap();
    let (method, url) = line.split_once(':').unwrap();
    let target = url.trim().strip_prefix("https://<mgmtip>").unwrap();
    SampleRequest { method: method.to_owned(), target: target.to_owned(), body: body.to_owned() }
}

/// A sample response. Two mistakes in the samples are corrected as the appliance's reader would: a
/// trailing comma in a list becomes a `null`, and a missing comma after a list is inserted.
pub(crate) fn response(name: &str) -> Value {
    parse(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A fragment of an object, with the missing brackets added.
pub(crate) fn part(name: &str) -> Value {
    let text = text(name);
    let whole = if text.starts_with('{') { text } else { format!("{{{text}") };
    let open = |bracket: char| whole.matches(bracket).count();
    let missing = open('{') - open('}');
    parse(&format!("{whole}{}", "}".repeat(missing))).unwrap()
}

fn parse(text: &str) -> serde_json::Result<Value> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for at in 1..lines.len() {
        let (before, line) = (lines[at - 1].trim_end().to_owned(), lines[at].trim().to_owned());
        if before.ends_with(',') && line.starts_with(']') {
            lines[at - 1] = format!("{before}null");
        }
        if before.ends_with(']') && line.starts_with('"') {
            lines[at - 1] = format!("{before},");
        }
    }
    serde_json::from_str(&lines.join("\n"))
}

/// Compares an answer with a sample: the keys must be equal, and also the values, except for those
/// in `free`, which only need the same format.
pub(crate) fn assert_matches_sample(got: &Value, sample: &Value, free: &[&str]) {
    let (got, sample) = (object(got), object(sample));
    let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(got), keys(sample));
    for (name, value) in sample {
        let actual = &got[name];
        if free.contains(&name.as_str()) {
            assert_eq!(format_of(actual), format_of(value), "{name}: {actual}");
        } else {
            assert_eq!(actual, value, "{name}");
        }
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}"))
}

/// The format of a value: its type, and for strings the pattern of digits, so that a date stays a
/// date.
fn format_of(value: &Value) -> String {
    match value {
        Value::String(text) => text
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect::<String>()
            .replace(|c: char| c.is_ascii_hexdigit(), "0"),
        Value::Number(_) => "number".to_owned(),
        other => other.to_string(),
    }
}

/// Whether `whole` contains every value of `part`; list members in any order.
pub(crate) fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(name, value)| whole.get(name).is_some_and(|found| contains(found, value))),
        (Value::Array(whole), Value::Array(part)) => {
            part.iter().all(|member| whole.contains(member))
        }
        (whole, part) => whole == part,
    }
}

/// The keys of an object, in order.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    object(value).keys().map(String::as_str).collect()
}

/// A sample without a test would look as if it were checked.
#[test]
fn every_sample_is_read() {
    let tests = [
        include_str!("errors.rs"),
        include_str!("section_1.rs"),
        include_str!("section_2.rs"),
        include_str!("section_3.rs"),
    ]
    .concat();
    let mut samples = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".txt").unwrap();
        let section = name.split('-').next().unwrap();
        let is_kill = section.starts_with("2.");
        let read = format!("\"{}\"", if is_kill { section } else { name });
        assert!(tests.contains(&read), "no test reads {name}");
        samples += 1;
    }
    assert_eq!(samples, 39);
}
