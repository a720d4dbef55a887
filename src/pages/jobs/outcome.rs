//! The result for each device of a job, and for each listed session on it, as BIG-IQ reports it and the sessions show it. A
//! missing report is never shown as "not done".

use super::next_steps::units_of;
use super::rows::{Shape, rows};
use crate::state::{Entry, Verifications};
use crate::ui::{Badge, Disclosure, Tone, content, dynamic};
use curfew_core::count::Count;
use curfew_core::job::{DeviceOutcome, OutcomeRows, Outcomes, TargetStatus};
use leptos::prelude::*;
use text::isolated;
use text::sentences::{amount, bigiq_task};

/// The outcomes: their numbers, and then a row for each device.
#[component]
pub(super) fn Outcome(
    entry: Entry,
    /// Whether all rows are shown in full.
    #[prop(optional)]
    on_paper: bool,
) -> impl IntoView {
    let verifications = Verifications::get();
    let shown = Memo::new(move |_| {
        let check = verifications.of(&entry.id());
        let outcomes = entry.job.with(|job| Outcomes::of(job, &entry.batch));
        outcomes.compared(units_of(check.as_deref())).into_rows()
    });
    let shape = Signal::derive(move || {
        shown.with(|shown| Shape { rows: shown.rows.len(), problems: shown.problems })
    });
    let one = Callback::new(move |place: usize| {
        shown.with_untracked(|shown| shown.rows.get(place).map(row)).into_any()
    });
    // Many rows that all say the same are one line, unless they are opened or printed.
    let common = Memo::new(move |_| shown.with(OutcomeRows::common).filter(|_| !on_paper));
    view! {
        {dynamic(move || match common.get() {
            Some(status) => {
                let (tone, label) = named(status);
                let all = text::outcome_all(shown.with(|shown| shown.rows.len()), &label);
                view! {
                    <Badge tone=tone label=all.clone()/>
                    <Disclosure summary=all>{rows(text::outcome(), shape, one, false)}</Disclosure>
                }
                .into_any()
            }
            None => view! {
                {dynamic(move || shown.with(numbers))}
                {rows(text::outcome(), shape, one, on_paper)}
            }
            .into_any(),
        })}
    }
}

/// How many devices have each status, problems first. Nothing for a single device, whose row says it.
fn numbers(shown: &OutcomeRows) -> Option<AnyView> {
    let tally = shown.tally;
    let numbers = [
        (TargetStatus::Failed, tally.failed),
        (TargetStatus::Remaining, tally.remaining),
        (TargetStatus::Unknown, tally.unknown),
        (TargetStatus::Open, tally.open),
        (TargetStatus::Untouched, tally.untouched),
        (TargetStatus::Reported, tally.reported),
        (TargetStatus::Verified, tally.verified),
    ];
    let badge = |(status, number): (TargetStatus, usize)| {
        let (tone, label) = named(status);
        let label = text::labelled(&label, &amount::number(Count::Exactly(number)));
        view! { <Badge tone=tone label=label/> }.into_any()
    };
    let some = numbers.into_iter().filter(|(_, number)| *number > 0);
    let badges = some.map(badge).collect_view();
    (tally.all() > 1).then(|| view! { <div class="row">{badges}</div> }.into_any())
}

fn named(status: TargetStatus) -> (Tone, String) {
    match status {
        TargetStatus::Open => (Tone::Info, text::target_status_open()),
        TargetStatus::Untouched => (Tone::Info, text::target_status_not_started()),
        TargetStatus::Reported => (Tone::Info, text::target_status_reported()),
        TargetStatus::Failed => (Tone::Error, text::target_status_failed()),
        TargetStatus::Unknown => (Tone::Warning, text::target_status_unknown()),
        TargetStatus::Remaining => (Tone::Warning, text::target_status_remaining()),
        TargetStatus::Verified => (Tone::Good, text::target_status_verified()),
    }
}

fn row(device: &DeviceOutcome) -> AnyView {
    let failed =
        device.sessions.iter().filter(|session| session.status == TargetStatus::Failed).count();
    let sessions = (!device.sessions.is_empty())
        .then(|| text::outcome_sessions(device.sessions.len(), failed));
    let reasons = device.failures.iter().map(|failure| bigiq_task::reasons(failure, None));
    let reasons: Vec<AnyView> = reasons
        .map(|reason| view! { <p lang="en" prop:textContent=content(reason)/> }.into_any())
        .collect();
    let (tone, label) = named(device.status);
    let is_named = !device.name.is_empty();
    let name = if is_named { isolated(&device.name) } else { text::outcome_unnamed() };
    view! {
        <span class="job-title" prop:textContent=content(name)/>
        <span class="quiet" prop:textContent=content(device.cluster.as_deref().map(isolated))/>
        <Badge tone=tone label=label/>
        <div class="quiet"><span prop:textContent=content(sessions)/> {reasons}</div>
    }
    .into_any()
}
