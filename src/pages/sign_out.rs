//! The question before a sign-out that would lose something: unsent kills are discarded, and unsaved records end with
//! the tab.

use super::jobs::save_records;
use crate::state::{Jobs, Verifications};
use crate::ui::{Button, Dialog, Look, announce, content, dynamic};
use leptos::prelude::*;

/// What a sign-out would lose, in sentences.
pub(super) fn losses(jobs: Jobs) -> AnyView {
    view! {
        {dynamic(move || jobs.loss().unsent.map(|n| view! { <p prop:textContent=content(text::sign_out_unsent(n))/> }))}
        {dynamic(move || jobs.loss().unsaved.map(|n| view! { <p prop:textContent=content(text::sign_out_unsaved(n))/> }))}
    }
    .into_any()
}

/// The button that saves all records.
pub(super) fn save_button(jobs: Jobs, verifications: Verifications) -> AnyView {
    let save = Callback::new(move |()| {
        let saved = save_records(jobs, verifications);
        announce(if saved { text::record_saved() } else { text::record_not_saved() });
    });
    view! { <Button label=text::save_records() look=Look::Plain on_press=save/> }.into_any()
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
        <Dialog open=open heading=text::sign_out_heading() on_close=stay>
            {losses(jobs)}
            <p prop:textContent=content(text::sign_out_stored())/>
            <div class="dialog-actions">
                <Button label=text::idle_stay() look=Look::Plain on_press=stay/>
                {save_button(jobs, verifications)}
                <Button label=text::sign_out() look=Look::Primary on_press=leave/>
            </div>
        </Dialog>
    }
}
