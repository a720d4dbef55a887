//! What became of each device of a job, and of each listed session on it, as far as BIG-IQ says. Silence is never shown
//! as "not done".

use super::wording;
use crate::state::Entry;
use crate::text::{Word, count_and, fill, listing, locale, t};
use crate::ui::{Badge, Tone};
use curfew_core::{DeviceOutcome, Drift, Fate, Outcomes};
use leptos::prelude::*;

/// The section "Outcome".
#[component]
pub(super) fn Outcome(entry: Entry) -> impl IntoView {
    move || {
        let (outcomes, drift) =
            entry.job.with(|job| (Outcomes::of(job, &entry.batch), Drift::of(job, &entry.batch)));
        let added = drift.filter(|drift| !drift.added.is_empty()).map(|drift| {
            let names: Vec<String> =
                drift.added.iter().map(|id| wording::device(&entry.batch, id)).collect();
            let names = listing(names.iter().map(String::as_str));
            view! { <p>{fill(Word::OutcomeAdded, &[("names", &names)])}</p> }
        });
        let rows: Vec<AnyView> = outcomes.devices.iter().map(row).collect();
        view! {
            {added}
            <ul class="outcomes">{rows}</ul>
        }
        .into_any()
    }
}

fn row(device: &DeviceOutcome) -> AnyView {
    let failed = device.sessions.iter().filter(|(_, fate)| *fate == Fate::Failed).count();
    let sessions = (!device.sessions.is_empty()).then(|| {
        let failed = locale().integer(failed as u64);
        count_and(Word::OutcomeSessions, device.sessions.len(), &[("failed", &failed)])
    });
    let troubles: Vec<String> =
        device.troubles.iter().filter_map(|trouble| trouble.error.clone()).collect();
    let (tone, word) = match device.fate {
        Fate::Open => (Tone::Info, Word::FateOpen),
        Fate::Untouched => (Tone::Info, Word::FateUntouched),
        Fate::Reported => (Tone::Info, Word::FateReported),
        Fate::Failed => (Tone::Danger, Word::FateFailed),
        Fate::Unknown => (Tone::Warning, Word::FateUnknown),
    };
    view! {
        <li class="outcome">
            <span class="job-title">{device.name.clone()}</span>
            <span class="quiet">{device.cluster.clone()}</span>
            <Badge tone=tone label=t(word)/>
            <span class="quiet">{sessions}" "{troubles.join(" ")}</span>
        </li>
    }
    .into_any()
}
