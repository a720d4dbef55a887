//! From a confirmed plan to its jobs.

use super::{Job, QueuedRequest};
use crate::plan::{Batch, Confirmed};
use crate::timestamp::Timestamp;

/// A confirmed plan on its way: the facts, and each job with the token that lets it be sent.
#[derive(Debug)]
pub struct Started {
    /// The facts.
    pub batch: Batch,
    /// The jobs in the order of the plan.
    pub items: Vec<(Job, QueuedRequest)>,
}

impl Confirmed {
    /// Makes the jobs. `id` must be new in this browser.
    pub fn start(self, id: &str, at: Timestamp) -> Started {
        let (batch, unsent) = self.into_batch(id, at);
        let items = unsent.into_iter().enumerate().map(|(index, unsent)| {
            let job = format!("{id}.{}", index + 1);
            let made = Job::confirmed(job.clone(), id.to_owned(), unsent.request().clone(), at);
            (made, QueuedRequest::new(job, unsent))
        });
        Started { items: items.collect(), batch }
    }
}
