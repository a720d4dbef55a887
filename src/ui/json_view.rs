//! A JSON text, unfolded part by part. It builds its elements by itself: there may be thousands, and none of them changes.

use crate::web::Listener;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

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

/// Draws the entries of a JSON text into `place`. Parts are read and drawn when they are unfolded.
pub(super) fn draw_json(place: &Element, json: &str, reader: JsonReader) {
    let unfold = move |event: Event| _ = unfold(&event, reader);
    Listener::new(place, "click", unfold).scoped();
    if let Some(list) = append(place, "ul", "") {
        fill(&list, json, reader);
    }
}

/// Fills the list of the part whose summary was clicked, once.
fn unfold(event: &Event, reader: JsonReader) -> Option<()> {
    let clicked: Element = event.target()?.dyn_into().ok()?;
    let list = clicked.closest("summary").ok()??.next_element_sibling()?;
    let part = list.get_attribute(PART)?;
    _ = list.remove_attribute(PART);
    fill(&list, &part, reader);
    Some(())
}

fn fill(list: &Element, json: &str, reader: JsonReader) {
    for (name, value) in (reader.entries)(json) {
        _ = fill_item(list, &(reader.name)(&name), &value, reader);
    }
}

fn fill_item(list: &Element, name: &str, value: &str, reader: JsonReader) -> Option<()> {
    let item = append(list, "li", "")?;
    let count = (reader.entries)(value).len();
    if count == 0 {
        append(&item, "b", name)?;
        append(&item, "span", &(reader.value)(value))?;
        return Some(());
    }
    let [open, close] = if value.starts_with('{') { ["{", "}"] } else { ["[", "]"] };
    let part = append(&item, "details", "")?;
    part.set_class_name("disclosure");
    let summary = append(&part, "summary", "")?;
    append(&summary, "b", name)?;
    append(&summary, "span", &[open, &count.to_string(), close].concat())?;
    append(&part, "ul", "")?.set_attribute(PART, value).ok()
}

fn append(parent: &Element, tag: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}
