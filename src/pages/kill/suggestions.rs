//! What a link or a portal suggested: who filled in the form, and what is used only if the operator presses a button, because
//! it would replace their own work or is a reason. Also the list of sessions that another replaced.

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
        let dismiss: Dismiss = |state| state.refused = None;
        let heading = text::suggestion_refused(&source(by));
        notes.push(note(form, Tone::Warning, heading, None, dismiss));
    }
    if let Some(by) = state.filled_by() {
        let dismiss: Dismiss = |state| state.filled_is_read = true;
        notes.push(note(form, Tone::Info, text::suggestion_filled(&source(by)), None, dismiss));
    }
    if let Some(suggestion) = &state.asked {
        let accept = Callback::new(move |()| {
            if let Some(inventory) = untrack(|| inventory_store.inventory()) {
                form.accept_suggestion(&inventory);
            }
        });
        let label =
            if suggestion.has_choice() { text::suggestion_replace } else { text::reason_use };
        let everywhere = suggestion.values.everywhere.then(text::everywhere);
        let names = suggestion.names().chain(everywhere.as_deref());
        let names = names.chain(suggestion.values.reason.as_deref());
        let heading = text::suggestion_asked(&source(&suggestion.by), &list_of_names(names));
        let button = view! { <Button label=label() look=Look::Plain on_press=accept/> };
        let dismiss: Dismiss = |state| state.asked = None;
        notes.push(note(form, Tone::Warning, heading, Some(button.into_any()), dismiss));
    }
    if state.replaced.is_some() {
        let restore = Callback::new(move |()| form.restore_list());
        let button =
            view! { <Button label=text::list_restore() look=Look::Plain on_press=restore/> };
        let dismiss: Dismiss = |state| state.replaced = None;
        let heading = text::list_replaced();
        notes.push(note(form, Tone::Warning, heading, Some(button.into_any()), dismiss));
    }
    notes
}

/// What the button of a note changes.
type Dismiss = fn(&mut SuggestionState);

fn note(
    form: Form,
    tone: Tone,
    heading: String,
    more: Option<AnyView>,
    dismiss: Dismiss,
) -> AnyView {
    let press = Callback::new(move |()| form.suggestions.change(&mut |state| dismiss(state)));
    view! {
        <Banner tone=tone heading=heading>
            <div class="actions">
                {more}
                <Button label=text::dismiss() look=Look::Quiet on_press=press/>
            </div>
        </Banner>
    }
    .into_any()
}

fn source(by: &SuggestedBy) -> String {
    match by {
        SuggestedBy::Link => text::source_link(),
        SuggestedBy::Saved => text::source_saved(),
        SuggestedBy::Portal(host) => isolated(host),
    }
}
