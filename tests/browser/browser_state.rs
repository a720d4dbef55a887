//! What the browser stores and reports: storage, the fragment, the title, the icon, the user agent.

use curfew::web::{
    dom::{self, Favicon},
    hash, lock,
    storage::{Storage, StorageError},
    visibility,
};
use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use super::support::{Page, Replaced, owner, settle, until};

#[wasm_bindgen_test]
fn a_stored_value_is_found_until_it_is_removed() {
    for storage in [Storage::Session, Storage::Preferences] {
        assert_eq!(storage.get("test/a"), Ok(None));
        storage.set("test/a", "one").unwrap();
        storage.set("test/b", "two").unwrap();
        storage.set("other", "three").unwrap();
        assert_eq!(storage.get("test/a"), Ok(Some("one".to_owned())));
        let mut keys = storage.keys("test/").unwrap();
        keys.sort();
        assert_eq!(keys, ["test/a", "test/b"]);
        for key in ["test/a", "test/b", "other"] {
            storage.remove(key).unwrap();
        }
        assert_eq!(storage.keys("test/"), Ok(Vec::new()));
    }
}

#[wasm_bindgen_test]
async fn only_one_page_holds_a_lock() {
    assert!(lock::hold("test/a").await);
    assert!(!lock::hold("test/a").await, "not even its holder");
    assert!(lock::hold("test/b").await);
}

#[wasm_bindgen_test]
async fn a_page_without_locks_holds_all() {
    let navigator = window().navigator();
    let set = |to: &JsValue| {
        let how = Object::new();
        _ = Reflect::set(&how, &"value".into(), to);
        _ = Reflect::set(&how, &"configurable".into(), &JsValue::TRUE);
        Object::define_property(navigator.as_ref(), &"locks".into(), &how);
    };
    set(&JsValue::UNDEFINED);
    let held = [lock::hold("test/none").await, lock::hold("test/none").await];
    // The object's own property hides the one that all navigators inherit.
    _ = Reflect::delete_property(navigator.as_ref(), &"locks".into());
    assert_eq!(held, [true, true]);
}

#[wasm_bindgen_test]
fn a_full_storage_returns_an_error_and_keeps_its_content() {
    let storage = Storage::Session;
    storage.set("test/full", "before").unwrap();
    assert_eq!(storage.set("test/full", &"x".repeat(11 << 20)), Err(StorageError::Full));
    assert_eq!(storage.get("test/full"), Ok(Some("before".to_owned())));
    storage.remove("test/full").unwrap();
}

#[wasm_bindgen_test]
fn a_refused_storage_returns_an_error() {
    // As in a sandboxed frame: reading the property throws.
    let throw = |throws: bool| {
        let how = if throws {
            "get: () => { throw new DOMException('no', 'SecurityError') }"
        } else {
            "get: original.get"
        };
        let code = format!(
            "const original = window.__storage ??= Object.getOwnPropertyDescriptor(window, 'sessionStorage');
             Object.defineProperty(window, 'sessionStorage', {{configurable: true, {how}}})"
        );
        Function::new_no_args(&code).call0(&JsValue::UNDEFINED).unwrap();
    };
    throw(true);
    let (get, set) = (Storage::Session.get("a"), Storage::Session.set("a", "b"));
    throw(false);
    assert_eq!(get, Err(StorageError::Unavailable));
    assert_eq!(set, Err(StorageError::Unavailable));
    assert_eq!(Storage::Session.get("a"), Ok(None), "and the real one is back");
}

#[wasm_bindgen_test]
async fn the_fragment_is_followed_and_replaced_without_a_step_back() {
    let owner = owner();
    let fragment = owner.with(hash::fragment);
    hash::go("/jobs");
    until("the fragment follows", || fragment.get_untracked() == "/jobs").await;
    let steps = window().history().unwrap().length().unwrap();
    hash::replace("/kill");
    assert_eq!(fragment.get_untracked(), "/kill", "followers are notified at once");
    assert_eq!(hash::current(), "/kill");
    assert_eq!(window().history().unwrap().length().unwrap(), steps);
    owner.cleanup();
    hash::replace("");
}

#[wasm_bindgen_test]
async fn title_icon_and_language() {
    let page = Page::of(|| view! { <link rel="icon" href="icons/plain.svg" /> }).await;
    let title = document().title();
    dom::set_title("Jobs · Curfew");
    assert_eq!(document().title(), "Jobs · Curfew");
    dom::set_title(&title);
    for (icon, file) in [
        (Favicon::Running, "icons/running.svg"),
        (Favicon::Done, "icons/done.svg"),
        (Favicon::Failed, "icons/failed.svg"),
        (Favicon::Plain, "icons/plain.svg"),
    ] {
        dom::set_favicon(icon);
        assert_eq!(page.get("link").get_attribute("href").as_deref(), Some(file));
    }
    dom::set_language("de", "ltr");
    let root = document().document_element().unwrap();
    assert_eq!(root.get_attribute("lang").as_deref(), Some("de"));
    dom::set_language("en", "ltr");
}

#[wasm_bindgen_test]
async fn only_focusable_elements_get_the_focus() {
    let _page = Page::of(|| view! { <p id="plain"></p> <p id="able" tabindex="-1"></p> }).await;
    assert!(!dom::focus("plain"));
    assert!(!dom::focus("missing"));
    assert!(dom::focus("able"));
    assert_eq!(dom::focused_id().as_deref(), Some("able"));
}

#[wasm_bindgen_test]
async fn a_hidden_page_is_detected() {
    let owner = owner();
    let hidden = owner.with(visibility::hidden);
    assert!(!hidden.get_untracked());
    let set = |value: &str| {
        let code = format!(
            "Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {value}}})"
        );
        Function::new_no_args(&code).call0(&JsValue::UNDEFINED).unwrap();
        document().dispatch_event(&Event::new("visibilitychange").unwrap()).unwrap();
    };
    set("true");
    assert!(hidden.get_untracked());
    set("false");
    assert!(!hidden.get_untracked());
    Reflect::delete_property(&document(), &"hidden".into()).unwrap();
    owner.cleanup();
}

#[wasm_bindgen_test]
async fn copying_works_without_a_clipboard() {
    // Plain HTTP has none: then the old command is used, on a selection of exactly this text.
    let _navigator = hide_clipboard();
    let spy = Function::new_no_args(
        "window.__copied = getSelection().toString() || document.activeElement.value; return true",
    );
    let original = Reflect::get(&document(), &"execCommand".into()).unwrap();
    Reflect::set(&document(), &"execCommand".into(), &spy).unwrap();
    let page = Page::of(|| view! { <button id="opener">"x"</button> }).await;
    dom::focus("opener");
    let done = curfew::web::clipboard::copy("a\nb").await;
    Reflect::set(&document(), &"execCommand".into(), &original).unwrap();
    assert_eq!(done, Ok(()));
    assert_eq!(
        Reflect::get(&window(), &"__copied".into()).unwrap().as_string().as_deref(),
        Some("a\nb")
    );
    assert_eq!(dom::focused_id().as_deref(), Some("opener"), "the focus returns");
    assert_eq!(page.count("textarea"), 0, "and nothing is left behind");
    settle().await;
}

/// Removes the clipboard until the result is dropped.
fn hide_clipboard() -> impl Drop {
    struct Hidden;
    impl Drop for Hidden {
        fn drop(&mut self) {
            Reflect::delete_property(&window().navigator(), &"clipboard".into()).unwrap();
        }
    }
    let code =
        "Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined})";
    Function::new_no_args(code).call0(&JsValue::UNDEFINED).unwrap();
    Hidden
}

#[wasm_bindgen_test]
fn a_replaced_property_comes_back() {
    let before = Reflect::get(&window(), &"fetch".into()).unwrap();
    drop(Replaced::new("fetch", &JsValue::NULL));
    assert_eq!(Reflect::get(&window(), &"fetch".into()).unwrap(), before);
}
