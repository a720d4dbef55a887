//! The language of the interface: which languages exist, which is in use, and the change to another. English is
//! compiled in; the texts of another language are fetched when it is selected. Views that show text rebuild themselves.

use crate::web::panic::{StoppedWords, install};
use crate::web::storage::Storage;
use crate::web::{Latest, LinkedFile, Locale, dom, fetch_site_file, fetch_with_integrity};
use crate::web::{add_to_menu, catalogue, on_menu, selected_in_menu, set_in_menu, translations};
use leptos::prelude::*;
use std::rc::Rc;
use text::Texts;

/// The language that is compiled in.
const ENGLISH: &str = "en";

/// The stored choice.
const LANGUAGE: &str = "curfew:language";

/// A language that can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedLanguage {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its name, in that language.
    pub name: String,
    /// Where its texts are; `None` for English.
    file: Option<File>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum File {
    /// A file of the bundle.
    Table(LinkedFile),
    /// A file that the operator's organisation has added.
    Own(String),
}

/// The language, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    tag: RwSignal<String>,
    failed: RwSignal<bool>,
    choosing: Latest,
    offered: StoredValue<Vec<OfferedLanguage>>,
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

    /// Uses the stored language, else the one that fits the browser's languages best, else English. `own` are the tags of
    /// languages that config.json adds. For the start, before there are views.
    pub async fn init(own: &[String]) {
        let offered = offered(own);
        let stored = Storage::Preferences.get(LANGUAGE).ok().flatten();
        let stored = stored.and_then(|tag| offered.iter().find(|one| one.tag == tag));
        if let Some(language) = stored.or_else(|| best(&offered))
            && let Some(texts) = read(language).await
        {
            change(&language.tag, texts);
        }
    }

    /// Provides the language chosen at the start, and follows the menu before the sign-in.
    pub fn provide(own: &[String]) -> Self {
        let tag = dom::language();
        let language = Self {
            tag: RwSignal::new(tag.clone()),
            failed: RwSignal::default(),
            choosing: Latest::new(),
            offered: StoredValue::new(offered(own)),
        };
        provide_context(language);
        for own in own {
            if let Some(locale) = Locale::parse(own) {
                add_to_menu(&locale, own);
            }
        }
        // The menu starts at English, so anything else was selected before the app ran.
        match selected_in_menu().filter(|selected| selected != ENGLISH) {
            Some(selected) if selected != tag => language.choose(selected),
            _ => set_in_menu(&tag),
        }
        on_menu(move |tag| language.choose(tag));
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
        self.failed.get()
    }

    /// All languages, English first.
    pub fn all(&self) -> Vec<OfferedLanguage> {
        self.offered.get_value()
    }

    /// Changes to `tag` once its texts are loaded, and stores the choice. The latest of several choices counts.
    pub fn choose(self, tag: String) {
        self.failed.set(false);
        self.choosing.run(async move {
            let offered = self.offered.get_value();
            let texts = match offered.iter().find(|one| one.tag == tag) {
                Some(language) => read(language).await,
                None => None,
            };
            let Some(texts) = texts else {
                set_in_menu(&self.tag.get_untracked());
                return self.failed.set(true);
            };
            change(&tag, texts);
            // If the browser stores nothing, the choice lasts until the page is closed.
            _ = Storage::Preferences.set(LANGUAGE, &tag);
            set_in_menu(&tag);
            self.tag.set(tag);
        });
    }
}

fn offered(own: &[String]) -> Vec<OfferedLanguage> {
    let english =
        OfferedLanguage { tag: ENGLISH.to_owned(), name: "English".to_owned(), file: None };
    let of_bundle = translations().into_iter().map(|file| OfferedLanguage {
        tag: file.tag.clone(),
        name: file.name.clone(),
        file: Some(File::Table(file)),
    });
    let mut all: Vec<OfferedLanguage> = [english].into_iter().chain(of_bundle).collect();
    for tag in own {
        // An organisation may replace a language of the bundle by its own texts.
        all.retain(|other| other.tag != *tag || other.file.is_none());
        if let Some(locale) = Locale::parse(tag).filter(|_| tag != ENGLISH) {
            let file = Some(File::Own(["languages/", tag, ".json"].concat()));
            all.push(OfferedLanguage { tag: tag.clone(), name: locale.own_name(), file });
        }
    }
    all
}

/// The offered language that fits the browser's languages best.
fn best(offered: &[OfferedLanguage]) -> Option<&OfferedLanguage> {
    let asked: Vec<String> = Locale::asked_for().iter().map(Locale::maximized).collect();
    let tag = |one: &OfferedLanguage| Locale::parse(&one.tag).map(|tag| tag.maximized());
    let tags: Vec<String> = offered.iter().map(|one| tag(one).unwrap_or_default()).collect();
    offered.get(text::best_language(&asked, &tags)?)
}

/// The texts of a language.
async fn read(language: &OfferedLanguage) -> Option<Texts> {
    match &language.file {
        None => Some(Texts::default()),
        Some(File::Table(file)) => {
            Some(Texts::of_table(&fetch_with_integrity(&file.href, &file.integrity).await?))
        }
        // The one file without a hash: it is not part of the bundle. It only gives texts.
        Some(File::Own(name)) => {
            let file = fetch_site_file(name).await.ok().flatten()?;
            let list = catalogue()?;
            text::own_language(&fetch_with_integrity(&list.href, &list.integrity).await?, &file)
        }
    }
}

/// Changes texts, numbers and times, and the language that screen readers use.
fn change(tag: &str, texts: Texts) {
    let Some(own) = Locale::parse(tag) else { return };
    let of_texts = own.maximized();
    let asked = Locale::asked_for();
    let tags: Vec<String> = asked.iter().map(Locale::maximized).collect();
    let place = text::conventions(&of_texts, &tags);
    let locale = place.and_then(|place| asked.get(place).cloned()).unwrap_or(own);
    text::set_language(Rc::new(locale), texts);
    dom::set_language(tag, text::direction(&of_texts));
    Language::prepare_crash_page();
}
