//! Content for paper only: the details of each job of a plan, rendered when the operator prints its page.

use super::outcome::Outcome;
use super::wording;
use crate::state::{Entry, Jobs};
use crate::text::{Word, fill, t};
use crate::ui::Log;
use crate::web::{Listener, build};
use leptos::prelude::*;

/// The printed details of each job: the exact request, the timeline, the outcome of each target. Built only for
/// printing: there may be hundreds of jobs.
#[component]
pub(super) fn PrintDetails(entries: Vec<Entry>) -> impl IntoView {
    let entries = StoredValue::new(entries);
    let printed = RwSignal::new(0_usize);
    Listener::new(&window(), "beforeprint", move |_| printed.update(|times| *times += 1)).scoped();
    let jobs = Jobs::get();
    let job = move |entry: &Entry| {
        let operator = &entry.batch.account.operator;
        let (title, status, request, events) = entry.job.with_untracked(|job| {
            let headline = wording::headline(job, operator, jobs);
            let status = wording::in_a_row(&headline.heading, &headline.help);
            let events = job.events().iter().map(|event| wording::event(event, operator));
            (
                wording::title(job),
                status,
                job.request().to_pretty_json(),
                events.collect::<Vec<_>>(),
            )
        });
        view! {
            <h2>{title}</h2>
            <p>{status}</p>
            <pre>{request}</pre>
            <Log label=t(Word::JobTimeline) entries=Signal::stored(events)/>
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
            {all}
            <p>{version()}</p>
        </section>
    }
}

/// Which version and build of Curfew this is.
pub(super) fn version() -> String {
    fill(Word::DiagVersion, &[("version", env!("CARGO_PKG_VERSION")), ("build", &build())])
}
