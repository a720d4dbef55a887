//! The browser, made safe to use: tasks, timers, listeners and handles that end with their owner.
//!
//! Everything here is about the browser, one file per primitive. It knows nothing about BIG-IQ, sessions or pages; of the
//! document, `boot` knows the sign-in form and `translations` the menu of languages and the link to their files. Nothing else in the app may
//! use `web_sys`' global objects, start a task or set a timer.
//!
//! The rule behind it: reads are cancelled with the page that requested them ([`spawn_scoped`], [`spawn_poll`],
//! [`Latest`]); writes belong to the app and run to their end ([`spawn_app`]).

pub mod before_unload;
pub mod boot;
pub mod broadcast;
mod browser;
mod cause;
pub mod clipboard;
pub mod dom;
pub mod download;
mod effect;
mod fetch;
pub mod focus;
pub mod hash;
mod intl;
pub mod keys;
mod listen;
pub mod lock;
pub mod notify;
pub mod online;
pub mod panic;
pub mod portal;
mod profiler;
mod random;
mod read_body_limited;
mod site_file;
pub mod storage;
mod task;
pub mod time;
mod translations;
mod unicode;
pub mod visibility;

pub use browser::{build, is_mac, page_protocol, print, time_zone, user_agent};
pub use cause::cause;
pub use effect::{effect, effect_since};
pub use fetch::Browser;
pub use intl::{Locale, Numbers, Times};
pub use listen::Listener;
pub use profiler::BrowserProfiler;
pub use random::random;
pub use site_file::{NotRead, fetch_config, fetch_site_file, fetch_with_integrity};
pub use task::{
    Latest, Poll, four_at_once, provide_app_root, rest, sleep, spawn_app, spawn_poll, spawn_scoped,
};
pub use translations::{
    CATALOGUE, LinkedFile, OfferedLanguage, add_to_menu, is_unreviewed, label_menu, language_file,
    list_of_languages, note_in_menu, offered_languages, on_menu, selected_in_menu, set_in_menu,
};
pub use unicode::{nfc, nfkc};
