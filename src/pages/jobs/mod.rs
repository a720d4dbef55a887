//! The results of confirmed kills: the list of jobs, the page of each, and the page of a task of BIG-IQ's list.

mod export;
mod full_answer;
mod headline;
mod job;
mod next_steps;
mod outcome;
mod print;
mod progress;
mod rows;
mod table;
mod task;
mod timeline;
mod verification;
mod watch;

use crate::state::Jobs;
use crate::ui::content;
pub use export::save_records;
pub use job::{JobPage, job_name};
use leptos::prelude::*;
use progress::announce_progress;
use table::JobsTable;
pub use task::TaskPage;

/// The list of jobs.
#[component]
pub fn JobsPage() -> impl IntoView {
    let jobs = Jobs::get();
    announce_progress(Box::new(move || jobs.all()));
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::jobs_title())/>
        <JobsTable/>
    }
}
