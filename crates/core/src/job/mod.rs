//! Curfew's own record of one confirmed request, from its confirmation to its verified end. What is known is a fold
//! over the timeline, so a record that survived a reload can't contradict itself. It must not send, wait or
//! know what time it is, and it holds nothing secret.

mod bigiq_task;
mod event;
mod failure;
mod outcome;
mod phase;
mod progress;
mod queued;
mod retry;
mod snapshot;
mod start;
mod state;
mod stored;
mod verdict;

#[cfg(test)]
mod tests;

// BIG-IQ's own words, as jobs and failures use them.
pub use bigiq::{Refusal, Status, Step, TaskResult};

pub use bigiq_task::{BigIqTask, BigIqTaskState, TaskFilter};
pub use event::{Event, NotSent, Observation, Source};
pub use failure::Failure;
pub(crate) use outcome::asked_sessions;
pub use outcome::{DeviceOutcome, Outcomes, ReachDifference, Tally, TargetStatus};
pub use phase::{Cancel, End, Lost, LostContact, Phase, Search};
pub use progress::{ProgressStep, Stage, StepState};
pub use queued::QueuedRequest;
pub use snapshot::{DeviceFailure, TaskSnapshot};
pub use start::Started;
pub use stored::StoredJob;
pub use verdict::{Finding, Verdict};

use crate::plan::PreparedRequest;
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use state::{Effect, State};
use std::collections::BTreeSet;

/// One confirmed request and all that was observed of it. Kept and restored with its [`Batch`] ([`Batch::keep`]); only a
/// confirmed plan makes one that can still be sent ([`Confirmed::start`](crate::Confirmed::start)).
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    id: String,
    batch: String,
    request: KillRequest,
    events: Vec<Event>,
    state: State,
    /// Events before this place are closed: the same again is listed, not counted into them.
    sealed: usize,
}

impl Job {
    fn empty(id: String, batch: String, request: KillRequest) -> Self {
        Self { id, batch, request, events: Vec::new(), state: State::new(), sealed: 0 }
    }

    /// The job that was kept as this: what is known of it is a fold over its events.
    fn restored(id: String, batch: String, request: KillRequest, events: Vec<Event>) -> Self {
        let mut job = Self::empty(id, batch, request);
        for event in events {
            job.put(event.at, event.source, &event.what, 1);
            if event.times > 1 {
                job.put(event.last_at, event.source, &event.what, event.times - 1);
            }
        }
        job
    }

    fn confirmed(id: String, batch: String, request: KillRequest, at: Timestamp) -> Self {
        let mut job = Self::empty(id, batch, request);
        job.put(at, Source::Operator, &Observation::Confirmed, 1);
        job
    }

    /// Begins to send: from here on the job is [`Phase::Sending`], and what comes back is the only thing that can be
    /// posted for it. `None`, and nothing to post, if the job may not be sent (any more) or `waiting` is another
    /// job's. Store the job before posting: after a reload it must be known that it may have been sent.
    pub fn begin(&mut self, at: Timestamp, waiting: QueuedRequest) -> Option<PreparedRequest> {
        if self.state.phase != Phase::Confirmed || waiting.job() != self.id {
            return None;
        }
        self.put(at, Source::App, &Observation::Sent, 1);
        Some(waiting.into_prepared())
    }

    /// Takes an observation into the timeline. Returns whether something is new: `false` where the same was only seen
    /// again (which counts) or where it says nothing about this job any more.
    ///
    /// Any order is taken: what does not fit is listed as odd and has no effect. `Confirmed` and `Sent` can't be
    /// observed, nor that a task names no devices.
    pub fn observe(&mut self, at: Timestamp, source: Source, what: Observation) -> bool {
        match what {
            Observation::Confirmed | Observation::Sent => false,
            Observation::Resolved(devices) if devices.is_empty() => false,
            Observation::Seen(mut sight) => {
                let devices = self.taken_devices(&mut sight);
                let resolved = devices.is_some_and(|devices| {
                    self.put(at, source, &Observation::Resolved(devices), 1)
                });
                self.put(at, source, &Observation::Seen(sight), 1) || resolved
            }
            Observation::Accepted(mut sight) => {
                let devices = self.taken_devices(&mut sight);
                let new = self.put(at, source, &Observation::Accepted(sight), 1);
                self.put_devices(at, source, devices) || new
            }
            Observation::Adopted(mut sight) => {
                let devices = self.taken_devices(&mut sight);
                let new = self.put(at, source, &Observation::Adopted(sight), 1);
                self.put_devices(at, source, devices) || new
            }
            other => self.put(at, source, &other, 1),
        }
    }

    fn put_devices(&mut self, at: Timestamp, source: Source, devices: Option<Vec<String>>) -> bool {
        devices.is_some_and(|d| self.put(at, source, &Observation::Resolved(d), 1))
    }

    /// Takes the devices out of a sight, sorted, if it is this job's and they differ from those known: a list of
    /// thousands is kept once, not in every event.
    fn taken_devices(&self, sight: &mut TaskSnapshot) -> Option<Vec<String>> {
        let mut named = BTreeSet::new();
        for id in std::mem::take(&mut sight.devices) {
            named.insert(id);
        }
        let devices: Vec<String> = named.into_iter().collect();
        let other_task =
            self.state.task.is_some() && sight.task.is_some() && sight.task != self.state.task;
        (!devices.is_empty() && !other_task && devices != self.devices()).then_some(devices)
    }

    /// One step of the fold.
    fn put(&mut self, at: Timestamp, source: Source, what: &Observation, times: u32) -> bool {
        let before = self.state.phase.clone();
        let effect = self.state.apply(at, what, times);
        if effect == Effect::Nothing {
            return false;
        }
        let odd = effect == Effect::Odd;
        let open = self.events.len() > self.sealed;
        let again =
            self.events.last_mut().filter(|last| open && last.what == *what && last.odd == odd);
        let counted = again.is_some();
        match again {
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

    /// Its id, unique in this browser.
    pub fn id(&self) -> &str {
        &self.id
    }
    /// The id of the [`Batch`] that it is part of.
    pub fn batch(&self) -> &str {
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
    /// Where it stands.
    pub fn phase(&self) -> &Phase {
        &self.state.phase
    }
    /// The id of BIG-IQ's task, once known.
    pub fn task_id(&self) -> Option<&str> {
        self.state.task.as_deref()
    }
    /// What the latest look at the task showed, or the look that ended the job. Its devices are under
    /// [`Self::devices`].
    pub fn sight(&self) -> Option<&TaskSnapshot> {
        self.state.sight.as_ref()
    }
    /// The machine ids that the request named, or that the task names since BIG-IQ resolved its targets. Sorted.
    pub fn devices(&self) -> Vec<String> {
        self.state.devices.clone().unwrap_or_else(|| named_devices(&self.request))
    }
    /// Whether the task has named devices that the request did not.
    pub fn is_resolved(&self) -> bool {
        self.state.devices.is_some()
    }
    /// When it was confirmed.
    pub fn confirmed_at(&self) -> Timestamp {
        self.events.first().map_or_else(Timestamp::default, |event| event.at)
    }
    /// When sending began.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.state.sent_at
    }
    /// When BIG-IQ's task was first known: the age that the pace of looking goes by.
    pub fn accepted_at(&self) -> Option<Timestamp> {
        self.state.accepted_at
    }
    /// When it was seen to be over.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.state.ended_at
    }
    /// When something was last learnt of it. Looks without an answer teach nothing, and neither does what happens to the page.
    pub fn learnt_at(&self) -> Timestamp {
        let teaches = |event: &&Event| {
            let silent = matches!(event.what, Observation::NotReached(_) | Observation::Missing(_));
            !silent && !matches!(event.source, Source::Reload | Source::Operator)
        };
        self.events.iter().filter(teaches).map(|event| event.last_at).max().unwrap_or_default()
    }
    /// Whether looks fail at the moment, since when, and why.
    pub fn lost_contact(&self) -> Option<&LostContact> {
        self.state.contact.as_ref()
    }
    /// What became of the wish to cancel.
    pub fn cancel(&self) -> Cancel {
        self.state.cancel
    }
    /// Whether BIG-IQ can be asked to cancel its task: it runs, and neither this job nor BIG-IQ knows of such a wish.
    pub fn is_cancellable(&self) -> bool {
        let running = match &self.state.phase {
            Phase::Watched { status, .. } => *status != Some(Status::CancelRequested),
            _ => false,
        };
        running && self.state.cancel == Cancel::NotAsked
    }
    /// What live sessions said last, once the job is over.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.state.verdict.as_ref()
    }
    /// Whether its task is to be looked at: accepted and not seen to end.
    pub fn is_watched(&self) -> bool {
        matches!(self.state.phase, Phase::Watched { .. })
    }
    /// Whether its task is to be searched for.
    pub fn is_searched(&self) -> bool {
        matches!(self.state.phase, Phase::Unknown { search: Search::Looking, .. })
    }
    /// Whether its answer was lost and its task is not known, however far the search has come.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.phase, Phase::Unknown { .. })
    }
    /// Whether something goes on by itself: it waits for its turn, is on its way, runs, or is searched for. What a search
    /// could not settle is neither under way nor over.
    pub fn is_under_way(&self) -> bool {
        !self.is_over() && (!self.is_lost() || self.is_searched())
    }
    /// Whether nothing more will happen to it, but for a verdict: not sent, rejected or ended.
    pub fn is_over(&self) -> bool {
        is_over(&self.state.phase)
    }
    /// Its way so far, for people.
    pub fn progress(&self) -> Vec<ProgressStep> {
        progress::progress(&self.state)
    }
}

fn is_over(phase: &Phase) -> bool {
    matches!(phase, Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_))
}

/// The machine ids that a request names, sorted, each once.
fn named_devices(request: &KillRequest) -> Vec<String> {
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
