//! What a link or a portal suggested: who filled in the form, the question before the operator's own work is replaced, and a
//! suggested reason. The operator accepts or ignores it.

use crate::state::{Form, InventoryStore, SuggestionState};
use crate::ui::{Banner, Button, Look, Tone, content};
use curfew_core::app::SuggestedBy;
use leptos::prelude::*;
use text::{Label, Name, isolated, list_of_names};

/// The notes above the form. Tracked.
pub(super) fn notes(form: Form, inventory_store: InventoryStore) -> Vec<AnyView> {
    form.suggestions.state().with(|state| notes_of(state, form, inventory_store))
}

fn notes_of(state: &SuggestionState, form: Form, inventory_store: InventoryStore) -> Vec<AnyView> {
    let mut notes = Vec::new();
    if let Some(by) = &state.refused {
        notes.push(note(Tone::Warning, text::suggestion_refused(&source(by)), None));
    }
    if let Some(suggestion) = &state.asked {
        let names = list_of_names(suggestion.names()).into_text();
        let replace = Callback::new(move |()| {
            if let Some(inventory) = untrack(|| inventory_store.inventory()) {
                form.accept_suggestion(&inventory);
            }
        });
        let ignore =
            Callback::new(move |()| form.suggestions.change(&mut |state| state.asked = None));
        let answers = view! {
            <p translate="no" prop:textContent=content(names)/>
            <div class="row">
                {button(text::suggestion_replace, replace)}
                {button(text::suggestion_ignore, ignore)}
            </div>
        };
        let heading = text::suggestion_asked(&source(&suggestion.by));
        notes.push(note(Tone::Warning, heading, Some(answers.into_any())));
    } else if let Some(by) = state.filled_by() {
        notes.push(note(Tone::Info, text::suggestion_filled(&source(by)), None));
    }
    if let Some(suggestion) = &state.reason {
        let words = suggestion.values.reason.clone().unwrap_or_default();
        let heading = text::reason_suggested(&source(&suggestion.by), Name(&words));
        let accept = Callback::new(move |()| {
            form.reason.set(words.clone());
            form.suggestions.change(&mut |state| state.reason = None);
        });
        notes.push(note(Tone::Info, heading, Some(button(text::reason_use, accept))));
    }
    notes
}

fn note(tone: Tone, heading: String, more: Option<AnyView>) -> AnyView {
    view! { <Banner tone=tone heading=heading>{more}</Banner> }.into_any()
}

fn button(label: Label, press: Callback<()>) -> AnyView {
    view! { <Button label=label() look=Look::Plain on_press=press/> }.into_any()
}

fn source(by: &SuggestedBy) -> String {
    match by {
        SuggestedBy::Link => text::source_link(),
        SuggestedBy::Portal(host) => isolated(host),
    }
}
