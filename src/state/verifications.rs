//! Whether the sessions targeted by a kill are gone, as the pages show it.

use super::{Entry, Jobs};
use curfew_core::ids::{JobId, MachineId};
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::{Baseline, Check, SoFar};
use leptos::prelude::*;
use std::sync::Arc;

/// The verifications of the jobs, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Verifications(Jobs);

impl Verifications {
    /// Provides those of `jobs`.
    pub fn provide(jobs: Jobs) {
        provide_context(Self(jobs));
    }

    /// The verifications of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// The result of the last comparison for a job. Tracked.
    pub fn of(&self, job: &JobId) -> Option<Arc<Check>> {
        self.0.with_job(job, |engine, index| engine.check(index).cloned())
    }

    /// How many sessions are gone while a job's kill runs. Tracked, except for changes within the job.
    pub fn so_far(&self, job: &JobId) -> Option<SoFar> {
        self.0.with_job(job, |engine, index| engine.so_far(index).cloned())
    }

    /// How many sessions are gone while kills of a plan run. Tracked.
    pub fn so_far_of_plan(&self, entries: &[Entry]) -> Option<SoFar> {
        let first = entries.first()?;
        entries.iter().for_each(|entry| entry.job.track());
        self.0.with_job(&first.id(), |engine, _| engine.so_far_of_plan(&first.batch.id))
    }

    /// Whether a job's devices are being read. Tracked.
    pub fn is_reading(&self, job: &JobId) -> bool {
        self.0.with_job(job, |engine, index| Some(engine.is_comparing(index))).unwrap_or_default()
    }

    /// The devices of a job that have not answered for a while, as of now. Untracked.
    pub fn silent_devices(&self, job: &JobId) -> Vec<MachineId> {
        self.0.silent_devices(job)
    }

    /// The time of the oldest reading that a job is compared with; `None` if there was none, or it is no longer known.
    pub fn as_of(&self, job: &JobId) -> Option<Timestamp> {
        self.0.with_job(job, |engine, index| engine.baseline(index).and_then(Baseline::as_of))
    }

    /// Whether the sessions before a job are known.
    pub fn knows(&self, job: &JobId) -> bool {
        self.0.with_job(job, |engine, index| engine.baseline(index).map(|_| ())).is_some()
    }

    /// Compares these jobs again, if they have ended and the sessions before them are known.
    pub fn compare(&self, jobs: &[Entry]) {
        self.0.compare(jobs);
    }
}
