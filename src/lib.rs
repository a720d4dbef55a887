//! The app. Data goes one way: `api` asks BIG-IQ, `state` keeps what the app knows, `pages` show it with the parts
//! of `ui`; `rt` is the browser underneath and `text` holds every word. See CONTRIBUTING.md for who may use whom.

pub mod api;
pub mod pages;
pub mod rt;
pub mod state;
pub mod text;
pub mod ui;

use leptos::prelude::*;
use rt::panic::{StoppedWords, install};
use text::{Word, t};

/// Starts the app in the page that loaded it. Until its configuration is read, the document's own form is there.
pub fn start() {
    install(StoppedWords {
        heading: t(Word::StoppedHeading),
        body: t(Word::StoppedBody),
        reload: t(Word::StoppedReload),
    });
    leptos::mount::mount_to_body(|| {
        let read = RwSignal::new(None);
        rt::spawn_scoped(async move { read.set(Some(api::config().await)) });
        move || {
            read.get().map(|read| match read {
                Ok((config, unknown)) => pages::app(config, unknown),
                Err(error) => pages::misconfigured(&error),
            })
        }
    });
}
