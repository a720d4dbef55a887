//! What is unusual about a name that an operator typed or pasted, and the name without it.

use super::marks::{MarkKind, marks, without_invisible};
use super::script::{Script, in_latin, mixed_scripts};
use crate::input::unquoted;

/// Something unusual about a name. None of it makes a name wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// It has characters that don't show.
    Invisible,
    /// It has spaces that are not ordinary ones.
    OddSpaces,
    /// It has spaces at its start or end.
    OuterSpaces,
    /// It has quotes around it.
    Quotes,
    /// Its characters are not composed (NFC), as on some systems.
    NotComposed,
    /// It has letters of two scripts that look alike.
    MixedScripts(Script, Script),
}

impl Oddity {
    /// The name without it. `None` if only the operator can say what is right. `compose` is canonical composition (NFC). A name that
    /// would be empty stays as it is.
    pub fn mended(self, name: &str, compose: &dyn Fn(&str) -> String) -> Option<String> {
        let mended = match self {
            Self::Invisible | Self::OddSpaces => without_invisible(name),
            Self::OuterSpaces => name.trim().to_owned(),
            Self::Quotes => unquoted(name.trim())?.to_owned(),
            Self::NotComposed => compose(name),
            Self::MixedScripts(..) => in_latin(name)?,
        };
        // guard: mended-not-empty
        (!mended.trim().is_empty()).then_some(mended)
    }
}

/// What is unusual about a name. `compose` is canonical composition (NFC).
///
/// ```
/// use curfew_core::names::{Oddity, oddities};
///
/// let compose = |text: &str| text.replace("u\u{308}", "ü");
/// assert_eq!(oddities("user2", &compose), []);
/// assert_eq!(oddities("u\u{308}ser2 ", &compose), [Oddity::OuterSpaces, Oddity::NotComposed]);
/// assert_eq!(Oddity::NotComposed.mended("u\u{308}ser2", &compose).as_deref(), Some("üser2"));
/// ```
pub fn oddities(name: &str, compose: &dyn Fn(&str) -> String) -> Vec<Oddity> {
    let marks = marks(name);
    let has = |test: fn(MarkKind) -> bool| marks.iter().any(|mark| test(mark.kind));
    let mut found = Vec::new();
    let mut note = |is_so: bool, oddity: Oddity| {
        if is_so {
            found.push(oddity);
        }
    };
    note(has(|kind| kind < MarkKind::Space), Oddity::Invisible);
    note(has(|kind| kind == MarkKind::Space), Oddity::OddSpaces);
    note(name.trim() != name, Oddity::OuterSpaces);
    note(unquoted(name.trim()).is_some(), Oddity::Quotes);
    note(!name.is_ascii() && compose(name) != name, Oddity::NotComposed);
    found.extend(mixed_scripts(name).map(|(one, other)| Oddity::MixedScripts(one, other)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn compose(text: &str) -> String {
        text.replace("u\u{308}", "ü")
    }

    #[rstest]
    #[case::zero_width("user2\u{200b}", Oddity::Invisible, Some("user2"))]
    #[case::direction("\u{200e}user2", Oddity::Invisible, Some("user2"))]
    #[case::soft_hyphen("us\u{ad}er2", Oddity::Invisible, Some("user2"))]
    #[case::no_break_space("user\u{a0}2", Oddity::OddSpaces, Some("user 2"))]
    #[case::outer_space("user2 ", Oddity::OuterSpaces, Some("user2"))]
    #[case::curly("“user2”", Oddity::Quotes, Some("user2"))]
    #[case::decomposed("u\u{308}ser2", Oddity::NotComposed, Some("üser2"))]
    #[case::cyrillic(
        "us\u{435}r2",
        Oddity::MixedScripts(Script::Latin, Script::Cyrillic),
        Some("user2")
    )]
    #[case::no_twin(
        "Ivan\u{43e}\u{432}",
        Oddity::MixedScripts(Script::Latin, Script::Cyrillic),
        None
    )]
    #[case::straight("\"user2\"", Oddity::Quotes, Some("user2"))]
    #[case::word_joiner("\u{2060}user2", Oddity::Invisible, Some("user2"))]
    #[case::byte_order_mark("\u{feff}user2", Oddity::Invisible, Some("user2"))]
    #[case::tab("user\t2", Oddity::Invisible, Some("user 2"))]
    #[case::ideographic_space("user\u{3000}2", Oddity::OddSpaces, Some("user 2"))]
    #[case::nothing_else("\u{200b}", Oddity::Invisible, None)]
    fn field_odd_names(#[case] name: &str, #[case] oddity: Oddity, #[case] mended: Option<&str>) {
        assert_eq!(oddities(name, &compose), [oddity]);
        assert_eq!(oddity.mended(name, &compose).as_deref(), mended);
    }

    #[rstest]
    #[case("Иванов")]
    #[case("Παπαδόπουλος")]
    #[case("EXAMPLE\\Jürgen O'Neil")]
    #[case("山田太郎")]
    #[case("user 2")]
    fn field_ordinary_names(#[case] name: &str) {
        assert_eq!(oddities(name, &compose), []);
    }
}
