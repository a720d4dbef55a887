//! The state of the jobs for an operator who is in another tab or window: how many are in progress, and whether those
//! that ended since the operator last touched the page ended well. The shell shows it in the tab.

use super::Jobs;
use crate::web::effect_since;
use crate::web::keys::on_touch;
use curfew_core::ids::JobId;
use curfew_core::job::{End, Job, NotSent, Phase, Search};
use leptos::prelude::*;
use rustc_hash::FxHashMap;

/// What the tab shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TabIndicator {
    /// Nothing.
    #[default]
    Quiet,
    /// This number of jobs is in progress.
    Running(usize),
    /// They ended, and nothing is known to have failed. This does not prove that sessions ended.
    Ended,
    /// Something failed, or its result is unknown.
    Trouble,
}

/// The state of the tab, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct TabStatus(Memo<TabIndicator>);

impl TabStatus {
    /// Follows `jobs`, and is reset by the operator's next touch.
    pub fn provide(jobs: Jobs) -> Self {
        let ended = RwSignal::new(None::<bool>);
        effect_since(move |before: Option<FxHashMap<JobId, JobSummary>>| {
            let now: FxHashMap<JobId, JobSummary> = jobs
                .all()
                .iter()
                .map(|entry| entry.job.with(|job| (job.id().clone(), summary(job))))
                .collect();
            for (id, summary) in &now {
                let was = before.as_ref().and_then(|before| before.get(id));
                let well = match summary {
                    JobSummary::Runs => continue,
                    JobSummary::Well => true,
                    JobSummary::Trouble => false,
                };
                // Jobs restored after a reload had ended before.
                if was.is_some_and(|was| was != summary) {
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
        let indicator = Memo::new(move |_| match (ended.get(), jobs.under_way(false)) {
            (Some(false), _) => TabIndicator::Trouble,
            (_, under_way @ 1..) => TabIndicator::Running(under_way),
            // A job that waits for the operator has not ended.
            (Some(true), 0) if jobs.under_way(true) == 0 => TabIndicator::Ended,
            (_, 0) => TabIndicator::Quiet,
        });
        let tab_status = Self(indicator);
        provide_context(tab_status);
        tab_status
    }

    /// The state of this app's tab.
    pub fn get() -> Self {
        expect_context()
    }

    /// What the tab shows now. Tracked.
    pub fn indicator(&self) -> TabIndicator {
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
        | Phase::Unknown { search: Search::Running, .. } => JobSummary::Runs,
        // The operator's own action is not news.
        Phase::Ended(End::Success) | Phase::NotSent(NotSent::Dropped) => JobSummary::Well,
        Phase::Unknown { .. }
        | Phase::NotSent(_)
        | Phase::Rejected(_)
        | Phase::Ended(End::Incomplete(_) | End::Failed | End::Cancelled | End::Gone) => {
            JobSummary::Trouble
        }
    }
}
