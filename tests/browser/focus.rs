//! Where the focus goes when the focused element is removed, and when the browser gives a clicked button no focus.

use curfew::{
    ui::{Button, Dialog},
    web::focus,
};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::support::{Page, focused, press, settle, until};

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

/// Clicks with a mouse in a browser that moves no focus.
fn click(element: &HtmlElement) {
    let script = "element.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))";
    Function::new_with_args("element", script).call1(&Default::default(), element).unwrap();
}

/// A page with a dialog and a field, on which the focus follows clicks.
async fn page_with_dialog() -> Page {
    let open = RwSignal::new(false);
    Page::of(move || {
        focus::follow_clicks();
        view! {
            <input id="field" />
            <Button id="opener" label="Open" on_press=move |()| open.set(true) />
            <Dialog open=open heading="Sure?" on_close=move |()| open.set(false)>
                "x"
            </Dialog>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn a_dialog_returns_the_focus_to_a_clicked_button_that_had_none() {
    let page = page_with_dialog().await;
    let opener = page.get("#opener");
    click(&opener);
    until("it opens", || page.find("dialog[open]").is_some()).await;
    assert!(press(&page.get("dialog"), "Escape"));
    until("it closes", || page.find("dialog[open]").is_none()).await;
    assert!(focused(&opener));
}

#[wasm_bindgen_test]
async fn a_field_keeps_the_focus_that_the_browser_left_it_when_a_button_is_clicked() {
    let page = page_with_dialog().await;
    let field = page.get("#field");
    field.focus().unwrap();
    click(&page.get("#opener"));
    until("it opens", || page.find("dialog[open]").is_some()).await;
    assert!(press(&page.get("dialog"), "Escape"));
    until("it closes", || page.find("dialog[open]").is_none()).await;
    assert!(focused(&field));
}
