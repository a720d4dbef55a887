//! Changes to a JSON answer.

use serde_json::{Map, Value};

use super::kind::{Fault, MAX_ADDED_BYTES};

/// Changes an answer; faults that change no JSON do nothing.
pub(super) fn apply(fault: &Fault, body: &mut Value) {
    match fault {
        Fault::Oversized { bytes } => insert(body, "padding", "x".repeat(*bytes).into()),
        Fault::UnknownEnum => each_field(body, &mut |name, value| {
            if matches!(name, "status" | "result" | "currentStep" | "state") && value.is_string() {
                *value = "SOMETHING_NEW".into();
            }
        }),
        Fault::ExtraFields => each_object(body, &mut |map| {
            map.insert("somethingNew".to_owned(), serde_json::json!({"deep": [1, null, "x"]}));
        }),
        Fault::MissingField { name } => each_object(body, &mut |map| {
            map.shift_remove(name);
        }),
        Fault::NullField { name } => each_field(body, &mut |field, value| {
            if field == name {
                *value = Value::Null;
            }
        }),
        Fault::HugeString { name, bytes } => {
            let mut left = MAX_ADDED_BYTES;
            each_field(body, &mut |field, value| {
                if field == name && *bytes <= left {
                    *value = "x".repeat(*bytes).into();
                    left -= bytes;
                }
            });
        }
        Fault::WrongTotal { value } => insert(body, "totalItems", (*value).into()),
        Fault::DuplicateIds => {
            if let Some(Value::Array(items)) = body.get_mut("items") {
                *items = items.drain(..).flat_map(|item| [item.clone(), item]).collect();
            }
        }
        Fault::OddIds => each_field(body, &mut |name, value| {
            if matches!(name, "id" | "uuid" | "machineId")
                && let Value::String(id) = value
            {
                let start: String = id.chars().take(8).collect();
                *id = format!("{start}/../\"<ü>' ?#%");
            }
        }),
        Fault::Edit { set, remove } => {
            for (pointer, value) in set {
                set_at(body, pointer, value.clone());
            }
            for pointer in remove {
                remove_at(body, pointer);
            }
        }
        Fault::StatusRegress => each_task(body, &mut |task| {
            set(task, "status", "STARTED");
            set(task, "currentStep", "RESOLVE_DEVICES");
            remove(task, &["result", "endDateTime", "errorMessage", "resultDetails"]);
        }),
        Fault::CancelRequested => each_task(body, &mut |task| {
            set(task, "status", "CANCEL_REQUESTED");
            remove(task, &["result", "endDateTime", "errorMessage", "resultDetails"]);
        }),
        Fault::FinishedWithoutResult => each_task(body, &mut |task| {
            set(task, "status", "FINISHED");
            remove(task, &["result", "errorMessage"]);
        }),
        _ => {}
    }
}

/// Writes JSON with every whole number as a float.
pub(super) fn with_floats(body: &Value) -> String {
    match body {
        Value::Number(number) if number.is_i64() || number.is_u64() => format!("{number}.0"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(with_floats).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(map) => {
            let field = |(name, value): (&String, &Value)| {
                format!("{}:{}", Value::from(name.as_str()), with_floats(value))
            };
            let fields: Vec<String> = map.iter().map(field).collect();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}

fn insert(body: &mut Value, name: &str, value: Value) {
    if let Value::Object(map) = body {
        map.insert(name.to_owned(), value);
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(map) => {
            map.values_mut().for_each(|field| each_object(field, change));
            change(map);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn each_field(body: &mut Value, change: &mut impl FnMut(&str, &mut Value)) {
    each_object(body, &mut |map| {
        map.iter_mut().for_each(|(name, value)| change(name, value));
    });
}

/// Changes the answer itself, or the items of a list.
fn each_task(body: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match body {
        Value::Object(map) if map.contains_key("items") => {
            if let Some(Value::Array(items)) = map.get_mut("items") {
                items.iter_mut().for_each(|item| each_task(item, change));
            }
        }
        Value::Object(map) => change(map),
        _ => {}
    }
}

/// Changes a field only if it is present, so that `$select` still holds.
fn set(task: &mut Map<String, Value>, name: &str, value: &str) {
    if let Some(field) = task.get_mut(name) {
        *field = value.into();
    }
}

fn remove(task: &mut Map<String, Value>, names: &[&str]) {
    task.retain(|name, _| !names.contains(&name.as_str()));
}

fn set_at(body: &mut Value, pointer: &str, new: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    match body.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.insert(unescape(name), new);
        }
        Some(Value::Array(items)) => {
            if let Some(item) = name.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *item = new;
            }
        }
        _ => {}
    }
}

fn remove_at(body: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if let Some(Value::Object(map)) = body.pointer_mut(parent) {
        map.shift_remove(&unescape(name));
    }
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(r#"{"kind":"unknown-enum"}"#, json!({"items": [{"id": "a", "status": "SOMETHING_NEW"}], "totalItems": 1}))]
    #[case(r#"{"kind":"missing-field","name":"id"}"#, json!({"items": [{"status": "FINISHED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"null-field","name":"id"}"#, json!({"items": [{"id": null, "status": "FINISHED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"huge-string","name":"id","bytes":3}"#, json!({"items": [{"id": "xxx", "status": "FINISHED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"wrong-total","value":-1}"#, json!({"items": [{"id": "a", "status": "FINISHED"}], "totalItems": -1}))]
    #[case(r#"{"kind":"duplicate-ids"}"#, json!({"items": [{"id": "a", "status": "FINISHED"}, {"id": "a", "status": "FINISHED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"odd-ids"}"#, json!({"items": [{"id": "a/../\"<ü>' ?#%", "status": "FINISHED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"status-regress"}"#, json!({"items": [{"id": "a", "status": "STARTED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"cancel-requested"}"#, json!({"items": [{"id": "a", "status": "CANCEL_REQUESTED"}], "totalItems": 1}))]
    #[case(r#"{"kind":"oversized","bytes":2}"#, json!({"items": [{"id": "a", "status": "FINISHED"}], "totalItems": 1, "padding": "xx"}))]
    #[case(r#"{"kind":"edit","set":{"/items/0/id":7,"/a~1b":1},"remove":["/totalItems","/no/such"]}"#, json!({"items": [{"id": 7, "status": "FINISHED"}], "a/b": 1}))]
    #[case(r#"{"kind":"truncate"}"#, json!({"items": [{"id": "a", "status": "FINISHED"}], "totalItems": 1}))]
    fn each_fault_changes_the_json(#[case] fault: &str, #[case] expected: Value) {
        let mut body = json!({"items": [{"id": "a", "status": "FINISHED"}], "totalItems": 1});
        apply(&serde_json::from_str(fault).unwrap(), &mut body);
        assert_eq!(body, expected);
    }

    #[test]
    fn finished_without_result_removes_the_result() {
        let mut body = json!({"status": "FINISHED", "result": "COMPLETE", "x": 1});
        apply(&Fault::FinishedWithoutResult, &mut body);
        assert_eq!(body, json!({"status": "FINISHED", "x": 1}));
    }

    #[test]
    fn whole_numbers_become_floats() {
        let body = json!({"a": [7, -1, 1.5, "2", null, true], "b\"": 0});
        assert_eq!(with_floats(&body), r#"{"a":[7.0,-1.0,1.5,"2",null,true],"b\"":0.0}"#);
    }
}
