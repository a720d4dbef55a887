//! How much of a known number is done.

use leptos::prelude::*;

use super::id;

/// A bar that fills. Its label says the same in words, such as `3 of 12 sent`.
#[component]
pub fn Progress(
    /// How many are done.
    #[prop(into)]
    done: Signal<usize>,
    /// Of how many.
    #[prop(into)]
    total: Signal<usize>,
    /// What is counted and how far it is, in words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let id = id::unique("progress");
    view! {
        <div class="progress">
            <label for=id.clone()>{label}</label>
            // A bar of nothing would be one without end: `max` has to be above zero.
            <progress
                id=id
                max=move || total.get().max(1).to_string()
                value=move || done.get().min(total.get()).to_string()
            ></progress>
        </div>
    }
}
