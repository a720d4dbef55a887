//! A plan that a person confirmed, on its way to be sent. It must not be makeable in any other way than through the
//! gate.

use super::Plan;
use crate::{Batch, Binding, Moment};
use bigiq::KillRequest;

/// A plan that a person confirmed. There is no other way to make one, and
/// [`start`](Confirmed::start) uses it up:
///
/// ```compile_fail,E0382
/// # use curfew_core::{Confirmed, Moment};
/// fn twice(confirmed: Confirmed) {
///     confirmed.start("a", Moment(0));
///     confirmed.start("b", Moment(0));
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed {
    plan: Plan,
    reason: String,
}

impl Confirmed {
    pub(super) fn new(plan: Plan, reason: String) -> Self {
        Self { plan, reason }
    }

    /// To whom it belongs.
    pub fn binding(&self) -> &Binding {
        self.plan.binding()
    }

    /// Reason or ticket.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The facts that all jobs share, and what may be sent, each once.
    pub(crate) fn into_batch(self, id: &str, at: Moment) -> (Batch, Vec<Unsent>) {
        let plan = &self.plan;
        let batch = Batch {
            id: id.to_owned(),
            binding: plan.binding().clone(),
            reason: self.reason,
            confirmed_at: at,
            kind: plan.kind(),
            targets: plan.targets().clone(),
            reached: plan.reached().to_vec(),
            as_of: plan.as_of(),
            items: plan.requests().len(),
        };
        let unsent = plan.requests().iter().map(|request| Unsent { request: request.clone() });
        (batch, unsent.collect())
    }
}

/// A confirmed request that is about to be sent. Sending takes it, and it can't be copied: so each is sent at most once.
///
/// ```compile_fail,E0308
/// # use curfew_core::Unsent;
/// fn copied(unsent: &Unsent) -> Unsent {
///     unsent.clone()
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Unsent {
    request: KillRequest,
}

impl Unsent {
    /// What would be sent.
    pub fn request(&self) -> &KillRequest {
        &self.request
    }
}
