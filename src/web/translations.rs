//! The languages that the document offers: the menu before the sign-in, and the link to the list of their files.

use leptos::prelude::{document, event_target_value};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};

use super::{Listener, fetch_with_integrity};

/// The languages of the bundle, in the menu; English is the first.
const OFFERED: &str = "#languages option:not([data-own])";
/// Those that no native speaker has reviewed yet.
const UNREVIEWED: &str = ":not([data-own], [data-reviewed], :first-child)";
/// The link to the list of the languages' files.
const LIST: &str = "link[rel=alternate]";
/// The name, in that list, of the list of all texts, which turns an operator's own file into texts. Tags of languages are shorter.
pub const CATALOGUE: &str = "catalogue";
/// The menu.
const MENU: &str = "languages";
/// What went wrong with the last choice.
const NOTE: &str = "languages-note";

/// A language of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedLanguage {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its name, in that language.
    pub name: String,
    /// Its reading direction.
    pub direction: String,
}

/// A file of the bundle that is loaded when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedFile {
    /// Its URL.
    pub href: String,
    /// The hash that it must have; empty if none is given.
    pub integrity: String,
}

/// The languages of the bundle, English first.
pub fn offered_languages() -> Vec<OfferedLanguage> {
    let Ok(options) = document().query_selector_all(OFFERED) else { return Vec::new() };
    let options = (0..options.length()).filter_map(|index| options.get(index));
    let options = options.filter_map(|option| option.dyn_into::<Element>().ok());
    options
        .map(|option| OfferedLanguage {
            tag: option.get_attribute("value").unwrap_or_default(),
            name: option.text_content().unwrap_or_default(),
            direction: option.get_attribute("dir").unwrap_or_else(|| "ltr".to_owned()),
        })
        .collect()
}

/// Whether a language is one of Curfew's that no native speaker has reviewed yet.
pub fn is_unreviewed(tag: &str) -> bool {
    let option = ["#languages option[value='", tag, "']", UNREVIEWED].concat();
    document().query_selector(&option).is_ok_and(|option| option.is_some())
}

/// The list of the languages' files. It is loaded with the first of them, so the document needs only its hash.
pub fn list_of_languages() -> Option<LinkedFile> {
    let link = document().query_selector(LIST).ok()??;
    let integrity = link.get_attribute("integrity").unwrap_or_default();
    Some(LinkedFile { href: link.get_attribute("href")?, integrity })
}

/// The file with the texts of a language, or the [`CATALOGUE`]. `None` if the list doesn't name it, or can't be used.
pub async fn language_file(name: &str) -> Option<LinkedFile> {
    let list = list_of_languages()?;
    let list = fetch_with_integrity(&list.href, &list.integrity).await?;
    let named = |line: &str| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned);
    let file = list.lines().find_map(named)?;
    let (href, integrity) = file.split_once(' ').unwrap_or((&file, ""));
    Some(LinkedFile { href: href.to_owned(), integrity: integrity.to_owned() })
}

fn menu() -> Option<HtmlSelectElement> {
    document().get_element_by_id(MENU)?.dyn_into().ok()
}

/// Adds a language to the menu before the sign-in, under its own name.
pub fn add_to_menu(language: &OfferedLanguage) {
    if let (Some(menu), Ok(option)) = (menu(), document().create_element("option")) {
        option.set_text_content(Some(&language.name));
        for (name, value) in
            [("value", &language.tag), ("lang", &language.tag), ("dir", &language.direction)]
        {
            _ = option.set_attribute(name, value);
        }
        _ = option.set_attribute("data-own", "");
        _ = menu.append_child(&option);
    }
}

/// Names the menu for screen readers.
pub fn label_menu(label: &str) {
    if let Some(menu) = menu() {
        _ = menu.set_attribute("aria-label", label);
    }
}

/// Shows in the menu which language is in use.
pub fn set_in_menu(tag: &str) {
    if let Some(menu) = menu() {
        menu.set_value(tag);
    }
}

/// The language that is selected in the menu. An operator may have selected one before the app ran.
pub fn selected_in_menu() -> Option<String> {
    menu().map(|menu| menu.value())
}

/// A message next to the menu; an empty one removes it.
pub fn note_in_menu(text: &str) {
    if let Some(note) = document().get_element_by_id(NOTE) {
        note.set_text_content(Some(text));
    }
}

/// Calls `choose` with each language that is selected in the menu.
pub fn on_menu(choose: impl Fn(String) + 'static) {
    if let Some(menu) = menu() {
        let choose = move |event: web_sys::Event| choose(event_target_value(&event));
        Listener::new(&menu, "change", choose).scoped();
    }
}
