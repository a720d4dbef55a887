//! Keys that apply to the page as a whole.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, Node};

use super::{Listener, dom};

/// Elements in which a letter is text, or selects something.
const TAKES_TEXT: &str = "textarea, select, [contenteditable], \
    input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

/// An open dialog.
const DIALOG: &str = "dialog[open]";

/// Calls `pressed` for each single key typed outside of fields while no dialog is open, while the current owner lives.
/// If it returns true, the key has no other effect.
pub fn on_key(pressed: impl Fn(&str) -> bool + 'static) {
    Listener::new(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if with_others(event) || is_composing(event) || event.default_prevented() {
            return;
        }
        let is_text = target(event).is_some_and(|at| at.matches(TAKES_TEXT).unwrap_or(false));
        if !is_text && !dom::exists(DIALOG) && pressed(&event.key()) {
            event.prevent_default();
        }
    })
    .scoped();
}

/// Calls `pressed` for Ctrl+K or Command+K anywhere on the page, while the current owner lives.
pub fn on_palette(pressed: Callback<()>) {
    Listener::new(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let is_alone = !event.alt_key() && !event.shift_key() && !event.repeat();
        if is_alone && event.ctrl_key() != event.meta_key() && event.key() == "k" {
            // Otherwise some browsers go to their own search.
            event.prevent_default();
            pressed.run(());
        }
    })
    .scoped();
}

/// Whether a dialog is open.
pub fn is_dialog_open() -> bool {
    dom::exists(DIALOG)
}

/// Calls `pressed` for Ctrl+Enter or Command+Enter anywhere on the page, and for Enter while its heading has the focus,
/// while no dialog is open and the current owner lives.
pub fn on_review(pressed: Callback<()>) {
    Listener::new(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if enter(event) != Some(true) || dom::exists(DIALOG) {
            return;
        }
        let at_heading = || target(event).is_some_and(|at| at.id() == "page-heading");
        if event.ctrl_key() || event.meta_key() || (!with_others(event) && at_heading()) {
            event.prevent_default();
            pressed.run(());
        }
    })
    .scoped();
}

/// What keys do in text fields, while the current owner lives: the down arrow moves from a search field into the list that
/// follows it, Enter in such a field selects the only row of that list, and Enter does nothing while an input method
/// composes a text.
pub fn in_fields() {
    Listener::new(&document(), "keydown", |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let handled = match enter(event) {
            // Otherwise the browser submits the form of the field.
            // guard: composing-enter
            Some(_) if is_composing(event) => true,
            Some(true) if !with_others(event) => select_only_row(event).is_some(),
            None if event.key() == "ArrowDown" && !with_others(event) && !is_composing(event) => {
                search_field(event)
                    .and_then(|field| following(&field, "[role=listbox]:has([role=option])"))
                    .is_some_and(|list| list.focus().is_ok())
            }
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
    })
    .scoped();
}

/// Whether a key is Enter, and if so whether it counts: a held key repeats, and an input method's Enter only ends the
/// composition.
pub fn enter(event: &KeyboardEvent) -> Option<bool> {
    (event.key() == "Enter").then(|| !event.repeat() && !is_composing(event))
}

/// Whether an input method handles the key.
fn is_composing(event: &KeyboardEvent) -> bool {
    // Safari ends the composition before it reports the key that ended it, with the key code of a composition.
    event.is_composing() || event.key_code() == 229
}

fn with_others(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.alt_key() || event.meta_key()
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}

/// Selects the only row of the list after the search field that an event is for. A search of its own, such as that of the
/// search page, submits its form instead.
fn select_only_row(event: &KeyboardEvent) -> Option<()> {
    let field = search_field(event)?;
    let is_filter = !field.value().is_empty() && !field.matches("[role=search] *").ok()?;
    let list = following(&field, "[role=listbox]").filter(|_| is_filter)?;
    let row = list.query_selector("[aria-setsize='1']").ok()??.dyn_into::<HtmlElement>().ok()?;
    if row.get_attribute("aria-checked").as_deref() == Some("false") {
        row.click();
    }
    Some(())
}

fn search_field(event: &KeyboardEvent) -> Option<HtmlInputElement> {
    let field = target(event)?.dyn_into::<HtmlInputElement>().ok()?;
    (field.type_() == "search").then_some(field)
}

/// The first element after a field that matches `selector`.
fn following(field: &HtmlInputElement, selector: &str) -> Option<HtmlElement> {
    let found = document().query_selector_all(selector).ok()?;
    let found = (0..found.length()).filter_map(|index| found.get(index));
    let mut found = found.filter(|other| {
        field.compare_document_position(other) & Node::DOCUMENT_POSITION_FOLLOWING != 0
    });
    found.next()?.dyn_into().ok()
}

/// Calls `touched` whenever the operator presses a key or a pointer button anywhere, while the current owner lives.
pub fn on_touch(touched: impl Fn() + Clone + 'static) {
    for kind in ["keydown", "pointerdown"] {
        let touched = touched.clone();
        Listener::new(&document(), kind, move |_| touched()).scoped();
    }
}
