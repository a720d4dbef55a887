//! What a link or a portal suggested: who filled in the form, and what is used only if the operator presses a button, because
//! it would replace their own work or is a reason.

use crate::state::{Form, InventoryStore, SuggestionState};
use crate::ui::{Banner, Button, Look, Tone};
use curfew_core::app::SuggestedBy;
use leptos::prelude::*;
use text::{isolated, list_of_names};

/// The notes above the form. Tracked.
pub(super) fn notes(form: Form, inventory_store: InventoryStore) -> Vec<AnyView> {
    form.suggestions.state().with(|state| notes_of(state, form, inventory_store))
}

fn notes_of(state: &SuggestionState, form: Form, inventory_store: InventoryStore) -> Vec<AnyView> {
    let mut notes = Vec::new();
    if let Some(by) = &state.refused {
        notes.push(note(Tone::Warning, text::suggestion_refused(&source(by)), None));
    }
    if let Some(by) = state.filled_by() {
        notes.push(note(Tone::Info, text::suggestion_filled(&source(by)), None));
    }
    if let Some(suggestion) = &state.asked {
        let accept = Callback::new(move |()| {
            if let Some(inventory) = untrack(|| inventory_store.inventory()) {
                form.accept_suggestion(&inventory);
            }
        });
        let has_names = suggestion.names().next().is_some();
        let label = if has_names { text::suggestion_replace } else { text::reason_use };
        let names = suggestion.names().chain(suggestion.values.reason.as_deref());
        let heading = text::suggestion_asked(&source(&suggestion.by), &list_of_names(names));
        let button = view! { <Button label=label() look=Look::Plain on_press=accept/> };
        notes.push(note(Tone::Warning, heading, Some(button.into_any())));
    }
    notes
}

fn note(tone: Tone, heading: String, more: Option<AnyView>) -> AnyView {
    view! { <Banner tone=tone heading=heading>{more}</Banner> }.into_any()
}

fn source(by: &SuggestedBy) -> String {
    match by {
        SuggestedBy::Link => text::source_link(),
        SuggestedBy::Portal(host) => isolated(host),
    }
}
