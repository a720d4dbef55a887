//! Every text of the interface, and how texts, numbers and names are combined.
//!
//! English is compiled in; the texts of another language are fetched when it is selected. A text is read when a view is
//! built, so a change of language rebuilds the views.

mod words;

use crate::web::{Locale, Plural};
use std::cell::{Cell, RefCell};
pub use words::Word;

struct Language {
    locale: Locale,
    /// Texts in the order of [`Word`]; a missing one falls back to English.
    table: Vec<String>,
}

/// The language that is compiled in.
pub const ENGLISH: &str = "en";

thread_local! {
    static LANGUAGE: RefCell<Option<Language>> = const { RefCell::new(None) };
    static REST: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
}

/// Adds the texts of the console. They load with its code: call this before the console is shown. Nothing shown earlier
/// may use them (scripts/check.mjs checks it).
pub fn learn_rest() {
    REST.set(words::REST);
}

/// Changes the language. `table` holds texts in the order of [`Word`]; an empty one means English.
pub fn speak(locale: Locale, table: Vec<String>) {
    LANGUAGE.set(Some(Language { locale, table }));
}

fn english(word: Word) -> &'static str {
    let index = word as usize;
    let text = match index.checked_sub(words::FIRST.len()) {
        None => words::FIRST.get(index).copied(),
        Some(index) => REST.get().get(index).copied(),
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

/// A text without placeholders.
pub fn t(word: Word) -> String {
    LANGUAGE.with_borrow(|language| {
        let translated = language.as_ref().and_then(|l| l.table.get(word as usize));
        translated.map_or_else(|| english(word).to_owned(), Clone::clone)
    })
}

/// A text with its `{placeholders}` filled in.
pub fn fill(word: Word, placeholders: &[(&str, &str)]) -> String {
    filled(&t(word), placeholders)
}

/// A text for a count: `|` separates its plural forms, `{n}` is the number. A language with one form for all counts has
/// one; English and German have two.
pub fn count(word: Word, n: usize) -> String {
    count_and(word, n, &[])
}

/// [`count`] with more placeholders.
pub fn count_and(word: Word, n: usize, placeholders: &[(&str, &str)]) -> String {
    let text = t(word);
    let locale = locale();
    let form = match locale.plural(n as u64) {
        Plural::One => 0,
        _ => 1,
    };
    let form = text.split('|').nth(form).or_else(|| text.split('|').next()).unwrap_or_default();
    let number = locale.integer(n as u64);
    let mut all = vec![("n", number.as_str())];
    all.extend_from_slice(placeholders);
    filled(form, &all)
}

/// The number of names that [`listing`] shows of many.
pub const LISTED: usize = 5;

/// A list of names: all of a few, else the first few and the number of the others.
pub fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    listing_of(&names, names.len())
}

/// The same, given only the first [`LISTED`] of `all` names.
pub fn listing_of(first: &[&str], all: usize) -> String {
    let shown = first.get(..LISTED).unwrap_or(first);
    let names = shown.join(", ");
    match all.saturating_sub(shown.len()) {
        0 => names,
        more => count_and(Word::AndMore, more, &[("names", &names)]),
    }
}

fn filled(text: &str, placeholders: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        if let Some((_, value)) = placeholders.iter().find(|(placeholder, _)| *placeholder == name)
        {
            out.push_str(value);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
