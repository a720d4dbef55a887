//! A confirmed request that is waiting to be sent.

use crate::ids::JobId;
use crate::plan::PreparedRequest;

/// A confirmed request that is waiting to be sent. It can't be copied or stored: a request that is not sent before a reload
/// or a sign-out never is. [`Job::start_sending`](super::Job::start_sending) consumes it and returns what can be posted.
///
/// ```compile_fail,E0277
/// fn stored<T: serde::Serialize>() {}
/// stored::<curfew_core::job::QueuedRequest>();
/// ```
#[derive(Debug, PartialEq, Eq)]
// The exploration of the engine copies whole worlds.
#[cfg_attr(test, derive(Clone))]
pub struct QueuedRequest {
    job: JobId,
    prepared: PreparedRequest,
}

impl QueuedRequest {
    /// The id of its job.
    pub fn job(&self) -> &JobId {
        &self.job
    }

    pub(super) fn new(job: JobId, prepared: PreparedRequest) -> Self {
        Self { job, prepared }
    }

    pub(super) fn into_prepared(self) -> PreparedRequest {
        self.prepared
    }
}
