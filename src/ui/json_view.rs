//! A JSON text, unfolded part by part. It builds its elements by itself: there may be thousands, and none of them changes.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::tachys::html::property::IntoProperty;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Where a part that is not unfolded yet keeps its text.
const PART: &str = "data-part";

/// How a JSON text is read and shown.
#[derive(Clone, Copy, Debug)]
pub struct JsonReader {
    /// The entries of an object or a list, names and values as they are written; none of anything else.
    pub entries: fn(&str) -> Vec<(String, String)>,
    /// A name for the eye.
    pub name: fn(&str) -> String,
    /// A value without entries for the eye.
    pub value: fn(&str) -> String,
}

/// The entries of a JSON text. Parts are read and drawn when they are unfolded.
pub fn json_view(json: String, reader: JsonReader) -> AnyView {
    let unfold = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let summary = target.and_then(|target| target.closest("summary").ok()?);
        let Some(list) = summary.and_then(|summary| summary.next_element_sibling()) else { return };
        if let Some(part) = list.get_attribute(PART) {
            _ = list.remove_attribute(PART);
            fill(&list, &part, reader);
        }
    };
    let entries = Entries { json, reader };
    view! { <ul class="json" dir="ltr" lang="en" translate="no" on:click=unfold prop:textContent=entries/> }
        .into_any()
}

/// The content of a list.
#[derive(Clone)]
struct Entries {
    json: String,
    reader: JsonReader,
}

impl IntoProperty for Entries {
    type State = ();
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element, key: &str) {
        self.build(element, key);
    }

    fn build(self, element: &Element, _: &str) {
        fill(element, &self.json, self.reader);
    }

    fn rebuild(self, (): &mut (), _: &str) {}

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }
}

fn fill(list: &Element, json: &str, reader: JsonReader) {
    for (name, value) in (reader.entries)(json) {
        let Some(item) = append(list, "li", "", "") else { return };
        let name = (reader.name)(&name);
        let count = (reader.entries)(&value).len();
        if count == 0 {
            append(&item, "span", "json-name", &name);
            append(&item, "span", "", &(reader.value)(&value));
            continue;
        }
        let [open, close] = if value.starts_with('{') { ["{", "}"] } else { ["[", "]"] };
        let Some(part) = append(&item, "details", "disclosure", "") else { return };
        if let Some(summary) = append(&part, "summary", "", "") {
            append(&summary, "span", "json-name", &name);
            append(&summary, "span", "", &[open, &count.to_string(), close].concat());
        }
        if let Some(list) = append(&part, "ul", "", "") {
            _ = list.set_attribute(PART, &value);
        }
    }
}

fn append(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}
