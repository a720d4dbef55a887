//! Why a file could not be used, in English (cause.js).

use super::LinkedFile;
use js_sys::{Array, Function, Object, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why one of these files can't be used, if that is known.
pub async fn cause(files: &[LinkedFile]) -> Option<String> {
    let list = Array::new();
    for LinkedFile { href, integrity } in files {
        let file = Object::new();
        for (name, value) in [("href", href), ("integrity", integrity)] {
            Reflect::set(&file, &name.into(), &value.into()).ok()?;
        }
        list.push(&file);
    }
    // boot.js sets it; the tests of components have none.
    let explain =
        Reflect::get(&global(), &"curfewCause".into()).ok()?.dyn_into::<Function>().ok()?;
    let answer = explain.call2(&JsValue::NULL, &list, &"".into()).ok()?;
    let cause = JsFuture::from(answer.dyn_into::<Promise>().ok()?).await.ok()?.as_string()?;
    Some(cause).filter(|cause| !cause.is_empty())
}
