//! The translations that the document lists: `<link rel="alternate" hreflang="de" title="Deutsch" href="…">`.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlLinkElement;

/// A translation, as its link describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its name, in that language.
    pub name: String,
    /// Its reading direction: `ltr` or `rtl`.
    pub direction: String,
    /// The URL of its texts.
    pub href: String,
    /// The hash that they must have; empty if none is given.
    pub integrity: String,
}

/// All translations, in document order.
pub fn translations() -> Vec<Translation> {
    let Ok(links) = document().query_selector_all("link[rel=alternate][hreflang]") else {
        return Vec::new();
    };
    let links = (0..links.length()).filter_map(|index| links.get(index));
    let links = links.filter_map(|link| link.dyn_into::<HtmlLinkElement>().ok());
    let attribute = |link: &HtmlLinkElement, name| link.get_attribute(name).unwrap_or_default();
    links
        .map(|link| Translation {
            tag: attribute(&link, "hreflang"),
            name: attribute(&link, "title"),
            direction: link.get_attribute("dir").unwrap_or_else(|| "ltr".to_owned()),
            href: attribute(&link, "href"),
            integrity: attribute(&link, "integrity"),
        })
        .collect()
}
