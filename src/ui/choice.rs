//! One of a few options.

use super::dynamic::{attribute, dynamic};
use leptos::prelude::*;

use super::{content, id};

/// One of the alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// Its name in markup, which no other alternative has.
    pub value: String,
    /// Its label.
    pub label: String,
    /// A hint; may be empty.
    pub hint: String,
}

/// A group of radio buttons.
#[component]
pub fn Choice(
    /// What is selected here.
    #[prop(into)]
    legend: Signal<String>,
    /// The name of the group, unique on the page; ids are made from it.
    #[prop(into)]
    name: String,
    /// The options: value, label, and a hint that may be empty.
    #[prop(into)]
    options: Signal<Vec<ChoiceOption>>,
    /// The selected value.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the value that the user selects.
    on_change: Callback<String>,
) -> impl IntoView {
    let alternatives = move || {
        let name = name.clone();
        let option = move |ChoiceOption { value: own, label, hint }: ChoiceOption| {
            let id = id::join(&name, &own);
            let hint_id = id::join(&id, "hint");
            let described_by = (!hint.is_empty()).then(|| hint_id.clone());
            let option = own.clone();
            let chose = own.clone();
            view! {
                <div class="checkbox">
                    <input
                        type="radio"
                        id=id.clone()
                        name=name.clone()
                        value=own
                        prop:checked=attribute(move || value.with(|value| *value == option))
                        aria-describedby=described_by.clone()
                        on:change=move |_| on_change.run(chose.clone())
                    />
                    <label for=id prop:textContent=content(label)/>
                    {described_by.map(|id| view! { <p class="hint" id=id prop:textContent=content(hint)/> })}
                </div>
            }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <fieldset class="choice">
            <legend prop:textContent=content(legend)/>
            {dynamic(alternatives)}
        </fieldset>
    }
}
