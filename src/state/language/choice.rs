//! The choice of another language. It loads with the console: in the preferences, and in the menu before the sign-in.

use super::{LANGUAGE, Language, asked, best, change, read, stored};
use crate::web::storage::Storage;
use crate::web::{
    CATALOGUE, Locale, Numbers, OfferedLanguage, Times, add_to_menu, cause, fetch_site_file,
    fetch_with_integrity, label_menu, language_file, list_of_languages, note_in_menu,
    offered_languages, on_menu, selected_in_menu, set_in_menu,
};
use leptos::prelude::*;
use std::rc::Rc;
use text::Texts;

impl Language {
    /// All languages, English first.
    pub fn all(own: &[String]) -> Vec<OfferedLanguage> {
        let mut all = offered_languages();
        for tag in own {
            if let (Some(locale), None) =
                (Locale::parse(tag), all.iter().find(|one| one.tag == *tag))
            {
                let direction = text::direction(&locale.maximized()).to_owned();
                all.push(OfferedLanguage { tag: tag.clone(), name: locale.own_name(), direction });
            }
        }
        all
    }

    /// Follows the menu before the sign-in, and adds the languages to it whose tags are `own`: config.json names them.
    pub fn follow_menu(self, own: Vec<String>) {
        self.tag.with_untracked(|tag| use_conventions(tag));
        label_menu(&text::language());
        let bundled = super::tags().len();
        let all = Self::all(&own);
        for one in all.iter().skip(bundled) {
            add_to_menu(one);
        }
        let tags: Vec<String> = all.into_iter().map(|one| one.tag).collect();
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
                let name = if is_own { CATALOGUE } else { &tag };
                let mut files = Vec::from_iter(list_of_languages());
                files.extend(language_file(name).await);
                let cause = cause(&files).await;
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
    let list = language_file(CATALOGUE).await?;
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
