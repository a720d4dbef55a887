//! The state machine of a job: how each observation changes the state. The state is always a fold over the timeline.

use super::phase::{Cancel, End, Lost, LostContact, Phase, Search};
use super::{Failure, NotSent, Observation, TaskSnapshot, Verdict};
use crate::ids::{MachineId, TaskId};
use crate::timestamp::Timestamp;
use bigiq::{Status, Step, TaskResult};

/// FINISHED without a result and "no such task" must be observed this often in a row to end a job. BIG-IQ stores a task in
/// steps about 50 ms apart (inferred from the samples' times), so a single such answer may be premature.
const ASSURED: u32 = 2;

/// What is known about a job.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) task: Option<TaskId>,
    pub(super) contact: Option<LostContact>,
    pub(super) cancel: Cancel,
    pub(super) verdict: Option<Verdict>,
    pub(super) devices: Option<Vec<MachineId>>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) accepted_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    /// The snapshot to show: the latest, or the one that ended the job.
    pub(super) snapshot: Option<TaskSnapshot>,
    /// When each step was first seen.
    pub(super) resolving_at: Option<Timestamp>,
    pub(super) killing_at: Option<Timestamp>,
    /// The furthest step that was observed.
    pub(super) furthest: u8,
    /// How many sign-ins were seen after the end.
    pub(super) returns: u32,
    missing: u32,
    unsettled: u32,
}

/// The effect of an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It agrees with the state.
    Fits,
    /// It contradicts the state.
    Odd,
    /// It is irrelevant in this phase.
    Nothing,
}

/// The position of a step. `None` for unknown words.
pub(super) fn rank(step: &Step) -> Option<u8> {
    match step {
        Step::ResolveDevices => Some(1),
        Step::Kill => Some(2),
        Step::Done => Some(3),
        Step::Other(_) => None,
    }
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Confirmed,
            task: None,
            contact: None,
            cancel: Cancel::NotAsked,
            verdict: None,
            devices: None,
            sent_at: None,
            accepted_at: None,
            ended_at: None,
            snapshot: None,
            resolving_at: None,
            killing_at: None,
            furthest: 0,
            returns: 0,
            missing: 0,
            unsettled: 0,
        }
    }

    /// See [`Job::hash_state`](super::Job::hash_state).
    #[cfg(test)]
    pub(super) fn hash_without_times(&self, into: &mut impl std::hash::Hasher) {
        use std::hash::Hash;
        let failures = self.contact.as_ref().map_or(0, |lost| lost.failures.min(8));
        format!("{:?} {:?} {:?}", self.phase, self.task, self.cancel).hash(into);
        (failures, self.furthest, self.missing, self.unsettled).hash(into);
    }

    /// Applies an observation that was made `times` times in a row, most recently at `at`.
    pub(super) fn apply(&mut self, at: Timestamp, what: &Observation, times: u32) -> Effect {
        match &self.phase {
            Phase::Confirmed => self.confirmed(at, what),
            Phase::Sending => self.sending(at, what),
            Phase::Unknown { .. } => self.unknown(at, what, times),
            Phase::Watched { .. } => self.watched(at, what, times),
            // guard: end-is-final
            Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_) => self.over(what),
        }
    }

    fn confirmed(&mut self, at: Timestamp, what: &Observation) -> Effect {
        self.phase = match what {
            Observation::Confirmed => return Effect::Fits,
            Observation::Sent => {
                self.sent_at = Some(at);
                Phase::Sending
            }
            Observation::NotSent(why) => Phase::NotSent(why.clone()),
            // guard: reload-ends-unsent
            Observation::Reloaded => Phase::NotSent(NotSent::Reloaded),
            // guard: sign-out-ends-unsent
            Observation::SignedOut => Phase::NotSent(NotSent::SignedOut),
            _ => return Effect::Odd,
        };
        Effect::Fits
    }

    fn sending(&mut self, at: Timestamp, what: &Observation) -> Effect {
        self.phase = match what {
            Observation::NotSent(why) => Phase::NotSent(why.clone()),
            Observation::Rejected(failure) => Phase::Rejected(failure.clone()),
            Observation::Lost(failure) => unknown(Lost::Failure(failure.clone())),
            Observation::Reloaded => unknown(Lost::Reload),
            Observation::Accepted(snapshot) => return self.accept(at, snapshot),
            // The request belongs to the app, not to the page or the sign-in: it continues.
            Observation::SignedOut => return Effect::Fits,
            _ => return Effect::Odd,
        };
        Effect::Fits
    }

    fn unknown(&mut self, at: Timestamp, what: &Observation, times: u32) -> Effect {
        let found = match what {
            Observation::Accepted(snapshot) | Observation::Adopted(snapshot) => {
                return self.accept(at, snapshot);
            }
            Observation::NotListed => {
                self.contact = None;
                return Effect::Fits;
            }
            Observation::Several(ids) => Search::Several(ids.clone()),
            Observation::NoneFound => Search::NoneFound,
            Observation::NotReached(failure) => return self.lose_contact(at, failure, times),
            Observation::Reloaded | Observation::SignedOut => return Effect::Fits,
            _ => return Effect::Odd,
        };
        self.contact = None;
        if let Phase::Unknown { search, .. } = &mut self.phase {
            *search = found;
        }
        Effect::Fits
    }

    fn watched(&mut self, at: Timestamp, what: &Observation, times: u32) -> Effect {
        match what {
            Observation::Seen(snapshot) => return self.note_snapshot(at, snapshot, times),
            Observation::Resolved(devices) => self.devices = Some(devices.clone()),
            Observation::NotReached(failure) => return self.lose_contact(at, failure, times),
            Observation::Missing(failure) => {
                self.missing = self.missing.saturating_add(times);
                if self.missing >= ASSURED {
                    self.end(at, End::Gone);
                } else {
                    self.lose_contact(at, failure, times);
                }
            }
            Observation::CancelAsked => self.cancel = Cancel::Asked,
            Observation::CancelRefused(_) => self.cancel = Cancel::Refused,
            // Unlike a kill, a cancel request may be sent again: two have the effect of one.
            // guard: cancel-without-answer
            Observation::CancelLost(_) => self.cancel = Cancel::NotAsked,
            Observation::Reloaded | Observation::SignedOut => {}
            _ => return Effect::Odd,
        }
        Effect::Fits
    }

    fn over(&mut self, what: &Observation) -> Effect {
        match (&self.phase, what) {
            (_, Observation::Reloaded | Observation::SignedOut) => Effect::Nothing,
            (Phase::Ended(_), Observation::Checked(verdict)) => {
                self.verdict = Some(*verdict);
                Effect::Fits
            }
            (Phase::Ended(_), Observation::Returned(_)) => {
                self.returns = self.returns.saturating_add(1);
                Effect::Fits
            }
            (Phase::Ended(_), Observation::WatchStarted(_) | Observation::WatchEnded) => {
                Effect::Fits
            }
            // After the end the complete task is read, which often has details that the polled fields lack.
            (Phase::Ended(end), Observation::Seen(snapshot))
                if self.is_own(snapshot) && End::of(snapshot).as_ref() == Some(end) =>
            {
                Effect::Fits
            }
            (Phase::Ended(_), Observation::Resolved(devices)) => {
                self.devices = Some(devices.clone());
                Effect::Fits
            }
            // A poll that was in flight when the job ended.
            (Phase::Ended(_), Observation::NotReached(_)) => Effect::Nothing,
            _ => Effect::Odd,
        }
    }

    fn accept(&mut self, at: Timestamp, snapshot: &TaskSnapshot) -> Effect {
        let Some(task) = snapshot.task.clone() else {
            // A task without an id can't be polled, but it can be searched for.
            if self.phase == Phase::Sending {
                self.phase = unknown(Lost::Failure(Failure::Unreadable { html: false }));
            }
            return Effect::Odd;
        };
        self.task = Some(task);
        self.accepted_at = Some(at);
        self.phase = Phase::Watched { status: None, step: None };
        self.note_snapshot(at, snapshot, 1)
    }

    fn is_own(&self, snapshot: &TaskSnapshot) -> bool {
        snapshot.task.is_none() || snapshot.task == self.task
    }

    fn note_snapshot(&mut self, at: Timestamp, snapshot: &TaskSnapshot, times: u32) -> Effect {
        if !self.is_own(snapshot) {
            return Effect::Odd;
        }
        self.contact = None;
        self.missing = 0;
        let far = snapshot.step.as_ref().and_then(rank);
        let backwards = far.is_some_and(|rank| rank < self.furthest) || self.unsettled > 0;
        match far {
            Some(1) => self.resolving_at = self.resolving_at.or(Some(at)),
            Some(2) => self.killing_at = self.killing_at.or(Some(at)),
            _ => {}
        }
        self.furthest = self.furthest.max(far.unwrap_or_default());
        // Most snapshots are unchanged, and copying each one would fragment the memory.
        if self.snapshot.as_ref() != Some(snapshot) {
            self.snapshot = Some(snapshot.clone());
        }
        if let Phase::Watched { status, step } = &mut self.phase {
            *status = snapshot.status.clone().or(status.take());
            *step = snapshot.step.clone().or(step.take());
        }
        let unsettled = snapshot.status == Some(Status::Finished)
            && matches!(snapshot.result, None | Some(TaskResult::Pending));
        self.unsettled = if unsettled { self.unsettled.saturating_add(times) } else { 0 };
        if let Some(end) = End::of(snapshot)
            && (!unsettled || self.unsettled >= ASSURED)
        {
            self.end(at, end);
            return Effect::Fits;
        }
        if backwards && !unsettled { Effect::Odd } else { Effect::Fits }
    }

    fn lose_contact(&mut self, at: Timestamp, failure: &Failure, times: u32) -> Effect {
        let (since, failures) =
            self.contact.as_ref().map_or((at, 0), |lost| (lost.since, lost.failures));
        self.contact = Some(LostContact {
            since,
            failures: failures.saturating_add(times),
            failure: failure.clone(),
        });
        Effect::Fits
    }

    fn end(&mut self, at: Timestamp, end: End) {
        self.contact = None;
        self.ended_at = Some(at);
        self.phase = Phase::Ended(end);
    }
}

fn unknown(lost: Lost) -> Phase {
    Phase::Unknown { lost, search: Search::Running }
}
