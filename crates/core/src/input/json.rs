//! JSON as a list of objects with texts: access-info of a BIG-IP, exports, and kill requests.

use super::lines::linked;
use serde_json::Value;

/// The longest JSON that is read, in bytes: more would block the page.
const LONGEST: usize = 4 << 20;

/// The members of an object that are texts, with their names. The name of an item of a list is that of the list.
pub(crate) type Members = Vec<(String, String)>;

/// The objects of JSON, or of JSON lines. `None` if it can't be read.
pub(crate) fn objects(text: &str) -> Option<Vec<Members>> {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    let mut found = Vec::new();
    if text.len() > LONGEST {
        return None;
    }
    if let Some(value) = value(text) {
        object(&value, &mut found);
        return Some(found);
    }
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        object(&value(line)?, &mut found);
    }
    Some(found)
}

/// Adds an object, and the objects in it.
fn object(value: &Value, found: &mut Vec<Members>) {
    let mut members = Vec::new();
    gather("", value, &mut members, found);
    if !members.is_empty() {
        found.push(members);
    }
}

fn gather(name: &str, value: &Value, members: &mut Members, found: &mut Vec<Members>) {
    match value {
        Value::String(text) => members.push((name.to_owned(), text.clone())),
        Value::Number(number) => members.push((name.to_owned(), number.to_string())),
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::Object(_) => object(item, found),
                    _ => gather(name, item, members, found),
                }
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    // BIG-IP writes a text as `{"description": "…"}`, BIG-IQ a reference as `{"link": "…"}`.
                    _ if matches!(key.as_str(), "description" | "link") => {
                        gather(name, value, members, found);
                    }
                    // access-info names an object by its link.
                    _ if linked(key).is_some() => {
                        let mut of_link = vec![("link".to_owned(), key.clone())];
                        gather("", value, &mut of_link, found);
                        found.push(of_link);
                    }
                    _ => gather(key, value, members, found),
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}
