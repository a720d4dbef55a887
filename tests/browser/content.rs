//! Text as the whole content of an element: what a translator puts inside does not keep an old state visible.

use curfew::ui::content;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::support::{Page, settle};

/// Replaces the text of an element as translators do.
fn translate(element: &Element) {
    let (outer, inner) =
        (document().create_element("font").unwrap(), document().create_element("font").unwrap());
    inner.set_text_content(element.text_content().as_deref());
    outer.append_child(&inner).unwrap();
    let text = element.first_child().unwrap();
    element.replace_child(&outer, &text).unwrap();
}

#[wasm_bindgen_test]
async fn a_translated_text_still_follows_its_signal() {
    let state = RwSignal::new("running".to_owned());
    let page = Page::of(move || view! { <p prop:textContent=content(state)/> }).await;
    translate(&page.get("p"));
    assert_eq!(page.count("font"), 2);
    state.set("failed".to_owned());
    settle().await;
    assert_eq!(page.text("p"), "failed");
    assert_eq!(page.count("font"), 0);
}

#[wasm_bindgen_test]
async fn a_translated_text_is_replaced_when_its_view_is_built_again() {
    let user = RwSignal::new("user1".to_owned());
    let view = move || {
        let (fixed, live) = (user.get(), user.get());
        view! {
            <p prop:textContent=content(fixed)/>
            <b prop:textContent=content(move || live.clone())/>
        }
    };
    let page = Page::of(move || view! { <div>{view}</div> }).await;
    translate(&page.get("p"));
    translate(&page.get("b"));
    user.set("user2".to_owned());
    settle().await;
    assert_eq!((page.text("p"), page.text("b")), ("user2".to_owned(), "user2".to_owned()));
}

#[wasm_bindgen_test]
async fn the_same_text_is_not_set_again_because_a_live_region_would_repeat_it() {
    let (state, other) = (RwSignal::new("running".to_owned()), RwSignal::new(0));
    let text = move || {
        other.track();
        state.get()
    };
    let page = Page::of(move || view! { <p role="status" prop:textContent=content(text)/> }).await;
    let before = page.get("p").first_child().unwrap();
    other.set(1);
    settle().await;
    assert!(page.get("p").first_child().unwrap().loose_eq(before.unchecked_ref()));
    state.set("failed".to_owned());
    settle().await;
    assert_eq!(page.text("p"), "failed");
}

#[wasm_bindgen_test]
async fn without_a_text_the_element_is_empty() {
    let text = RwSignal::new(Some("running".to_owned()));
    let page = Page::of(move || view! { <p prop:textContent=content(move || text.get())/> }).await;
    assert_eq!(page.text("p"), "running");
    text.set(None);
    settle().await;
    assert_eq!(page.count("p:empty"), 1);
}
