//! Sending a batch: each request once, a few at a time, stored before it leaves. It must not send anything twice: what
//! can be posted is used up by posting.

use super::{Entry, Jobs, Keep};
use crate::api::{Claim, Posted, SignedIn};
use crate::rt::{sleep, spawn_app, time};
use curfew_core::{Batch, Moment, NotSent, Observation, Phase, Sight, Source, Waiting};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// Requests of one batch on their way at once: it is somebody's appliance.
const AT_ONCE: usize = 4;
/// How often a sender that waits looks whether it may go on.
const WAIT: Duration = Duration::from_millis(250);

type Queue = Rc<RefCell<VecDeque<Waiting>>>;

impl Jobs {
    pub(super) fn send(self, batch: &Batch, waiting: Vec<Waiting>, keep: Keep) {
        let queue: Queue = Rc::new(RefCell::new(waiting.into()));
        for _ in 0..AT_ONCE.min(batch.items) {
            let queue = Rc::clone(&queue);
            spawn_app(async move {
                // The queue is not borrowed while a request is on its way.
                while let Some(waiting) = { queue.borrow_mut().pop_front() } {
                    self.send_one(waiting, keep).await;
                }
            });
        }
    }

    async fn send_one(self, waiting: Waiting, keep: Keep) {
        let Some(entry) = self.entries.with_untracked(|entries| {
            entries.iter().find(|entry| entry.id() == waiting.job()).cloned()
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
        let what = match client.kill(unsent, &claim).await {
            Posted::Accepted(seen) => Observation::Accepted(Sight::of(&seen.task)),
            Posted::NotSent(error) => Observation::NotSent(NotSent::Failed((&error).into())),
            Posted::Rejected(error) => Observation::Rejected((&error).into()),
            Posted::Unknown(error) => Observation::Lost((&error).into()),
        };
        entry.observe(Source::Answer, what);
        self.session.note_end(&client);
        self.look_now();
        self.search_now();
    }

    /// Waits until the batch is not paused and its operator is signed in; `None` once the job may not be sent any more.
    async fn turn(self, entry: &Entry) -> Option<SignedIn> {
        loop {
            let waits = entry.job.with_untracked(|job| *job.phase() == Phase::Confirmed);
            if !waits {
                return None;
            }
            let paused = self.paused.with_untracked(|p| p.contains(&entry.batch.id));
            let client = self.session.client_of(&entry.batch.binding);
            match client {
                Some(client) if !paused => return Some(client),
                _ => sleep(WAIT).await,
            }
        }
    }
}
