//! Copies text to the clipboard, even where the modern API is not available.
//!
//! `navigator.clipboard` is missing on plain HTTP and refused in a frame without permission, two places where internal
//! tools are common. The old copy command still works there.

use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The browser refused to copy; the operator has to select the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser does not allow copying here")]
pub struct CopyError;

/// Copies `text`. Call it from an event handler: browsers allow it only in response to a user action.
pub async fn copy(text: &str) -> Result<(), CopyError> {
    let navigator = window().navigator();
    let missing = Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| clipboard.is_undefined());
    if !missing && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return Ok(());
    }
    match copy_by_selection(text) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(CopyError),
    }
}

/// Selects the text in a temporary field and asks the document to copy the selection.
fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document().unchecked_into::<HtmlDocument>();
    let active = document.active_element();
    // Next to the focused element: outside an open dialog nothing can be focused, so nothing can be selected.
    let parent = active.as_ref().and_then(|active| active.parent_element());
    let Some(parent) = parent.or_else(|| document.body().map(Into::into)) else { return Ok(false) };
    let field = document.create_element("textarea")?.unchecked_into::<HtmlTextAreaElement>();
    field.set_class_name("visually-hidden");
    field.set_value(text);
    parent.append_child(&field)?;
    field.select();
    let copied = document.exec_command("copy");
    field.remove();
    if let Some(active) = active.and_then(|active| active.dyn_into::<HtmlElement>().ok()) {
        _ = active.focus();
    }
    copied
}
