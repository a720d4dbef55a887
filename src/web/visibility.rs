//! Whether the page is visible: browsers throttle hidden tabs, so polling slows down and catches up later.

use leptos::prelude::*;

use super::Listener;

/// Whether the page is in a hidden tab or a minimised window.
pub fn is_hidden() -> bool {
    document().hidden()
}

/// Calls `back` whenever the page gets the user's attention again: shown after it was hidden, or focused after another
/// window or frame. While the current owner lives.
pub fn on_attention(back: impl Fn() + Copy + 'static) {
    Listener::new(&window(), "focus", move |_| back()).scoped();
    Listener::new(&document(), "visibilitychange", move |_| {
        if !is_hidden() {
            back();
        }
    })
    .scoped();
}

/// [`is_hidden`] as a signal that lives as long as the current owner.
pub fn hidden() -> ReadSignal<bool> {
    let (hidden, set_hidden) = signal(is_hidden());
    Listener::new(&document(), "visibilitychange", move |_| {
        _ = set_hidden.try_set(is_hidden());
    })
    .scoped();
    hidden
}
