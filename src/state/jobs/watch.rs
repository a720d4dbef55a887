//! Looking at tasks until they are seen to end: one loop for all jobs, at the pace that `curfew_core` sets. A few tasks
//! are looked at one by one, many through BIG-IQ's list of all. It must not judge what it sees.

use super::{Entry, Flow, Jobs};
use crate::api::SignedIn;
use crate::web::{online, random, spawn_app, spawn_poll, time, visibility};
use curfew_core::engine::{LIST_COSTS, Pace, SHORTEST, age, is_due, next_look, room};
use curfew_core::job::{Job, Observation, Source, TaskSnapshot};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::time::Duration;

/// Up to so many tasks are looked at one by one.
const FEW: usize = 3;
/// Tasks asked for in one list.
const LIST: usize = 500;
/// A task younger than this is new: it was accepted here, and its first look waits a little.
const YOUNG: Duration = Duration::from_secs(1);
/// How long the loop rests while there is nothing to look at; whoever has news rings.
const REST: Duration = Duration::from_secs(60);

impl Jobs {
    /// Looks at all that is due, a list as soon as the one under way has come.
    pub(super) fn look_now(self) {
        if let Some(Some(poll)) = self.watcher.try_get_value() {
            poll.poke();
        }
    }

    /// Makes every running task due.
    pub(super) fn forget_waits(self) {
        self.due.update_value(|due| due.values_mut().for_each(|at| *at = Timestamp(0)));
    }

    pub(super) fn start_watching(self) {
        let poll = spawn_poll(move || async move { Some(self.round().await) });
        self.watcher.set_value(Some(poll));
        // A tab that comes back, a network that returns, a sign-in that is renewed: look at once.
        let (hidden, online) = (visibility::hidden(), online::online());
        Effect::new(move |_| {
            if !hidden.get() && online.get() && self.session.is_signed_in() {
                self.look_at_all();
            }
        });
    }

    /// Looks at what is due, and says when to come again.
    async fn round(self) -> Duration {
        let watched = self.watched();
        let mut ids = BTreeSet::new();
        for entry in &watched {
            ids.insert(entry.id());
        }
        let now = Timestamp(time::epoch_ms());
        // One list serves all, also those whose time has not come, or each would soon be looked at on its own.
        let by_list = watched.len() > FEW && !self.flow.get_value().no_list;
        let requests = if by_list { LIST_COSTS } else { watched.len() };
        let random = random();
        let ready: Vec<&Entry> = self
            .due
            .try_update_value(|due| {
                due.retain(|id, _| ids.contains(id));
                let ready = |entry: &&Entry| {
                    // A task that has just begun has its first look after a wait, too.
                    let first = || {
                        let young = is_young(entry, now);
                        if young { now.plus(wait(entry, None, requests, random)) } else { now }
                    };
                    !self.is_looking(entry)
                        && is_due(*due.entry(entry.id()).or_insert_with(first), now)
                };
                watched.iter().filter(ready).collect()
            })
            .unwrap_or_default();
        if ready.is_empty() {
            return self.until_next(now);
        }
        // Whoever signs in again rings.
        let Some(client) = self.session.client() else { return REST };
        if !by_list {
            if watched.len() > FEW {
                // Those whose turn has not come are due already, and whoever has looked rings.
                let flow = self.flow.get_value();
                if !is_due(flow.rests_until, now) {
                    return flow.rests_until.since(now);
                }
                let rests_until = now.plus(room(FEW));
                self.flow.set_value(Flow { rests_until, ..flow });
            }
            self.look_at_a_few(&client, ready, requests);
            return self.until_next(now);
        }
        let asked = self.look_through_list(&client, &watched).await;
        self.session.note_end(&client);
        let now = Timestamp(time::epoch_ms());
        self.due.update_value(|due| {
            for entry in watched.iter().filter(|entry| !self.is_looking(entry)) {
                due.insert(entry.id(), now.plus(wait(entry, asked, requests, random)));
            }
        });
        self.until_next(now)
    }

    /// Whether a look at its task alone is under way.
    fn is_looking(self, entry: &Entry) -> bool {
        self.looking.with_value(|looking| looking.contains_key(&entry.id()))
    }

    /// Looks at some tasks one by one, others each time. A look that hangs holds no other, but is one of the few.
    fn look_at_a_few(self, client: &SignedIn, entries: Vec<&Entry>, requests: usize) {
        let under_way = self.looking.with_value(FxHashMap::len);
        let now = Timestamp(time::epoch_ms());
        for entry in self.a_few_of(entries, FEW.saturating_sub(under_way)) {
            let (client, entry) = (client.clone(), entry.clone());
            self.looking.update_value(|looking| _ = looking.insert(entry.id(), now));
            self.due.update_value(|due| _ = due.remove(&entry.id()));
            spawn_app(async move {
                let asked = look_at(&client, &entry).await;
                self.session.note_end(&client);
                let next =
                    Timestamp(time::epoch_ms()).plus(wait(&entry, asked, requests, random()));
                self.looking.update_value(|looking| _ = looking.remove(&entry.id()));
                self.due.update_value(|due| _ = due.insert(entry.id(), next));
                // The loop may mean to rest for longer.
                self.look_now();
            });
        }
    }

    /// How long to the next look that is due.
    fn until_next(self, now: Timestamp) -> Duration {
        let next = self.due.with_value(|due| due.values().min().map(|at| at.since(now)));
        next.unwrap_or(REST).clamp(SHORTEST, REST)
    }

    /// At most so many of them, others each time.
    fn a_few_of(self, entries: Vec<&Entry>, most: usize) -> Vec<&Entry> {
        if entries.len() <= most {
            return entries;
        }
        let flow = self.flow.get_value();
        self.flow.set_value(Flow { turn: flow.turn.wrapping_add(most), ..flow });
        let places = (0..most).map(|n| flow.turn.wrapping_add(n) % entries.len());
        places.filter_map(|place| entries.get(place).copied()).collect()
    }

    fn watched(self) -> Vec<Entry> {
        self.mine(&Job::is_watched)
    }

    /// One list for all; those that it does not hold are looked at one by one, a few of them. Where BIG-IQ refuses the list,
    /// all are, from then on. Gives the longest wait that was asked for.
    async fn look_through_list(self, client: &SignedIn, watched: &[Entry]) -> Option<Duration> {
        let (list, _) = match client.task_states(LIST).await {
            Ok(list) => list,
            Err(error) if error.is_refused_for_good() => {
                let flow = self.flow.get_value();
                self.flow.set_value(Flow { no_list: true, ..flow });
                return None;
            }
            // Whatever became of the list says nothing of a task.
            Err(error) => {
                for entry in watched {
                    entry.observe(Source::Collection, Observation::NotReached((&error).into()));
                }
                return error.retry_after();
            }
        };
        self.note_tasks(list.items.iter().filter_map(|task| task.task_id()));
        let mut missing = Vec::new();
        for entry in watched {
            let id = entry.job.with_untracked(|job| job.task_id().map(str::to_owned));
            let task =
                list.items.iter().find(|task| id.is_some() && task.task_id() == id.as_deref());
            match task {
                Some(task) => {
                    entry.observe(Source::Collection, Observation::Seen(TaskSnapshot::of(task)));
                }
                None if self.is_looking(entry) => {}
                None => missing.push(entry),
            }
        }
        self.look_at_a_few(client, missing, LIST_COSTS);
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
    next_look(&pace, random)
}

/// Looks at a task. Gives the wait that BIG-IQ or a proxy asked for.
async fn look_at(client: &SignedIn, entry: &Entry) -> Option<Duration> {
    let id = entry.job.with_untracked(|job| job.task_id().map(str::to_owned))?;
    let (what, asked) = match client.task(&id, false).await {
        Ok(seen) => (Observation::Seen(TaskSnapshot::of(&seen.task)), None),
        Err(error) if error.is_gone() => (Observation::Missing((&error).into()), None),
        Err(error) => (Observation::NotReached((&error).into()), error.retry_after()),
    };
    entry.observe(Source::Poll, what);
    asked
}
