//! The result for each device of a job, and for each listed session on it, as reported by BIG-IQ. A missing report is
//! never shown as "not done".

use crate::state::Entry;
use crate::ui::{Badge, Tone, content};
use curfew_core::job::{DeviceOutcome, Outcomes, TargetStatus};
use leptos::prelude::*;
use text::isolated;
use text::sentences::error::message;

/// The section "Outcome".
#[component]
pub(super) fn Outcome(entry: Entry) -> impl IntoView {
    move || {
        let outcomes = entry.job.with(|job| Outcomes::of(job, &entry.batch));
        let rows: Vec<AnyView> = outcomes.devices.iter().map(row).collect();
        view! { <ul class="outcomes">{rows}</ul> }.into_any()
    }
}

fn row(device: &DeviceOutcome) -> AnyView {
    let failed =
        device.sessions.iter().filter(|session| session.status == TargetStatus::Failed).count();
    let sessions = (!device.sessions.is_empty())
        .then(|| text::outcome_sessions(device.sessions.len(), failed));
    let errors = device.failures.iter().filter_map(|failure| failure.error.as_deref());
    let errors: Vec<AnyView> = errors
        .map(|error| view! { <p lang="en" prop:textContent=content(message(error))/> }.into_any())
        .collect();
    let (tone, label) = match device.status {
        TargetStatus::Open => (Tone::Info, text::target_status_open()),
        TargetStatus::Untouched => (Tone::Info, text::target_status_not_started()),
        TargetStatus::Reported => (Tone::Info, text::target_status_reported()),
        TargetStatus::Failed => (Tone::Error, text::target_status_failed()),
        TargetStatus::Unknown => (Tone::Warning, text::target_status_unknown()),
    };
    view! {
        <li class="outcome">
            <span class="job-title" prop:textContent=content(isolated(&device.name))/>
            <span class="quiet" prop:textContent=content(device.cluster.as_deref().map(isolated))/>
            <Badge tone=tone label=label/>
            <div class="quiet">{sessions} {errors}</div>
        </li>
    }
    .into_any()
}
