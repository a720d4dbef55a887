//! Which browser, build and time zone this is, for reports and records only, because browsers may report anything; also
//! the print dialog.

use super::{sleep, spawn_app};
use js_sys::{Array, Intl, Object, Reflect};
use leptos::prelude::{document, window};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::Event;

/// The browser's user agent string; empty if it reports none.
pub fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Whether this is a Mac, where Command is the key for shortcuts.
pub fn is_mac() -> bool {
    user_agent().contains("Macintosh")
}

/// Which build this is: the name of the loaded file, which is a hash; empty without a build.
pub fn build() -> String {
    let script = document().query_selector("script[src^=\"./curfew\"]").ok().flatten();
    let file = script.and_then(|script| script.get_attribute("src")).unwrap_or_default();
    file.trim_start_matches("./").to_owned()
}

/// The time zone of this machine, such as `Europe/Berlin`; empty if the browser doesn't report it.
pub fn time_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    property(&format.resolved_options().into(), "timeZone")
}

/// The protocol over which this page came, such as `h2`; empty if the browser doesn't report it.
pub fn page_protocol() -> String {
    let entries = window().performance().map(|times| times.get_entries_by_type("navigation"));
    property(&entries.unwrap_or_default().get(0), "nextHopProtocol")
}

/// A text of an object; empty if it has none.
fn property(object: &JsValue, name: &str) -> String {
    let value = Reflect::get(object, &JsValue::from_str(name)).ok();
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Opens the browser's print dialog once the views that exist only on paper are rendered. They are rendered on
/// `beforeprint`: the browser's own event comes too late while a click is handled. Without a print dialog, nothing
/// happens.
pub fn print() {
    if let Ok(event) = Event::new("beforeprint") {
        _ = window().dispatch_event(&event);
    }
    spawn_app(async {
        sleep(Duration::ZERO).await;
        _ = window().print();
    });
}
