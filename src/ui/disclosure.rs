//! Something that is there for those who ask.

use leptos::prelude::*;

/// A line that opens to show more.
#[component]
pub fn Disclosure(
    /// What there is to see.
    #[prop(into)]
    summary: Signal<String>,
    /// Whether it is open from the start.
    #[prop(optional)]
    open: bool,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>{summary}</summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
}
