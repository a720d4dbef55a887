//! The interface through which a query reads an item, and access to nested fields.

use serde_json::{Map, Value};

/// An item that can be filtered and sorted.
pub(crate) trait Queryable {
    /// The value at a `/` path.
    fn field(&self, path: &str) -> Option<Value>;

    /// Reads several fields; an implementation can build an expensive item only once for all of
    /// them.
    fn with_fields<R>(&self, read: impl FnOnce(&dyn Fn(&str) -> Option<Value>) -> R) -> R {
        read(&|path| self.field(path))
    }
}

impl Queryable for Map<String, Value> {
    fn field(&self, path: &str) -> Option<Value> {
        at_path(self, path).cloned()
    }
}

/// The value at a `/` path inside an object. Field names never contain a `/`, but may contain `:`
/// and `-`.
pub(crate) fn at_path<'a>(item: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut segments = path.split('/');
    let mut value = item.get(segments.next()?)?;
    for segment in segments {
        value = value.get(segment)?;
    }
    Some(value)
}

/// A scalar as text for comparisons: strings as they are, everything else as JSON.
pub(super) fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
