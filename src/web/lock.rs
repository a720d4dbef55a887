//! Locks between the tabs of one browser: what one page holds, no other page gets, until the first is gone, however it went.
//!
//! By reflection: `web_sys` calls the interface unstable, though all browsers have it, and a page on plain HTTP has none. A
//! page that may store nothing, as in a frame of its own origin, gets no answer.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Takes the lock `name` for as long as this page lives, also where nobody waits for the answer: `false` where some page has
/// it; `true` also where the browser has no locks for this page.
pub fn hold(name: &str) -> impl Future<Output = bool> + use<> {
    let told = Promise::new(&mut |tell, _| {
        let asked = tell.clone();
        // `null` where some page has it; a promise that is never kept keeps the lock.
        let take = Closure::once_into_js(move |lock: JsValue| {
            _ = tell.call1(&JsValue::UNDEFINED, &lock);
            Promise::new(&mut |_, _| {})
        });
        if request(name, &take).is_err() {
            _ = asked.call0(&JsValue::UNDEFINED);
        }
    });
    let told = JsFuture::from(told);
    async move { told.await.is_ok_and(|lock| !lock.is_null()) }
}

fn request(name: &str, take: &JsValue) -> Result<JsValue, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name));
    let locks = get(&window().navigator(), "locks")?;
    let request: Function = get(&locks, "request")?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("ifAvailable"), &JsValue::TRUE)?;
    request.call3(&locks, &JsValue::from_str(name), &options, take)
}
