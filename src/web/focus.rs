//! Decides where the focus goes when the browser would lose it: when the focused element is removed, such as a button
//! whose action is done, or a deleted row. The browser would restart at the top of the page. A focus that the operator has moved elsewhere is left
//! alone.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, MouseEvent, MutationObserver, MutationObserverInit};

use super::{Listener, dom, sleep, spawn_app};

/// The last focused element and its ancestors, innermost first.
struct Last {
    element: Element,
    parts: Vec<Element>,
}

/// Focuses a button, a link or a check box that is clicked, while the current owner lives. Safari on a Mac doesn't: a
/// dialog would not return the focus to the button that opened it, and [`recover`] would not know what was removed.
pub fn follow_clicks() {
    Listener::first(&document(), "click", |event| {
        let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let control = target
            .and_then(|target| target.closest("a, button, input, summary").ok().flatten())
            .and_then(|control| control.dyn_into::<HtmlElement>().ok());
        let Some(control) = control else { return };
        // The focus is nowhere, or around the button. A click by a key or by a script has no count.
        let is_lost = document()
            .active_element()
            .is_none_or(|now| now.contains(Some(&control)) && now != *control);
        // guard: focus-follows-clicks
        if is_lost && event.detail() > 0 {
            _ = control.focus();
        }
    })
    .scoped();
}

/// When the focused element is removed, focuses the heading of the section that it was in, or the element with the id
/// `home` if the section is gone too; while the current owner lives.
pub fn recover(home: &'static str) {
    let last = StoredValue::new_local(None::<Last>);
    let target =
        |event: &Event| event.target().and_then(|target| target.dyn_into::<Element>().ok());
    Listener::new(&document(), "focusin", move |event| {
        last.set_value(target(&event).map(|element| Last { parts: parts(&element), element }));
    })
    .scoped();
    // An element that the operator left is still there after the event. Some browsers also send the event just before
    // they remove an element.
    Listener::new(&document(), "focusout", move |event| {
        let Some(element) = target(&event) else { return };
        spawn_app(async move {
            sleep(Duration::ZERO).await;
            _ = last.try_update_value(|last| {
                let is_left = document().active_element().as_ref() != Some(&element);
                last.take_if(|last| is_left && last.element == element)
            });
        });
    })
    .scoped();
    let changed = Closure::<dyn FnMut()>::new(move || {
        let gone =
            last.try_with_value(|last| last.as_ref().is_some_and(|l| !l.element.is_connected()));
        if gone != Some(true) {
            return;
        }
        let parts = last.try_update_value(Option::take).flatten().map(|last| last.parts);
        // The page itself may have moved the focus already.
        if document().active_element().is_some_and(|now| now.tag_name() != "BODY") {
            return;
        }
        let left = parts.into_iter().flatten().filter(|part| part.is_connected());
        let heading = left.filter_map(|part| part.query_selector("h1, h2").ok().flatten()).next();
        match heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            Some(heading) => {
                heading.set_tab_index(-1);
                _ = heading.focus();
            }
            None => _ = dom::focus(home),
        }
    });
    let Ok(observer) = MutationObserver::new(changed.as_ref().unchecked_ref()) else { return };
    let what = MutationObserverInit::new();
    what.set_child_list(true);
    what.set_subtree(true);
    if let Some(body) = document().body() {
        _ = observer.observe_with_options(&body, &what);
    }
    StoredValue::new_local(Watching { observer, _changed: changed });
}

fn parts(of: &Element) -> Vec<Element> {
    let mut parts = Vec::new();
    let mut at = of.closest("section, dialog, main").ok().flatten();
    while let Some(part) = at {
        at =
            part.parent_element().and_then(|up| up.closest("section, dialog, main").ok().flatten());
        parts.push(part);
    }
    parts
}

/// Watches the document until it is dropped.
struct Watching {
    observer: MutationObserver,
    _changed: Closure<dyn FnMut()>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
