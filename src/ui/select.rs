//! One of many options, in a list that opens.

use leptos::prelude::*;

/// A native list of options.
#[component]
pub fn Select(
    /// The id of the list itself.
    #[prop(into)]
    id: String,
    /// What is selected here.
    #[prop(into)]
    label: Signal<String>,
    /// The selected value.
    value: RwSignal<String>,
    /// The options: value and label.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let option = move |(own, label): (String, String)| {
        let chosen = own.clone();
        view! {
            <option value=own prop:selected=move || value.with(|value| *value == chosen)>
                {label}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=move |event| value.set(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
