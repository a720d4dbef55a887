//! What goes into the placeholders of a text.

use crate::language::{locale, times};
use crate::locale::Times;
use curfew_core::names::draw;
use std::time::Duration;
use timestamp::Timestamp;

/// A name, or words from elsewhere: a user, a host, a group, an address, a message of BIG-IQ. In a text it stands
/// between FSI and PDI, so that a right-to-left name can't reorder the sentence around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'a>(pub &'a str);

/// A list in words: all of a few, else the first [`LISTED`](crate::LISTED) and the number of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List(pub(crate) String);

impl List {
    /// The text alone.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A time or a duration, written in the conventions of the locale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Time(pub(crate) String);

impl Time {
    /// The text alone.
    pub fn into_text(self) -> String {
        self.0
    }
}

fn written(write: impl FnOnce(&dyn Times) -> String) -> Time {
    let Some(times) = times() else { return Time::default() };
    let time = write(&*times);
    // A name beside it, or the sign before it, would exchange its parts.
    // guard: time-isolated
    Time(if times.is_rtl() { ["\u{2068}", &time, "\u{2069}"].concat() } else { time })
}

/// Date and time of day with seconds and zone.
pub fn exact(at: Timestamp) -> Time {
    written(|times| times.exact(at))
}

/// The time of day to the millisecond.
pub fn time_of_day(at: Timestamp) -> Time {
    written(|times| times.time_of_day(at))
}

/// The time of day if it is today's, else [`exact`].
pub fn short(at: Timestamp) -> Time {
    if times().is_some_and(|times| times.is_today(at)) { time_of_day(at) } else { exact(at) }
}

/// How long ago: `12 seconds ago`.
pub fn relative(at: Timestamp, now: Timestamp) -> Time {
    written(|times| times.relative(at, now))
}

/// A duration in international units: `2 min 5 s`.
pub fn span(duration: Duration) -> Time {
    written(|times| times.duration(duration))
}

/// The value of a placeholder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Name(&'a str),
    Number(usize),
}

impl Value<'_> {
    pub(crate) fn write(self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            // guard: name-isolated
            Self::Name(name) => isolate(name, out),
            Self::Number(number) => {
                if let Some(locale) = locale() {
                    out.push_str(&locale.integer(number as u64));
                }
            }
        }
    }
}

/// A name as it stands in a text: for places where it stands alone but among other words, such as a list.
pub fn isolated(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 6);
    isolate(name, &mut out);
    out
}

/// A text with one name in three parts: what is before the name, the name as it is in the text, what is after it. For names
/// that are an element of their own.
///
/// ```
/// let text = text::sign_in_to(text::Name("b"));
/// assert_eq!(text::around_name(&text), ("Sign in to ", "\u{2068}b\u{2069}", ""));
/// ```
pub fn around_name(text: &str) -> (&str, &str, &str) {
    let start = text.find('\u{2068}').unwrap_or_default();
    let (before, rest) = text.split_at(start);
    let end = rest.find('\u{2069}').map_or(rest.len(), |at| at + '\u{2069}'.len_utf8());
    let (name, after) = rest.split_at(end);
    (before, name, after)
}

/// First strong isolate and pop directional isolate (UAX 9). The name's own controls could end the isolate early, and so
/// could the end of a paragraph. They are drawn as marks, as is everything else that doesn't show.
fn isolate(name: &str, out: &mut String) {
    out.push('\u{2068}');
    // guard: name-cannot-end-isolate
    draw(name, out);
    out.push('\u{2069}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::left_to_right("user2", "\u{2068}user2\u{2069}")]
    #[case::right_to_left("\u{5d0}\u{5d1}", "\u{2068}\u{5d0}\u{5d1}\u{2069}")]
    #[case::empty("", "\u{2068}\u{2069}")]
    #[case::right_to_left_override("a\u{202e}b", "\u{2068}a[U+202E]b\u{2069}")]
    #[case::end_of_isolate("a\u{2069}b", "\u{2068}a[U+2069]b\u{2069}")]
    #[case::isolate("\u{2067}", "\u{2068}[U+2067]\u{2069}")]
    #[case::embedding("\u{202b}", "\u{2068}[U+202B]\u{2069}")]
    #[case::paragraph("a\u{2029}b", "\u{2068}a[U+2029]b\u{2069}")]
    #[case::next_line("a\u{85}b", "\u{2068}a[U+0085]b\u{2069}")]
    #[case::direction_marks("\u{200f}a\u{61c}", "\u{2068}[U+200F]a[U+061C]\u{2069}")]
    #[case::field_zero_width("user2\u{200b}", "\u{2068}user2[U+200B]\u{2069}")]
    #[case::field_homoglyph("us\u{435}r2", "\u{2068}us\u{435}[U+0435]r2\u{2069}")]
    #[case::field_russian("Иванов", "\u{2068}Иванов\u{2069}")]
    fn a_name_stays_within_its_isolate(#[case] name: &str, #[case] shown: &str) {
        assert_eq!(isolated(name), shown);
        assert_eq!(crate::sign_in_to(Name(name)), format!("Sign in to {shown}"));
    }
}
