//! A time with its zone, as evidence needs it. It must not know which zone it is in: whoever has a browser says so.

use crate::timestamp::Timestamp;
use serde::{Serialize, Serializer};

/// A zone: its name, and how many minutes it is ahead of UTC at a time.
#[derive(Clone, Copy)]
pub struct Zone<'a> {
    /// As the browser names it, for instance `Europe/Berlin`.
    pub name: &'a str,
    /// Minutes ahead of UTC; negative to the west.
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

/// A time and its RFC 3339 form, with milliseconds and the zone's offset. In JSON it is the latter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The time.
    pub at: Timestamp,
    /// As `2026-11-23T03:12:07.120+01:00`.
    pub text: String,
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
