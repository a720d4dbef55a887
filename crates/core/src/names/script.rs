//! Words that mix letters of scripts that look alike. Names of one script are ordinary, and so are names whose words are of
//! different scripts, such as a Russian name in a domain with a Latin one.

use super::skeleton::look_alike;

/// The scripts that have letters in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Script {
    /// Latin.
    Latin,
    /// Greek.
    Greek,
    /// Cyrillic.
    Cyrillic,
    /// Armenian.
    Armenian,
}

/// Two scripts of one word. Spaces and punctuation end a word; characters that don't show are part of it.
pub fn mixed_scripts(name: &str) -> Option<(Script, Script)> {
    let mut mixed = None;
    each_mixed_word(name, &mut |word| mixed = mixed.or(Some((word.main, word.other))));
    mixed
}

/// The letters that don't belong to the script of their word: not Latin where some are Latin, else not of the script that comes first in [`Script`].
pub(super) fn mixed_letters(name: &str, each: &mut dyn FnMut(usize, char)) {
    each_mixed_word(name, &mut |word| {
        for (place, char) in word.text.char_indices() {
            // guard: mixed-letter
            if script(char).is_some_and(|script| script != word.main) {
                each(word.at + place, char);
            }
        }
    });
}

/// The Latin name that a name looks like: letters of other scripts are replaced by the Latin ones that look the same. `None` if
/// some look like no Latin letter, or nothing changes.
pub fn in_latin(name: &str) -> Option<String> {
    let latin = |char| if script(char) == Some(Script::Latin) { char } else { look_alike(char) };
    if name.is_ascii() {
        return None;
    }
    let latin: String = name.chars().map(latin).collect();
    (latin != name && mixed_scripts(&latin).is_none()).then_some(latin)
}

/// A word with letters of two scripts, the earlier one of [`Script`] first.
struct MixedWord<'a> {
    at: usize,
    text: &'a str,
    main: Script,
    other: Script,
}

fn each_mixed_word(name: &str, each: &mut dyn FnMut(MixedWord<'_>)) {
    if name.is_ascii() {
        return;
    }
    let mut at = 0;
    for text in name.split_inclusive(ends_word) {
        let mut scripts = text.chars().filter_map(script);
        if let Some(first) = scripts.next()
            && let Some(second) = scripts.find(|script| *script != first)
        {
            each(MixedWord { at, text, main: first.min(second), other: first.max(second) });
        }
        at += text.len();
    }
}

fn ends_word(char: char) -> bool {
    match char {
        '\0'..='\u{7f}' => !char.is_ascii_alphanumeric(),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{2027}' => true,
        '\u{202f}'..='\u{205f}' | '\u{3000}'..='\u{3003}' | '・' => true,
        _ => false,
    }
}

fn script(char: char) -> Option<Script> {
    match char {
        '\u{d7}' | '\u{f7}' => None,
        'A'..='Z' | 'a'..='z' | 'ª' | 'º' | 'À'..='ʸ' | 'Ḁ'..='ỿ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            Some(Script::Latin)
        }
        'Ͱ'..='Ͽ' | 'ἀ'..='ῼ' => Some(Script::Greek),
        'Ѐ'..='ԯ' | 'ᲀ'..='\u{1c8a}' | 'Ꙁ'..='ꚟ' => Some(Script::Cyrillic),
        'Ա'..='և' => Some(Script::Armenian),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("us\u{435}r2", Some((Script::Latin, Script::Cyrillic)))]
    #[case("\u{3b1}dmin", Some((Script::Latin, Script::Greek)))]
    #[case("Иванов", None)]
    #[case("Παπαδόπουλος", None)]
    #[case("ÀÖÿJürgen", None)]
    #[case("山田taro", None)]
    #[case("user2", None)]
    #[case("иванов2", None)]
    #[case("user_µ", None)]
    #[case::domain("EXAMPLE\\Иванов", None)]
    #[case::mail("Παπαδόπουλος@example.test", None)]
    #[case::two_words("Ivan Иванов", None)]
    #[case::in_one_word_of_two("Ivan \u{418}van", Some((Script::Latin, Script::Cyrillic)))]
    #[case::around_a_digit("us1\u{435}r", Some((Script::Latin, Script::Cyrillic)))]
    #[case::greek_and_cyrillic("\u{3b1}\u{430}", Some((Script::Greek, Script::Cyrillic)))]
    #[case::armenian("\u{57d}ser2", Some((Script::Latin, Script::Armenian)))]
    #[case::arithmetic("2×4", None)]
    fn scripts(#[case] name: &str, #[case] expected: Option<(Script, Script)>) {
        assert_eq!(mixed_scripts(name), expected);
    }

    #[rstest]
    #[case::field_cyrillic("us\u{435}r2", Some("user2"))]
    #[case::field_greek("\u{3bf}perator", Some("operator"))]
    #[case::several("\u{440}\u{430}ss@example.test", Some("pass@example.test"))]
    #[case::no_twin("Ivan\u{43e}\u{432}", None)]
    #[case::latin("Jürgen", None)]
    fn latin_twins(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(in_latin(name).as_deref(), expected);
    }
}
