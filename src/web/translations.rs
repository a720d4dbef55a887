//! The other languages that the document names: `<link rel="alternate" hreflang="de" title="Deutsch" href="…">`.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlLinkElement;

/// A language of the document, as its link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its name, in itself.
    pub name: String,
    /// Which way it is read: `ltr` or `rtl`.
    pub direction: String,
    /// Where its texts are.
    pub href: String,
    /// What they must hash to; empty where nothing says so.
    pub integrity: String,
}

/// All of them, in the order of the document.
pub fn alternates() -> Vec<Alternate> {
    let Ok(links) = document().query_selector_all("link[rel=alternate][hreflang]") else {
        return Vec::new();
    };
    let links = (0..links.length()).filter_map(|index| links.get(index));
    let links = links.filter_map(|link| link.dyn_into::<HtmlLinkElement>().ok());
    let attribute = |link: &HtmlLinkElement, name| link.get_attribute(name).unwrap_or_default();
    links
        .map(|link| Alternate {
            tag: attribute(&link, "hreflang"),
            name: attribute(&link, "title"),
            direction: link.get_attribute("dir").unwrap_or_else(|| "ltr".to_owned()),
            href: attribute(&link, "href"),
            integrity: attribute(&link, "integrity"),
        })
        .collect()
}
