//! Everything that must be corrected before a form can be submitted, in one place.

use super::dynamic::{attribute, dynamic};
use leptos::{ev::MouseEvent, html, prelude::*};

use super::{Icon, content, id};
use crate::web;
use crate::web::effect;

/// An error and the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's id.
    pub field: String,
    /// The error, in the same words as at the field.
    pub text: String,
}

/// A list of errors, each a link to its field. Keep it in the page: it is invisible while there are no errors.
///
/// It takes the focus when it appears, but not when the list changes later, because then the operator is correcting
/// errors. On a further submit that fails, focus it by its id.
#[component]
pub fn ErrorSummary(
    /// A heading for the errors.
    #[prop(into)]
    heading: Signal<String>,
    /// The errors.
    #[prop(into)]
    items: Signal<Vec<FieldError>>,
    /// Its own id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let heading_id = id::join(&id, "heading");
    let labelled_by = heading_id.clone();
    let summary = NodeRef::<html::Div>::new();
    let item = |FieldError { field, text }: FieldError| {
        let address = ["#", &field].concat();
        // The fragment of the address holds the route, so the browser must not follow the link.
        let go = move |event: MouseEvent| {
            event.prevent_default();
            web::dom::focus(&field);
        };
        view! {
            <li>
                <a href=address on:click=go prop:textContent=content(text)/>
            </li>
        }
    };
    let wrong = Memo::new(move |_| !items.with(Vec::is_empty));
    let list = move || items.get().into_iter().map(item).collect_view();
    let view = view! {
        <div
            class="banner error-summary"
            data-tone="error"
            role="group"
            aria-labelledby=heading_id
            id=id
            tabindex="-1"
            node_ref=summary
            hidden=attribute(move || !wrong.get())
        >
            {Icon::Failed.view()}
            <div class="banner-text">
                <h2 class="banner-heading" id=labelled_by prop:textContent=content(heading)/>
                <ul>{dynamic(list)}</ul>
            </div>
        </div>
    };
    // Created after the view, so that it runs after the view has changed.
    effect(move || {
        if wrong.get()
            && let Some(summary) = summary.get()
        {
            _ = summary.focus();
        }
    });
    view
}
