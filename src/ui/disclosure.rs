//! Details that are shown on request.

use super::content;
use leptos::prelude::*;

/// A line that opens to show more.
#[component]
pub fn Disclosure(
    /// What the details are.
    #[prop(into)]
    summary: Signal<String>,
    /// Whether it is open from the start.
    #[prop(optional)]
    open: bool,
    /// The details.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary prop:textContent=content(summary)/>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
}
