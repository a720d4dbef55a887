//! The language of the interface: which are offered, which is spoken, and the change from one to another. English needs
//! nothing; the table of another is fetched when it is chosen. It must not make views anew: those who show words do.

use crate::text::{ENGLISH, Word, locale, speak, t};
use crate::web::panic::{StoppedWords, install};
use crate::web::storage::Storage;
use crate::web::{Alternate, Latest, Locale, alternates, dom, fetch_same};
use leptos::prelude::*;

/// Also written by boot.js, where a language is chosen before somebody signs in.
const LANGUAGE: &str = "curfew:language";

/// The language, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    spoken: RwSignal<String>,
    failed: RwSignal<bool>,
    choosing: Latest,
}

impl Language {
    /// Gets the page of an app that has stopped ready, in the words that are spoken now. For the very start.
    pub fn arm() {
        install(StoppedWords {
            heading: t(Word::StoppedHeading),
            body: t(Word::StoppedBody),
            reload: t(Word::StoppedReload),
        });
    }

    /// Speaks what was chosen before, else the first of the browser's languages that is offered, else English. For the
    /// start, before there are views.
    pub async fn begin() {
        let chosen = Storage::Preferences.get(LANGUAGE).ok().flatten();
        let asked = || {
            let asked = Locale::asked_for().into_iter();
            asked
                .map(|locale| locale.language().to_owned())
                .find(|tag| tag == ENGLISH || offered(tag).is_some())
        };
        let wanted = chosen.or_else(asked).unwrap_or_default();
        if let Some(alternate) = offered(&wanted)
            && let Some(table) = read(&alternate).await
        {
            change(&alternate.tag, &alternate.direction, table);
        }
    }

    /// As it was begun.
    pub fn provide() -> Self {
        let spoken = RwSignal::new(locale().language().to_owned());
        let language = Self { spoken, failed: RwSignal::default(), choosing: Latest::new() };
        provide_context(language);
        language
    }

    /// The language of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// The tag of the language that is spoken. Tracked: whoever shows words makes them anew.
    pub fn spoken(&self) -> String {
        self.spoken.get()
    }

    /// Whether the language chosen last could not be loaded. Tracked.
    pub fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// The tags of what can be spoken besides English, each with its name in itself.
    pub fn others() -> Vec<(String, String)> {
        alternates().into_iter().map(|other| (other.tag, other.name)).collect()
    }

    /// Speaks `tag` once its table is there, and remembers that. Of several choices the last one counts.
    pub fn choose(self, tag: String) {
        self.failed.set(false);
        self.choosing.run(async move {
            match offered(&tag) {
                None => change(ENGLISH, "ltr", Vec::new()),
                Some(alternate) => match read(&alternate).await {
                    Some(table) => change(&tag, &alternate.direction, table),
                    None => {
                        self.failed.set(true);
                        return;
                    }
                },
            }
            // A browser that stores nothing asks again next time; the choice holds until then.
            _ = Storage::Preferences.set(LANGUAGE, &tag);
            self.spoken.set(tag);
        });
    }
}

fn offered(tag: &str) -> Option<Alternate> {
    alternates().into_iter().find(|other| other.tag == tag)
}

/// The texts of a language by the numbers of their words: a line each.
async fn read(language: &Alternate) -> Option<Vec<String>> {
    let text = fetch_same(&language.href, &language.integrity).await?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Speaks it, in words, numbers and times, and in what the browser reads aloud.
fn change(tag: &str, direction: &str, table: Vec<String>) {
    speak(Locale::of_browser(tag), table);
    dom::set_language(tag, direction);
    Language::arm();
}
