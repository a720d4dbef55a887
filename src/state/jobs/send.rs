//! Sending a batch: each request once, a few at a time, stored before it leaves. It must not send anything twice: what
//! can be posted is used up by posting.

use super::{Entry, Jobs, Keep};
use crate::api::{ApiError, Claim, Posted, SignedIn};
use crate::rt::{sleep, spawn_app, time};
use curfew_core::{
    Batch, Job, Moment, NotSent, Observation, Phase, Refusal, Sight, Source, Waiting,
};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// Requests of one batch on their way at once: it is somebody's appliance.
const AT_ONCE: usize = 4;
/// How long nothing is sent after an answer that says "too many" and not for how long.
const BUSY: Duration = Duration::from_secs(10);
/// How often a sender that waits looks whether it may go on.
const WAIT: Duration = Duration::from_millis(250);

type Queue = RefCell<VecDeque<Waiting>>;

impl Jobs {
    pub(super) fn send(self, batch: &Arc<Batch>, waiting: Vec<Waiting>, keep: Keep) {
        let (queue, batch) = (Queue::new(waiting.into()), Arc::clone(batch));
        spawn_app(async move {
            self.note_tasks_before(&batch).await;
            let senders = (0..AT_ONCE.min(batch.items)).map(|_| self.send_all(&queue, keep));
            join_all(senders).await;
        });
    }

    async fn send_all(self, queue: &Queue, keep: Keep) {
        // The queue is not borrowed while a request is on its way.
        while let Some(waiting) = { queue.borrow_mut().pop_front() } {
            self.send_one(waiting, keep).await;
        }
    }

    async fn send_one(self, waiting: Waiting, keep: Keep) {
        let Some(entry) = self.entries.with_untracked(|entries| {
            let meant = |entry: &&Entry| entry.job.with_untracked(|job| job.id() == waiting.job());
            entries.iter().find(meant).cloned()
        }) else {
            return;
        };
        let Some(client) = self.turn(&entry).await else { return };
        let now = Moment(time::epoch_ms());
        let begun = entry.job.try_update(|job| job.begin(now, waiting)).flatten();
        let Some(unsent) = begun else { return };
        // Without this a reload could take the request for one that was never sent.
        if entry.keep().is_err() && keep == Keep::Must {
            entry.observe(Source::App, Observation::NotSent(NotSent::NotKept));
            return;
        }
        let claim = Claim {
            operator: entry.batch.binding.operator.clone(),
            job: entry.id(),
            reason: entry.batch.reason.clone(),
        };
        let posted = client.kill(unsent, &claim).await;
        if let Posted::Rejected(error) | Posted::Unknown(error) = &posted {
            self.slow_down(error);
        }
        let what = match posted {
            Posted::Accepted(seen) => Observation::Accepted(Sight::of(&seen.task)),
            Posted::NotSent(error) => Observation::NotSent(NotSent::Failed((&error).into())),
            Posted::Rejected(error) => Observation::Rejected((&error).into()),
            Posted::Unknown(error) => Observation::Lost((&error).into()),
        };
        entry.observe(Source::Answer, what);
        self.session.note_end(&client);
        self.look_now();
        if entry.job.with_untracked(Job::is_searched) {
            self.search_now();
        }
    }

    /// Whoever was asked to wait sends nothing meanwhile. What was refused is not sent again: that would be a second POST
    /// of one confirmed request, on the word of whoever refused it that nobody took the first.
    fn slow_down(self, error: &ApiError) {
        let busy = (error.refusal() == Some(Refusal::Busy)).then_some(BUSY);
        if let Some(wait) = error.retry_after().or(busy) {
            self.tempo.update_value(|tempo| tempo.hold(since_start(), wait));
        }
    }

    /// Waits until the batch is not paused, its operator is signed in and the tempo allows it; `None` once the job may not
    /// be sent any more.
    async fn turn(self, entry: &Entry) -> Option<SignedIn> {
        loop {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if !waits {
                return None;
            }
            let paused = self.paused.with_untracked(|p| p.contains(&entry.batch.id));
            let client = self.session.client_of(&entry.batch.binding);
            match client {
                Some(client) if !paused && self.may_leave() => return Some(client),
                _ => sleep(WAIT).await,
            }
        }
    }

    fn may_leave(self) -> bool {
        let now = since_start();
        self.tempo.try_update_value(|tempo| tempo.take(now)).unwrap_or_default()
    }
}

/// By the clock that is never set back.
fn since_start() -> Duration {
    Duration::from_millis(time::monotonic_ms() as u64)
}
