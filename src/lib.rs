//! The app. Data goes one way: `api` asks BIG-IQ, `state` keeps what the app knows, `pages` show it with the parts
//! of `ui`; `rt` is the browser underneath and `text` holds every word. See CONTRIBUTING.md for who may use whom.

pub mod api;
pub mod pages;
pub mod state;
pub mod text;
pub mod ui;
pub mod web;

use futures_util::future::join;
use leptos::prelude::*;

/// Starts the app in the page that loaded it. Until its configuration and its words are read, the document's own form is
/// there.
pub fn start() {
    state::Language::arm();
    leptos::mount::mount_to_body(|| {
        let read = RwSignal::new(None);
        web::spawn_scoped(async move {
            let (config, ()) = join(api::config(), state::Language::begin()).await;
            web::boot::released().await;
            read.set(Some(config));
        });
        move || {
            read.get().map(|read| match read {
                Ok((config, unknown)) => pages::app(config, unknown),
                Err(error) => pages::misconfigured(&error),
            })
        }
    });
}
