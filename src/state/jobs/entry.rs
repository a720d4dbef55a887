//! A job as the pages see it.

use curfew_core::engine::{Engine, JobIndex};
use curfew_core::ids::JobId;
use curfew_core::job::Job;
use curfew_core::plan::Batch;
use leptos::prelude::*;
use std::sync::Arc;

/// A job and the facts that it shares with the other jobs of its plan.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The facts.
    pub batch: Arc<Batch>,
    /// The job.
    pub job: JobSignal,
}

impl Entry {
    /// The job's id.
    pub fn id(&self) -> JobId {
        self.job.with_untracked(|job| job.id().clone())
    }
}

/// A job of the engine, as a signal.
#[derive(Debug, Clone)]
pub struct JobSignal {
    engine: StoredValue<Engine>,
    index: JobIndex,
    changed: ArcTrigger,
}

impl JobSignal {
    pub(super) fn new(engine: StoredValue<Engine>, index: JobIndex) -> Self {
        Self { engine, index, changed: ArcTrigger::new() }
    }

    /// Its position in the engine.
    pub(super) fn index(&self) -> JobIndex {
        self.index
    }

    /// Informs those who track it.
    pub(super) fn notify(&self) {
        self.changed.notify();
    }

    /// Tracks changes without reading the job.
    pub fn track(&self) {
        self.changed.track();
    }

    /// A copy of the job. Untracked.
    pub fn get_untracked(&self) -> Job {
        self.with_untracked(Job::clone)
    }

    /// Reads the job. Tracked.
    pub fn with<T>(&self, read: impl FnOnce(&Job) -> T) -> T {
        self.changed.track();
        self.with_untracked(read)
    }

    /// Reads the job. Untracked.
    #[expect(clippy::expect_used, reason = "the engine never removes a job")]
    pub fn with_untracked<T>(&self, read: impl FnOnce(&Job) -> T) -> T {
        self.engine.with_value(|engine| read(engine.job(self.index).expect("a job of the engine")))
    }
}
