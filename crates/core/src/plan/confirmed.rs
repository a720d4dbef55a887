//! A plan that an operator has confirmed. It can only be created by answering the gate.

use super::Batch;
use super::{Answer, GateError, Phrase, Plan};
use crate::app::AccountKey;
use crate::ids::BatchId;
use crate::timestamp::Timestamp;
use bigiq::KillRequest;

/// A plan that an operator has confirmed. Only [`Plan::confirm`] creates it. [`start`](Confirmed::start) turns it into a
/// [`Batch`] and its jobs:
///
/// ```
/// use curfew_core::plan::Answer;
/// # use bigiq::device::AccessDevice;
/// # use curfew_core::{app::AccountKey, ids::{BatchId, MachineId}, inventory::DeviceList, plan::{Draft, Plan}, timestamp::Timestamp};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2\nuser3".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// // A plan for two users, which requires no phrase:
/// let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|error| format!("{error:?}"))?;
/// let started = confirmed.start(&BatchId::new("b1"), Timestamp(1));
/// assert_eq!(started.batch.items, 2);
/// assert_eq!(started.items[0].job.id(), "b1.1");
/// # Ok::<(), String>(())
/// ```
///
/// Starting consumes it:
///
/// ```compile_fail,E0382
/// # use curfew_core::ids::BatchId;
/// # use curfew_core::plan::Confirmed;
/// # use curfew_core::timestamp::Timestamp;
/// fn twice(confirmed: Confirmed) {
///     confirmed.start(&BatchId::new("a"), Timestamp(0));
///     confirmed.start(&BatchId::new("b"), Timestamp(0));
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed {
    plan: Plan,
    reason: String,
}

/// The facts that the jobs share, and what may be sent, each request once.
pub(crate) struct PreparedBatch {
    pub(crate) batch: Batch,
    pub(crate) requests: Vec<PreparedRequest>,
}

impl Confirmed {
    /// The BIG-IQ and the operator that it belongs to.
    pub fn account(&self) -> &AccountKey {
        self.plan.account()
    }

    /// Reason or ticket number.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What all jobs have in common, and the requests that may be sent, each once.
    pub(crate) fn into_batch(self, id: &BatchId, at: Timestamp) -> PreparedBatch {
        let plan = &self.plan;
        let batch = Batch {
            id: id.clone(),
            account: plan.account().clone(),
            reason: self.reason,
            confirmed_at: at,
            kind: plan.kind(),
            targets: plan.targets().clone(),
            reached: plan.reached().to_vec(),
            may_reach_more: !plan.device_count().is_exact(),
            as_of: plan.as_of(),
            items: plan.requests().len(),
        };
        let requests =
            plan.requests().iter().map(|request| PreparedRequest { request: request.clone() });
        PreparedBatch { requests: requests.collect(), batch }
    }
}

impl Plan {
    /// Confirms the plan if the answer satisfies its gate. `render` returns the text of the phrase.
    ///
    /// # Errors
    /// What is missing in the answer, with the plan, which can be confirmed again.
    pub fn confirm(
        &self,
        answer: &Answer,
        render: impl Fn(&Phrase) -> String,
    ) -> Result<Confirmed, GateError> {
        self.gate().check(answer, render)?;
        let reason = match answer.reason.trim() {
            "" => self.reason().to_owned(),
            given => given.to_owned(),
        };
        Ok(Confirmed { plan: self.clone(), reason })
    }
}

/// A confirmed request that is ready to be sent. Sending consumes it and it can't be copied, so it is sent at most once.
///
/// ```compile_fail,E0308
/// # use curfew_core::plan::PreparedRequest;
/// fn copied(prepared: &PreparedRequest) -> PreparedRequest {
///     prepared.clone()
/// }
/// ```
// guard: prepared-request-not-cloned
#[derive(Debug, PartialEq, Eq)]
// The exploration of the engine copies whole worlds.
#[cfg_attr(test, derive(Clone))]
pub struct PreparedRequest {
    request: KillRequest,
}

impl PreparedRequest {
    /// The request.
    pub fn request(&self) -> &KillRequest {
        &self.request
    }
}
