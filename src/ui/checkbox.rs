//! An option that is on or off.

use super::dynamic::attribute;
use leptos::prelude::*;

use super::{Show, content, id};

/// A check box with its label. It always shows `checked`, whatever was clicked.
#[component]
pub fn Checkbox(
    /// What is on when it is checked.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is checked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Called with the wanted state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Whether only some of the things that it stands for are checked.
    #[prop(optional, into)]
    mixed: Signal<bool>,
    /// A hint on its effect; may be empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// The id of the box itself.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| id::unique("check"));
    let hint_id = id::join(&id, "hint");
    let described_by = hint_id.clone();
    let has_hint = Signal::derive(move || hint.with(|hint| !hint.is_empty()));
    let change = move |event| {
        on_change.run(event_target_checked(&event));
        event_target::<web_sys::HtmlInputElement>(&event).set_checked(checked.get_untracked());
    };
    view! {
        <div class="checkbox">
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=attribute(move || checked.get())
                prop:indeterminate=attribute(move || mixed.get())
                aria-describedby=attribute(move || has_hint.get().then(|| described_by.clone()))
                on:change=change
            />
            <label for=id prop:textContent=content(label)/>
            <Show when=has_hint>
                <p class="hint" id=hint_id.clone() prop:textContent=content(hint)/>
            </Show>
        </div>
    }
}
