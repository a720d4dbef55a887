//! Turns a confirmed plan into jobs.

use super::{Job, QueuedRequest};
use crate::ids::{BatchId, JobId};
use crate::plan::{Batch, Confirmed};
use crate::timestamp::Timestamp;

/// A started plan: its batch, and each job with the queued request that allows it to be sent.
#[derive(Debug)]
pub struct Started {
    /// What the jobs have in common.
    pub batch: Batch,
    /// The jobs in the order of the plan.
    pub items: Vec<(Job, QueuedRequest)>,
}

impl Confirmed {
    /// Creates the jobs. `id` becomes the batch's id and must be new in this browser.
    pub fn start(self, id: &BatchId, at: Timestamp) -> Started {
        let (batch, unsent) = self.into_batch(id, at);
        let items = unsent.into_iter().enumerate().map(|(index, unsent)| {
            let job = JobId::of(id, index + 1);
            let made = Job::confirmed(job.clone(), id.clone(), unsent.request().clone(), at);
            (made, QueuedRequest::new(job, unsent))
        });
        Started { items: items.collect(), batch }
    }
}
