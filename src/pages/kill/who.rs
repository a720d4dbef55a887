//! Whose sessions: the kind of kill, and the users' names.

use super::odd_names::odd_names_note;
use super::session_paste::SessionPaste;
use crate::pages::options::Offered;
use crate::state::Form;
use crate::ui::{Choice, ChoiceOption, LinesField, content};
use curfew_core::input::UserList;
use curfew_core::plan::Kind;
use leptos::prelude::*;
use text::Name;

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
                user_error.with(Option::is_none).then(|| understood(&form.users.read()))
            })/>
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
            {detail}
        </section>
    }
}

/// What was recognised in the text: the number of users if there are several, and the column of a table.
fn understood(text: &str) -> String {
    let list = UserList::parse(text);
    if let Some(line) = list.refused_line {
        return text::quoted_users(line);
    }
    let mut notes = Vec::new();
    if list.names.len() > 1 {
        notes.push(text::users_read(list.names.len()));
    }
    if let Some(column) = &list.column {
        notes.push(text::column_read(Name(column)));
    }
    if list.blank > 0 {
        notes.push(text::rows_blank(list.blank));
    }
    if list.trimmed > 0 {
        notes.push(text::names_trimmed(list.trimmed));
    }
    notes.join(" · ")
}
