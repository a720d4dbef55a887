//! System notifications, if the browser and the operator allow them.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Asks the operator to allow notifications, unless already answered. True if they are allowed. Browsers ask only in
/// response to a click.
pub async fn allowed() -> bool {
    if !exists() {
        return false;
    }
    if Notification::permission() == NotificationPermission::Default
        && let Ok(asked) = Notification::request_permission()
    {
        _ = JsFuture::from(asked).await;
    }
    Notification::permission() == NotificationPermission::Granted
}

/// Shows a notification, if allowed. It replaces an earlier one with the same `tag`.
pub fn notify(title: &str, body: &str, tag: &str) {
    if !exists() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    // Refused, or only possible from a worker: then there is no notification.
    _ = Notification::new_with_options(title, &options);
}

/// Whether this browser has notifications: some browsers, and pages without TLS, don't.
fn exists() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false)
}
