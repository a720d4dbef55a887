//! Announces the progress of several jobs: only what is new, and not too often.

use super::headline::headline_of;
use crate::state::{Entry, InventoryStore, Jobs, Verifications};
use crate::ui::announce;
use crate::web::effect_since;
use curfew_core::job::{Job, Phase, TargetStatus};
use text::sentences::job as sentences;

/// From this number of jobs on, their progress is announced.
const MANY: usize = 20;

/// Announces the first failure among several jobs, each quarter of their progress, and their end. A few jobs end too
/// soon for quarters.
pub(super) fn announce_progress(entries: Box<dyn Fn() -> Vec<Entry> + Send + Sync>) {
    let (jobs, inventory_store) = (Jobs::get(), InventoryStore::get());
    let verifications = Verifications::get();
    effect_since(move |before: Option<(usize, Option<String>)>| {
        let entries = entries();
        let total = entries.len();
        let done = entries.iter().filter(|entry| entry.job.with(Job::is_over)).count();
        let bad = |job: &Job| {
            let rejected = matches!(job.phase(), Phase::Rejected(_));
            rejected
                || matches!(TargetStatus::of(job), TargetStatus::Failed | TargetStatus::Unknown)
        };
        let heading = |entry: &Entry, job: &Job| {
            let (_, heading, _) =
                headline_of(job, &entry.batch, jobs, inventory_store, verifications);
            text::labelled(&sentences::title(job), &heading)
        };
        let trouble = entries
            .iter()
            .find_map(|entry| entry.job.with(|job| bad(job).then(|| heading(entry, job))));
        let quarters = if done == total || total >= MANY { done * 4 / total.max(1) } else { 0 };
        if let Some((quarters_before, trouble_before)) = before {
            if let Some(trouble) = trouble.as_ref().filter(|_| trouble_before.is_none()) {
                announce(trouble.clone());
            }
            if quarters > quarters_before {
                announce(done_of(done, total));
            }
        }
        (quarters, trouble)
    });
}

/// How many of them are over.
pub(super) fn done_of(done: usize, all: usize) -> String {
    text::job_batch_done(done, all)
}
