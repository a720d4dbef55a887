//! Files next to the document.

use gloo_net::http::{RequestBuilder, Response};
use js_sys::{Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

/// A file that could not be read: the server reported neither its content nor that it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRead;

/// The time limit for one file.
const PATIENCE_MS: u32 = 4_000;

/// The configuration file, and the request for it that boot.js makes before the app has loaded.
const CONFIG: (&str, &str) = ("config.json", "curfewConfig");

/// The text of config.json, as [`fetch_site_file`] reads it. The answer to the request of boot.js is used once.
///
/// # Errors
/// As [`fetch_site_file`].
pub async fn fetch_config() -> Result<Option<String>, NotRead> {
    let (file, early) = (CONFIG.0, CONFIG.1.into());
    // The tests of components have no boot.js.
    let asked = Reflect::get(&global(), &early).ok().and_then(|asked| asked.dyn_into().ok());
    let Some(asked): Option<Promise> = asked else { return fetch_site_file(file).await };
    _ = Reflect::set(&global(), &early, &JsValue::UNDEFINED);
    let answer = JsFuture::from(asked).await.map_err(|_| NotRead)?;
    text_of(Response::from(web_sys::Response::from(answer))).await
}

/// The text of a file of the bundle, never from the cache; `None` if the server reports that it does not exist.
///
/// # Errors
/// [`NotRead`]: any other answer, or none within 4 s.
pub async fn fetch_site_file(name: &str) -> Result<Option<String>, NotRead> {
    fetch(RequestBuilder::new(name).cache(RequestCache::NoCache)).await
}

/// The text of a file of the bundle if it matches `integrity`; `None` if it doesn't, or isn't received within 4 s. An
/// empty `integrity` accepts any content.
pub async fn fetch_with_integrity(name: &str, integrity: &str) -> Option<String> {
    fetch(RequestBuilder::new(name).integrity(integrity)).await.ok().flatten()
}

async fn fetch(request: RequestBuilder) -> Result<Option<String>, NotRead> {
    let in_time = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let request = request.credentials(RequestCredentials::SameOrigin);
    let request = request.abort_signal(Some(&in_time)).build().map_err(|_| NotRead)?;
    text_of(request.send().await.map_err(|_| NotRead)?).await
}

async fn text_of(response: Response) -> Result<Option<String>, NotRead> {
    match response.status() {
        404 => Ok(None),
        200 => response.text().await.map(Some).map_err(|_| NotRead),
        _ => Err(NotRead),
    }
}
