//! Where the focus goes, and what closes a dialog.

use curfew::ui::{Button, Dialog, TextField};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, fire, focused, press, settle, until};

/// A page with an opener and a dialog, and the signals behind it.
async fn page(with_field: bool) -> (Page, RwSignal<bool>, RwSignal<bool>) {
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let page = Page::of(move || {
        view! {
            <Button id="opener" label="Open" on_press=move |()| open.set(true) />
            <Dialog open=open busy=busy heading="Sure?" on_close=move |()| open.set(false)>
                {with_field
                    .then(|| {
                        let value = RwSignal::new(String::new());
                        view! { <TextField id="phrase" label="Phrase" value=value autofocus=true /> }
                    })}
                <Button label="Kill" on_press=|()| () />
            </Dialog>
        }
    })
    .await;
    (page, open, busy)
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_heading_and_back_to_the_opener() {
    let (page, open, _) = page(false).await;
    let opener = page.get("#opener");
    opener.focus().unwrap();
    opener.click();
    until("it opens", || page.find("dialog[open]").is_some()).await;
    let heading = page.get("h2");
    assert!(focused(&heading), "never on the confirm button");
    let dialog = page.get("dialog");
    assert_eq!(dialog.get_attribute("aria-labelledby"), heading.get_attribute("id"));
    assert!(dialog.matches(":modal").unwrap(), "the page behind is inert");

    assert!(press(&dialog, "Escape"));
    until("it closes", || page.find("dialog[open]").is_none()).await;
    assert!(focused(&opener));
    assert!(!open.get_untracked());
    assert!(page.find("h2").is_none(), "its content is removed");
}

#[wasm_bindgen_test]
async fn an_autofocus_field_gets_the_focus() {
    let (page, open, _) = page(true).await;
    open.set(true);
    until("it opens", || page.find("dialog[open]").is_some()).await;
    assert!(focused(&page.get("#phrase")));
}

#[wasm_bindgen_test]
async fn while_busy_nothing_closes_it() {
    let (page, open, busy) = page(false).await;
    open.set(true);
    until("it opens", || page.find("dialog[open]").is_some()).await;
    busy.set(true);
    settle().await;
    let dialog = page.get("dialog");
    assert_eq!(dialog.get_attribute("aria-busy").as_deref(), Some("true"));
    assert!(press(&dialog, "Escape"), "handled, so that the browser does not close it");
    assert!(fire(&dialog, "cancel", true));
    settle().await;
    assert!(page.find("dialog[open]").is_some() && open.get_untracked());

    // As if the browser closed it by itself.
    let native: web_sys::HtmlDialogElement = wasm_bindgen::JsCast::unchecked_into(dialog);
    native.close();
    until("it is back", || native.open()).await;
    assert!(native.matches(":modal").unwrap());

    busy.set(false);
    native.close();
    until("its owner is notified", || !open.get_untracked()).await;
}

#[wasm_bindgen_test]
async fn a_question_that_must_be_answered_is_neither_closed_nor_busy() {
    let closed = RwSignal::new(false);
    let page = Page::of(move || {
        view! {
            <Dialog open=Signal::stored(true) must=true heading="Who?" on_close=move |()| closed.set(true)>
                <p>"?"</p>
            </Dialog>
        }
    })
    .await;
    until("it opens", || page.find("dialog[open]").is_some()).await;
    let dialog = page.get("dialog");
    assert!(!dialog.has_attribute("aria-busy"), "its text is announced");
    assert!(press(&dialog, "Escape"));
    settle().await;
    assert!(page.find("dialog[open]").is_some() && !closed.get_untracked());
}

#[wasm_bindgen_test]
async fn a_click_outside_does_nothing() {
    let (page, open, _) = page(false).await;
    open.set(true);
    until("it opens", || page.find("dialog[open]").is_some()).await;
    page.get("dialog").click();
    settle().await;
    assert!(open.get_untracked() && page.find("dialog[open]").is_some());
}

#[wasm_bindgen_test]
async fn a_dialog_removed_while_open_returns_the_focus() {
    let there = RwSignal::new(false);
    let page = Page::of(move || {
        view! {
            <button id="opener" on:click=move |_| there.set(true)></button>
            <Show when=move || there.get()>
                <Dialog open=true heading="Sure?" on_close=|()| ()>
                    "x"
                </Dialog>
            </Show>
        }
    })
    .await;
    let opener = page.get("#opener");
    opener.focus().unwrap();
    opener.click();
    until("it opens", || page.find("dialog[open]").is_some()).await;
    there.set(false);
    until("it is gone", || page.find("dialog").is_none()).await;
    assert!(focused(&opener));
}
