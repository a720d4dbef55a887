//! Turns a confirmed plan into jobs.

use super::{Job, QueuedRequest};
use crate::ids::{BatchId, JobId};
use crate::plan::{Batch, Confirmed, PreparedBatch};
use crate::timestamp::Timestamp;

/// A started plan: its batch, and each job with the queued request that allows it to be sent.
#[derive(Debug)]
pub struct Started {
    /// What the jobs have in common.
    pub batch: Batch,
    /// The jobs in the order of the plan.
    pub items: Vec<StartedJob>,
}

/// A new job, with the request that can be sent for it.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct StartedJob {
    /// The job.
    pub job: Job,
    /// Its request.
    pub queued: QueuedRequest,
}

impl Confirmed {
    /// Creates the jobs. `id` becomes the batch's id and must be new in this browser.
    pub fn start(self, id: &BatchId, at: Timestamp) -> Started {
        let PreparedBatch { batch, requests } = self.into_batch(id, at);
        let items = requests.into_iter().enumerate().map(|(index, request)| {
            let job = JobId::of(id, index + 1);
            StartedJob {
                job: Job::confirmed(job.clone(), id.clone(), request.request().clone(), at),
                queued: QueuedRequest::new(job, request),
            }
        });
        Started { items: items.collect(), batch }
    }
}
