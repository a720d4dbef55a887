//! Asks before the tab is closed or reloaded, for as long as somebody has a reason.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::BeforeUnloadEvent;

use super::Listener;

/// While it lives, the browser asks before it leaves the page. The words are the browser's own.
#[derive(Debug)]
#[must_use = "dropping it lets the page go"]
pub struct BeforeUnload(#[expect(dead_code, reason = "held for its drop")] Listener);

impl BeforeUnload {
    /// Starts asking.
    pub fn guard() -> Self {
        Self(Listener::new(&window(), "beforeunload", |event| {
            event.prevent_default();
            // Chromium before 119 asks only if this is set as well.
            if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
                event.set_return_value("stay");
            }
        }))
    }
}
