//! The shape of an answer without its contents: which fields, of which types. For reports about versions that nobody
//! here has seen. It must not let a value out but the number of a software version, nor a key that names a person or a
//! device.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Nested deeper than this is not described.
const DEEPEST: usize = 6;
/// Fields of one object that are described.
const MOST_FIELDS: usize = 60;

/// Describes an answer: `{items: 2 [{machineId: text, version: 15.1.0}], generation: whole}`. Elements of a list, which is
/// counted, and values under keys that are data are described once each.
pub fn redacted_shape(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(value) => describe(&value, 0, false),
        Err(_) if text.trim_start().starts_with('<') => "page".to_owned(),
        Err(_) if text.trim().is_empty() => "nothing".to_owned(),
        Err(_) => "no JSON".to_owned(),
    }
}

/// `grouped`: what stands in it is a device's `properties`, each of whose objects stands under a group's name.
fn describe(value: &Value, depth: usize, grouped: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "flag".to_owned(),
        Value::Number(number) if number.is_f64() => "fraction".to_owned(),
        Value::Number(_) => "whole".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => "…".to_owned(),
        Value::Array(elements) => {
            let shapes: BTreeSet<String> =
                elements.iter().map(|e| describe(e, depth + 1, false)).collect();
            let shapes: Vec<String> = shapes.into_iter().take(4).collect();
            format!("{} [{}]", elements.len(), shapes.join(" | "))
        }
        Value::Object(fields) => {
            let mut shapes: Vec<String> = Vec::new();
            // In one order, whichever map serde_json is built with.
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            for (key, value) in fields {
                let told = match value.as_str().filter(|text| key == "version" && is_version(text))
                {
                    Some(version) => version.to_owned(),
                    None => describe(value, depth + 1, key == "properties"),
                };
                // BIG-IQ's own groups begin so; all others are somebody's access groups (captured).
                let named = grouped && value.is_object() && !key.starts_with("cm-");
                let shape = format!("{}: {told}", if named { "<key>" } else { shown(key) });
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

/// Whether a text is the number of a software version: two or three figures, for four may be an address.
fn is_version(text: &str) -> bool {
    let figures = text.split('.').count();
    (2..=3).contains(&figures)
        && text.len() <= 12
        && text
            .split('.')
            .all(|figure| !figure.is_empty() && figure.bytes().all(|b| b.is_ascii_digit()))
}

/// How many members the list `items` of an answer has, where it has one.
pub fn items(text: &str) -> Option<usize> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("items")?.as_array().map(Vec::len)
}

/// A key, or `<key>` where it is data: a link, a group's or cluster's name, an id.
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
