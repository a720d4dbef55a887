//! A page to mount a view in, and ways to act on it and to wait for it.

use std::{any::Any, cell::Cell, future::poll_fn, rc::Rc, task::Poll, time::Duration};

use curfew::web;
use js_sys::{Function, Reflect};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// A view in the document; dropping it removes the view.
pub(crate) struct Page {
    root: HtmlElement,
    mounted: Option<Box<dyn Any>>,
}

impl Page {
    /// Mounts the view that `view` returns, with the styles of the components.
    pub(crate) async fn of<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        style();
        let root = document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
        document().body().unwrap().append_child(&root).unwrap();
        let mounted = Box::new(mount_to(root.clone(), view));
        settle().await;
        Self { root, mounted: Some(mounted) }
    }

    /// Removes the view and keeps the empty page.
    pub(crate) fn unmount(&mut self) {
        self.mounted = None;
    }

    /// The first element that matches.
    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    /// The first element that matches; it must exist.
    pub(crate) fn get(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector} in {}", self.root.inner_html()))
    }

    /// How many elements match.
    pub(crate) fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    /// The field that `selector` finds.
    pub(crate) fn input(&self, selector: &str) -> HtmlInputElement {
        self.get(selector).unchecked_into()
    }

    /// The button that is called `name`.
    pub(crate) fn button(&self, name: &str) -> HtmlElement {
        let buttons = self.root.query_selector_all("button").unwrap();
        (0..buttons.length())
            .filter_map(|index| buttons.get(index))
            .map(JsCast::unchecked_into::<HtmlElement>)
            .find(|button| {
                let label = button.get_attribute("aria-label");
                label.unwrap_or_else(|| text_of(button)).trim() == name
            })
            .unwrap_or_else(|| panic!("no button {name}"))
    }

    /// The text of the first element that matches.
    pub(crate) fn text(&self, selector: &str) -> String {
        text_of(&self.get(selector))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount();
        self.root.remove();
    }
}

/// The styles of the components of `ui`, in their layers. `scripts/check.mjs` reports a file that is missing here.
macro_rules! styles {
    ($($part:literal)*) => {
        concat!(
            include_str!("../../style/layers.css"),
            "@layer tokens {",
            include_str!("../../style/tokens.css"),
            "}\n@layer base {",
            include_str!("../../style/base.css"),
            "}\n@layer ui {",
            $(include_str!(concat!("../../style/ui/", $part, ".css")),)*
            "}\n",
        )
    };
}

const STYLES: &str = styles! {
    "badge" "banner" "button" "checkbox" "chip" "choice" "code_block" "dialog" "disclosure"
    "dots" "error_summary" "field" "icon" "json_view" "log" "progress" "skeleton" "stepper"
    "tabs" "virtual_list" "when"
};

/// Puts the styles into the test page, once.
fn style() {
    if document().get_element_by_id("style").is_some() {
        return;
    }
    let style = document().create_element("style").unwrap();
    style.set_id("style");
    style.set_text_content(Some(STYLES));
    document().head().unwrap().append_child(&style).unwrap();
}

pub(crate) fn text_of(element: &Element) -> String {
    element.text_content().unwrap_or_default()
}

/// Lets all pending tasks run.
pub(crate) async fn settle() {
    web::sleep(Duration::ZERO).await;
}

/// Yields to the browser until `is_so`; fails if it never is.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..2000 {
        if is_so() {
            return;
        }
        settle().await;
    }
    panic!("never happened: {what}");
}

/// Whether the element has the focus.
pub(crate) fn focused(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

/// Types `text`, replacing the content of the field.
pub(crate) async fn type_into(field: &HtmlInputElement, text: &str) {
    field.set_value(text);
    fire(field, "input", false);
    settle().await;
}

/// Presses a key on the element. True if the page handled it, and the browser has nothing left to do.
pub(crate) fn press(element: &Element, key: &str) -> bool {
    press_with(element, key, false)
}

/// [`press`], with Ctrl held.
pub(crate) fn press_ctrl(element: &Element, key: &str) -> bool {
    press_with(element, key, true)
}

fn press_with(element: &Element, key: &str, ctrl: bool) -> bool {
    let make = Function::new_with_args(
        "key, ctrlKey",
        "return new KeyboardEvent('keydown', {key, ctrlKey, bubbles: true, cancelable: true})",
    );
    let event = make.call2(&JsValue::UNDEFINED, &key.into(), &ctrl.into()).unwrap();
    !element.dispatch_event(event.unchecked_ref()).unwrap()
}

/// Fires a bubbling, cancelable event. True if it was cancelled.
pub(crate) fn fire(element: &Element, kind: &str, cancelable: bool) -> bool {
    let make = Function::new_with_args(
        "kind, cancelable",
        "return new Event(kind, {bubbles: true, cancelable})",
    );
    let event = make.call2(&JsValue::UNDEFINED, &kind.into(), &cancelable.into()).unwrap();
    !element.dispatch_event(event.unchecked_ref::<Event>()).unwrap()
}

/// A property of the window that replaces the browser's own until it is dropped.
pub(crate) struct Replaced {
    name: &'static str,
    original: JsValue,
}

impl Replaced {
    pub(crate) fn new(name: &'static str, with: &JsValue) -> Self {
        let original = Reflect::get(&window(), &name.into()).unwrap();
        Reflect::set(&window(), &name.into(), with).unwrap();
        Self { name, original }
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        Reflect::set(&window(), &self.name.into(), &self.original).unwrap();
    }
}

/// An event to wait for, which the test triggers.
#[derive(Clone, Default)]
pub(crate) struct Door {
    open: Rc<Cell<bool>>,
    waker: Rc<Cell<Option<std::task::Waker>>>,
}

impl Door {
    pub(crate) fn open(&self) {
        self.open.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    pub(crate) async fn opened(&self) {
        poll_fn(|context| {
            if self.open.get() {
                return Poll::Ready(());
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// Sets the cell when it is dropped.
pub(crate) struct Tell(pub(crate) Rc<Cell<bool>>);

impl Drop for Tell {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// An owner like that of a page.
pub(crate) fn owner() -> Owner {
    // Mounting sets up the executor for tasks.
    let nowhere = document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
    drop(mount_to(nowhere, || ()));
    Owner::new()
}
