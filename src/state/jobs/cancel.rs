//! Asks BIG-IQ to cancel a task, which F5 does not document. It is offered only if the configuration says so, and no
//! longer once BIG-IQ has refused it. The polls show whether the task was cancelled.

use super::{Entry, Jobs};
use crate::web::spawn_app;
use curfew_core::job::{Cancel, Job, Observation, Source};
use leptos::prelude::*;

impl Jobs {
    /// Whether a job's task can be cancelled, and BIG-IQ has not refused a cancel before. Tracked.
    pub fn may_cancel(&self, entry: &Entry) -> bool {
        let open = entry.job.with(Job::is_cancellable);
        let refused = |entry: &Entry| entry.job.with(|job| job.cancel() == Cancel::Refused);
        open && !self.all().iter().any(refused)
    }

    /// Asks BIG-IQ to cancel a job's task, once.
    pub fn cancel(self, entry: Entry) {
        if self.idle.end_if_over(self.is_sending()) {
            return;
        }
        let task = entry.job.with_untracked(|job| job.task_id().cloned());
        let client = self.sign_in.client_of(&entry.batch.account);
        let (Some(task), Some(client)) = (task, client) else { return };
        entry.observe(Source::Operator, Observation::CancelAsked);
        spawn_app(async move {
            let answer = client.cancel(&task).await;
            self.sign_in.note_end(&client);
            if let Err(error) = answer {
                let failure = (&error).into();
                let what = if error.is_refused_for_good() {
                    Observation::CancelRefused(failure)
                } else {
                    // BIG-IQ may have accepted it, or may accept it another time: the next poll shows.
                    Observation::CancelLost(failure)
                };
                entry.observe(Source::Answer, what);
            }
            self.poll_all();
        });
    }
}
