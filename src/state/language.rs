//! The language of the interface: which languages exist, which is in use, and the change to another. English is
//! compiled in; the texts of another language are fetched when it is selected. Views that show text rebuild themselves.

use crate::web::panic::{StoppedWords, install};
use crate::web::storage::Storage;
use crate::web::{Latest, Locale, Translation, dom, fetch_with_integrity, translations};
use leptos::prelude::*;
use std::rc::Rc;

/// The language that is compiled in.
pub const ENGLISH: &str = "en";

/// boot.js also writes it, when a language is selected before the sign-in.
const LANGUAGE: &str = "curfew:language";

/// The language, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    tag: RwSignal<String>,
    failed: RwSignal<bool>,
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

    /// Uses the stored language, else the first of the browser's languages that is available, else English. For the
    /// start, before there are views.
    pub async fn init() {
        let stored = Storage::Preferences.get(LANGUAGE).ok().flatten();
        let asked = || {
            let asked = Locale::asked_for().into_iter();
            asked
                .map(|locale| locale.language().to_owned())
                .find(|tag| tag == ENGLISH || offered(tag).is_some())
        };
        let wanted = stored.or_else(asked).unwrap_or_default();
        if let Some(translation) = offered(&wanted)
            && let Some(table) = read(&translation).await
        {
            change(&translation.tag, &translation.direction, table);
        }
    }

    /// Provides the language chosen at the start.
    pub fn provide() -> Self {
        let tag = RwSignal::new(dom::language());
        let language = Self { tag, failed: RwSignal::default(), choosing: Latest::new() };
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
        self.failed.get()
    }

    /// The languages other than English.
    pub fn others() -> Vec<Translation> {
        translations()
    }

    /// Changes to `tag` once its texts are loaded, and stores the choice. The latest of several choices counts.
    pub fn choose(self, tag: String) {
        self.failed.set(false);
        self.choosing.run(async move {
            match offered(&tag) {
                None => change(ENGLISH, "ltr", Vec::new()),
                Some(translation) => match read(&translation).await {
                    Some(table) => change(&tag, &translation.direction, table),
                    None => {
                        self.failed.set(true);
                        return;
                    }
                },
            }
            // If the browser stores nothing, the choice lasts until the page is closed.
            _ = Storage::Preferences.set(LANGUAGE, &tag);
            self.tag.set(tag);
        });
    }
}

fn offered(tag: &str) -> Option<Translation> {
    translations().into_iter().find(|other| other.tag == tag)
}

/// The texts of a language in the order of the catalogue, one per line.
async fn read(language: &Translation) -> Option<Vec<String>> {
    let text = fetch_with_integrity(&language.href, &language.integrity).await?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Changes texts, numbers and times, and the language that screen readers use.
fn change(tag: &str, direction: &str, table: Vec<String>) {
    text::set_language(Rc::new(Locale::of_browser(tag)), table);
    dom::set_language(tag, direction);
    Language::prepare_crash_page();
}
