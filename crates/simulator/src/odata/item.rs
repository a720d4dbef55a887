//! What a query needs to know of an item, whether the item is built already or not.

use serde_json::{Map, Value};

/// An item of a collection that a query looks into.
pub(crate) trait Queryable {
    /// The value at a `/` path.
    fn field(&self, path: &str) -> Option<Value>;

    /// Looks at several fields; what is costly to build is built once.
    fn with_fields<R>(&self, at: impl FnOnce(&dyn Fn(&str) -> Option<Value>) -> R) -> R {
        at(&|path| self.field(path))
    }
}

impl Queryable for Map<String, Value> {
    fn field(&self, path: &str) -> Option<Value> {
        at_path(self, path).cloned()
    }
}

/// The value at a `/` path inside an object. Property names may themselves hold a `/` nowhere, but
/// may hold `:` and `-`.
pub(crate) fn at_path<'a>(item: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut segments = path.split('/');
    let mut value = item.get(segments.next()?)?;
    for segment in segments {
        value = value.get(segment)?;
    }
    Some(value)
}

/// A scalar as it is compared: strings as they are, everything else as JSON writes it.
pub(super) fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
