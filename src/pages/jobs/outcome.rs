//! The result for each device of a job, and for each listed session on it, as reported by BIG-IQ. A missing report is
//! never shown as "not done".

use super::wording;
use crate::state::Entry;
use crate::text::{Word, count_and, fill, listing, locale, t};
use crate::ui::{Badge, Banner, Tone};
use curfew_core::job::{DeviceOutcome, Outcomes, ReachDifference, TargetStatus};
use leptos::prelude::*;

/// The section "Outcome".
#[component]
pub(super) fn Outcome(entry: Entry) -> impl IntoView {
    move || {
        let (outcomes, difference) = entry
            .job
            .with(|job| (Outcomes::of(job, &entry.batch), ReachDifference::of(job, &entry.batch)));
        let difference = difference.unwrap_or_default();
        let differences =
            [(Word::OutcomeAdded, &difference.added), (Word::OutcomeMissed, &difference.missed)];
        let differences =
            differences.into_iter().filter(|(_, ids)| !ids.is_empty()).map(|(word, ids)| {
                let names: Vec<String> =
                    ids.iter().map(|id| wording::device(&entry.batch, id)).collect();
                let names = listing(names.iter().map(String::as_str));
                let heading = fill(word, &[("names", &names)]);
                view! { <Banner tone=Tone::Warning heading=heading/> }.into_any()
            });
        let differences: Vec<AnyView> = differences.collect();
        let rows: Vec<AnyView> = outcomes.devices.iter().map(row).collect();
        view! {
            {differences}
            <ul class="outcomes">{rows}</ul>
        }
        .into_any()
    }
}

fn row(device: &DeviceOutcome) -> AnyView {
    let failed =
        device.sessions.iter().filter(|session| session.status == TargetStatus::Failed).count();
    let sessions = (!device.sessions.is_empty()).then(|| {
        let failed = locale().integer(failed as u64);
        count_and(Word::OutcomeSessions, device.sessions.len(), &[("failed", &failed)])
    });
    let failures: Vec<String> =
        device.failures.iter().filter_map(|failure| failure.error.clone()).collect();
    let (tone, word) = match device.status {
        TargetStatus::Open => (Tone::Info, Word::FateOpen),
        TargetStatus::Untouched => (Tone::Info, Word::FateUntouched),
        TargetStatus::Reported => (Tone::Info, Word::FateReported),
        TargetStatus::Failed => (Tone::Error, Word::FateFailed),
        TargetStatus::Unknown => (Tone::Warning, Word::FateUnknown),
    };
    view! {
        <li class="outcome">
            <span class="job-title">{device.name.clone()}</span>
            <span class="quiet">{device.cluster.clone()}</span>
            <Badge tone=tone label=t(word)/>
            <span class="quiet">{sessions}" "{failures.join(" ")}</span>
        </li>
    }
    .into_any()
}
