//! Whose sessions: the kind of kill, and the users' names.

use super::odd_names::odd_names_note;
use super::paste_reading::{PasteReading, Reading, Values};
use super::session_paste::SessionPaste;
use crate::pages::options::Offered;
use crate::state::Form;
use crate::ui::{Choice, ChoiceOption, LinesField, content, dynamic};
use crate::web::effect;
use curfew_core::input::{PastedFormat, SkipReason, UserList};
use curfew_core::plan::Kind;
use leptos::prelude::*;
use std::sync::Arc;
use text::sentences::pasted;

/// The field of user names, which errors link to.
pub(super) const USERS: &str = "kill-users";

/// The kinds of kill.
const KINDS: [Offered<Kind>; 3] = [
    Offered::new("users", text::who_users, Kind::Users),
    Offered::new("everybody", text::who_everybody, Kind::Everybody),
    Offered::new("listed", text::who_listed, Kind::Listed),
];

/// The section "Who".
#[component]
pub(super) fn Who(
    #[prop(into)] user_error: Signal<Option<String>>,
    #[prop(into)] session_error: Signal<Option<String>>,
) -> impl IntoView {
    let form = Form::get();
    let options = KINDS.map(|kind| {
        let hint = match kind.value {
            Kind::Users => text::who_users_hint(),
            Kind::Everybody => text::who_everybody_hint(),
            Kind::Listed => text::who_listed_hint(),
        };
        ChoiceOption { value: kind.name.to_owned(), label: (kind.label)(), hint }
    });
    let choose = Callback::new(move |name: String| {
        if let Some(kind) = Offered::value_of(&KINDS, &name) {
            form.kind.set(kind);
        }
    });
    let reading = RwSignal::new(Reading::default());
    let note = RwSignal::new(String::new());
    effect(move || {
        let list = form.users.with(|users| UserList::read(users, form.user_answers.get()));
        note.set(understood(&list));
        reading.set(reading_of(list));
    });
    let detail = move || match form.kind() {
        Kind::Users => view! {
            <LinesField
                id=USERS
                label=text::user_names()
                hint=text::user_names_hint()
                value=form.users
                rows=3
                error=user_error
            />
            {odd_names_note()}
            // The field's error is not repeated.
            <p class="field-note" role="status" prop:textContent=content(move || {
                user_error.with(Option::is_none).then(|| note.get())
            })/>
            <PasteReading
                values=Values::Users
                reading=reading
                answers=form.user_answers
            />
        }
        .into_any(),
        Kind::Listed => view! { <SessionPaste error=session_error/> }.into_any(),
        Kind::Everybody => ().into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="who-heading">
            <h2 id="who-heading" prop:textContent=content(text::section_who())/>
            <Choice
                name="kind"
                legend=text::whose_sessions()
                options=options.to_vec()
                value=Signal::derive(move || Offered::name_of(&KINDS, form.kind()))
                on_change=choose
            />
            {dynamic(detail)}
        </section>
    }
}

/// What was recognised in the text: the number of users if there are several, and what makes it unusable.
fn understood(list: &UserList) -> String {
    if let Some(refused) = list.refused().filter(|_| list.question.is_none()) {
        return pasted::unreadable(&refused);
    }
    let mut notes = Vec::new();
    if list.names.len() > 1 {
        notes.push(text::users_read(list.names.len()));
    }
    if list.blank > 0 {
        notes.push(text::rows_blank(list.blank));
    }
    if list.trimmed > 0 {
        notes.push(text::names_trimmed(list.trimmed));
    }
    notes.join(" · ")
}

/// How the list was read. Nothing is said about a single name.
fn reading_of(list: UserList) -> Reading {
    let is_single = list.format == PastedFormat::Lines
        && list.names.len() < 2
        && list.changed.is_empty()
        && list.skipped.is_empty()
        && list.question.is_none();
    let has_broken_quotes = list.refused().is_some_and(|refused| {
        matches!(refused.reason, SkipReason::BrokenQuotes | SkipReason::LongCell)
    });
    Reading {
        format: (!is_single).then(|| list.format.clone()),
        question: list.question.clone(),
        has_broken_quotes,
        has_changed_numbers: false,
        report: Some(Arc::new(move |text| pasted::report(&list.report(text)))),
    }
}
