//! Cancelling a task, which F5 does not document. The polls show whether it was cancelled.

use super::effect::{ApiCall, Effect, JobIndex};
use super::input::CallFailure;
use super::state::{Engine, Turn};
use crate::job::{Cancel, Job, Observation, Source};

impl Engine {
    /// Whether a job's task can be cancelled, and BIG-IQ has not refused a cancel before.
    pub fn may_cancel(&self, index: JobIndex) -> bool {
        let is_refused = |job: &Job| job.cancel() == Cancel::Refused;
        self.job(index).is_some_and(Job::is_cancellable) && self.own(&is_refused).next().is_none()
    }

    pub(super) fn ask_cancel(&mut self, turn: &mut Turn, index: JobIndex) {
        let task = self.job(index).and_then(|job| job.task_id().cloned());
        let may_call = self.batch(index).is_some_and(|batch| self.may_call_for(&batch.account));
        let Some(task) = task.filter(|_| may_call && self.may_cancel(index)) else { return };
        self.observe(turn, index, Source::Operator, Observation::CancelAsked);
        turn.push(Effect::Call(ApiCall::Cancel { job: index, task }));
    }

    pub(super) fn note_cancel(
        &mut self,
        turn: &mut Turn,
        index: JobIndex,
        answer: Result<(), CallFailure>,
    ) {
        if let Err(error) = answer {
            let what = if error.is_refused_for_good {
                Observation::CancelRefused(error.failure)
            } else {
                // BIG-IQ may have accepted it, or may accept it another time: the next poll shows.
                Observation::CancelLost(error.failure)
            };
            self.observe(turn, index, Source::Answer, what);
        }
        self.poll_all();
    }
}
