//! Tests of `src/web` and `src/ui` in a real browser: each mounts what it needs, acts as a user would, and waits for an
//! event, never for a time.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]

mod boot;
mod browser_state;
mod content;
mod dialog;
mod fields;
mod focus;
mod intl;
mod live;
mod parts;
mod support;
mod tabs;
mod tasks;
mod time;
mod virtual_list;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
