//! Announcements for screen readers.

use curfew::ui::{Dialog, alert, announce, provide_live};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, settle, until};

async fn page(open: RwSignal<bool>) -> (Page, Owner) {
    let inner = StoredValue::new(None);
    let page = Page::of(move || {
        let live = provide_live();
        inner.set_value(Owner::current());
        view! {
            <div id="base">{live}</div>
            <Dialog open=open heading="Sure?" on_close=|()| ()>
                "x"
            </Dialog>
        }
    })
    .await;
    (page, inner.get_value().unwrap())
}

#[wasm_bindgen_test]
async fn regions_exist_before_they_speak() {
    let (page, app) = page(RwSignal::new(false)).await;
    assert_eq!(
        (page.text("#base [role=status]"), page.text("#base [role=alert]")),
        Default::default()
    );
    app.with(|| {
        announce("Accepted");
        announce("Resolving devices");
        alert("Contact lost");
    });
    settle().await;
    assert_eq!(page.count("#base [role=status] p"), 2, "neither suppresses the other");
    assert_eq!(page.text("#base [role=alert]"), "Contact lost");
}

#[wasm_bindgen_test]
async fn a_text_is_not_announced_twice_in_a_row_and_old_texts_are_removed() {
    let (page, app) = page(RwSignal::new(false)).await;
    app.with(|| {
        announce("a");
        announce("a");
    });
    settle().await;
    assert_eq!(page.text("#base [role=status]"), "a");
    app.with(|| "bcdef".chars().for_each(announce));
    settle().await;
    assert_eq!(page.text("#base [role=status]"), "cdef");
}

#[wasm_bindgen_test]
async fn over_an_open_dialog_the_dialog_speaks() {
    let open = RwSignal::new(false);
    let (page, app) = page(open).await;
    app.with(|| announce("before"));
    open.set(true);
    until("it opens", || page.find("dialog[open]").is_some()).await;
    app.with(|| announce("Sending"));
    settle().await;
    assert_eq!(
        page.text("dialog [role=status]"),
        "Sending",
        "and nothing said before is said again"
    );
    assert_eq!(page.text("#base [role=status]"), "before");
    open.set(false);
    until("it closes", || page.find("dialog[open]").is_none()).await;
    app.with(|| announce("Accepted"));
    settle().await;
    assert_eq!(page.text("dialog [role=status]"), "");
    assert_eq!(page.text("#base [role=status] p:last-child"), "Accepted");
}
