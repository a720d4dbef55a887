//! Locks between the tabs of one browser: while one page holds a lock, no other page gets it. It is released when that
//! page is gone, for whatever reason.
//!
//! By reflection: `web_sys` marks the interface unstable, although all browsers have it, and a page on plain HTTP does
//! not have it. A page that can't store anything, as in a frame with an opaque origin, gets no answer.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Takes the lock `name` for as long as this page lives, even if the result is not awaited. `false` if another page
/// holds it; `true` also if the browser has no locks for this page.
pub fn hold(name: &str) -> impl Future<Output = bool> + use<> {
    let result = Promise::new(&mut |resolve, _| {
        let asked = resolve.clone();
        // `null` if another page holds it; a promise that never resolves keeps the lock.
        let take = Closure::once_into_js(move |lock: JsValue| {
            _ = resolve.call1(&JsValue::UNDEFINED, &lock);
            Promise::new(&mut |_, _| {})
        });
        if request(name, &take).is_err() {
            _ = asked.call0(&JsValue::UNDEFINED);
        }
    });
    let result = JsFuture::from(result);
    async move { result.await.is_ok_and(|lock| !lock.is_null()) }
}

fn request(name: &str, take: &JsValue) -> Result<JsValue, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name));
    let locks = get(&window().navigator(), "locks")?;
    let request: Function = get(&locks, "request")?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("ifAvailable"), &JsValue::TRUE)?;
    request.call3(&locks, &JsValue::from_str(name), &options, take)
}
