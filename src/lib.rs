//! The app. Data flows one way: `state` holds what the app knows and asks BIG-IQ through the crate
//! `curfew_client`, `pages` show it with the components of `ui`, and `web` wraps the browser. See
//! CONTRIBUTING.md for what may use what.

pub mod pages;
pub mod state;
pub mod ui;
pub mod web;

use futures_util::future::join;
use leptos::prelude::*;

/// Starts the app in the page that loaded it. The document's own form stays until the configuration and the texts are
/// read.
pub fn start() {
    state::Language::prepare_crash_page();
    leptos::mount::mount_to_body(|| {
        let read = RwSignal::new(None);
        web::spawn_scoped(async move {
            let (config, ()) = join(state::config(), state::Language::init()).await;
            // guard: sign-in-button-released
            web::boot::released().await;
            read.set(Some(config));
        });
        move || {
            read.get().map(|read| match read {
                Ok(file) => pages::app(file),
                Err(error) => pages::misconfigured(&error),
            })
        }
    });
}
