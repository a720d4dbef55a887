//! Progress towards a known number.

use super::dynamic::attribute;
use leptos::prelude::*;

use super::{content, id};

/// A bar that fills. Its label says the same as text, such as `3 of 12 sent`.
#[component]
pub fn Progress(
    /// How many are done.
    #[prop(into)]
    done: Signal<usize>,
    /// The total.
    #[prop(into)]
    total: Signal<usize>,
    /// What is counted and the progress, as text.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let id = id::unique("progress");
    view! {
        <div class="progress">
            <label for=id.clone() prop:textContent=content(label)/>
            // `max` must be above zero: a bar of zero would be indeterminate.
            <progress
                id=id
                max=attribute(move || total.get().max(1).to_string())
                value=attribute(move || done.get().min(total.get()).to_string())
            ></progress>
        </div>
    }
}
