//! A question that must be answered before anything else.

use super::dynamic::attribute;
use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement};

use super::{Show, content, id, live::Layer};
use crate::web::{effect_since, keys};

/// A modal dialog based on the browser's own: it keeps the focus inside, makes the page behind inert, and then returns
/// the focus to where it was.
///
/// It never closes by itself: Esc and the browser's own ways of closing call
/// `on_close`, unless it is busy or must be answered. A click outside does nothing, and neither does a repeated or held Enter. When it opens, the focus moves to the element marked `data-autofocus`
/// ([`TextField`](super::TextField) has a prop for it), or else to the heading, never to a button.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// The question, in a sentence.
    #[prop(into)]
    heading: Signal<String>,
    /// Called when the operator wants to close it; the owner of `open` decides.
    #[prop(into)]
    on_close: Callback<()>,
    /// Whether an action is running that must finish: Esc does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it must be answered: Esc does nothing.
    #[prop(optional)]
    must: bool,
    /// Called when Enter is pressed while the heading has the focus.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// The content, rebuilt each time it opens. A row of buttons of class `dialog-actions` at its end stays visible
    /// when the rest scrolls.
    children: ChildrenFn,
) -> impl IntoView {
    let heading_id = id::unique("dialog");
    let dialog = NodeRef::<html::Dialog>::new();
    let layer = Layer::new();
    let ask = move || {
        if !must && !busy.get_untracked() {
            on_close.run(());
        }
    };
    let keydown = move |event: KeyboardEvent| {
        // Handle the key itself: if its `cancel` event was prevented once, the browser closes the dialog the next time.
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            ask();
        }
        if let Some(counts) = keys::enter(&event) {
            // A held key repeats: it may have been pressed before the dialog opened.
            // guard: held-enter
            if !counts {
                event.prevent_default();
            } else if let Some(on_enter) = on_enter.filter(|_| is_heading(&event)) {
                event.prevent_default();
                on_enter.run(());
            }
        }
    };
    let cancel = move |event: Event| {
        event.prevent_default();
        ask();
    };
    let closed = move |_| {
        // Then the browser closed it. If a page is rebuilt, its dialog closes and opens at once: that is not an answer.
        let is_closed = dialog.try_get_untracked().flatten().is_some_and(|dialog| !dialog.open());
        if is_closed && open.get_untracked() {
            if must || busy.get_untracked() {
                dialog.with_untracked(|dialog| dialog.as_ref().map(show));
            } else {
                on_close.run(());
            }
        }
    };
    let labelled_by = heading_id.clone();
    let view = view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby=labelled_by
            aria-busy=attribute(move || busy.get().then_some("true"))
            on:keydown=keydown
            on:cancel=cancel
            on:close=closed
        >
            <Show when=open>
                <h2 class="dialog-heading" id=heading_id.clone() tabindex="-1" prop:textContent=content(heading)/>
                <div class="dialog-body">{children()}</div>
            </Show>
            {layer.view()}
        </dialog>
    };
    // Created after the view, so that the content exists before the focus moves to it.
    effect_since(move |was_open: Option<bool>| {
        let open = open.get();
        let Some(dialog) = dialog.get() else { return false };
        match (was_open.unwrap_or_default(), open) {
            (false, true) => {
                layer.enter();
                show(&dialog);
            }
            (true, false) => {
                dialog.close();
                layer.leave();
            }
            (true, true) | (false, false) => {}
        }
        open
    });
    on_cleanup(move || {
        layer.leave();
        if let Some(Some(dialog)) = dialog.try_get_untracked() {
            dialog.close();
        }
    });
    view
}

/// Whether the heading has the focus.
fn is_heading(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| target.class_name() == "dialog-heading")
}

fn show(dialog: &HtmlDialogElement) {
    // Throws if it is already open or not in the document; then there is nothing to show.
    _ = dialog.show_modal();
    let first = dialog.query_selector("[data-autofocus]").ok().flatten();
    let first = first.or_else(|| dialog.query_selector(".dialog-heading").ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        _ = first.focus();
    }
}
