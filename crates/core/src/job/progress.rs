//! The progress of a job as a short row of steps. Each step has the time at which it was first observed, or none if it passed
//! unobserved between two polls.

use super::phase::{End, Phase};
use super::state::State;
use super::{Finding, Verdict};
use crate::timestamp::Timestamp;
use bigiq::Step;
use std::time::Duration;

/// A stage of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The request was sent.
    Sent,
    /// BIG-IQ answered with a task.
    Accepted,
    /// BIG-IQ resolves groups and clusters to devices.
    ResolveDevices,
    /// BIG-IQ ends sessions.
    Kill,
    /// BIG-IQ is done.
    Done,
    /// Live sessions were compared.
    Verified,
}

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Not reached. Once the job has ended, it never will be.
    Pending,
    /// In progress.
    Current,
    /// Succeeded.
    Done,
    /// Failed.
    Failed,
    /// Not known.
    Unknown,
}

/// One step of a job's progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressStep {
    /// The stage.
    pub stage: Stage,
    /// Its state.
    pub state: StepState,
    /// When it was first observed.
    pub at: Option<Timestamp>,
    /// Time since the nearest earlier step with a time.
    pub span: Option<Duration>,
}

pub(super) fn progress(state: &State) -> Vec<ProgressStep> {
    let [resolve, kill, done] = task_states(state);
    let ended_by_bigiq = !matches!(state.phase, Phase::Ended(End::Gone));
    let steps = [
        (Stage::Sent, sent(&state.phase), state.sent_at),
        (Stage::Accepted, accepted(&state.phase), state.accepted_at),
        (Stage::ResolveDevices, resolve, state.resolving_at),
        (Stage::Kill, kill, state.killing_at),
        (Stage::Done, done, state.ended_at.filter(|_| ended_by_bigiq)),
        (Stage::Verified, verified(state.verdict.as_ref()), None),
    ];
    let mut before: Option<Timestamp> = None;
    let row = steps.into_iter().map(|(stage, state, at)| {
        let span = at.zip(before).map(|(at, before)| at.since(before));
        before = at.or(before);
        ProgressStep { stage, state, at, span }
    });
    row.collect()
}

fn sent(phase: &Phase) -> StepState {
    match phase {
        Phase::Confirmed | Phase::NotSent(_) => StepState::Pending,
        Phase::Sending => StepState::Current,
        Phase::Rejected(_) | Phase::Unknown { .. } | Phase::Watched { .. } | Phase::Ended(_) => {
            StepState::Done
        }
    }
}

fn accepted(phase: &Phase) -> StepState {
    match phase {
        Phase::Confirmed | Phase::Sending | Phase::NotSent(_) => StepState::Pending,
        Phase::Rejected(_) => StepState::Failed,
        Phase::Unknown { .. } => StepState::Unknown,
        Phase::Watched { .. } | Phase::Ended(_) => StepState::Done,
    }
}

/// The states of the three steps that BIG-IQ reports: resolve, kill, done.
fn task_states(state: &State) -> [StepState; 3] {
    use StepState::{Current, Done, Failed, Pending, Unknown};
    match &state.phase {
        Phase::Confirmed | Phase::Sending | Phase::NotSent(_) | Phase::Rejected(_) => [Pending; 3],
        Phase::Unknown { .. } => [Unknown; 3],
        Phase::Watched { .. } => match state.furthest {
            0 => [Pending; 3],
            1 => [Current, Pending, Pending],
            2 => [Done, Current, Pending],
            _ => [Done, Done, Current],
        },
        Phase::Ended(End::Success) => [Done; 3],
        Phase::Ended(End::Incomplete(_)) => {
            let has_failures = state.snapshot.as_ref().is_some_and(|s| !s.failures.is_empty());
            [Done, if has_failures { Failed } else { Unknown }, Done]
        }
        Phase::Ended(End::Failed) => match failed_step(state) {
            Some(Step::ResolveDevices) => [Failed, Pending, Pending],
            Some(Step::Kill) => [Done, Failed, Pending],
            Some(Step::Done) => [Done, Done, Failed],
            Some(Step::Other(_)) | None => [Unknown, Unknown, Failed],
        },
        Phase::Ended(End::Cancelled) => match failed_step(state) {
            Some(Step::ResolveDevices) => [Unknown, Pending, Pending],
            _ => [Unknown, Unknown, Pending],
        },
        Phase::Ended(End::Gone) => match state.furthest {
            0 | 1 => [Unknown; 3],
            _ => [Done, Unknown, Unknown],
        },
    }
}

/// The failed step: a failed task stays at it (documented, section 3.2).
fn failed_step(state: &State) -> Option<&Step> {
    state.snapshot.as_ref().and_then(|snapshot| snapshot.step.as_ref())
}

fn verified(verdict: Option<&Verdict>) -> StepState {
    match verdict.map(Verdict::finding) {
        None | Some(Finding::NothingToVerify) => StepState::Pending,
        Some(Finding::Verified) => StepState::Done,
        // Sessions that are still listed may be gone in the next reading, because devices may update their lists late.
        Some(Finding::NotVerified | Finding::NotVerifiable) => StepState::Unknown,
    }
}
