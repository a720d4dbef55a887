//! A number in a record, with how certain it is.

use crate::count::Count;
use serde::Serialize;

/// A number and how certain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRecord {
    /// `exactly`, `at-least` or `unknown`.
    pub certainty: &'static str,
    /// How many are known.
    pub known: usize,
}

impl CountRecord {
    pub(crate) fn of(count: Count) -> Self {
        let certainty = match count {
            Count::Exactly(_) => "exactly",
            Count::AtLeast(_) => "at-least",
            Count::Unknown => "unknown",
        };
        Self { certainty, known: count.found() }
    }

    /// In one cell: `at-least 5`.
    pub(crate) fn to_text(self) -> String {
        match self.certainty {
            "unknown" => self.certainty.to_owned(),
            certainty => format!("{certainty} {}", self.known),
        }
    }
}
