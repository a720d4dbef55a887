//! Which browser this is and where it stands, for reports and records only, and its print dialog. Nothing may depend on
//! what it says.

use js_sys::{Array, Intl, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// What the browser calls itself; empty where it does not say.
pub fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// The time zone of this machine, such as `Europe/Berlin`; empty where the browser does not say.
pub fn time_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let options: JsValue = format.resolved_options().into();
    let zone = Reflect::get(&options, &JsValue::from_str("timeZone")).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_default()
}

/// Opens the browser's print dialog. Where it has none, nothing happens.
pub fn print() {
    _ = window().print();
}
