//! The language of the interface: which languages exist, which is in use, and the change to another. English is
//! compiled in; the texts of another language are fetched when it is selected. Views that show text rebuild themselves.
//!
//! What the sign-in page needs is small: the language for the start. The choice of another one loads with the console.

mod choice;

use crate::web::panic::{StoppedWords, install};
use crate::web::storage::Storage;
use crate::web::{
    Latest, Locale, Numbers, dom, fetch_with_integrity, language_file, offered_languages,
    selected_in_menu, set_in_menu,
};
use leptos::prelude::*;
use std::rc::Rc;
use text::Texts;

/// The language that is compiled in.
const ENGLISH: &str = "en";

/// The stored choice.
const LANGUAGE: &str = "curfew:language";

/// The language, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    tag: RwSignal<String>,
    failed: RwSignal<Option<String>>,
    choosing: Latest,
}

impl Language {
    /// Prepares the page that replaces a crashed app, in the current language. For the very start.
    pub fn prepare_crash_page() {
        install(StoppedWords {
            heading: text::stopped_heading(),
            body: text::stopped_body(),
            reload: text::stopped_reload(),
        });
    }

    /// Uses the stored language, else the one of the bundle that fits the browser's languages best, else English. For the
    /// start, before there are views. A language that config.json adds follows with the console's code.
    pub async fn init() {
        let tags = tags();
        let tag = stored().filter(|stored| tags.contains(stored)).or_else(|| best(&tags));
        let tag = tag.unwrap_or_default();
        match read(&tag).await {
            Some((direction, texts)) => change(&tag, &direction, texts),
            None => change(ENGLISH, "ltr", Texts::default()),
        }
    }

    /// Provides the language chosen at the start.
    pub fn provide() -> Self {
        let tag = dom::language();
        // The menu starts at English, so anything else was selected before the app ran.
        if selected_in_menu().as_deref() == Some(ENGLISH) {
            set_in_menu(&tag);
        }
        let (failed, choosing) = (RwSignal::default(), Latest::new());
        let language = Self { tag: RwSignal::new(tag), failed, choosing };
        provide_context(language);
        language
    }

    /// The language of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// The tag of the current language. Tracked, so that views with text are rebuilt.
    pub fn tag(&self) -> String {
        self.tag.get()
    }

    /// Whether the last selected language could not be loaded. Tracked.
    pub fn has_failed(&self) -> bool {
        self.failed.with(Option::is_some)
    }

    /// Whether another language is selected in the menu before the sign-in. Untracked.
    pub fn differs_from_menu(&self) -> bool {
        self.tag.with_untracked(|tag| selected_in_menu().is_some_and(|selected| selected != *tag))
    }
}

/// The tags of the bundle's languages, English first.
fn tags() -> Vec<String> {
    offered_languages().into_iter().map(|one| one.tag).collect()
}

fn stored() -> Option<String> {
    Storage::Preferences.get(LANGUAGE).ok().flatten()
}

/// The language that fits the browser's languages best.
fn best(tags: &[String]) -> Option<String> {
    let maximized = |tag: &String| Locale::parse(tag).map(|locale| locale.maximized());
    let all: Vec<String> = tags.iter().map(|tag| maximized(tag).unwrap_or_default()).collect();
    tags.get(text::best_language(&asked(), &all)?).cloned()
}

/// The browser's languages, maximized.
fn asked() -> Vec<String> {
    Locale::asked_for().iter().map(Locale::maximized).collect()
}

/// The texts of a language of the bundle; `None` if there is no such language, or its file is not as it should be.
async fn read(tag: &str) -> Option<(String, Texts)> {
    if tag == ENGLISH {
        return Some(("ltr".to_owned(), Texts::default()));
    }
    let language = offered_languages().into_iter().find(|one| one.tag == tag)?;
    let file = language_file(tag).await?;
    let table = fetch_with_integrity(&file.href, &file.integrity).await?;
    Some((language.direction, Texts::of_table(&table)))
}

/// Changes texts and numbers, and the language that screen readers use.
fn change(tag: &str, direction: &str, texts: Texts) {
    text::set_language(Rc::new(Numbers::new(tag)), texts);
    dom::set_language(tag, direction);
    Language::prepare_crash_page();
}
