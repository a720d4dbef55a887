//! Content for paper only: the details of each job of a plan, rendered when the operator prints its page.

use super::headline::headline_of;
use super::outcome::Outcome;
use super::timeline;
use super::verification::units;
use crate::state::{Entry, InventoryStore, Jobs, Verifications};
use crate::ui::{Log, content, dynamic};
use crate::web::{Listener, build};
use leptos::prelude::*;
use text::Name;
use text::sentences::job as sentences;

/// The printed details of each job: the exact request, the timeline, the outcome of each target, the comparison of sessions.
/// Built only for printing: there may be hundreds of jobs, and thousands of devices.
#[component]
pub(super) fn PrintDetails(entries: Vec<Entry>) -> impl IntoView {
    // The page of a single job already has its title and its state.
    let is_many = entries.len() > 1;
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
        let head = is_many.then(|| {
            view! {
                <h2 prop:textContent=content(title)/>
                <p prop:textContent=content(status)/>
            }
        });
        view! {
            {head}
            <h3 prop:textContent=content(text::outcome())/>
            <Outcome entry=entry.clone() on_paper=true/>
            {units(StoredValue::new(entry.clone()), true)}
            <h3 prop:textContent=content(text::job_timeline())/>
            <Log label=text::job_timeline() entries=Signal::stored(events)/>
            <h3 prop:textContent=content(text::job_exact_request())/>
            <pre dir="ltr" prop:textContent=content(request)/>
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
fn version() -> String {
    text::diagnostics_version(Name(env!("CARGO_PKG_VERSION")), Name(&build()))
}
