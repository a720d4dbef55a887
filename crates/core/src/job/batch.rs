//! What one confirmed plan became: the facts that its jobs share. It must not follow the jobs.

use super::Job;
use crate::plan::{Confirmed, Reached, Unsent};
use crate::{Binding, Kind, Moment};
use bigiq::{KillRequest, Targets};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the jobs of one confirmed plan have in common. Stored beside them; it holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id, unique in this browser. Its jobs' ids are this, a dot and their number from 1.
    pub id: String,
    /// To whom it belongs.
    pub binding: Binding,
    /// Reason or ticket.
    pub reason: String,
    /// When it was confirmed.
    pub confirmed_at: Moment,
    /// Whose sessions.
    pub kind: Kind,
    /// The targets that its requests name; empty for listed sessions.
    pub targets: Targets,
    /// The devices that these stood for.
    pub reached: Vec<Reached>,
    /// When the inventory behind it was read.
    pub as_of: Moment,
    /// How many jobs it has.
    pub items: usize,
}

/// A confirmed plan on its way: the facts, and each job with the token that lets it be sent.
#[derive(Debug)]
pub struct Started {
    /// The facts.
    pub batch: Batch,
    /// The jobs in the order of the plan.
    pub items: Vec<(Job, Waiting)>,
}

/// A confirmed request whose turn has not come. It can't be copied or stored: what is not sent before a reload or a
/// sign-out never is. [`Job::begin`] takes it and gives what can be posted.
///
/// ```compile_fail,E0277
/// fn stored<T: serde::Serialize>() {}
/// stored::<curfew_core::Waiting>();
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Waiting {
    job: String,
    unsent: Unsent,
}

impl Waiting {
    /// The id of the job that it is for.
    pub fn job(&self) -> &str {
        &self.job
    }

    pub(super) fn into_unsent(self) -> Unsent {
        self.unsent
    }
}

impl Confirmed {
    /// Makes the jobs. `id` must be new in this browser.
    pub fn start(self, id: &str, at: Moment) -> Started {
        let (batch, unsent) = self.into_batch(id, at);
        let items = unsent.into_iter().enumerate().map(|(index, unsent)| {
            let job = format!("{id}.{}", index + 1);
            let made = Job::confirmed(job.clone(), id.to_owned(), unsent.request().clone(), at);
            (made, Waiting { job, unsent })
        });
        Started { items: items.collect(), batch }
    }
}

/// The machine ids that a request names, sorted, each once.
pub(super) fn named_devices(request: &KillRequest) -> Vec<String> {
    let ids: BTreeSet<&str> = match request {
        KillRequest::ByUser { targets, .. } | KillRequest::All { targets } => {
            targets.devices.iter().map(bigiq::DeviceReference::machine_id).collect()
        }
        KillRequest::Listed { sessions } => {
            sessions.iter().map(|s| s.device_reference.machine_id()).collect()
        }
    };
    ids.into_iter().map(str::to_owned).collect()
}
