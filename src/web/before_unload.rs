//! Asks for confirmation before the tab is closed or reloaded, while there is a reason to.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::BeforeUnloadEvent;

use super::Listener;

/// While it exists, the browser asks before it leaves the page, in the browser's own words.
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
