//! The page that shows this one in a frame: what it says, and what is told to it.
//!
//! Any page of the browser can send a message to any window. Only what comes from the parent window and from an origin
//! on the list is heard, and what is told goes to such an origin only.

use super::Listener;
use js_sys::{Array, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

/// The parent window, where this page is in a frame.
fn parent() -> Option<Window> {
    let own = window();
    own.parent().ok().flatten().filter(|parent| !js_sys::Object::is(parent, &own))
}

/// Whether this page is shown in a frame.
pub fn is_framed() -> bool {
    parent().is_some()
}

/// Whether this page may be shown where it is: in no frame, or in frames of these origins only.
///
/// The server's `frame-ancestors` says the same and is the real guard; this one is for hosts that don't say it. A browser
/// that does not name the frames around a page is believed where there are any origins at all.
pub fn is_welcome(origins: &[String]) -> bool {
    if !is_framed() {
        return true;
    }
    let around = Reflect::get(&window().location(), &"ancestorOrigins".into()).ok();
    match around.filter(JsValue::is_object) {
        Some(around) => Array::from(&around)
            .iter()
            .all(|origin| origin.as_string().is_some_and(|origin| origins.contains(&origin))),
        None => !origins.is_empty(),
    }
}

/// Hands each text from the parent to `heard`, together with the parent's origin, for as long as the current owner lives.
pub fn listen(origins: Vec<String>, heard: impl Fn(&str, String) + 'static) {
    let Some(parent) = parent() else { return };
    Listener::new(&window(), "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let from_parent = Reflect::get(event, &"source".into())
            .is_ok_and(|source| js_sys::Object::is(&source, &parent));
        let origin = event.origin();
        if !from_parent || !origins.contains(&origin) {
            return;
        }
        if let Some(text) = event.data().as_string() {
            heard(&origin, text);
        }
    })
    .scoped();
}

/// Tells the parent something, if it is of this origin; any other hears nothing.
pub fn tell(origin: &str, text: &str) {
    if let Some(parent) = parent() {
        _ = parent.post_message(&JsValue::from_str(text), origin);
    }
}
