//! Whether the page is visible: browsers throttle hidden tabs, so polling slows down and catches up later.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, IntersectionObserver};

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

/// Calls `changed` whenever it changes whether an element can be seen, also because of the page around this frame: whether
/// nothing covers it and no effect hides it, and how much of it is on the screen. While the current owner lives. Returns
/// whether the browser can report that.
pub fn on_sight(element: &Element, changed: impl Fn(bool, f64) + 'static) -> bool {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let set = |of: &Object, name: &str, value: &JsValue| {
        _ = Reflect::set(of, &JsValue::from_str(name), value);
    };
    let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let entry = entries.pop();
        let uncovered = get(&entry, "isVisible").and_then(|value| value.as_bool());
        let share = get(&entry, "intersectionRatio").and_then(|value| value.as_f64());
        changed(uncovered.unwrap_or_default(), share.unwrap_or_default());
    });
    let options = Object::new();
    set(&options, "trackVisibility", &JsValue::TRUE);
    // The least that browsers accept.
    set(&options, "delay", &JsValue::from_f64(100.0));
    set(&options, "threshold", &JsValue::from_f64(0.99));
    let Ok(observer) = IntersectionObserver::new_with_options(
        callback.as_ref().unchecked_ref(),
        options.unchecked_ref(),
    ) else {
        return false;
    };
    let reports = get(&observer, "trackVisibility").is_some_and(|value| value.is_truthy());
    if reports {
        observer.observe(element);
        StoredValue::new_local(Watched { observer, _callback: callback });
    }
    reports
}

/// Watches whether an element can be seen until it is dropped.
struct Watched {
    observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
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
