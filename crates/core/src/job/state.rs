//! The job's state machine: what each observation does to what was known before. State is only ever a fold over the
//! timeline. It must not list or count events.

use super::phase::{Cancel, End, Lost, LostContact, Phase, Search};
use super::{Failure, NotSent, Observation, TaskSnapshot, Verdict};
use crate::timestamp::Timestamp;
use bigiq::{Status, Step, TaskResult};

/// A single odd answer does not end a job: FINISHED without a result, or "no such task", must be seen this often in a
/// row. BIG-IQ persists a task in steps some 50 ms apart (inferred from the samples' times).
const ASSURED: u32 = 2;

/// What is known of a job.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) task: Option<String>,
    pub(super) contact: Option<LostContact>,
    pub(super) cancel: Cancel,
    pub(super) verdict: Option<Verdict>,
    pub(super) devices: Option<Vec<String>>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) accepted_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    /// The look that says most: the latest, or the one that ended the job.
    pub(super) sight: Option<TaskSnapshot>,
    /// When each step was first seen.
    pub(super) resolving_at: Option<Timestamp>,
    pub(super) killing_at: Option<Timestamp>,
    /// The furthest step seen.
    pub(super) furthest: u8,
    missing: u32,
    unsettled: u32,
}

/// What an observation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It fits.
    Fits,
    /// It does not fit what was known.
    Odd,
    /// It says nothing about a job in this phase.
    Nothing,
}

/// How far a step is; unknown words are nowhere.
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
            sight: None,
            resolving_at: None,
            killing_at: None,
            furthest: 0,
            missing: 0,
            unsettled: 0,
        }
    }

    /// Takes an observation made `times` times in a row, the last of them at `at`.
    pub(super) fn apply(&mut self, at: Timestamp, what: &Observation, times: u32) -> Effect {
        match &self.phase {
            Phase::Confirmed => self.confirmed(at, what),
            Phase::Sending => self.sending(at, what),
            Phase::Unknown { .. } => self.unknown(at, what, times),
            Phase::Watched { .. } => self.watched(at, what, times),
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
            Observation::Reloaded => Phase::NotSent(NotSent::Reloaded),
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
            Observation::Accepted(sight) => return self.accept(at, sight),
            // The request is the app's, not the page's or the sign-in's: it goes on.
            Observation::SignedOut => return Effect::Fits,
            _ => return Effect::Odd,
        };
        Effect::Fits
    }

    fn unknown(&mut self, at: Timestamp, what: &Observation, times: u32) -> Effect {
        let found = match what {
            Observation::Accepted(sight) | Observation::Adopted(sight) => {
                return self.accept(at, sight);
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
            Observation::Seen(sight) => return self.look(at, sight, times),
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
            // Asked twice is asked once: unlike a kill, it may be sent again.
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
            // The whole answer, fetched once more, often holds what the few polled fields left out.
            (Phase::Ended(end), Observation::Seen(sight))
                if self.is_own(sight) && End::of(sight).as_ref() == Some(end) =>
            {
                Effect::Fits
            }
            (Phase::Ended(_), Observation::Resolved(devices)) => {
                self.devices = Some(devices.clone());
                Effect::Fits
            }
            // A look that was under way when the job ended.
            (Phase::Ended(_), Observation::NotReached(_)) => Effect::Nothing,
            _ => Effect::Odd,
        }
    }

    fn accept(&mut self, at: Timestamp, sight: &TaskSnapshot) -> Effect {
        let Some(task) = sight.task.clone() else {
            // A task without an id can't be watched; it can be searched for.
            if self.phase == Phase::Sending {
                self.phase = unknown(Lost::Failure(Failure::Unreadable { html: false }));
            }
            return Effect::Odd;
        };
        self.task = Some(task);
        self.accepted_at = Some(at);
        self.phase = Phase::Watched { status: None, step: None };
        self.look(at, sight, 1)
    }

    fn is_own(&self, sight: &TaskSnapshot) -> bool {
        sight.task.is_none() || sight.task == self.task
    }

    fn look(&mut self, at: Timestamp, sight: &TaskSnapshot, times: u32) -> Effect {
        if !self.is_own(sight) {
            return Effect::Odd;
        }
        self.contact = None;
        self.missing = 0;
        let far = sight.step.as_ref().and_then(rank);
        let backwards = far.is_some_and(|rank| rank < self.furthest) || self.unsettled > 0;
        match far {
            Some(1) => self.resolving_at = self.resolving_at.or(Some(at)),
            Some(2) => self.killing_at = self.killing_at.or(Some(at)),
            _ => {}
        }
        self.furthest = self.furthest.max(far.unwrap_or_default());
        // Most looks see nothing new, and what is kept from within a long list leaves its memory in pieces.
        if self.sight.as_ref() != Some(sight) {
            self.sight = Some(sight.clone());
        }
        if let Phase::Watched { status, step } = &mut self.phase {
            *status = sight.status.clone().or(status.take());
            *step = sight.step.clone().or(step.take());
        }
        let unsettled = sight.status == Some(Status::Finished)
            && matches!(sight.result, None | Some(TaskResult::Pending));
        self.unsettled = if unsettled { self.unsettled.saturating_add(times) } else { 0 };
        if let Some(end) = End::of(sight)
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
    Phase::Unknown { lost, search: Search::Looking }
}
