//! What the tab says of its jobs to those who look elsewhere: how many are under way, and whether those that ended since the
//! operator last touched the page ended well. It must not say it: the frame does.

use super::Jobs;
use crate::web::keys::on_touch;
use curfew_core::job::{End, Job, NotSent, Phase, Search};
use leptos::prelude::*;
use rustc_hash::FxHashMap;

/// What there is to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    #[default]
    Quiet,
    /// So many jobs are under way.
    Running(usize),
    /// They ended, and nothing is known to have gone wrong. That is no proof that sessions ended.
    Ended,
    /// Something failed, or nobody knows what became of it.
    Trouble,
}

/// The beacon, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct TabStatus(Memo<Sign>);

impl TabStatus {
    /// Lit by `jobs`, and put out by the operator's next touch.
    pub fn provide(jobs: Jobs) -> Self {
        let ended = RwSignal::new(None::<bool>);
        Effect::new(move |before: Option<FxHashMap<String, JobSummary>>| {
            let now: FxHashMap<String, JobSummary> = jobs
                .all()
                .iter()
                .map(|entry| entry.job.with(|job| (job.id().to_owned(), summary(job))))
                .collect();
            for (id, standing) in &now {
                let was = before.as_ref().and_then(|before| before.get(id));
                let well = match standing {
                    JobSummary::Runs => continue,
                    JobSummary::Well => true,
                    JobSummary::Trouble => false,
                };
                // Those that were brought back by a reload had ended before.
                if was.is_some_and(|was| was != standing) {
                    ended.update(|all| *all = Some(all.unwrap_or(true) && well));
                }
            }
            now
        });
        on_touch(move || {
            if ended.with_untracked(Option::is_some) {
                ended.set(None);
            }
        });
        let sign = Memo::new(move |_| match (ended.get(), jobs.under_way(false)) {
            (Some(false), _) => Sign::Trouble,
            (_, under_way @ 1..) => Sign::Running(under_way),
            // What waits for the operator has not ended.
            (Some(true), 0) if jobs.under_way(true) == 0 => Sign::Ended,
            (_, 0) => Sign::Quiet,
        });
        let beacon = Self(sign);
        provide_context(beacon);
        beacon
    }

    /// The beacon of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What there is to say now. Tracked.
    pub fn sign(&self) -> Sign {
        self.0.get()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobSummary {
    Runs,
    Well,
    Trouble,
}

fn summary(job: &Job) -> JobSummary {
    match job.phase() {
        Phase::Confirmed
        | Phase::Sending
        | Phase::Watched { .. }
        | Phase::Unknown { search: Search::Looking, .. } => JobSummary::Runs,
        // What the operator did is no news to the operator.
        Phase::Ended(End::Success) | Phase::NotSent(NotSent::Dropped) => JobSummary::Well,
        Phase::Unknown { .. }
        | Phase::NotSent(_)
        | Phase::Rejected(_)
        | Phase::Ended(End::Incomplete(_) | End::Failed | End::Cancelled | End::Gone) => {
            JobSummary::Trouble
        }
    }
}
