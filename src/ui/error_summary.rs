//! What has to be put right before a form can go on, in one place.

use leptos::{ev::MouseEvent, html, prelude::*};

use crate::rt;

/// A list of what is wrong, each item a link to its field. Nothing is there while the list is empty.
///
/// It takes the focus each time the list is set and not empty, so set it on submit and not while the
/// operator types.
#[component]
pub fn ErrorSummary(
    /// That something is wrong.
    #[prop(into)]
    heading: Signal<String>,
    /// The id of each field and what is wrong with it, in the words that stand at the field.
    #[prop(into)]
    items: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    let item = |(field, text): (String, String)| {
        let address = ["#", &field].concat();
        // The fragment of the address holds the route, so the link must not be followed.
        let go = move |event: MouseEvent| {
            event.prevent_default();
            rt::dom::focus(&field);
        };
        view! {
            <li>
                <a href=address on:click=go>
                    {text}
                </a>
            </li>
        }
    };
    let list = move || items.get().into_iter().map(item).collect_view();
    let view = view! {
        <div
            class="banner error-summary"
            data-tone="danger"
            role="alert"
            tabindex="-1"
            node_ref=summary
            hidden=move || items.with(Vec::is_empty)
        >
            <div class="banner-text">
                <p class="banner-heading">{heading}</p>
                <ul>{list}</ul>
            </div>
        </div>
    };
    // Made after the view, so that it runs after the view has changed.
    Effect::new(move || {
        if !items.with(Vec::is_empty)
            && let Some(summary) = summary.get()
        {
            _ = summary.focus();
        }
    });
    view
}
