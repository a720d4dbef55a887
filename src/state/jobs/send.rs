//! Sends a batch: each request once, a few at a time, stored before it is sent. Posting consumes the request, so
//! nothing is sent twice.

use super::memory::Sending;
use super::{Entry, Jobs, Storing};
use crate::web::{sleep, spawn_app, time};
use curfew_client::kill::{AuditHeaders, SendOutcome};
use curfew_client::signed_in::SignedIn;
use curfew_core::job::{Job, NotSent, Observation, Phase, QueuedRequest, Refusal, Source};
use curfew_core::plan::Batch;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How long sending pauses after an answer that says "too many" without a time.
const BUSY: Duration = Duration::from_secs(10);
/// How often a waiting sender checks whether it may continue.
const WAIT: Duration = Duration::from_millis(250);

impl Jobs {
    pub(super) fn send(self, batch: &Arc<Batch>, waiting: Vec<QueuedRequest>, storing: Storing) {
        let batch = Arc::clone(batch);
        spawn_app(async move {
            self.note_tasks_before(&batch).await;
            let queue = Rc::new(RefCell::new(waiting.into_iter()));
            for _ in 0..self.sending.with_value(|sending| sending.at_once) {
                let queue = Rc::clone(&queue);
                spawn_app(async move {
                    // The queue is not borrowed while a request is sent.
                    while let Some(waiting) = { queue.borrow_mut().next() } {
                        self.send_one(waiting, storing).await;
                    }
                });
            }
        });
    }

    async fn send_one(self, waiting: QueuedRequest, storing: Storing) {
        let Some(entry) = self.entries.with_untracked(|entries| {
            let is_it = |entry: &&Entry| entry.job.with_untracked(|job| job.id() == waiting.job());
            entries.iter().find(is_it).cloned()
        }) else {
            return;
        };
        let Some(client) = self.wait_for_turn(&entry).await else { return };
        let now = Timestamp(time::epoch_ms());
        let started = entry.job.try_update(|job| job.start_sending(now, waiting)).flatten();
        let Some(request) = started else { return self.note_answered() };
        // Otherwise a reload could take the request for one that was never sent.
        // guard: record-before-send
        if entry.store().is_err() && storing == Storing::Required {
            entry.observe(Source::App, Observation::NotSent(NotSent::NotStored));
            return self.note_answered();
        }
        let claim = AuditHeaders {
            operator: entry.batch.account.operator.clone(),
            job: entry.id(),
            reason: entry.batch.reason.clone(),
        };
        let posted = client.kill(request, &claim).await;
        self.note_answered();
        self.adjust_rate_limit(&posted);
        let what = match posted {
            SendOutcome::Accepted(snapshot) => Observation::Accepted(snapshot),
            SendOutcome::NotSent(error) => Observation::NotSent(NotSent::Failed((&error).into())),
            SendOutcome::Rejected(error) => Observation::Rejected((&error).into()),
            SendOutcome::Unknown(error) => Observation::Lost((&error).into()),
        };
        entry.observe(Source::Answer, what);
        self.sign_in.note_end(&client);
        self.poll_now();
        // If the list can't be read, another lost task is no reason to read it sooner.
        let is_listed = self.searching.with_value(|searching| searching.unlisted == 0);
        if entry.job.with_untracked(Job::is_searched) && is_listed {
            self.search_now();
        }
    }

    /// Pauses sending if the server asked for a wait. A refused kill is not sent again: that would be a second POST of
    /// one confirmed request, and only the server that refused it says that the first was not processed.
    fn adjust_rate_limit(self, posted: &SendOutcome) {
        let now = since_start();
        self.sending.update_value(|Sending { rate_limit, .. }| match posted {
            SendOutcome::Accepted(_) => rate_limit.answered(),
            SendOutcome::NotSent(_) => {}
            SendOutcome::Rejected(error) | SendOutcome::Unknown(error) => {
                let busy = (error.refusal() == Some(Refusal::Busy)).then_some(BUSY);
                match error.retry_after().or(busy) {
                    Some(wait) => rate_limit.hold(now, wait),
                    None if matches!(posted, SendOutcome::Unknown(_)) => rate_limit.rest(now),
                    None => rate_limit.answered(),
                }
            }
        });
    }

    /// Waits until the batch is not paused, its operator is signed in and the rate limit allows it; `None` once the job
    /// may no longer be sent.
    async fn wait_for_turn(self, entry: &Entry) -> Option<SignedIn> {
        loop {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if !waits {
                return None;
            }
            let paused = self.paused.with_untracked(|p| p.contains(&entry.batch.id));
            // After sleep, a computer runs its timers in any order: a kill must not be sent before the idle sign-out.
            // guard: no-kill-after-sleep
            if self.idle.end_if_over(true) {
                return None;
            }
            let client = self.sign_in.client_of(&entry.batch.account);
            match client {
                Some(client) if !paused && self.take_turn() => return Some(client),
                _ => sleep(WAIT).await,
            }
        }
    }

    /// Notes that a request is no longer in flight.
    fn note_answered(self) {
        self.sending.update_value(|sending| {
            sending.in_flight = sending.in_flight.saturating_sub(1);
        });
    }

    /// Whether another request may be sent now; if so, it is counted as sent.
    fn take_turn(self) -> bool {
        let take = |sending: &mut Sending| {
            // guard: kills-at-once
            let is_free =
                sending.in_flight < sending.at_once && sending.rate_limit.take(since_start());
            sending.in_flight += u16::from(is_free);
            is_free
        };
        self.sending.try_update_value(take).unwrap_or_default()
    }
}

/// By the monotonic clock.
fn since_start() -> Duration {
    Duration::from_millis(time::monotonic_ms() as u64)
}
