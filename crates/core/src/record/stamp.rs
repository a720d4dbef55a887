//! Times with a time zone, for records. The browser supplies the zone.

use crate::timestamp::Timestamp;
use serde::{Serialize, Serializer};

/// A time zone.
#[derive(Clone, Copy)]
pub struct Zone<'a> {
    /// Name, as the browser reports it, for example `Europe/Berlin`.
    pub name: &'a str,
    /// Minutes ahead of UTC at a time. Negative in the west.
    pub offset: &'a dyn Fn(Timestamp) -> i32,
}

impl std::fmt::Debug for Zone<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Zone<'_> {
    pub(super) fn stamp(&self, at: Timestamp) -> Stamp {
        Stamp { at, text: at.to_rfc3339((self.offset)(at)) }
    }
}

/// A time and its RFC 3339 text, with milliseconds and the zone's offset. JSON contains only the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The time.
    pub at: Timestamp,
    /// Text such as `2026-11-23T03:12:07.120+01:00`.
    pub text: String,
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
