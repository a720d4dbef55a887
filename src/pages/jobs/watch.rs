//! The watch for return: who signed in again after the kill, and a new plan against them. It ends no session by itself.

use super::next_steps::kill_again;
use crate::pages::watch_select::watch_select;
use crate::state::{Entry, Jobs};
use crate::ui::{Banner, Button, Look, Show, Tone, content, dynamic};
use curfew_core::engine::has_returned;
use curfew_core::job::Observation;
use leptos::prelude::*;
use text::sentences::verification;
use text::time_of_day;

/// How many sign-ins are shown, the latest first. The log has all.
const SHOWN: usize = 20;

/// The section; nothing while there is nobody to watch for.
#[component]
pub(super) fn Watch(entries: Vec<Entry>) -> impl IntoView {
    let jobs = Jobs::get();
    let entries = StoredValue::new(entries);
    let may = Memo::new(move |_| entries.with_value(|all| all.iter().any(|e| jobs.may_watch(e))));
    let state = move || entries.with_value(|all| all.iter().find_map(|e| jobs.watch_of(e)));
    let value =
        Signal::derive(move || state().map(|state| state.minutes.to_string()).unwrap_or_default());
    let select = Callback::new(move |minutes: String| {
        entries.with_value(|all| jobs.watch(all, minutes.parse().ok()));
    });
    let over = move || entries.with_value(|all| jobs.watch_over(all));
    let status = move || {
        let Some(state) = state() else {
            let over = over()?;
            let until = time_of_day(over.until);
            let was = match over.devices {
                Some((read, all)) => text::watch_over_part(&until, read, all),
                None => text::watch_over(&until),
            };
            return Some(nobody_too(was, over.nobody));
        };
        let Some(until) = state.until else { return Some(text::watch_waits()) };
        let until = time_of_day(until);
        let now = if state.devices < state.all {
            text::watch_until_part(state.devices, state.all, &until)
        } else {
            text::watch_until(&until)
        };
        let nobody = entries.with_value(|all| !all.iter().any(|e| e.job.with(has_returned)));
        Some(nobody_too(now, nobody))
    };
    let again = move || {
        over().map(|over| {
            let again = Callback::new(move |()| {
                entries.with_value(|all| jobs.watch(all, Some(over.minutes)));
            });
            view! { <Button label=text::watch_again() look=Look::Quiet on_press=again/> }
        })
    };
    let returns = move || {
        let mut lines = entries.with_value(|all| seen(all)).into_iter();
        let latest = lines.next()?;
        let lines: Vec<AnyView> =
            lines.map(|line| view! { <p prop:textContent=content(line)/> }.into_any()).collect();
        Some(view! {
            <Banner tone=Tone::Warning heading=latest>
                {lines}
                <div class="actions">{kill_again(entries)}</div>
            </Banner>
        })
    };
    view! {
        <Show when=may>
            <section class="panel" aria-label=text::watch()>
                {dynamic(returns)}
                {watch_select(value, select)}
                <p class="quiet" role="status" prop:textContent=content(status)/>
                {dynamic(again)}
            </section>
        </Show>
    }
}

/// The state of a watch, and that nobody has returned. The comparison may know better.
fn nobody_too(state: String, nobody: bool) -> String {
    if nobody { text::two_sentences(&state, &text::watch_nobody()) } else { state }
}

/// Who was seen to sign in again, the latest first. Tracked.
fn seen(entries: &[Entry]) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in entries {
        entry.job.with(|job| {
            let ended = job.ended_at().unwrap_or_default();
            for event in job.events().iter().rev() {
                if let Observation::Returned(one) = &event.what {
                    lines.push(verification::returned_after(one, event.at, ended));
                }
            }
        });
    }
    lines.truncate(SHOWN);
    lines
}
