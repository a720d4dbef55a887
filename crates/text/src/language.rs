//! The current language, and how a text is found and filled in.

use crate::argument::Value;
use crate::functions::{FIRST, REST};
use crate::locale::{Locale, Plain, Plural};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The place of a text in the catalogue: those of the sign-in page first, then those of the console, each by key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(pub(crate) u16);

struct Language {
    locale: Rc<dyn Locale>,
    /// Texts by [`Key`]; an empty or missing one falls back to English.
    texts: Vec<String>,
}

thread_local! {
    static LANGUAGE: RefCell<Option<Language>> = const { RefCell::new(None) };
    static LEARNT: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
}

/// Adds the texts of the console. They load with its code: call this before the console is shown. Nothing shown earlier
/// may use them (scripts/check.mjs checks it).
pub fn learn_rest() {
    LEARNT.set(REST);
}

/// Changes the language. `texts` are a table made by scripts/languages.mjs; an empty one means English.
pub fn set_language(locale: Rc<dyn Locale>, texts: Vec<String>) {
    LANGUAGE.set(Some(Language { locale, texts }));
}

/// How numbers, times and lists are written.
pub fn locale() -> Rc<dyn Locale> {
    LANGUAGE.with_borrow(|language| match language {
        Some(language) => Rc::clone(&language.locale),
        None => Rc::new(Plain),
    })
}

fn english(key: Key) -> &'static str {
    let index = usize::from(key.0);
    let text = match index.checked_sub(FIRST.len()) {
        None => FIRST.get(index),
        Some(index) => LEARNT.get().get(index),
    };
    text.copied().unwrap_or_default()
}

/// A text as the table holds it.
fn text(key: Key) -> String {
    LANGUAGE.with_borrow(|language| {
        let translated = language.as_ref().and_then(|l| l.texts.get(usize::from(key.0)));
        match translated {
            Some(text) if !text.is_empty() => text.clone(),
            _ => english(key).to_owned(),
        }
    })
}

/// A text without placeholders.
pub(crate) fn plain(key: Key) -> String {
    text(key)
}

/// A text with its placeholders filled in.
pub(crate) fn fill(key: Key, values: &[(&str, Value<'_>)]) -> String {
    filled(&text(key), values)
}

/// A text in the plural form for `n`, which is also its placeholder `{n}`.
pub(crate) fn count(key: Key, n: usize, values: &[(&str, Value<'_>)]) -> String {
    let text = text(key);
    let form = match locale().plural(n as u64) {
        Plural::Zero => 'z',
        Plural::One => 'o',
        Plural::Two => 't',
        Plural::Few => 'f',
        Plural::Many => 'm',
        Plural::Other => '*',
    };
    // Each form is after its letter, the last one is for all other counts.
    let forms = || text.split('\u{1f}');
    let form = forms().find_map(|one| one.strip_prefix(form));
    let form = form.or_else(|| forms().next_back()?.strip_prefix('*')).unwrap_or_default();
    let mut all = vec![("n", Value::Number(n))];
    all.extend_from_slice(values);
    filled(form, &all)
}

fn filled(text: &str, values: &[(&str, Value<'_>)]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(placeholder, _)| *placeholder == name) {
            value.write(&mut out);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
