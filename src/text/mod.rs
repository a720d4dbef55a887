//! Every word of the interface, and how words, numbers and names come together in a sentence.
//!
//! English is compiled in; another language is a table that is fetched when it is chosen. A text is read when a view
//! is made, so a change of language makes the views anew. It must not know pages or state.

mod words;

use crate::web::{Locale, Plural};
use std::cell::{Cell, RefCell};
pub use words::Word;

struct Language {
    locale: Locale,
    /// Texts by the number of their [`Word`]; what is missing falls back to English.
    table: Vec<String>,
}

/// The language that is compiled in.
pub const ENGLISH: &str = "en";

thread_local! {
    static LANGUAGE: RefCell<Option<Language>> = const { RefCell::new(None) };
    static REST: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
}

/// Learns the words of the console. They come with its code: whoever shows the console calls this first, and nothing
/// that is shown before may use them (held by scripts/check.mjs).
pub fn learn_rest() {
    REST.set(words::REST);
}

/// Speaks another language from now on. `table` holds texts by the number of their [`Word`]; an empty one is English.
pub fn speak(locale: Locale, table: Vec<String>) {
    LANGUAGE.set(Some(Language { locale, table }));
}

fn english(word: Word) -> &'static str {
    let place = word as usize;
    let text = match place.checked_sub(words::FIRST.len()) {
        None => words::FIRST.get(place).copied(),
        Some(place) => REST.get().get(place).copied(),
    };
    text.unwrap_or_default()
}

/// How numbers and times are written.
pub fn locale() -> Locale {
    LANGUAGE.with_borrow_mut(|language| {
        let english = || Language { locale: Locale::of_browser(ENGLISH), table: Vec::new() };
        language.get_or_insert_with(english).locale.clone()
    })
}

/// A text without blanks to fill.
pub fn t(word: Word) -> String {
    LANGUAGE.with_borrow(|language| {
        let translated = language.as_ref().and_then(|l| l.table.get(word as usize));
        translated.map_or_else(|| english(word).to_owned(), Clone::clone)
    })
}

/// A text with its `{blanks}` filled.
pub fn fill(word: Word, blanks: &[(&str, &str)]) -> String {
    filled(&t(word), blanks)
}

/// A text for a count: its forms stand between `|`, `{n}` is the number. A language with one form for all counts gives
/// one; English and German give two.
pub fn count(word: Word, n: usize) -> String {
    count_and(word, n, &[])
}

/// [`count`] with more blanks.
pub fn count_and(word: Word, n: usize, blanks: &[(&str, &str)]) -> String {
    let text = t(word);
    let locale = locale();
    let form = match locale.plural(n as u64) {
        Plural::One => 0,
        _ => 1,
    };
    let form = text.split('|').nth(form).or_else(|| text.split('|').next()).unwrap_or_default();
    let number = locale.integer(n as u64);
    let mut all = vec![("n", number.as_str())];
    all.extend_from_slice(blanks);
    filled(form, &all)
}

/// Names that [`listing`] tells of many.
pub const LISTED: usize = 5;

/// Names after each other: all of a few, else the first few and how many more.
pub fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    listing_of(&names, names.len())
}

/// The same, where the first [`LISTED`] of so many names are at hand.
pub fn listing_of(first: &[&str], all: usize) -> String {
    let shown = first.get(..LISTED).unwrap_or(first);
    let names = shown.join(", ");
    match all.saturating_sub(shown.len()) {
        0 => names,
        more => count_and(Word::AndMore, more, &[("names", &names)]),
    }
}

fn filled(text: &str, blanks: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        if let Some((_, value)) = blanks.iter().find(|(blank, _)| *blank == name) {
            out.push_str(value);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
