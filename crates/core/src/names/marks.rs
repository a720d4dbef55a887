//! Characters of a name that don't show, or show as something else: each with its position and its code point, so that it can
//! be drawn as a labelled mark.

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
}

impl Mark {
    /// The label of the character: `U+200B`.
    pub fn label(&self) -> String {
        format!("U+{:04X}", u32::from(self.char))
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
    name.char_indices().filter_map(mark).collect()
}

/// Whether a character has no width and no other effect than on the direction of the text.
pub fn is_invisible(char: char) -> bool {
    matches!(kind(char), Some(MarkKind::Invisible | MarkKind::Direction))
}

/// A name without its marked characters, and with ordinary spaces.
pub fn without_invisible(name: &str) -> String {
    let shown = name.chars().filter_map(|char| match kind(char) {
        None => Some(char),
        Some(MarkKind::Space) => Some(' '),
        Some(MarkKind::Invisible | MarkKind::Control | MarkKind::Direction) => None,
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
    #[case("Иванов")]
    #[case("Παπαδόπουλος")]
    #[case("user 2")]
    #[case("山田太郎")]
    #[case("u\u{308}ser2")]
    fn ordinary(#[case] name: &str) {
        assert!(marks(name).is_empty());
        assert_eq!(without_invisible(name), name);
    }
}
