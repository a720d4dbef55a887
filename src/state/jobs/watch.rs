//! Polls tasks until they end: one loop for all jobs, at the intervals of `curfew_core`. A few tasks are read singly,
//! many through BIG-IQ's task list.

use super::memory::Polling;
use super::{Entry, Jobs};
use crate::web::{online, random, spawn_app, spawn_poll, time, visibility};
use curfew_client::signed_in::SignedIn;
use curfew_core::engine::{LIST_COSTS, Pace, SHORTEST, age, is_due, poll_delay, room};
use curfew_core::job::{Job, Observation, Source};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// Up to this number, tasks are read singly.
const FEW: usize = 3;
/// Tasks in one list.
const LIST: usize = 500;
/// A task younger than this was just accepted, so its first poll waits a little.
const YOUNG: Duration = Duration::from_secs(1);
/// How long the loop sleeps while nothing is due; callers with new work wake it.
const REST: Duration = Duration::from_secs(60);

impl Jobs {
    /// Polls everything that is due; a list as soon as the current one has arrived.
    pub(super) fn poll_now(self) {
        if let Some(Some(poll)) = self.polling.try_with_value(|polling| polling.poll) {
            poll.poke();
        }
    }

    /// Makes every running task due.
    pub(super) fn forget_waits(self) {
        self.polling.update_value(|polling| {
            polling.due.values_mut().for_each(|at| *at = Timestamp(0));
        });
    }

    pub(super) fn start_watching(self) {
        let poll = spawn_poll(move || async move { Some(self.round().await) });
        self.polling.update_value(|polling| polling.poll = Some(poll));
        // Poll at once when the tab is shown again, the network returns or the sign-in is renewed.
        let (hidden, online) = (visibility::hidden(), online::online());
        Effect::new(move |_| {
            if !hidden.get() && online.get() && self.sign_in.is_signed_in() {
                self.poll_all();
            }
        });
    }

    /// Polls what is due, and returns the time until the next round.
    async fn round(self) -> Duration {
        let watched = self.watched();
        let mut ids = SortedSet::new();
        for entry in &watched {
            ids.insert(entry.id());
        }
        let now = Timestamp(time::epoch_ms());
        // One list covers all tasks, including those not due yet; otherwise each would soon be read singly.
        let by_list = watched.len() > FEW && !self.polling.with_value(|polling| polling.no_list);
        let requests = if by_list { LIST_COSTS } else { watched.len() };
        let random = random();
        let ready: Vec<&Entry> = self
            .polling
            .try_update_value(|Polling { due, singly, .. }| {
                due.retain(|id, _| ids.contains(id));
                let ready = |entry: &&Entry| {
                    // A task that has just started also waits before its first poll.
                    let first = || {
                        let young = is_young(entry, now);
                        if young { now.plus(wait(entry, None, requests, random)) } else { now }
                    };
                    !singly.contains_key(&entry.id())
                        && is_due(*due.entry(entry.id()).or_insert_with(first), now)
                };
                watched.iter().filter(ready).collect()
            })
            .unwrap_or_default();
        if ready.is_empty() {
            return self.until_next(now);
        }
        // A new sign-in wakes the loop.
        let Some(client) = self.sign_in.client() else { return REST };
        if !by_list {
            if watched.len() > FEW {
                // Tasks not polled yet are already due, and each finished poll wakes the loop.
                let rests_until = self.polling.with_value(|polling| polling.rests_until);
                if !is_due(rests_until, now) {
                    return rests_until.since(now);
                }
                self.polling.update_value(|polling| polling.rests_until = now.plus(room(FEW)));
            }
            self.poll_each(&client, ready, requests);
            return self.until_next(now);
        }
        let asked = self.poll_list(&client, &watched).await;
        self.sign_in.note_end(&client);
        let now = Timestamp(time::epoch_ms());
        self.polling.update_value(|Polling { due, singly, .. }| {
            for entry in watched.iter().filter(|entry| !singly.contains_key(&entry.id())) {
                due.insert(entry.id(), now.plus(wait(entry, asked, requests, random)));
            }
        });
        self.until_next(now)
    }

    /// Whether its task is being read singly.
    fn is_polling(self, entry: &Entry) -> bool {
        self.polling.with_value(|polling| polling.singly.contains_key(&entry.id()))
    }

    /// Reads some tasks singly, different ones each time. A read that hangs does not delay the others, but counts as
    /// one of the few.
    fn poll_each(self, client: &SignedIn, entries: Vec<&Entry>, requests: usize) {
        let under_way = self.polling.with_value(|polling| polling.singly.len());
        let now = Timestamp(time::epoch_ms());
        for entry in self.a_few_of(entries, FEW.saturating_sub(under_way)) {
            let (client, entry) = (client.clone(), entry.clone());
            self.polling.update_value(|polling| {
                polling.singly.insert(entry.id(), now);
                polling.due.remove(&entry.id());
            });
            spawn_app(async move {
                let asked = poll_task(&client, &entry).await;
                self.sign_in.note_end(&client);
                let next =
                    Timestamp(time::epoch_ms()).plus(wait(&entry, asked, requests, random()));
                self.polling.update_value(|polling| {
                    polling.singly.remove(&entry.id());
                    polling.due.insert(entry.id(), next);
                });
                // The loop may be about to sleep for longer.
                self.poll_now();
            });
        }
    }

    /// The time until the next poll is due.
    fn until_next(self, now: Timestamp) -> Duration {
        let next =
            self.polling.with_value(|polling| polling.due.values().min().map(|at| at.since(now)));
        next.unwrap_or(REST).clamp(SHORTEST, REST)
    }

    /// At most `most` of them, different ones each time.
    fn a_few_of(self, entries: Vec<&Entry>, most: usize) -> Vec<&Entry> {
        if entries.len() <= most {
            return entries;
        }
        let next = |polling: &mut Polling| {
            let next = polling.turn.wrapping_add(most);
            std::mem::replace(&mut polling.turn, next)
        };
        let turn = self.polling.try_update_value(next).unwrap_or_default();
        let indices = (0..most).map(|n| turn.wrapping_add(n) % entries.len());
        indices.filter_map(|index| entries.get(index).copied()).collect()
    }

    fn watched(self) -> Vec<Entry> {
        self.own_entries(&Job::is_watched)
    }

    /// Reads one list for all tasks; those missing from it are read singly, a few at a time. If BIG-IQ refuses the
    /// list, all tasks are from then on. Returns the longest wait that the server asked for.
    async fn poll_list(self, client: &SignedIn, watched: &[Entry]) -> Option<Duration> {
        let page = match client.task_states(LIST).await {
            Ok(page) => page,
            Err(error) if error.is_refused_for_good() => {
                self.polling.update_value(|polling| polling.no_list = true);
                return None;
            }
            // A failed list says nothing about any task.
            Err(error) => {
                for entry in watched {
                    entry.observe(Source::Collection, Observation::NotReached((&error).into()));
                }
                return error.retry_after();
            }
        };
        self.note_tasks(&page);
        let mut missing = Vec::new();
        for entry in watched {
            let id = entry.job.with_untracked(|job| job.task_id().cloned());
            match id.and_then(|id| page.snapshot(&id)) {
                Some(snapshot) => entry.observe(Source::Collection, Observation::Seen(snapshot)),
                None if self.is_polling(entry) => {}
                None => missing.push(entry),
            }
        }
        self.poll_each(client, missing, LIST_COSTS);
        None
    }
}

/// Whether its task was just accepted.
fn is_young(entry: &Entry, now: Timestamp) -> bool {
    entry.job.with_untracked(|job| job.accepted_at().is_none_or(|at| age(at, now) < YOUNG))
}

fn wait(entry: &Entry, retry_after: Option<Duration>, watched: usize, random: f64) -> Duration {
    let now = Timestamp(time::epoch_ms());
    let pace = entry.job.with_untracked(|job| Pace {
        age: job.accepted_at().map_or(Duration::ZERO, |at| age(at, now)),
        failures: job.lost_contact().map_or(0, |lost| lost.failures),
        retry_after,
        hidden: visibility::is_hidden(),
        online: online::is_online(),
        watched,
    });
    poll_delay(&pace, random)
}

/// Reads a task. Returns the wait that BIG-IQ or a proxy asked for.
async fn poll_task(client: &SignedIn, entry: &Entry) -> Option<Duration> {
    let id = entry.job.with_untracked(|job| job.task_id().cloned())?;
    let (what, asked) = match client.task(&id).await {
        Ok(snapshot) => (Observation::Seen(snapshot), None),
        Err(error) if error.is_gone() => (Observation::Missing((&error).into()), None),
        Err(error) => (Observation::NotReached((&error).into()), error.retry_after()),
    };
    entry.observe(Source::Poll, what);
    asked
}
