//! Notifications of the system, where browser and operator allow them. It must not decide what is worth one.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Asks the operator to allow notifications, unless that was answered before. True if they are allowed. Browsers ask only
/// in answer to a press.
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

/// Shows a notification, if they are allowed. One with the same `tag` takes the place of the one before.
pub fn notify(title: &str, body: &str, tag: &str) {
    if !exists() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    // Refused, or only possible from a worker: then there is none.
    _ = Notification::new_with_options(title, &options);
}

/// Whether this browser has them: some, and pages without TLS, do not.
fn exists() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false)
}
