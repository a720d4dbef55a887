//! How a language writes numbers, times, plurals and lists. In the browser it is the browser's own `Intl`.

use std::time::Duration;
use timestamp::Timestamp;

/// Which of a language's plural forms a count needs (CLDR).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    #[default]
    Other,
}

/// How a language writes numbers, plurals and lists: all that the texts of the sign-in page need.
pub trait Locale {
    /// A whole number with separators.
    fn integer(&self, value: u64) -> String;
    /// The plural form of a count.
    fn plural(&self, count: u64) -> Plural;
    /// All of these, as in "a, b and c".
    fn list(&self, items: &[String]) -> String;
}

/// How a language writes times and durations. Only the console shows any.
pub trait Times {
    /// Whether the language is read from right to left.
    fn is_rtl(&self) -> bool;
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
}

/// English without a browser, for tests: what the host uses before a locale is set.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub struct Plain;

#[cfg(not(target_arch = "wasm32"))]
impl Locale for Plain {
    fn integer(&self, value: u64) -> String {
        value.to_string()
    }

    fn plural(&self, count: u64) -> Plural {
        if count == 1 { Plural::One } else { Plural::Other }
    }

    fn list(&self, items: &[String]) -> String {
        items.join(", ")
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Times for Plain {
    fn is_rtl(&self) -> bool {
        false
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
}
