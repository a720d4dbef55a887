//! Small operations on the document that a view can't express: focus, scrolling, title, icon, language.

use leptos::prelude::{StoredValue, document, window};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    FocusOptions, HtmlElement, HtmlLinkElement, ResizeObserver, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// Focuses the element with this id and scrolls to it. False if there is none or it can't be focused.
pub fn focus(id: &str) -> bool {
    focus_with(id, false)
}

/// Like [`focus`], without scrolling the page.
pub fn focus_in_place(id: &str) -> bool {
    focus_with(id, true)
}

fn focus_with(id: &str, in_place: bool) -> bool {
    let Some(element) = element(id) else { return false };
    let options = FocusOptions::new();
    options.set_prevent_scroll(in_place);
    _ = element.focus_with_options(&options);
    focused_id().as_deref() == Some(id)
}

/// The id of the focused element, if it has one.
pub fn focused_id() -> Option<String> {
    document().active_element().map(|active| active.id()).filter(|id| !id.is_empty())
}

/// Whether something in the document matches `selector`.
pub fn exists(selector: &str) -> bool {
    document().query_selector(selector).is_ok_and(|found| found.is_some())
}

/// Focuses the first visible element that matches `selector`. False if there is none.
pub fn focus_first(selector: &str) -> bool {
    let Ok(found) = document().query_selector_all(selector) else { return false };
    let found = (0..found.length()).filter_map(|index| found.get(index));
    found.filter_map(|element| element.dyn_into::<HtmlElement>().ok()).any(|element| {
        // A hidden element does not take the focus.
        element.focus().is_ok() && document().active_element().as_ref() == Some(&*element)
    })
}

/// Clicks the element with this id, if there is one.
pub fn press(id: &str) {
    if let Some(element) = element(id) {
        element.click();
    }
}

/// Scrolls as little as needed to show the element with this id.
pub fn scroll_into_view(id: &str) {
    if let Some(element) = element(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Loads the document again. Nothing in its memory is left.
pub fn reload() {
    _ = window().location().reload();
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// The language of the document.
pub fn language() -> String {
    root_attribute("lang")
}

/// An attribute of the document's root element; empty without it.
pub fn root_attribute(name: &str) -> String {
    document().document_element().and_then(|root| root.get_attribute(name)).unwrap_or_default()
}

/// Sets the language and the reading direction of the whole document, as in `("de", "ltr")`.
pub fn set_language(tag: &str, direction: &str) {
    set_root_attribute("lang", Some(tag));
    set_root_attribute("dir", Some(direction));
}

/// Sets or removes an attribute of the document's root element, such as `data-theme`.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Sets a custom property on the document's root element, such as `--portal`.
pub fn set_root_property(name: &str, value: &str) {
    let root = document().document_element();
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        _ = root.style().set_property(name, value);
    }
}

/// Calls `changed` with the height of the document's body, in CSS pixels, now and whenever it changes, while the
/// current owner lives.
pub fn on_height(changed: impl Fn(f64) + 'static) {
    let Some(body) = document().body() else { return };
    let measured = body.clone();
    let callback =
        Closure::<dyn FnMut()>::new(move || changed(f64::from(measured.scroll_height())));
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return };
    observer.observe(&body);
    StoredValue::new_local(Watching { observer, _callback: callback });
}

/// Watches a size until it is dropped.
struct Watching {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// What the tab's icon shows while the tab is in the background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Favicon {
    /// Nothing to report.
    #[default]
    Plain,
    /// Work is in progress.
    Running,
    /// It ended well.
    Done,
    /// It failed, or the result is unknown.
    Failed,
}

/// Shows `icon` in the tab. Needs the `<link rel="icon">` and the `icons/` that come with the page.
pub fn set_favicon(icon: Favicon) {
    let link = document().query_selector("link[rel=icon]").ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlLinkElement>().ok()) {
        link.set_href(match icon {
            Favicon::Plain => "icons/plain.svg",
            Favicon::Running => "icons/running.svg",
            Favicon::Done => "icons/done.svg",
            Favicon::Failed => "icons/failed.svg",
        });
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
