//! Whose sessions: the kind of kill, and the users' names.

use super::session_paste::SessionPaste;
use super::wording;
use crate::state::{Form, KINDS, kind_name};
use crate::text::{Word, count, fill, t};
use crate::ui::{Choice, LinesField};
use curfew_core::input::UserList;
use curfew_core::plan::Kind;
use leptos::prelude::*;

/// The field of user names, which errors link to.
pub(super) const USERS: &str = "kill-users";

/// The section "Who".
#[component]
pub(super) fn Who(
    #[prop(into)] user_error: Signal<Option<String>>,
    #[prop(into)] session_error: Signal<Option<String>>,
) -> impl IntoView {
    let form = Form::get();
    let options = KINDS.map(|kind| {
        let (label, hint) = match kind {
            Kind::Users => (Word::WhoUsers, Word::WhoUsersHint),
            Kind::Everybody => (Word::WhoEverybody, Word::WhoEverybodyHint),
            Kind::Listed => (Word::WhoListed, Word::WhoListedHint),
        };
        (kind_name(kind).to_owned(), t(label), t(hint))
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
                {move || understood(&form.users.read())}
            </p>
        }
        .into_any(),
        Kind::Listed => view! { <SessionPaste error=session_error/> }.into_any(),
        Kind::Everybody => ().into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="who-heading">
            <h2 id="who-heading">{t(Word::Who)}</h2>
            <Choice name="kind" legend=t(Word::WhoseSessions) options=options.to_vec() value=form.kind/>
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
