//! DOM event listeners with an owner: dropping one removes it.
//!
//! For targets outside the view (window, document, a channel). Inside a view, use `on:event`.

use std::fmt;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

/// A listener that is removed when this is dropped.
#[must_use = "dropping it removes the listener"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn FnMut(Event)>,
    is_first: bool,
}

impl Listener {
    /// Calls `callback` on each `kind` event that reaches `target`.
    pub fn new(
        target: &EventTarget,
        kind: &'static str,
        callback: impl FnMut(Event) + 'static,
    ) -> Self {
        Self::with(target, kind, Closure::new(callback), false)
    }

    /// Like [`Listener::new`], but before the listeners of the elements in `target`.
    pub fn first(
        target: &EventTarget,
        kind: &'static str,
        callback: impl FnMut(Event) + 'static,
    ) -> Self {
        Self::with(target, kind, Closure::new(callback), true)
    }

    fn with(
        target: &EventTarget,
        kind: &'static str,
        callback: Closure<dyn FnMut(Event)>,
        is_first: bool,
    ) -> Self {
        let function = callback.as_ref().unchecked_ref();
        // Fails only if the callback is not a function.
        _ = target.add_event_listener_with_callback_and_bool(kind, function, is_first);
        Self { target: target.clone(), kind, callback, is_first }
    }

    /// Keeps listening until the current owner is cleaned up.
    pub fn scoped(self) {
        StoredValue::new_local(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let Self { target, kind, is_first, .. } = self;
        _ = target.remove_event_listener_with_callback_and_bool(kind, callback, *is_first);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("kind", &self.kind).finish_non_exhaustive()
    }
}
