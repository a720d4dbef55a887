//! What happens when the app itself crashes: the page says so instead of looking alive.
//!
//! A panic stops all of our code at once, but the browser would still show the last state, with running timers, a
//! "sending" that never ends and buttons that do nothing. In a tool that ends sessions, that would be dangerous. The
//! page that replaces it needs no code of ours to work.

use std::panic::PanicHookInfo;

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::{Element, console};

/// The texts of the page that is shown after a crash.
#[derive(Clone, Debug)]
pub struct StoppedWords {
    /// That the app stopped; also the tab's title.
    pub heading: String,
    /// What that means for what was already sent, and what to do.
    pub body: String,
    /// The link that reloads the page.
    pub reload: String,
}

/// Installs the hook: a panic is logged to the console, and `words` replace the page. Installing it again, as after a
/// change of language, replaces the texts.
pub fn install(words: StoppedWords) {
    std::panic::set_hook(Box::new(move |info| report(info, &words)));
}

fn report(info: &PanicHookInfo<'_>, words: &StoppedWords) {
    // Show the page first: code that hooks the console may fail, and the operator would be left with a dead page.
    _ = show(words);
    console::error_1(&JsValue::from_str(&info.to_string()));
}

/// Replaces everything in the document's body.
fn show(words: &StoppedWords) -> Result<(), JsValue> {
    let document = document();
    let make = |tag: &str, class: &str, text: &str| -> Result<Element, JsValue> {
        let element = document.create_element(tag)?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Ok(element)
    };
    let page = make("main", "stopped", "")?;
    page.set_attribute("role", "alert")?;
    page.append_child(&make("h1", "", &words.heading)?.into())?;
    page.append_child(&make("p", "", &words.body)?.into())?;
    let reload = make("a", "button button-primary", &words.reload)?;
    // A link to this very document without its fragment is a reload, and works without a script.
    reload.set_attribute("href", "")?;
    page.append_child(&reload)?;
    if let Some(body) = document.body() {
        body.replace_children_with_node_1(&page);
    }
    document.set_title(&words.heading);
    Ok(())
}
