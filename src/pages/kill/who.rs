//! Whose sessions: the kind of kill, and the users' names.

use super::session_paste::SessionPaste;
use super::wording;
use crate::pages::options::Offered;
use crate::state::Form;
use crate::text::{Word, count, fill, t};
use crate::ui::{Choice, ChoiceOption, LinesField};
use curfew_core::input::UserList;
use curfew_core::plan::Kind;
use leptos::prelude::*;

/// The field of user names, which errors link to.
pub(super) const USERS: &str = "kill-users";

/// The kinds of kill.
const KINDS: [Offered<Kind>; 3] = [
    Offered::new("users", Word::WhoUsers, Kind::Users),
    Offered::new("everybody", Word::WhoEverybody, Kind::Everybody),
    Offered::new("listed", Word::WhoListed, Kind::Listed),
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
            Kind::Users => Word::WhoUsersHint,
            Kind::Everybody => Word::WhoEverybodyHint,
            Kind::Listed => Word::WhoListedHint,
        };
        ChoiceOption { value: kind.name.to_owned(), label: t(kind.label), hint: t(hint) }
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
                label=t(Word::UserNames)
                hint=t(Word::UserNamesHint)
                value=form.users
                rows=3
                error=user_error
            />
            <p class="field-note" role="status">
                // The field's error is not repeated.
                {move || user_error.with(Option::is_none).then(|| understood(&form.users.read()))}
            </p>
        }
        .into_any(),
        Kind::Listed => view! { <SessionPaste error=session_error/> }.into_any(),
        Kind::Everybody => ().into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="who-heading">
            <h2 id="who-heading">{t(Word::Who)}</h2>
            <Choice
                name="kind"
                legend=t(Word::WhoseSessions)
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
        return wording::quoted_users(line);
    }
    let mut notes = Vec::new();
    if list.names.len() > 1 {
        notes.push(count(Word::UsersRead, list.names.len()));
    }
    if let Some(column) = &list.column {
        notes.push(fill(Word::ColumnRead, &[("column", column)]));
    }
    for (word, number) in [(Word::RowsBlank, list.blank), (Word::NamesTrimmed, list.trimmed)] {
        if number > 0 {
            notes.push(count(word, number));
        }
    }
    notes.join(" · ")
}
