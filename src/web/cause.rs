//! Why a file could not be used, in English (cause.js).

use js_sys::{Array, Function, Promise, Reflect, global};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why the file that a link of the document names can't be used, if that is known. `selector` finds the link.
pub async fn cause(selector: &str) -> Option<String> {
    let link = document().query_selector(selector).ok()??;
    // boot.js sets it; the tests of components have none.
    let explain =
        Reflect::get(&global(), &"curfewCause".into()).ok()?.dyn_into::<Function>().ok()?;
    let answer = explain.call2(&JsValue::NULL, &Array::of1(&link), &"".into()).ok()?;
    let cause = JsFuture::from(answer.dyn_into::<Promise>().ok()?).await.ok()?.as_string()?;
    Some(cause).filter(|cause| !cause.is_empty())
}
