//! Writes a collection item by item.

use serde_json::{Map, Value};

/// The JSON of a collection. Items are written one at a time, so that a large inventory is never
/// held as values.
pub(crate) fn with_items(
    head: Map<String, Value>,
    items: impl Iterator<Item = String>,
    tail: Map<String, Value>,
) -> String {
    let mut out = Value::from(head).to_string();
    out.pop();
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str("\"items\":[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&item);
    }
    out.push(']');
    let tail = Value::from(tail).to_string();
    let tail = tail.trim_start_matches('{');
    if tail != "}" {
        out.push(',');
    }
    out.push_str(tail);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_collection_is_valid_json_with_and_without_other_fields() {
        let object = |value: Value| value.as_object().unwrap().clone();
        for (head, tail) in [(json!({}), json!({})), (json!({"a": 1}), json!({"b": 2}))] {
            for count in 0..3 {
                let items = (0..count).map(|n| n.to_string());
                let text = with_items(object(head.clone()), items, object(tail.clone()));
                let parsed: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(parsed["items"].as_array().unwrap().len(), count);
            }
        }
    }
}
