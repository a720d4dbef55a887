//! Where the focus goes when the focused element is removed.

use curfew::web::focus;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, focused, settle};

/// A section with a removable button, and a field next to it.
async fn page() -> (Page, RwSignal<bool>) {
    let there = RwSignal::new(true);
    let page = Page::of(move || {
        focus::recover("home");
        view! {
            <main>
                <h1 id="home" tabindex="-1">"Page"</h1>
                <section>
                    <h2>"Part"</h2>
                    <Show when=move || there.get()>
                        <p><button id="act">"Act"</button></p>
                    </Show>
                </section>
                <input id="field" />
            </main>
        }
    })
    .await;
    (page, there)
}

#[wasm_bindgen_test]
async fn the_heading_of_the_section_takes_the_focus() {
    let (page, there) = page().await;
    page.get("#act").focus().unwrap();
    there.set(false);
    settle().await;
    assert!(focused(&page.get("h2")));
}

#[wasm_bindgen_test]
async fn a_focus_moved_elsewhere_stays_there() {
    let (page, there) = page().await;
    page.get("#act").focus().unwrap();
    page.get("#field").focus().unwrap();
    there.set(false);
    settle().await;
    assert!(focused(&page.get("#field")));
}

#[wasm_bindgen_test]
async fn a_blurred_element_keeps_no_focus() {
    let (page, there) = page().await;
    page.get("#act").focus().unwrap();
    page.get("#act").blur().unwrap();
    // Its task starts in one turn and sleeps until another.
    settle().await;
    settle().await;
    there.set(false);
    settle().await;
    assert!(!focused(&page.get("h2")));
}
