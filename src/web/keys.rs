//! Keys that apply to the page as a whole.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::Listener;

/// Elements in which a letter is text, or selects something.
const TAKES_TEXT: &str = "textarea, select, [contenteditable], \
    input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

/// Calls `pressed` for each single key typed outside of fields while no dialog is open, while the current owner lives.
/// If it returns true, the key has no other effect.
pub fn on_key(pressed: impl Fn(&str) -> bool + 'static) {
    Listener::new(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let with_others = event.ctrl_key() || event.alt_key() || event.meta_key();
        if with_others || event.is_composing() || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_text = target.is_some_and(|element| element.matches(TAKES_TEXT).unwrap_or(false));
        let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
        if !is_text && !in_dialog && pressed(&event.key()) {
            event.prevent_default();
        }
    })
    .scoped();
}

/// Calls `touched` whenever the operator presses a key or a pointer button anywhere, while the current owner lives.
pub fn on_touch(touched: impl Fn() + Clone + 'static) {
    for kind in ["keydown", "pointerdown"] {
        let touched = touched.clone();
        Listener::new(&document(), kind, move |_| touched()).scoped();
    }
}
