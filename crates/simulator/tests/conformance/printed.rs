//! What the specification prints, and how it is read: some of its samples are no JSON.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/specification")
}

/// A sample's text, verbatim.
pub(crate) fn text(name: &str) -> String {
    let path = folder().join(format!("{name}.txt"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A request as printed: method, path with query, body.
pub(crate) fn request(name: &str) -> (String, String, String) {
    let text = text(name);
    let (line, body) = text.split_once('\n').unwrap();
    let (method, url) = line.split_once(':').unwrap();
    let target = url.trim().strip_prefix("https://<mgmtip>").unwrap();
    (method.to_owned(), target.to_owned(), body.to_owned())
}

/// A response as printed. Two of the samples' mistakes are read as the appliance's own reader would: a comma at the end of
/// a list leaves a `null`, and a comma that is missing after a list is put there.
pub(crate) fn response(name: &str) -> Value {
    parse(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Part of an object, broken off somewhere: what is open is closed.
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

/// Holds an answer against a printed one: the same keys, and the same values but for those named `free`, which need only be
/// of the same kind.
pub(crate) fn assert_as_printed(got: &Value, printed: &Value, free: &[&str]) {
    let (got, printed) = (object(got), object(printed));
    let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(got), keys(printed));
    for (name, value) in printed {
        let found = &got[name];
        if free.contains(&name.as_str()) {
            assert_eq!(kind(found), kind(value), "{name}: {found}");
        } else {
            assert_eq!(found, value, "{name}");
        }
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}"))
}

/// The type of a value; of a text also how it is built, so that a date stays a date.
fn kind(value: &Value) -> String {
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

/// Whether every value of `part` is in `whole`, the members of a list in any order.
pub(crate) fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(name, value)| whole.get(name).is_some_and(|found| holds(found, value))),
        (Value::Array(whole), Value::Array(part)) => {
            part.iter().all(|member| whole.contains(member))
        }
        (whole, part) => whole == part,
    }
}

/// The keys of an object, in the order in which they stand.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    object(value).keys().map(String::as_str).collect()
}

/// A sample that no test reads would look as if it were kept.
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
        assert!(tests.contains(&read), "{name} is not read");
        samples += 1;
    }
    assert_eq!(samples, 39);
}
