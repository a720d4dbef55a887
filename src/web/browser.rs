//! Which browser and which build this is and where it stands, for reports and records only, and its print dialog. Nothing may depend on
//! what it says.

use super::{sleep, spawn_app};
use js_sys::{Array, Intl, Object, Reflect};
use leptos::prelude::{document, window};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::Event;

/// What the browser calls itself; empty where it does not say.
pub fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Which build this is: the file that was loaded, whose name is the hash of what it loads; empty where no build made it.
pub fn build() -> String {
    let file = document().query_selector("link[rel=modulepreload]").ok().flatten();
    let file = file.and_then(|link| link.get_attribute("href")).unwrap_or_default();
    file.trim_start_matches("./").to_owned()
}

/// The time zone of this machine, such as `Europe/Berlin`; empty where the browser does not say.
pub fn time_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let options: JsValue = format.resolved_options().into();
    let zone = Reflect::get(&options, &JsValue::from_str("timeZone")).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_default()
}

/// Opens the browser's print dialog, once what is there on paper only is made. Whoever makes it hears `beforeprint`: the
/// browser's own comes too late while a press is handled. Where there is no dialog, nothing happens.
pub fn print() {
    if let Ok(event) = Event::new("beforeprint") {
        _ = window().dispatch_event(&event);
    }
    spawn_app(async {
        sleep(Duration::ZERO).await;
        _ = window().print();
    });
}
