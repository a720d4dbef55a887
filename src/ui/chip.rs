//! A selected item that can be removed.

use leptos::prelude::*;

use super::{Icon, content};

/// A selected item with its name and a button that removes it, for a list of class `chips`.
#[component]
pub fn Chip(
    /// The name of the item.
    #[prop(into)]
    label: Signal<String>,
    /// What pressing the button does.
    #[prop(into)]
    on_remove: Callback<()>,
    /// The label of the button, with the name of the item: `Remove BlueCluster`.
    #[prop(into)]
    remove_label: Signal<String>,
) -> impl IntoView {
    view! {
        <li class="chip">
            <span class="chip-label" dir="auto" translate="no" title=label prop:textContent=content(label)/>
            <button
                class="chip-remove"
                type="button"
                title=remove_label
                aria-label=remove_label
                on:click=move |_| on_remove.run(())
            >
                {Icon::Cross.view()}
            </button>
        </li>
    }
}
