//! Saves text from the page as a file, without a server.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::{sleep, spawn_app};

/// Offers `text` as a file called `name`, of the given media type (such as `application/json`). False if the browser
/// refuses immediately; a later failure is not reported.
pub fn save_text(name: &str, media_type: &str, text: &str) -> bool {
    try_save(name, media_type, text).is_ok()
}

fn try_save(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link = document().create_element("a")?.unchecked_into::<HtmlAnchorElement>();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    spawn_app(async move {
        // The browser reads the blob after the click; if it is removed immediately, some browsers save nothing.
        sleep(Duration::from_secs(60)).await;
        _ = Url::revoke_object_url(&address);
    });
    Ok(())
}
