//! Characters of a name that don't show, or show as something else: each with its position and its code point, so that it can
//! be drawn as a labelled mark.

use super::script::mixed_letters;

/// A character that doesn't show as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Where it is in the name, in bytes.
    pub at: usize,
    /// The character.
    pub char: char,
    /// What kind of character it is.
    pub kind: MarkKind,
}

/// The kinds of characters that are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Has no width: zero-width spaces and joiners, soft hyphens, variation selectors, fillers, tags.
    Invisible,
    /// Controls a terminal or a text: tabs, line ends, escapes.
    Control,
    /// Changes the direction of the text around it.
    Direction,
    /// A space that is not the ordinary one, as the no-break space.
    Space,
    /// A letter of another script than the rest of its word, which may look like a letter of that script.
    Letter,
}

impl Mark {
    /// The label of the character: `U+200B`.
    pub fn label(&self) -> String {
        let code = u32::from(self.char);
        let mut label = "U+".to_owned();
        for digit in (0..6).rev().filter(|digit| *digit < 4 || code >> (4 * digit) > 0) {
            let digit = char::from_digit((code >> (4 * digit)) & 15, 16).unwrap_or('?');
            label.push(digit.to_ascii_uppercase());
        }
        label
    }
}

/// The characters of a name to mark, in their order.
///
/// ```
/// use curfew_core::names::{MarkKind, marks};
///
/// let found = marks("us\u{ad}er2");
/// assert_eq!((found[0].at, found[0].kind), (2, MarkKind::Invisible));
/// assert_eq!(found[0].label(), "U+00AD");
/// assert!(marks("Jürgen Müller").is_empty());
/// ```
pub fn marks(name: &str) -> Vec<Mark> {
    if name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Vec::new();
    }
    let mark = |(at, char)| kind(char).map(|kind| Mark { at, char, kind });
    let mut marks: Vec<Mark> = name.char_indices().filter_map(mark).collect();
    mixed_letters(name, &mut |at, char| {
        let place = marks.partition_point(|mark| mark.at < at);
        marks.insert(place, Mark { at, char, kind: MarkKind::Letter });
    });
    marks
}

/// Appends a name with its marks: `us[U+00AD]er2`. A character that doesn't show is replaced by its mark, a letter stands before
/// it.
///
/// ```
/// let mut shown = String::new();
/// curfew_core::names::draw("user\u{a0}2 us\u{435}r2", &mut shown);
/// assert_eq!(shown, "user[U+00A0]2 us\u{435}[U+0435]r2");
/// ```
pub fn draw(name: &str, out: &mut String) {
    let mut from = 0;
    for mark in marks(name) {
        let length = mark.char.len_utf8();
        let to = if mark.kind == MarkKind::Letter { mark.at + length } else { mark.at };
        out.push_str(name.get(from..to).unwrap_or_default());
        out.push('[');
        out.push_str(&mark.label());
        out.push(']');
        from = mark.at + length;
    }
    out.push_str(name.get(from..).unwrap_or_default());
}

/// Whether a character has no width and no effect other than on the direction of the text.
pub fn is_invisible(char: char) -> bool {
    matches!(kind(char), Some(MarkKind::Invisible | MarkKind::Direction))
}

/// A name without its marked characters, and with ordinary spaces.
pub fn without_invisible(name: &str) -> String {
    let shown = name.chars().filter_map(|char| match kind(char) {
        None => Some(char),
        Some(MarkKind::Space) => Some(' '),
        // Between words, a tab or a line end is a space.
        Some(MarkKind::Control) if char.is_whitespace() => Some(' '),
        Some(_) => None,
    });
    shown.collect()
}

fn kind(char: char) -> Option<MarkKind> {
    Some(match char {
        ' '..='~' => return None,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => MarkKind::Control,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            MarkKind::Direction
        }
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            MarkKind::Space
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => MarkKind::Invisible,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::zero_width_space("user2\u{200b}", 5, "U+200B", MarkKind::Invisible)]
    #[case::left_to_right("\u{200e}user2", 0, "U+200E", MarkKind::Direction)]
    #[case::soft_hyphen("us\u{ad}er2", 2, "U+00AD", MarkKind::Invisible)]
    #[case::no_break_space("user\u{a0}2", 4, "U+00A0", MarkKind::Space)]
    #[case::override_of_direction("user\u{202e}2", 4, "U+202E", MarkKind::Direction)]
    #[case::tab("user\t2", 4, "U+0009", MarkKind::Control)]
    #[case::tag("user2\u{e0041}", 5, "U+E0041", MarkKind::Invisible)]
    #[case::line_separator("user\u{2028}2", 4, "U+2028", MarkKind::Control)]
    fn marked(#[case] name: &str, #[case] at: usize, #[case] label: &str, #[case] kind: MarkKind) {
        let found = marks(name);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].at, found[0].label().as_str(), found[0].kind), (at, label, kind));
        assert!(marks(&without_invisible(name)).is_empty());
    }

    #[rstest]
    #[case::field_zero_width("user2\u{200b}", "user2[U+200B]")]
    #[case::field_direction("\u{200e}user2", "[U+200E]user2")]
    #[case::field_soft_hyphen("us\u{ad}er2", "us[U+00AD]er2")]
    #[case::field_no_break_space("user\u{a0}2", "user[U+00A0]2")]
    #[case::field_cyrillic("us\u{435}r2", "us\u{435}[U+0435]r2")]
    #[case::first_letter("\u{410}dmin", "\u{410}[U+0410]dmin")]
    #[case::greek("\u{3b1}dmin", "\u{3b1}[U+03B1]dmin")]
    #[case::several("\u{feff}a\u{2066}b\u{2069}", "[U+FEFF]a[U+2066]b[U+2069]")]
    #[case::a_letter_after_an_invisible_one("a\u{200d}\u{430}", "a[U+200D]\u{430}[U+0430]")]
    #[case::beyond_the_first_plane("a\u{e0041}", "a[U+E0041]")]
    #[case::escape("\u{1b}[31muser2", "[U+001B][31muser2")]
    #[case::ordinary(
        "EXAMPLE\\\u{418}\u{432}\u{430}\u{43d}",
        "EXAMPLE\\\u{418}\u{432}\u{430}\u{43d}"
    )]
    fn drawn(#[case] name: &str, #[case] shown: &str) {
        let mut out = String::new();
        draw(name, &mut out);
        assert_eq!(out, shown);
    }

    #[rstest]
    #[case("Иванов")]
    #[case("Παπαδόπουλος")]
    #[case("user 2")]
    #[case("山田太郎")]
    #[case("u\u{308}ser2")]
    #[case("EXAMPLE\\Иванов")]
    #[case("иванов@example.test")]
    #[case("山田taro")]
    fn ordinary(#[case] name: &str) {
        assert!(marks(name).is_empty());
        assert_eq!(without_invisible(name), name);
    }
}
