//! How a language writes numbers, times, plurals and lists. In the browser it is the browser's own `Intl`.

use std::fmt::Debug;
use std::time::Duration;
use timestamp::Timestamp;

/// Which of a language's plural forms a count needs (CLDR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// As for 0 in Arabic.
    Zero,
    /// As for 1 in English and German.
    One,
    /// As for 2 in Welsh.
    Two,
    /// As for 3 in Polish.
    Few,
    /// As for 5 in Polish.
    Many,
    /// Everything else; every language has this form.
    Other,
}

/// A language with its conventions.
pub trait Locale: Debug {
    /// The BCP 47 tag.
    fn tag(&self) -> &str;
    /// A whole number with separators.
    fn integer(&self, value: u64) -> String;
    /// A duration in international units: `84 ms`, `2 min 5 s`.
    fn duration(&self, duration: Duration) -> String;
    /// Date and time of day with seconds and zone, in local time.
    fn exact(&self, at: Timestamp) -> String;
    /// The local time of day to the millisecond.
    fn time_of_day(&self, at: Timestamp) -> String;
    /// Whether it is the current local day.
    fn is_today(&self, at: Timestamp) -> bool;
    /// How long ago, or how soon, in one unit.
    fn relative(&self, at: Timestamp, now: Timestamp) -> String;
    /// The plural form of a count.
    fn plural(&self, count: u64) -> Plural;
    /// All of these, as in "a, b and c".
    fn list(&self, items: &[String]) -> String;
}

/// English without a browser: for tests and for the moment before a locale is set.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl Locale for Plain {
    fn tag(&self) -> &str {
        "en"
    }

    fn integer(&self, value: u64) -> String {
        value.to_string()
    }

    fn duration(&self, duration: Duration) -> String {
        format!("{} ms", duration.as_millis())
    }

    fn exact(&self, at: Timestamp) -> String {
        at.0.to_string()
    }

    fn time_of_day(&self, at: Timestamp) -> String {
        at.0.to_string()
    }

    fn is_today(&self, _: Timestamp) -> bool {
        true
    }

    fn relative(&self, at: Timestamp, now: Timestamp) -> String {
        format!("{} ms ago", now.since(at).as_millis())
    }

    fn plural(&self, count: u64) -> Plural {
        if count == 1 { Plural::One } else { Plural::Other }
    }

    fn list(&self, items: &[String]) -> String {
        items.join(", ")
    }
}
