//! Tabs by mouse and keyboard.

use curfew::ui::Tabs;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, focused, press, settle};

#[wasm_bindgen_test]
async fn arrow_keys_wrap_around_and_show_the_panel_at_once() {
    let selected = RwSignal::new(0);
    let labels =
        RwSignal::new(vec!["Groups 0".to_owned(), "Clusters 0".to_owned(), "Devices 0".to_owned()]);
    let page = Page::of(move || {
        let panel = |tab: usize| view! { <p>{tab}</p> }.into_any();
        view! { <Tabs label="Where" labels=labels selected=selected panel=panel /> }
    })
    .await;
    let tab = |place: u32| page.get(&format!("[role=tab]:nth-child({place})"));
    let shown = || page.text("[role=tabpanel]");
    assert_eq!(shown(), "0");
    tab(1).focus().unwrap();
    for (key, place, panel) in [
        ("ArrowLeft", 3, "2"),
        ("ArrowRight", 1, "0"),
        ("End", 3, "2"),
        ("Home", 1, "0"),
        ("ArrowRight", 2, "1"),
    ] {
        assert!(press(&document().active_element().unwrap(), key));
        settle().await;
        assert!(focused(&tab(place)), "{key}");
        assert_eq!(shown(), panel, "{key}");
        assert_eq!(page.count("[role=tab][tabindex='0']"), 1, "one stop for Tab");
    }
    assert!(!press(&tab(2), "a"), "other keys are not handled");
    let panel = page.get("[role=tabpanel]");
    assert_eq!(panel.get_attribute("aria-labelledby"), tab(2).get_attribute("id"));
    assert_eq!(tab(2).get_attribute("aria-controls"), panel.get_attribute("id"));

    labels.set(vec!["Groups 3".to_owned(), "Clusters 2".to_owned(), "Devices 214".to_owned()]);
    settle().await;
    assert!(focused(&tab(2)), "a new count does not take the focus away");
    tab(3).click();
    settle().await;
    assert_eq!((shown().as_str(), tab(3).text_content().as_deref()), ("2", Some("Devices 214")));
}
