//! The part of the address after `#`, which holds the routes.
//!
//! It handles text only: callers parse and format the routes.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::Listener;

/// The current fragment without its `#`, percent-encoded as in the address.
pub fn current() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// The address of this page without its fragment.
pub fn page_address() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

/// [`current`] as a signal that lives as long as the current owner.
pub fn fragment() -> ReadSignal<String> {
    let (fragment, set_fragment) = signal(current());
    Listener::new(&window(), "hashchange", move |_| {
        _ = set_fragment.try_set(current());
    })
    .scoped();
    fragment
}

/// Goes to `fragment` (without `#`); the Back button leads back from it.
pub fn go(fragment: &str) {
    _ = window().location().set_hash(fragment);
}

/// Replaces the current fragment with `fragment` (without `#`), so that Back does not return to it.
pub fn replace(fragment: &str) {
    let Ok(history) = window().history() else { return };
    let address = format!("#{fragment}");
    if history.replace_state_with_url(&JsValue::NULL, "", Some(&address)).is_err() {
        return;
    }
    // The browser sends no event for a replaced address, and followers of the fragment need one.
    if let Ok(event) = Event::new("hashchange") {
        _ = window().dispatch_event(&event);
    }
}
