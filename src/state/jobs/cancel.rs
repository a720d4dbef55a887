//! Asking BIG-IQ to cancel a task, which F5 does not document: offered only where the configuration says so, and no more
//! once BIG-IQ has refused it. It must not take the wish for its fulfilment: the looks at the task tell.

use super::{Entry, Jobs};
use crate::web::spawn_app;
use curfew_core::job::{Cancel, Job, Observation, Source};
use leptos::prelude::*;

impl Jobs {
    /// Whether a job's task can be asked to cancel, and no task was refused it. Tracked.
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
        let task = entry.job.with_untracked(|job| job.task_id().map(str::to_owned));
        let client = self.session.client_of(&entry.batch.binding);
        let (Some(task), Some(client)) = (task, client) else { return };
        entry.observe(Source::Operator, Observation::CancelAsked);
        spawn_app(async move {
            let answer = client.cancel(&task).await;
            self.session.note_end(&client);
            if let Err(error) = answer {
                let failure = (&error).into();
                let what = if error.is_refused_for_good() {
                    Observation::CancelRefused(failure)
                } else {
                    // It may have been taken, or would be another time: the next look tells.
                    Observation::CancelLost(failure)
                };
                entry.observe(Source::Answer, what);
            }
            self.look_at_all();
        });
    }
}
