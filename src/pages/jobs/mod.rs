//! The results of confirmed kills: the list of jobs and the page of each.

mod export;
mod job;
mod outcome;
mod print;
mod progress;
mod tasks;
mod verification;
mod wording;

use crate::state::{Jobs, SignIn};
use crate::text::{Word, t};
use crate::ui::{LinkButton, Look};
use curfew_core::app::Route;
pub use export::save_records;
use job::Row;
pub use job::{JobPage, job_name};
use leptos::prelude::*;
use progress::announce_progress;
use tasks::TaskList;

/// The list of jobs.
#[component]
pub fn JobsPage() -> impl IntoView {
    let (jobs, sign_in) = (Jobs::get(), SignIn::get());
    announce_progress(Box::new(move || jobs.all()));
    let list = move || {
        let all = jobs.all();
        if all.is_empty() {
            return view! {
                <p>{t(Word::JobsEmpty)}" "{t(Word::JobsEmptyHelp)}</p>
                <LinkButton label=t(Word::NavKill) href=Route::home().href() look=Look::Plain/>
            }
            .into_any();
        }
        let operator = sign_in.operator().unwrap_or_default();
        let mut rows: Vec<AnyView> = Vec::new();
        for plan in all.chunk_by(|one, other| one.batch.id == other.batch.id) {
            if let [first, _, ..] = plan {
                let href = Route::Batch(first.batch.id.clone()).href();
                let name = [&t(Word::JobBatch), ": ", &wording::batch_title(plan)].concat();
                rows.push(view! { <li class="job-row"><a href=href>{name}</a></li> }.into_any());
            }
            for entry in plan.iter().cloned() {
                let operator = operator.clone();
                let row = view! { <Row entry=entry operator=operator with_targets=true/> };
                rows.push(row.into_any());
            }
        }
        view! { <ul class="job-list">{rows}</ul> }.into_any()
    };
    view! {
        <h1 id="page-heading" tabindex="-1">{t(Word::JobsTitle)}</h1>
        <section class="panel" aria-labelledby="tab-jobs">
            <h2 id="tab-jobs">{t(Word::JobsOfTab)}</h2>
            {list}
        </section>
        <TaskList/>
    }
}
