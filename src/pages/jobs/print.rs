//! Content for paper only: the details of each job of a plan, rendered when the operator prints its page.

use super::headline::headline_of;
use super::outcome::Outcome;
use super::timeline;
use crate::state::{Entry, InventoryStore, Jobs, Verifications};
use crate::ui::{Log, content, dynamic};
use crate::web::{Listener, build};
use leptos::prelude::*;
use text::Name;
use text::sentences::job as sentences;

/// The printed details of each job: the exact request, the timeline, the outcome of each target. Built only for
/// printing: there may be hundreds of jobs.
#[component]
pub(super) fn PrintDetails(entries: Vec<Entry>) -> impl IntoView {
    let entries = StoredValue::new(entries);
    let printed = RwSignal::new(0_usize);
    Listener::new(&window(), "beforeprint", move |_| printed.update(|times| *times += 1)).scoped();
    let (jobs, inventory_store) = (Jobs::get(), InventoryStore::get());
    let verifications = Verifications::get();
    let job = move |entry: &Entry| {
        let operator = &entry.batch.account.operator;
        let (title, status, request, events) = entry.job.with_untracked(|job| {
            let (_, heading, help) =
                headline_of(job, &entry.batch, jobs, inventory_store, verifications);
            let events = job.events().iter().map(|event| timeline::line(event, operator));
            (
                sentences::title(job),
                sentences::in_one_line(&heading, &help),
                job.request().to_pretty_json(),
                events.collect::<Vec<_>>(),
            )
        });
        view! {
            <h2 prop:textContent=content(title)/>
            <p prop:textContent=content(status)/>
            <pre dir="ltr" prop:textContent=content(request)/>
            <Log label=text::job_timeline() entries=Signal::stored(events)/>
            <Outcome entry=entry.clone()/>
        }
        .into_any()
    };
    let all = move || {
        (printed.get() > 0).then(|| {
            entries.with_value(|entries| entries.iter().map(job).collect::<Vec<AnyView>>())
        })
    };
    view! {
        <section class="print-only">
            {dynamic(all)}
            <p prop:textContent=content(version())/>
        </section>
    }
}

/// Which version and build of Curfew this is.
pub(super) fn version() -> String {
    text::diagnostics_version(Name(env!("CARGO_PKG_VERSION")), Name(&build()))
}
