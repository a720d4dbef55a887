//! The current language, and how a text is found in it.

use crate::catalogue::{FIRST, REST};
use crate::locale::{Locale, Times};
use crate::own_language::Texts;
use std::cell::RefCell;
use std::rc::Rc;

/// The place of a text in the catalogue: those of the sign-in page first, then those of the console, each by key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(pub(crate) u16);

struct Language {
    locale: Rc<dyn Locale>,
    texts: Texts,
}

thread_local! {
    static LANGUAGE: RefCell<Option<Language>> = const { RefCell::new(None) };
    static TIMES: RefCell<Option<Rc<dyn Times>>> = const { RefCell::new(None) };
    static ENGLISH: RefCell<Vec<&'static str>> = RefCell::new(FIRST.lines().collect());
}

/// Adds the texts of the console. They load with its code: call this before the console is shown. Nothing shown earlier
/// may use them (scripts/check.mjs checks it).
pub fn learn_rest() {
    ENGLISH.with_borrow_mut(|english| {
        english.truncate(FIRST.lines().count());
        english.extend(REST.lines());
    });
}

/// Changes the language. An empty or missing text falls back to English.
pub fn set_language(locale: Rc<dyn Locale>, texts: Texts) {
    LANGUAGE.set(Some(Language { locale, texts }));
}

/// The keys of the texts that the language's file does not have, or not in a usable form.
pub fn texts_in_english() -> Vec<String> {
    LANGUAGE.with_borrow(|language| {
        language.as_ref().map(|language| language.texts.in_english.clone()).unwrap_or_default()
    })
}

/// Changes how numbers, lists and times are written, after each change of language. Times load with the console.
pub fn set_locale(locale: Rc<dyn Locale>, times: Rc<dyn Times>) {
    LANGUAGE.with_borrow_mut(|language| {
        if let Some(language) = language {
            language.locale = locale;
        }
    });
    TIMES.set(Some(times));
}

/// How numbers, plurals and lists are written. The app sets it before its first view.
pub(crate) fn locale() -> Option<Rc<dyn Locale>> {
    let set = LANGUAGE.with_borrow(|language| Some(Rc::clone(&language.as_ref()?.locale)));
    #[cfg(not(target_arch = "wasm32"))]
    let set = set.or_else(|| Some(Rc::new(crate::locale::Plain)));
    set
}

/// How times are written. The console sets it before its first view.
pub(crate) fn times() -> Option<Rc<dyn Times>> {
    let set = TIMES.with_borrow(Clone::clone);
    #[cfg(not(target_arch = "wasm32"))]
    let set = set.or_else(|| Some(Rc::new(crate::locale::Plain)));
    set
}

fn english(key: Key) -> &'static str {
    ENGLISH.with_borrow(|english| english.get(usize::from(key.0)).copied().unwrap_or_default())
}

/// A text as the table holds it.
pub(crate) fn text(key: Key) -> String {
    LANGUAGE.with_borrow(|language| {
        let translated = language.as_ref().and_then(|l| l.texts.texts.get(usize::from(key.0)));
        match translated {
            Some(text) if !text.is_empty() => text.clone(),
            _ => english(key).to_owned(),
        }
    })
}
