//! How a collection answers: whether it is there, how it is paged, and the shape of its items.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a list of devices answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceList {
    /// `properties` holds the fields of the Access group only (captured from device groups).
    Flat,
    /// `properties` holds an object for each group, as the specification prints its device.
    Nested,
    /// Nobody may read it: the "not permitted" answer.
    Refused,
    /// It does not exist: 404.
    Absent,
}

/// How a collection is paged. In JSON, fields that are left out have the value of a collection that keeps every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PageRules {
    /// The most items in one answer, whatever `$top` says; 0 for no limit.
    pub limit: usize,
    /// Whether paged answers leave out `totalItems` and the other paging fields.
    pub without_totals: bool,
    /// Whether the order differs from page to page. A query with `$orderby` keeps its order.
    pub unstable: bool,
    /// Query options that have no effect: `$skip`, `$filter`, ….
    pub ignored: Vec<String>,
}

/// An item that a list of devices gets wrong, for one device each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrokenItem {
    /// `properties` of `green.example.test` is a text.
    TextProperties,
    /// `slow.example.test` has no id and no `selfLink`.
    NoId,
    /// `red-a.example.test` is listed twice.
    Duplicate,
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Flag,
    /// A whole number
    Whole,
    /// A number with a decimal point
    Fraction,
    /// A string
    Text,
    /// A list
    List,
    /// An object
    Object,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Flag,
            Value::Number(number) if number.is_f64() => Self::Fraction,
            Value::Number(_) => Self::Whole,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    /// The value as this kind; where that loses it, an empty one.
    fn cast(self, value: &Value) -> Value {
        match (self, value) {
            (Self::Fraction, Value::Number(number)) => number.as_f64().into(),
            (Self::Text, Value::Number(_) | Value::Bool(_)) => value.to_string().into(),
            (Self::Null, _) => Value::Null,
            (Self::Flag, _) => false.into(),
            (Self::Whole, _) => 0.into(),
            (Self::Fraction, _) => 0.5.into(),
            (Self::Text, _) => "".into(),
            (Self::List, _) => Value::Array(Vec::new()),
            (Self::Object, _) => Map::new().into(),
        }
    }
}

/// Fields by their `/` path, with the kinds that their values have; empty for no rule. `<key>` stands for every name that is not
/// listed beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, Vec<Kind>>);

impl Fields {
    /// The item with only these fields, of these kinds.
    pub(crate) fn keep(&self, mut item: Map<String, Value>) -> Map<String, Value> {
        if !self.0.is_empty() {
            self.keep_in(&mut item, "");
        }
        item
    }

    fn keep_in(&self, object: &mut Map<String, Value>, parent: &str) {
        object.retain(|name, value| {
            let (own, any) = (format!("{parent}{name}"), format!("{parent}<key>"));
            let listed = self.0.get_key_value(&own).or_else(|| self.0.get_key_value(&any));
            let Some((path, kinds)) = listed else { return false };
            match kinds.first() {
                Some(first) if !kinds.contains(&Kind::of(value)) => *value = first.cast(value),
                _ => {}
            }
            let below = format!("{path}/");
            if let Value::Object(inner) = value
                && self.0.keys().any(|other| other.starts_with(&below))
            {
                self.keep_in(inner, &below);
            }
            true
        });
    }
}

/// The only fields of the items of each collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ItemFields {
    /// Of the Access list.
    pub access: Fields,
    /// Of the machineid-resolver.
    pub resolver: Fields,
    /// Of the kill tasks.
    pub tasks: Fields,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keeps_only_the_listed_fields_of_the_listed_kinds() {
        let fields = json!({
            "id": ["text"], "n": ["fraction"], "flag": ["null", "text"], "list": ["text"],
            "properties": ["object"], "properties/known": ["text"], "properties/<key>": ["object"],
            "properties/<key>/imported": ["flag"], "free": ["object"],
        });
        let fields: Fields = serde_json::from_value(fields).unwrap();
        let item = json!({
            "id": 7, "n": 7, "flag": "a", "list": [1], "other": 1, "free": {"a": 1},
            "properties": {"known": "x", "Group": {"imported": true, "discovered": true}},
        });
        let kept = fields.keep(item.as_object().unwrap().clone());
        let expected = json!({
            "id": "7", "n": 7.0, "flag": "a", "list": "", "free": {"a": 1},
            "properties": {"known": "x", "Group": {"imported": true}},
        });
        assert_eq!(Value::from(kept), expected);
        let item = item.as_object().unwrap();
        assert_eq!(Fields::default().keep(item.clone()), *item);
    }
}
