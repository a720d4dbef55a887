//! A confirmed request whose turn to be sent has not come.

use crate::plan::PreparedRequest;

/// A confirmed request whose turn has not come. It can't be copied or stored: what is not sent before a reload or a
/// sign-out never is. [`Job::begin`] takes it and gives what can be posted.
///
/// ```compile_fail,E0277
/// fn stored<T: serde::Serialize>() {}
/// stored::<curfew_core::job::QueuedRequest>();
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct QueuedRequest {
    job: String,
    prepared: PreparedRequest,
}

impl QueuedRequest {
    /// The id of the job that it is for.
    pub fn job(&self) -> &str {
        &self.job
    }

    pub(super) fn new(job: String, prepared: PreparedRequest) -> Self {
        Self { job, prepared }
    }

    pub(super) fn into_prepared(self) -> PreparedRequest {
        self.prepared
    }
}
