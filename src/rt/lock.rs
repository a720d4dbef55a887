//! Locks between the tabs of one browser: what one page holds, no other page gets, until the first is gone, however it went.
//!
//! By reflection: `web_sys` calls the interface unstable, though all browsers have it, and a page on plain HTTP has none.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Takes the lock `name` for as long as this page lives. `false` where another page has it; `true` also where the browser has
/// no locks for this page.
pub async fn hold(name: &str) -> bool {
    let mut asked = Ok(JsValue::NULL);
    let told = Promise::new(&mut |tell, _| {
        // `null` where another page has it; a promise that is never kept keeps the lock.
        let take = Closure::once_into_js(move |lock: JsValue| {
            _ = tell.call1(&JsValue::UNDEFINED, &lock);
            Promise::new(&mut |_, _| {})
        });
        asked = request(name, &take);
    });
    let Ok(asked) = asked else { return true };
    // A frame of its own origin is refused only later.
    let first = Promise::race(&Array::of2(&told, &asked));
    JsFuture::from(first).await.map_or(true, |lock| !lock.is_null())
}

fn request(name: &str, take: &JsValue) -> Result<JsValue, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name));
    let locks = get(&window().navigator(), "locks")?;
    let request: Function = get(&locks, "request")?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("ifAvailable"), &JsValue::TRUE)?;
    request.call3(&locks, &JsValue::from_str(name), &options, take)
}
