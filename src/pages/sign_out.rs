//! The question before a sign-out that would lose something: unsent kills are discarded, also in other tabs, and unsaved
//! records end with the tab. The operator can also have the records forgotten.

use super::jobs::save_records;
use crate::state::{Jobs, Verifications};
use crate::ui::{Button, Checkbox, Dialog, Look, announce, content, dynamic};
use leptos::prelude::*;
use text::list_of_texts;

/// What a sign-out would lose, in sentences.
pub(super) fn losses(jobs: Jobs) -> AnyView {
    let lines = move || {
        let (loss, names) = (jobs.loss(), jobs.unsent_elsewhere());
        let elsewhere = (!names.is_empty())
            .then(|| text::sign_out_unsent_elsewhere(names.len(), &list_of_texts(&names)));
        let unsent = loss.unsent.map(text::sign_out_unsent);
        let lines = unsent.into_iter().chain(loss.unsaved.map(text::sign_out_unsaved));
        let line = |line: String| view! { <p prop:textContent=content(line)/> }.into_any();
        lines.chain(elsewhere).map(line).collect::<Vec<AnyView>>()
    };
    dynamic(lines).into_any()
}

/// The button that saves all records.
pub(super) fn save_button(jobs: Jobs, verifications: Verifications) -> AnyView {
    let save = Callback::new(move |()| {
        let saved = save_records(jobs, verifications);
        announce(if saved { text::record_saved() } else { text::record_not_saved() });
    });
    view! { <Button label=text::save_records() look=Look::Plain on_press=save/> }.into_any()
}

/// The question; `sign_out` runs if the answer is yes. The operator sets in `forget` whether to delete the jobs.
#[component]
pub(super) fn SignOutQuestion(
    open: RwSignal<bool>,
    forget: RwSignal<bool>,
    sign_out: Callback<()>,
) -> impl IntoView {
    let (jobs, verifications) = (Jobs::get(), Verifications::get());
    let stay = Callback::new(move |()| {
        open.set(false);
        jobs.forget_unsent();
    });
    let leave = Callback::new(move |()| {
        open.set(false);
        sign_out.run(());
    });
    view! {
        <Dialog open=open heading=text::sign_out_heading() on_close=stay>
            {losses(jobs)}
            <p prop:textContent=content(text::sign_out_stored())/>
            <Checkbox
                label=text::sign_out_forget()
                checked=forget
                on_change=Callback::new(move |wanted| forget.set(wanted))
            />
            <div class="dialog-actions">
                <Button label=text::idle_stay() look=Look::Plain on_press=stay/>
                {save_button(jobs, verifications)}
                <Button label=text::sign_out() look=Look::Primary on_press=leave/>
            </div>
        </Dialog>
    }
}
