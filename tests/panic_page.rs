//! A crashed app says so. A panic leaves the module unusable for other tests, so this test has its own file.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

use curfew::web::panic::{StoppedWords, install};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_panic_takes_the_pages_place() -> Result<(), String> {
    let (body, title) = (document().body().unwrap(), document().title());
    // The test runner reports into the existing body, which is restored below.
    let other = document().create_element("body").unwrap().unchecked_into::<HtmlElement>();
    other.set_inner_html("<main><button>Sending</button></main>");
    document().set_body(Some(&other));
    install(StoppedWords {
        heading: "It has stopped".to_owned(),
        body: "What was sent continues.".to_owned(),
        reload: "Load again".to_owned(),
    });
    let broken = Closure::<dyn Fn()>::new(|| panic!("for the test"));
    let outcome = broken.as_ref().unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
    document().set_body(Some(&body));
    let shown_title = document().title();
    document().set_title(&title);

    let seen = |selector: &str| other.query_selector(selector).ok().flatten();
    let text = |selector: &str| seen(selector).and_then(|element| element.text_content());
    let attribute = |selector: &str, name: &str| seen(selector)?.get_attribute(name);
    let told = [
        Some(shown_title),
        text("h1"),
        text("p"),
        attribute("main", "role"),
        // A reload without a script.
        attribute("a", "href"),
    ];
    let expected = ["It has stopped", "It has stopped", "What was sent continues.", "alert", ""];
    // The panic interrupted it in the middle of its call.
    broken.forget();
    // Not by assertions: after a panic, the next one has no message.
    if outcome.is_ok() {
        return Err("nothing panicked".to_owned());
    }
    if other.child_element_count() != 1 {
        return Err(format!("something is left that looks alive: {}", other.inner_html()));
    }
    if told != expected.map(|text| Some(text.to_owned())) {
        return Err(format!("the page says {told:?}"));
    }
    Ok(())
}
