//! The results of confirmed kills: the list of jobs and the page of each.

mod export;
mod full_answer;
mod headline;
mod job;
mod outcome;
mod print;
mod progress;
mod tasks;
mod timeline;
mod verification;

use crate::state::Jobs;
use crate::ui::{LinkButton, Look, content, dynamic};
use curfew_core::app::Route;
pub use export::save_records;
use job::Row;
use job::batch_title;
pub use job::{JobPage, job_name};
use leptos::prelude::*;
use progress::announce_progress;
use tasks::TaskList;

/// The list of jobs.
#[component]
pub fn JobsPage() -> impl IntoView {
    let jobs = Jobs::get();
    announce_progress(Box::new(move || jobs.all()));
    let list = move || {
        let all = jobs.all();
        if all.is_empty() {
            return view! {
                <p prop:textContent=content(text::two_sentences(&text::jobs_empty(), &text::jobs_empty_help()))/>
                <LinkButton label=text::nav_kill() href=Route::home().href() look=Look::Plain/>
            }
            .into_any();
        }
        let mut rows: Vec<AnyView> = Vec::new();
        for plan in all.chunk_by(|one, other| one.batch.id == other.batch.id) {
            if let [first, _, ..] = plan {
                let href = Route::Batch(first.batch.id.clone()).href();
                let name = text::labelled(&text::job_batch(), &batch_title(plan));
                rows.push(view! { <li class="job-row"><a href=href prop:textContent=content(name)/></li> }.into_any());
            }
            for entry in plan.iter().cloned() {
                let row = view! { <Row entry=entry with_targets=true/> };
                rows.push(row.into_any());
            }
        }
        view! { <ul class="job-list">{rows}</ul> }.into_any()
    };
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::jobs_title())/>
        <section class="panel" aria-labelledby="tab-jobs">
            <h2 id="tab-jobs" prop:textContent=content(text::jobs_of_tab())/>
            {dynamic(list)}
        </section>
        <TaskList/>
    }
}
