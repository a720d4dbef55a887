//! One confirmed request, from its confirmation to its verified end. The state of a job is a fold over its timeline, so a job
//! that is restored after a reload can't contradict itself. It contains nothing secret.

mod bigiq_task;
mod event;
mod failure;
mod list;
mod outcome;
mod phase;
mod progress;
mod queued;
mod retry;
mod send_outcome;
mod snapshot;
mod start;
mod state;
mod stored;
mod summary;
mod verdict;

#[cfg(test)]
mod tests;

// BIG-IQ's words that jobs and failures contain.
pub use bigiq::{Refusal, Status, Step, TaskResult};

pub(crate) use bigiq_task::changed;
pub use bigiq_task::{BigIqTask, BigIqTaskState};
pub use event::{Event, NotSent, Observation, Return, Source};
pub use failure::Failure;
pub use list::{JobFacts, JobFilter, JobRow, JobsCsv, ListedPlan, job_rows};
pub(crate) use outcome::asked_sessions;
pub use outcome::{
    Compared, DeviceOutcome, DevicesDone, OutcomeRows, Outcomes, ReachDifference, SessionOutcome,
    Tally, TargetStatus,
};
pub use phase::{Cancel, End, Lost, LostContact, Phase, Search};
pub use progress::{ProgressStep, Stage, StepState};
pub use queued::QueuedRequest;
pub use send_outcome::SendOutcome;
pub use snapshot::{DeviceFailure, TaskSnapshot};
pub use start::{Started, StartedJob};
pub use stored::StoredJob;
pub use summary::{Conclusion, NextStep, Summary, standby_clusters};
pub use verdict::{CheckedSession, CheckedUnit, Finding, Now, Verdict};

use crate::ids::{BatchId, JobId, MachineId, TaskId};
use crate::plan::PreparedRequest;
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use state::{Effect, State};

/// One confirmed request and everything that was observed about it.
///
/// Jobs are stored and restored with their [`Batch`](crate::plan::Batch) ([`to_stored`](crate::plan::Batch::to_stored)). Only a
/// confirmed plan creates a job that can still be sent ([`Confirmed::start`](crate::plan::Confirmed::start)).
///
/// ```
/// use curfew_core::ids::TaskId;
/// use curfew_core::job::{NotSent, Observation, Phase, Source, StartedJob, TaskSnapshot};
/// # use bigiq::device::AccessDevice;
/// # use curfew_core::{app::AccountKey, ids::{BatchId, MachineId}, inventory::DeviceList, plan::{Answer, Draft, Plan}, timestamp::Timestamp};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// # let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|error| format!("{error:?}"))?;
/// # let Some(StartedJob { mut job, queued }) = confirmed.start(&BatchId::new("b1"), Timestamp(1)).items.pop() else { return Ok(()) };
/// assert_eq!(*job.phase(), Phase::Confirmed);
/// let request = job.start_sending(Timestamp(2), queued);
/// assert!(request.is_some());
///
/// let task = TaskSnapshot { task: Some(TaskId::new("7c")), ..TaskSnapshot::default() };
/// job.observe(Timestamp(3), Source::Answer, Observation::Accepted(task));
/// assert!(job.is_watched());
///
/// // A request that was sent can't become "not sent":
/// job.observe(Timestamp(4), Source::Operator, Observation::NotSent(NotSent::Dropped));
/// assert!(job.is_watched());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    id: JobId,
    batch: BatchId,
    request: KillRequest,
    events: Vec<Event>,
    state: State,
    /// Events before this index are closed: an equal observation is listed again, not counted.
    sealed: usize,
}

impl Job {
    fn empty(id: JobId, batch: BatchId, request: KillRequest) -> Self {
        Self { id, batch, request, events: Vec::new(), state: State::new(), sealed: 0 }
    }

    /// A job from its stored form. Its state is computed from the events.
    fn restored(id: JobId, batch: BatchId, request: KillRequest, events: Vec<Event>) -> Self {
        let mut job = Self::empty(id, batch, request);
        for event in events {
            job.put(event.at, event.source, &event.what, 1);
            if event.times > 1 {
                job.put(event.last_at, event.source, &event.what, event.times - 1);
            }
        }
        job
    }

    fn confirmed(id: JobId, batch: BatchId, request: KillRequest, at: Timestamp) -> Self {
        let mut job = Self::empty(id, batch, request);
        job.put(at, Source::Operator, &Observation::Confirmed, 1);
        job
    }

    /// Starts sending: the job is now [`Phase::Sending`], and the returned request is the only one that can be posted for it.
    /// `None` if the job may not be sent (any more) or `queued` belongs to another job. Store the job before posting: after a
    /// reload, it must be known that the request may have been sent.
    pub fn start_sending(
        &mut self,
        at: Timestamp,
        queued: QueuedRequest,
    ) -> Option<PreparedRequest> {
        // guard: kill-starts-once
        if self.state.phase != Phase::Confirmed || *queued.job() != self.id {
            return None;
        }
        self.put(at, Source::App, &Observation::Sent, 1);
        Some(queued.into_prepared())
    }

    /// Adds an observation to the timeline. Returns whether it is new: `false` if the same was observed again (it is counted) or
    /// if it says nothing about this job any more.
    ///
    /// Observations may arrive in any order: one that contradicts earlier ones is listed as odd and has no effect. `Confirmed`
    /// and `Sent` are rejected, and so is a `Resolved` without devices.
    pub fn observe(&mut self, at: Timestamp, source: Source, what: Observation) -> bool {
        match what {
            Observation::Confirmed | Observation::Sent => false,
            Observation::Resolved(devices) if devices.is_empty() => false,
            Observation::Seen(mut snapshot) => {
                let devices = self.taken_devices(&mut snapshot);
                let resolved = devices.is_some_and(|devices| {
                    self.put(at, source, &Observation::Resolved(devices), 1)
                });
                self.put(at, source, &Observation::Seen(snapshot), 1) || resolved
            }
            Observation::Accepted(mut snapshot) => {
                let devices = self.taken_devices(&mut snapshot);
                let new = self.put(at, source, &Observation::Accepted(snapshot), 1);
                self.put_devices(at, source, devices) || new
            }
            Observation::Adopted(mut snapshot) => {
                let devices = self.taken_devices(&mut snapshot);
                let new = self.put(at, source, &Observation::Adopted(snapshot), 1);
                self.put_devices(at, source, devices) || new
            }
            other => self.put(at, source, &other, 1),
        }
    }

    fn put_devices(
        &mut self,
        at: Timestamp,
        source: Source,
        devices: Option<Vec<MachineId>>,
    ) -> bool {
        devices.is_some_and(|d| self.put(at, source, &Observation::Resolved(d), 1))
    }

    /// Moves the devices out of a snapshot, sorted, if it is of this job's task and they differ from the known ones: a list of
    /// thousands is stored once, not in every event.
    fn taken_devices(&self, snapshot: &mut TaskSnapshot) -> Option<Vec<MachineId>> {
        let mut named = SortedSet::new();
        for id in std::mem::take(&mut snapshot.devices) {
            named.insert(id);
        }
        let devices: Vec<MachineId> = named.into_iter().collect();
        let other_task = self.state.task.is_some()
            && snapshot.task.is_some()
            && snapshot.task != self.state.task;
        (!devices.is_empty() && !other_task && devices != self.devices()).then_some(devices)
    }

    /// Adds an event to the timeline and applies it to the state.
    fn put(&mut self, at: Timestamp, source: Source, what: &Observation, times: u32) -> bool {
        let before = self.state.phase.clone();
        let effect = self.state.apply(at, what, times);
        if effect == Effect::Nothing {
            return false;
        }
        let odd = effect == Effect::Odd;
        let open = self.events.len() > self.sealed;
        let repeated =
            self.events.last_mut().filter(|last| open && last.what == *what && last.odd == odd);
        let counted = repeated.is_some();
        match repeated {
            Some(last) => {
                last.times = last.times.saturating_add(times);
                last.last_at = at;
            }
            None => {
                self.events.push(Event { at, source, what: what.clone(), times, last_at: at, odd });
            }
        }
        if self.is_over() && !is_over(&before) {
            self.sealed = self.events.len();
        }
        !counted || before != self.state.phase
    }

    /// The job's id, unique in this browser.
    pub fn id(&self) -> &JobId {
        &self.id
    }
    /// The id of the job's [`Batch`](crate::plan::Batch).
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }
    /// The exact request.
    pub fn request(&self) -> &KillRequest {
        &self.request
    }
    /// The timeline, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }
    /// The current phase.
    pub fn phase(&self) -> &Phase {
        &self.state.phase
    }
    /// The id of BIG-IQ's task, once known.
    pub fn task_id(&self) -> Option<&TaskId> {
        self.state.task.as_ref()
    }
    /// The latest snapshot of the task, or the one that ended the job. The devices are in [`Self::devices`].
    pub fn snapshot(&self) -> Option<&TaskSnapshot> {
        self.state.snapshot.as_ref()
    }
    /// The machine ids of the request or, once BIG-IQ has resolved the targets, of the task. Sorted.
    pub fn devices(&self) -> Vec<MachineId> {
        self.state.devices.clone().unwrap_or_else(|| named_devices(&self.request))
    }
    /// The machine ids that the task has named, if they differ from those of the request. Sorted.
    pub fn resolved(&self) -> Option<&[MachineId]> {
        self.state.devices.as_deref()
    }
    /// Whether the task has named other devices than the request.
    pub fn is_resolved(&self) -> bool {
        self.resolved().is_some()
    }
    /// When it was confirmed.
    pub fn confirmed_at(&self) -> Timestamp {
        self.events.first().map_or_else(Timestamp::default, |event| event.at)
    }
    /// When sending started.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.state.sent_at
    }
    /// When the task was first known. Its age decides how often it is polled.
    pub fn accepted_at(&self) -> Option<Timestamp> {
        self.state.accepted_at
    }
    /// When the job was observed to have ended.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.state.ended_at
    }
    /// When something was last learnt about the job. Polls without an answer and events of the page don't count.
    pub fn learnt_at(&self) -> Timestamp {
        let teaches = |event: &&Event| {
            let silent = matches!(event.what, Observation::NotReached(_) | Observation::Missing(_));
            !silent && !matches!(event.source, Source::Reload | Source::Operator)
        };
        self.events.iter().filter(teaches).map(|event| event.last_at).max().unwrap_or_default()
    }
    /// Since when and why polls fail. `None` if the latest succeeded.
    pub fn lost_contact(&self) -> Option<&LostContact> {
        self.state.contact.as_ref()
    }
    /// The state of the cancel request.
    pub fn cancel(&self) -> Cancel {
        self.state.cancel
    }
    /// Whether the task can be cancelled: it is running, and no cancellation has been requested yet.
    pub fn is_cancellable(&self) -> bool {
        let running = match &self.state.phase {
            Phase::Watched { status, .. } => *status != Some(Status::CancelRequested),
            _ => false,
        };
        running && self.state.cancel == Cancel::NotAsked
    }
    /// The latest comparison of live sessions, once the job has ended.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.state.verdict.as_ref()
    }
    /// How many times a user was seen to sign in again after it.
    pub fn returns(&self) -> u32 {
        self.state.returns
    }
    /// Whether its task must be polled: it was accepted and has not been observed to end.
    pub fn is_watched(&self) -> bool {
        matches!(self.state.phase, Phase::Watched { .. })
    }
    /// Whether BIG-IQ is ending its sessions, as far as it was observed.
    pub fn is_killing(&self) -> bool {
        let has_contact = self.state.contact.is_none();
        self.is_watched() && has_contact && self.state.killing_at.is_some()
    }
    /// When BIG-IQ was first seen to end sessions.
    pub fn killing_at(&self) -> Option<Timestamp> {
        self.state.killing_at
    }
    /// Whether its task must be searched for.
    pub fn is_searched(&self) -> bool {
        matches!(self.state.phase, Phase::Unknown { search: Search::Running, .. })
    }
    /// Whether its answer was lost and its task is not known, in any state of the search.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.phase, Phase::Unknown { .. })
    }
    /// Whether it makes progress without the operator: it is queued, being sent, running, or searched for. A job whose search
    /// had no clear result is neither under way nor over.
    pub fn is_under_way(&self) -> bool {
        !self.is_over() && (!self.is_lost() || self.is_searched())
    }
    /// Whether BIG-IQ refused the request because of the operator's role.
    pub fn is_not_permitted(&self) -> bool {
        matches!(
            &self.state.phase,
            Phase::Rejected(Failure::Refused { refusal: Refusal::NotPermitted, .. })
        )
    }
    /// Whether nothing was done only because there was no valid token: BIG-IQ refused the token, or there was none to send the
    /// request with. With a new token, the same plan can be confirmed again.
    pub fn lacked_token(&self) -> bool {
        match &self.state.phase {
            Phase::NotSent(NotSent::Failed(_)) => true,
            // guard: confirm-again-only-unprocessed
            Phase::Rejected(Failure::Refused { refusal, .. }) => *refusal == Refusal::TokenExpired,
            _ => false,
        }
    }
    /// Hashes what decides about the job's future, without times.
    #[cfg(test)]
    pub(crate) fn hash_state(&self, into: &mut impl std::hash::Hasher) {
        self.state.hash_without_times(into);
    }
    /// Whether the answer was a refusal that something between BIG-IQ and the browser may have written after the kill had
    /// started: for the token, or a page.
    pub fn may_have_started(&self) -> bool {
        match &self.state.phase {
            // guard: refused-after-start
            Phase::Rejected(Failure::Unreadable { .. }) => true,
            Phase::Rejected(_) => self.lacked_token(),
            _ => false,
        }
    }
    /// Whether nothing more will happen except verification: not sent, rejected or ended.
    pub fn is_over(&self) -> bool {
        is_over(&self.state.phase)
    }
    /// Its progress, to be shown.
    pub fn progress(&self) -> Vec<ProgressStep> {
        progress::progress(&self.state)
    }
}

fn is_over(phase: &Phase) -> bool {
    matches!(phase, Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_))
}

/// The machine ids that a request names, sorted, each once.
fn named_devices(request: &KillRequest) -> Vec<MachineId> {
    let ids: SortedSet<&str> = match request {
        KillRequest::ByUser { targets, .. } | KillRequest::All { targets } => {
            targets.devices.iter().map(bigiq::DeviceReference::machine_id).collect()
        }
        KillRequest::Listed { sessions } => {
            sessions.iter().map(|s| s.device_reference.machine_id()).collect()
        }
    };
    ids.into_iter().map(MachineId::new).collect()
}
