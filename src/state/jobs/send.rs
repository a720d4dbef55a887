//! Sending a batch: each request once, a few at a time, stored before it leaves. It must not send anything twice: what
//! can be posted is used up by posting.

use super::{Entry, Flow, Jobs, Keep};
use crate::api::{AuditHeaders, SendOutcome, SignedIn};
use crate::web::{sleep, spawn_app, time};
use curfew_core::job::{
    Job, NotSent, Observation, Phase, QueuedRequest, Refusal, Source, TaskSnapshot,
};
use curfew_core::plan::Batch;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How long nothing is sent after an answer that says "too many" and not for how long.
const BUSY: Duration = Duration::from_secs(10);
/// How often a sender that waits looks whether it may go on.
const WAIT: Duration = Duration::from_millis(250);

impl Jobs {
    pub(super) fn send(self, batch: &Arc<Batch>, waiting: Vec<QueuedRequest>, keep: Keep) {
        let batch = Arc::clone(batch);
        spawn_app(async move {
            self.note_tasks_before(&batch).await;
            let queue = Rc::new(RefCell::new(waiting.into_iter()));
            for _ in 0..self.at_once {
                let queue = Rc::clone(&queue);
                spawn_app(async move {
                    // The queue is not borrowed while one is sent.
                    while let Some(waiting) = { queue.borrow_mut().next() } {
                        self.send_one(waiting, keep).await;
                    }
                });
            }
        });
    }

    async fn send_one(self, waiting: QueuedRequest, keep: Keep) {
        let Some(entry) = self.entries.with_untracked(|entries| {
            let meant = |entry: &&Entry| entry.job.with_untracked(|job| job.id() == waiting.job());
            entries.iter().find(meant).cloned()
        }) else {
            return;
        };
        let Some(client) = self.turn(&entry).await else { return };
        let now = Timestamp(time::epoch_ms());
        let begun = entry.job.try_update(|job| job.begin(now, waiting)).flatten();
        let Some(unsent) = begun else { return self.arrived() };
        // Without this a reload could take the request for one that was never sent.
        if entry.keep().is_err() && keep == Keep::Must {
            entry.observe(Source::App, Observation::NotSent(NotSent::NotKept));
            return self.arrived();
        }
        let claim = AuditHeaders {
            operator: entry.batch.binding.operator.clone(),
            job: entry.id(),
            reason: entry.batch.reason.clone(),
        };
        let posted = client.kill(unsent, &claim).await;
        self.arrived();
        self.mind(&posted);
        let what = match posted {
            SendOutcome::Accepted(seen) => Observation::Accepted(TaskSnapshot::of(&seen.task)),
            SendOutcome::NotSent(error) => Observation::NotSent(NotSent::Failed((&error).into())),
            SendOutcome::Rejected(error) => Observation::Rejected((&error).into()),
            SendOutcome::Unknown(error) => Observation::Lost((&error).into()),
        };
        entry.observe(Source::Answer, what);
        self.session.note_end(&client);
        self.look_now();
        // A list that can't be had is not asked for any sooner because more is looked for.
        if entry.job.with_untracked(Job::is_searched) && self.flow.get_value().unlisted == 0 {
            self.search_now();
        }
    }

    /// Whoever was asked to wait sends nothing meanwhile. What was refused is not sent again: that would be a second POST
    /// of one confirmed request, on the word of whoever refused it that nobody took the first.
    fn mind(self, posted: &SendOutcome) {
        let (now, mut flow) = (since_start(), self.flow.get_value());
        match posted {
            SendOutcome::Accepted(_) => flow.rate_limit.answered(),
            SendOutcome::NotSent(_) => {}
            SendOutcome::Rejected(error) | SendOutcome::Unknown(error) => {
                let busy = (error.refusal() == Some(Refusal::Busy)).then_some(BUSY);
                match error.retry_after().or(busy) {
                    Some(wait) => flow.rate_limit.hold(now, wait),
                    None if matches!(posted, SendOutcome::Unknown(_)) => flow.rate_limit.rest(now),
                    None => flow.rate_limit.answered(),
                }
            }
        }
        self.flow.set_value(flow);
    }

    /// Waits until the batch is not paused, its operator is signed in and the rate_limit allows it; `None` once the job may not
    /// be sent any more.
    async fn turn(self, entry: &Entry) -> Option<SignedIn> {
        loop {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if !waits {
                return None;
            }
            let paused = self.paused.with_untracked(|p| p.contains(&entry.batch.id));
            // Timers of a computer that wakes up run in any order: a kill must not leave before the idle sign-out.
            if self.idle.end_if_over(true) {
                return None;
            }
            let client = self.session.client_of(&entry.batch.binding);
            match client {
                Some(client) if !paused && self.may_leave() => return Some(client),
                _ => sleep(WAIT).await,
            }
        }
    }

    /// Notes that a request is not on its way any more.
    fn arrived(self) {
        let flow = self.flow.get_value();
        self.flow.set_value(Flow { on_the_way: flow.on_the_way.saturating_sub(1), ..flow });
    }

    /// Whether one more may leave now; it counts as left then.
    fn may_leave(self) -> bool {
        let mut flow = self.flow.get_value();
        let leaves = flow.on_the_way < self.at_once && flow.rate_limit.take(since_start());
        flow.on_the_way += u16::from(leaves);
        self.flow.set_value(flow);
        leaves
    }
}

/// By the clock that is never set back.
fn since_start() -> Duration {
    Duration::from_millis(time::monotonic_ms() as u64)
}
