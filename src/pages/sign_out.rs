//! The question before a sign-out that would lose something: unsent kills are discarded, also in other tabs, and unsaved
//! records end with the tab. The operator can also have the records forgotten.

use super::jobs::save_records;
use crate::state::{Jobs, Verifications};
use crate::ui::{Button, Checkbox, Dialog, Look, announce, content, dynamic};
use leptos::prelude::*;
use text::list_of_texts;

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

/// The question; `sign_out` runs if the answer is yes, with whether to delete the jobs.
#[component]
pub(super) fn SignOutQuestion(open: RwSignal<bool>, sign_out: Callback<bool>) -> impl IntoView {
    let (jobs, verifications) = (Jobs::get(), Verifications::get());
    let forget = RwSignal::new(false);
    let stay = Callback::new(move |()| open.set(false));
    let leave = Callback::new(move |()| {
        open.set(false);
        sign_out.run(forget.get_untracked());
    });
    let elsewhere = move || {
        let names = jobs.unsent_elsewhere();
        let n = names.len();
        (n > 0).then(|| {
            let names = list_of_texts(&names);
            view! { <p prop:textContent=content(text::sign_out_unsent_elsewhere(n, &names))/> }
        })
    };
    view! {
        <Dialog open=open heading=text::sign_out_heading() on_close=stay>
            {losses(jobs)}
            {dynamic(elsewhere)}
            <p prop:textContent=content(text::sign_out_stored())/>
            <Checkbox
                label=text::sign_out_forget()
                hint=text::sign_out_forget_hint()
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
