//! One of many options, in a list that opens.

use super::content;
use super::dynamic::{attribute, dynamic};
use leptos::prelude::*;

/// One of the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// Its name in markup, which no other option has.
    pub value: String,
    /// Its label.
    pub label: String,
}

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
    #[prop(into)]
    value: Signal<String>,
    /// Called with the value that the user selects.
    on_change: Callback<String>,
    /// The options: value and label.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
) -> impl IntoView {
    let option = move |SelectOption { value: own, label }: SelectOption| {
        let option = own.clone();
        view! {
            <option value=own prop:selected=attribute(move || value.with(|value| *value == option)) prop:textContent=content(label)/>
        }
    };
    view! {
        <div class="field">
            <label for=id.clone() prop:textContent=content(label)/>
            <select id=id on:change=move |event| on_change.run(event_target_value(&event))>
                {dynamic(move || options.get().into_iter().map(option).collect_view())}
            </select>
        </div>
    }
}
