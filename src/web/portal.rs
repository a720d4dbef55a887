//! Messages to and from the page that shows this one in a frame.
//!
//! Any page of the browser can send a message to any window. Only messages from the parent window and an allowed origin
//! are read, and messages are sent only to such an origin.

use super::Listener;
use js_sys::{Array, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

/// The parent window, if this page is in a frame.
fn parent() -> Option<Window> {
    let own = window();
    own.parent().ok().flatten().filter(|parent| !js_sys::Object::is(parent, &own))
}

/// Whether this page is shown in a frame.
pub fn is_framed() -> bool {
    parent().is_some()
}

/// The origins of the pages around this frame, the nearest first; `None` if the browser doesn't report them.
pub fn around() -> Option<Vec<String>> {
    let around = Reflect::get(&window().location(), &"ancestorOrigins".into()).ok();
    let around = Array::from(&around.filter(JsValue::is_object)?);
    Some(around.iter().map(|origin| origin.as_string().unwrap_or_default()).collect())
}

/// Passes each message from the parent to `heard`, with the parent's origin, while the current owner lives.
pub fn listen(origins: Vec<String>, received: impl Fn(&str, String) + 'static) {
    let Some(parent) = parent() else { return };
    Listener::new(&window(), "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let from_parent = Reflect::get(event, &"source".into())
            .is_ok_and(|source| js_sys::Object::is(&source, &parent));
        let origin = event.origin();
        // guard: curfew-message-source
        if !from_parent || !origins.contains(&origin) {
            return;
        }
        if let Some(text) = event.data().as_string() {
            received(&origin, text);
        }
    })
    .scoped();
}

/// Sends a message to the parent if it has this origin; no other origin receives it.
pub fn send(origin: &str, text: &str) {
    if let Some(parent) = parent() {
        _ = parent.post_message(&JsValue::from_str(text), origin);
    }
}
