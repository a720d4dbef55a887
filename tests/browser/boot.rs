//! The document's own sign-in form, taken from the document itself, and its hand-over to the app.

use curfew::web::boot;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlInputElement};

use super::support::{Page, focused};

const DOCUMENT: &str = include_str!("../../index.html");

/// The first view, as it is before the app has loaded.
fn first_view() -> Element {
    let body = DOCUMENT.split_once("<body>").unwrap().1.split_once("</body>").unwrap().0;
    let holder = document().create_element("div").unwrap();
    holder.set_inner_html(body);
    document().body().unwrap().append_child(&holder).unwrap();
    holder
}

fn field(id: &str) -> HtmlInputElement {
    document().get_element_by_id(id).unwrap().unchecked_into()
}

#[wasm_bindgen_test]
async fn typed_text_moves_over_with_focus_and_selection() {
    let holder = first_view();
    field("boot-user").set_value("manager");
    field("boot-password").set_value("secret");
    field("boot-user").focus().unwrap();
    field("boot-user").set_selection_range(2, 5).unwrap();

    let early = boot::adopt("sign-in-user", "sign-in-password");
    assert_eq!(
        (early.user.as_str(), early.password.as_str(), early.queued),
        ("manager", "secret", false)
    );
    assert!(!format!("{early:?}").contains("secret"), "Debug hides the password");

    let page =
        Page::of(|| view! { <input id="user" value="manager" /> <input id="password" /> }).await;
    early.hand_over("user", "password");
    assert!(document().get_element_by_id("boot").is_none(), "the first view is gone");
    let user = page.input("#user");
    assert!(focused(&user));
    assert_eq!((user.selection_start(), user.selection_end()), (Ok(Some(2)), Ok(Some(5))));
    holder.remove();
}

#[wasm_bindgen_test]
async fn an_early_submit_is_noticed() {
    let holder = first_view();
    // This is what boot.js does.
    document().get_element_by_id("sign-in").unwrap().set_attribute("data-queued", "").unwrap();
    assert!(boot::adopt("sign-in-user", "sign-in-password").queued);
    boot::end();
    assert!(document().get_element_by_id("boot").is_none());
    holder.remove();
}

#[wasm_bindgen_test]
fn without_a_first_view_there_is_nothing_to_adopt() {
    let early = boot::adopt("sign-in-user", "sign-in-password");
    assert_eq!((early.user.as_str(), early.password.as_str(), early.queued), ("", "", false));
    early.hand_over("user", "password");
}
