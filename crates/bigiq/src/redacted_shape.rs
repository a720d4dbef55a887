//! The shape of an answer without its contents: the fields and their types. For reports about versions that have not been
//! seen yet. It must not let a value through, except software version numbers, nor a key that names a person or a device.

use serde_json::Value;

/// The deepest level that is described.
const DEEPEST: usize = 6;
/// The most fields of an object that are described.
const MOST_FIELDS: usize = 60;

/// Describes an answer: `{items: 2 [{machineId: text, version: 15.1.0}], generation: whole}`. A list is described by its
/// length and its different elements; keys that are data are replaced by a placeholder.
pub fn redacted_shape(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(value) => describe(&value, 0, false),
        Err(_) if text.trim_start().starts_with('<') => "page".to_owned(),
        Err(_) if text.trim().is_empty() => "nothing".to_owned(),
        Err(_) => "no JSON".to_owned(),
    }
}

/// `grouped`: the value is a device's `properties`, whose keys are group names.
fn describe(value: &Value, depth: usize, grouped: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "flag".to_owned(),
        Value::Number(number) if number.is_f64() => "fraction".to_owned(),
        Value::Number(_) => "whole".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => "…".to_owned(),
        Value::Array(elements) => {
            let mut shapes: Vec<String> = Vec::new();
            for element in elements {
                let shape = describe(element, depth + 1, false);
                if let Err(place) = shapes.binary_search(&shape) {
                    shapes.insert(place, shape);
                }
            }
            shapes.truncate(4);
            format!("{} [{}]", elements.len(), shapes.join(" | "))
        }
        Value::Object(fields) => {
            let mut shapes: Vec<String> = Vec::new();
            // The order must not depend on serde_json's map type.
            let mut sorted: Vec<(&String, &Value)> = Vec::with_capacity(fields.len());
            for (key, value) in fields {
                let place = sorted.partition_point(|(other, _)| *other < key);
                sorted.insert(place, (key, value));
            }
            for (key, value) in sorted {
                // guard: version-text
                let described =
                    match value.as_str().filter(|text| key == "version" && is_version(text)) {
                        Some(version) => version.to_owned(),
                        None => describe(value, depth + 1, key == "properties"),
                    };
                // BIG-IQ's own groups start with this; all others are access groups with names given by people (captured).
                let named = grouped && value.is_object() && !key.starts_with("cm-");
                let shape = format!("{}: {described}", if named { "<key>" } else { shown(key) });
                if !shapes.contains(&shape) {
                    shapes.push(shape);
                }
            }
            let more = shapes.len().saturating_sub(MOST_FIELDS);
            shapes.truncate(MOST_FIELDS);
            if more > 0 {
                shapes.push(format!("… {more} more"));
            }
            format!("{{{}}}", shapes.join(", "))
        }
    }
}

/// Whether a text is a software version: two or three numbers. Four may be an IP address.
fn is_version(text: &str) -> bool {
    let figures = text.split('.').count();
    (2..=3).contains(&figures)
        && text.len() <= 12
        && text
            .split('.')
            .all(|figure| !figure.is_empty() && figure.bytes().all(|b| b.is_ascii_digit()))
}

/// How many members an answer's list `items` has. `None` if there is no such list.
pub fn items(text: &str) -> Option<usize> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("items")?.as_array().map(Vec::len)
}

/// A key, or `<key>` if it is data: a link, a group's or cluster's name, an id.
fn shown(key: &str) -> &str {
    let is_field = key.len() <= 48
        && key.bytes().all(|b| b.is_ascii_alphabetic() || b"_:.-".contains(&b))
        && (key.starts_with(|c: char| c.is_ascii_lowercase()))
        && !key.starts_with("cm-bigip-cluster_");
    if is_field { key } else { "<key>" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "nothing")]
    #[case("<html>", "page")]
    #[case("{", "no JSON")]
    #[case(
        r#"{"items":[{"machineId":"a","n":7.0},{"machineId":"b","n":7.0}],"generation":4}"#,
        "{generation: whole, items: 2 [{machineId: text, n: fraction}]}"
    )]
    #[case(
        r#"{"version":"15.1.0","a":{"version":"192.0.2.1"},"b":{"version":"east"},"name":"1.2.3"}"#,
        "{a: {version: text}, b: {version: text}, name: text, version: 15.1.0}"
    )]
    #[case(
        r#"{"entries":{"https://localhost/mgmt/x/1":{"v":1},"https://localhost/mgmt/x/2":{"v":1}}}"#,
        "{entries: {<key>: {v: whole}}}"
    )]
    #[case(
        r#"{"properties":{"TestGroup":{"imported":true}}}"#,
        "{properties: {<key>: {imported: flag}}}"
    )]
    #[case(
        r#"{"properties":{"sales-group":{"imported":true},"cm-access-allBigIpDevices":{"n":1},"modules":[]}}"#,
        "{properties: {cm-access-allBigIpDevices: {n: whole}, modules: 0 [], <key>: {imported: flag}}}"
    )]
    fn shapes(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(redacted_shape(text), expected);
    }

    #[test]
    fn members() {
        assert_eq!(items(r#"{"items":[1,2]}"#), Some(2));
        assert_eq!((items("{}"), items(r#"{"items":{}}"#), items("<html>")), (None, None, None));
    }

    proptest! {
        #[test]
        fn no_value_gets_out(secret in "[A-Z]{6,12}", deep in 0_usize..9) {
            let mut text = format!("\"{secret}\"");
            for _ in 0..deep {
                text = format!("{{\"a\":[{text}],\"{secret}\":1}}");
            }
            prop_assert!(!redacted_shape(&text).contains(&secret));
        }
    }
}
