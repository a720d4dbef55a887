//! The languages that the document offers: links to their texts (`<link rel="alternate" hreflang="de" title="Deutsch"
//! href="…">`) and the menu before the sign-in.

use leptos::prelude::{document, event_target_value};
use wasm_bindgen::JsCast;
use web_sys::{HtmlLinkElement, HtmlSelectElement};

use super::{Listener, Locale};

/// The languages of the bundle except English.
const TRANSLATIONS: &str = "link[rel=alternate][hreflang]";
/// The list of all texts, which turns an operator's own file into texts.
const CATALOGUE: &str = "link[rel=alternate][type='text/plain']";
/// The menu.
const MENU: &str = "languages";
/// What went wrong with the last choice.
const NOTE: &str = "languages-note";

/// A file that the document links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedFile {
    /// Its BCP 47 tag, if it has the texts of a language.
    pub tag: String,
    /// The name of the language, in that language.
    pub name: String,
    /// The reading direction of the language.
    pub direction: String,
    /// Its URL.
    pub href: String,
    /// The hash that it must have; empty if none is given.
    pub integrity: String,
}

fn linked(selector: &str) -> Vec<LinkedFile> {
    let Ok(links) = document().query_selector_all(selector) else { return Vec::new() };
    let links = (0..links.length()).filter_map(|index| links.get(index));
    let links = links.filter_map(|link| link.dyn_into::<HtmlLinkElement>().ok());
    let attribute = |link: &HtmlLinkElement, name| link.get_attribute(name).unwrap_or_default();
    links
        .map(|link| LinkedFile {
            tag: attribute(&link, "hreflang"),
            name: attribute(&link, "title"),
            direction: attribute(&link, "dir"),
            href: attribute(&link, "href"),
            integrity: attribute(&link, "integrity"),
        })
        .collect()
}

/// All translations, in document order.
pub fn translations() -> Vec<LinkedFile> {
    linked(TRANSLATIONS)
}

/// The list of all texts with their placeholders.
pub fn catalogue() -> Option<LinkedFile> {
    linked(CATALOGUE).pop()
}

fn menu() -> Option<HtmlSelectElement> {
    document().get_element_by_id(MENU)?.dyn_into().ok()
}

/// Adds a language to the menu before the sign-in, under its own name.
pub fn add_to_menu(locale: &Locale, tag: &str) {
    if let (Some(menu), Ok(option)) = (menu(), document().create_element("option")) {
        option.set_text_content(Some(&locale.own_name()));
        _ = option.set_attribute("value", tag);
        _ = option.set_attribute("lang", tag);
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
