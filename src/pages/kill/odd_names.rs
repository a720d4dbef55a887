//! What is unusual about the names in the field of users, below the field.

use super::warnings::odd_name_notes;
use crate::state::Form;
use crate::ui::dynamic;
use crate::web::nfc;
use curfew_core::input::UserList;
use curfew_core::plan::odd_names;
use leptos::prelude::*;

/// The note; empty if there is nothing unusual.
pub(super) fn odd_names_note() -> AnyView {
    let form = Form::get();
    // A memo, so that the note is announced only when it changes.
    let odd = Memo::new(move |_| {
        let list = UserList::read(&form.users.read(), form.user_answers.get());
        odd_names(&list.names, nfc)
    });
    view! {
        <div class="field-note odd-names" role="status">
            {dynamic(move || odd.with(|odd| odd_name_notes(odd)))}
        </div>
    }
    .into_any()
}
