//! The question before a sign-out that would lose something: unsent kills are discarded, and unsaved records end with
//! the tab.

use super::jobs::save_records;
use crate::state::{Jobs, Verifications};
use crate::text::{Word, count, t};
use crate::ui::{Button, Dialog, Look, announce};
use leptos::prelude::*;

/// What a sign-out would lose, in sentences.
pub(super) fn losses(jobs: Jobs) -> AnyView {
    view! {
        {move || jobs.loss().unsent.map(|n| view! { <p>{count(Word::SignOutUnsent, n)}</p> })}
        {move || jobs.loss().unsaved.map(|n| view! { <p>{count(Word::SignOutUnsaved, n)}</p> })}
    }
    .into_any()
}

/// The button that saves all records.
pub(super) fn save_button(jobs: Jobs, verifications: Verifications) -> AnyView {
    let save = Callback::new(move |()| {
        let saved = save_records(jobs, verifications);
        announce(t(if saved { Word::RecordSaved } else { Word::RecordNotSaved }));
    });
    view! { <Button label=t(Word::SaveRecords) look=Look::Plain on_press=save/> }.into_any()
}

/// The question; `sign_out` runs if the answer is yes.
#[component]
pub(super) fn SignOutQuestion(open: RwSignal<bool>, sign_out: Callback<()>) -> impl IntoView {
    let (jobs, verifications) = (Jobs::get(), Verifications::get());
    let stay = Callback::new(move |()| open.set(false));
    let leave = Callback::new(move |()| {
        open.set(false);
        sign_out.run(());
    });
    view! {
        <Dialog open=open heading=t(Word::SignOutHeading) on_close=stay>
            {losses(jobs)}
            <p>{t(Word::SignOutKept)}</p>
            <div class="dialog-actions">
                <Button label=t(Word::IdleStay) look=Look::Plain on_press=stay/>
                {save_button(jobs, verifications)}
                <Button label=t(Word::SignOut) look=Look::Primary on_press=leave/>
            </div>
        </Dialog>
    }
}
