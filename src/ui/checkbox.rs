//! One thing that is so or not.

use leptos::prelude::*;

use super::id;

/// A check box with its label. It shows what `checked` says, whatever was clicked.
#[component]
pub fn Checkbox(
    /// What is so when it is checked.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is so.
    #[prop(into)]
    checked: Signal<bool>,
    /// Called with what the operator wants it to be.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Whether it is so for some of the things it stands for.
    #[prop(optional, into)]
    mixed: Signal<bool>,
    /// What follows from it; empty for nothing.
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
        <div class="check">
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=move || checked.get()
                prop:indeterminate=move || mixed.get()
                aria-describedby=move || has_hint.get().then(|| described_by.clone())
                on:change=change
            />
            <label for=id>{label}</label>
            <Show when=move || has_hint.get()>
                <p class="hint" id=hint_id.clone()>
                    {hint}
                </p>
            </Show>
        </div>
    }
}
