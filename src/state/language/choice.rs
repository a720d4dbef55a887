//! The choice of another language. It loads with the console: in the preferences, and in the menu before the sign-in.

use super::{ENGLISH, LANGUAGE, Language, asked, best, change, read, stored};
use crate::web::storage::Storage;
use crate::web::{
    Locale, Numbers, Times, add_to_menu, catalogue, cause, fetch_site_file, fetch_with_integrity,
    label_menu, note_in_menu, on_menu, selected_in_menu, set_in_menu, translations,
};
use leptos::prelude::*;
use std::rc::Rc;
use text::Texts;

/// A language that can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedLanguage {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its name, in that language.
    pub name: String,
}

impl Language {
    /// All languages, English first.
    pub fn all(own: &[String]) -> Vec<OfferedLanguage> {
        let names = translations().into_iter().map(|link| (link.tag, link.name));
        let names: Vec<(String, String)> = names.collect();
        let name = |tag: &String| match names.iter().find(|(other, _)| other == tag) {
            Some((_, name)) => name.clone(),
            None => Locale::parse(tag).map(|locale| locale.own_name()).unwrap_or_default(),
        };
        tags(own).into_iter().map(|tag| OfferedLanguage { name: name(&tag), tag }).collect()
    }

    /// Follows the menu before the sign-in, and adds the languages to it whose tags are `own`: config.json names them.
    pub fn follow_menu(self, own: Vec<String>) {
        self.tag.with_untracked(|tag| use_conventions(tag));
        label_menu(&text::language());
        for tag in &own {
            if let Some(locale) = Locale::parse(tag) {
                add_to_menu(&locale, tag);
            }
        }
        let tags = tags(&own);
        let selected = selected_in_menu().filter(|_| self.differs_from_menu());
        let stored = stored().filter(|stored| tags.contains(stored));
        let is_new = |tag: &String| self.tag.with_untracked(|now| now != tag) || own.contains(tag);
        if let Some(selected) = selected {
            self.choose(selected, own.clone());
        } else if let Some(tag) = stored.or_else(|| best(&tags)).filter(is_new) {
            // guard: matched-language-is-not-stored
            self.change_to(tag, own.clone(), false);
        }
        on_menu(move |tag| self.choose(tag, own.clone()));
    }

    /// Why the last selected language could not be loaded, in English; empty if the cause is unknown. Tracked.
    pub fn cause_of_failure(self) -> String {
        self.failed.get().unwrap_or_default()
    }

    /// Changes to `tag` once its texts are loaded, and stores the choice. The latest of several choices counts.
    pub fn choose(self, tag: String, own: Vec<String>) {
        self.change_to(tag, own, true);
    }

    /// A language that fits the browser's is no choice of the operator's, so it is not stored: it would outlast a change of
    /// the browser's languages.
    fn change_to(self, tag: String, own: Vec<String>, is_choice: bool) {
        self.failed.set(None);
        note_in_menu("");
        self.choosing.run(async move {
            // An organisation may replace the texts of a language that the bundle has.
            let is_own = own.contains(&tag);
            let texts = if is_own { read_own(&tag).await } else { read(&tag).await };
            let Some((direction, texts)) = texts else {
                set_in_menu(&self.tag.get_untracked());
                let failed = text::language_failed();
                let cause = cause(&["link[hreflang='", &tag, "']"].concat()).await;
                note_in_menu(&match &cause {
                    Some(cause) => text::two_sentences(&failed, cause),
                    None => failed,
                });
                return self.failed.set(Some(cause.unwrap_or_default()));
            };
            change(&tag, &direction, texts);
            use_conventions(&tag);
            if is_choice {
                // If the browser stores nothing, the choice lasts until the page is closed.
                _ = Storage::Preferences.set(LANGUAGE, &tag);
            }
            set_in_menu(&tag);
            label_menu(&text::language());
            self.tag.set(tag);
        });
    }
}

/// The texts of a language that config.json adds. Its file is the only one without a hash: it is not part of the bundle. It
/// only gives texts.
async fn read_own(tag: &str) -> Option<(String, Texts)> {
    let file = fetch_site_file(&["languages/", tag, ".json"].concat()).await.ok().flatten()?;
    let list = catalogue()?;
    let list = fetch_with_integrity(&list.href, &list.integrity).await?;
    let texts = text::own_language(&list, &file, &Numbers::new(tag))?;
    let direction = text::direction(&Locale::parse(tag)?.maximized());
    Some((direction.to_owned(), texts))
}

/// Numbers and times as in the operator's region, if the language is the same.
fn use_conventions(tag: &str) {
    let Some(own) = Locale::parse(tag) else { return };
    let regional = text::conventions(&own.maximized(), &asked());
    let regional = regional.and_then(|place| Locale::asked_for().into_iter().nth(place));
    let locale = regional.unwrap_or(own);
    text::set_locale(Rc::new(Numbers::new(locale.tag())), Rc::new(Times::new(&locale)));
}

/// The tags of all languages, English first.
fn tags(own: &[String]) -> Vec<String> {
    let mut tags = vec![ENGLISH.to_owned()];
    tags.extend(translations().into_iter().map(|link| link.tag));
    tags.extend(own.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>());
    tags
}
