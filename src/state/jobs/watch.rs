//! Looking at tasks until they are seen to end: one loop for all jobs, at the pace that `curfew_core` sets. A few tasks
//! are looked at one by one, many through BIG-IQ's list of all. It must not judge what it sees.

use super::{Entry, Jobs};
use crate::api::{ApiError, SignedIn};
use crate::rt::{online, random, spawn_poll, time, visibility};
use curfew_core::{Job, Moment, Observation, Pace, Refusal, Sight, Source, next_look};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Up to so many tasks are looked at one by one.
const FEW: usize = 3;
/// Tasks asked for in one list.
const LIST: usize = 500;
/// How long the loop rests while there is nothing to look at; whoever has news rings.
const REST: Duration = Duration::from_secs(60);

impl Jobs {
    /// Looks at all that is due as soon as the look under way has ended.
    pub(super) fn look_now(self) {
        if let Some(Some(poll)) = self.watcher.try_get_value() {
            poll.poke();
        }
    }

    /// Makes every running task due.
    pub(super) fn forget_waits(self) {
        self.due.update_value(|due| due.values_mut().for_each(|at| *at = Moment(0)));
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
        let ids: HashSet<String> = watched.iter().map(Entry::id).collect();
        let now = Moment(time::epoch_ms());
        let ready: Vec<&Entry> = self
            .due
            .try_update_value(|due| {
                due.retain(|id, _| ids.contains(id));
                let ready = |entry: &&Entry| {
                    // A job that is new here has its first look after a wait, too.
                    let first = || now.plus(wait(entry, None, watched.len()));
                    *due.entry(entry.id()).or_insert_with(first) <= now
                };
                watched.iter().filter(ready).collect()
            })
            .unwrap_or_default();
        let client = self.session.client().filter(|_| !ready.is_empty());
        let mut asked = None;
        if let Some(client) = client {
            if ready.len() > FEW {
                asked = self.look_through_list(&client, &watched).await;
            } else {
                asked = look_at_each(&client, ready.iter().copied()).await;
            }
            self.session.note_end(&client);
        }
        let now = Moment(time::epoch_ms());
        let next = self.due.try_update_value(|due| {
            for entry in &ready {
                due.insert(entry.id(), now.plus(wait(entry, asked, watched.len())));
            }
            due.values().min().map(|at| at.since(now))
        });
        next.flatten().unwrap_or(REST).clamp(curfew_core::SHORTEST, REST)
    }

    fn watched(self) -> Vec<Entry> {
        self.mine(Job::is_watched)
    }

    /// One list for all; those that it does not hold are looked at one by one, a few of them. Gives the longest wait that
    /// was asked for.
    async fn look_through_list(self, client: &SignedIn, watched: &[Entry]) -> Option<Duration> {
        let (list, _) = match client.tasks(0, LIST).await {
            Ok(list) => list,
            Err(error) => {
                for entry in watched {
                    entry.observe(Source::Collection, failed(&error));
                }
                return error.retry_after();
            }
        };
        self.note_tasks(list.items.iter().filter_map(|task| task.task_id()));
        let mut seen: HashMap<&str, Sight> = HashMap::with_capacity(list.items.len());
        for task in &list.items {
            if let Some(id) = task.task_id() {
                seen.insert(id, Sight::of(task));
            }
        }
        let mut missing = Vec::new();
        for entry in watched {
            let id = entry.job.with_untracked(|job| job.task_id().map(str::to_owned));
            match id.and_then(|id| seen.remove(id.as_str())) {
                Some(sight) => entry.observe(Source::Collection, Observation::Seen(sight)),
                None => missing.push(entry),
            }
        }
        look_at_each(client, missing.into_iter().take(FEW)).await
    }
}

fn wait(entry: &Entry, retry_after: Option<Duration>, watched: usize) -> Duration {
    let now = Moment(time::epoch_ms());
    let pace = entry.job.with_untracked(|job| Pace {
        age: job.accepted_at().map_or(Duration::ZERO, |at| now.since(at)),
        failures: job.lost_contact().map_or(0, |lost| lost.failures),
        retry_after,
        hidden: visibility::is_hidden(),
        online: online::is_online(),
        watched: if watched > FEW { 1 } else { watched.max(1) },
    });
    next_look(&pace, random())
}

/// Looks at a few one by one. Gives the longest wait that BIG-IQ or a proxy asked for.
async fn look_at_each<'a>(
    client: &SignedIn,
    entries: impl Iterator<Item = &'a Entry>,
) -> Option<Duration> {
    let asked = join_all(entries.map(|entry| look_at(client, entry))).await;
    asked.into_iter().flatten().max()
}

async fn look_at(client: &SignedIn, entry: &Entry) -> Option<Duration> {
    let id = entry.job.with_untracked(|job| job.task_id().map(str::to_owned))?;
    let (what, asked) = match client.task(&id, false).await {
        Ok(seen) => (Observation::Seen(Sight::of(&seen.task)), None),
        Err(error) => (failed(&error), error.retry_after()),
    };
    entry.observe(Source::Poll, what);
    asked
}

/// What a look that failed says of the task: nothing, unless BIG-IQ says that there is no such task.
fn failed(error: &ApiError) -> Observation {
    match error.refusal() {
        Some(Refusal::NotFound) => Observation::Missing(error.into()),
        _ => Observation::NotReached(error.into()),
    }
}
