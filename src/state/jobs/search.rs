//! The search for the tasks of requests whose answer was lost: it reads BIG-IQ's task list once for all of them and
//! compares by the rules of `curfew_core`. It never takes a task that another job has, or one from before the request.

use super::memory::Searching;
use super::{Entry, Jobs, store};
use crate::web::{online, random, sleep, spawn_poll, time, visibility};
use curfew_client::error::ApiError;
use curfew_client::signed_in::SignedIn;
use curfew_core::engine::{Pace, SeenTasks, TaskPage, age, poll_delay};
use curfew_core::ids::TaskId;
use curfew_core::job::{Job, Observation, Phase, Search, Source};
use curfew_core::plan::Batch;
use curfew_core::timestamp::Timestamp;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use std::pin::pin;
use std::time::Duration;

/// Tasks in one page of the list. The list is sorted by last change, newest first, so the wanted task is near the
/// start.
const LIST: usize = 500;
/// The most tasks read in one search.
const DEEPEST: usize = 10 * LIST;
/// Tasks noted before a batch is sent. Older tasks are excluded by their time.
const BEFORE: usize = 100;
/// The longest time that a kill waits for that note.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the search sleeps while nothing is lost; losing an answer wakes it.
const REST: Duration = Duration::from_secs(60);

impl Jobs {
    /// Searches as soon as the current search has ended.
    pub(super) fn search_now(self) {
        if let Some(Some(poll)) = self.searching.try_with_value(|searching| searching.poll) {
            poll.poke();
        }
    }

    /// Notes the existing tasks before the first request of a batch is sent, and stores the note with the batch. An
    /// urgent kill does not wait for a slow list: without the note, only their times distinguish tasks.
    pub(super) async fn note_tasks_before(self, batch: &Batch) {
        let Some(client) = self.sign_in.client_of(&batch.account) else { return };
        let asked = pin!(client.task_ids(BEFORE));
        let Either::Left((Ok(page), _)) = select(asked, pin!(sleep(PATIENCE))).await else {
            return;
        };
        let mut there = SeenTasks::default();
        there.note(page.ids(), page.at);
        // If it can't be stored, the operator was warned before.
        _ = store::store_seen_tasks(batch, &there);
        self.searching.update_value(|searching| searching.seen_tasks.add(there));
    }

    /// Notes the tasks of a list that was just read.
    pub(super) fn note_tasks(self, page: &TaskPage) {
        self.searching.update_value(|searching| searching.seen_tasks.note(page.ids(), page.at));
    }

    pub(super) fn start_searching(self) {
        let poll = spawn_poll(move || async move {
            let lost = self.lost();
            let Some(client) = self.sign_in.client().filter(|_| !lost.is_empty()) else {
                self.searching.update_value(|searching| searching.unlisted = 0);
                return Some(REST);
            };
            // A request to search again during this search starts another one.
            let begin = |searching: &mut Searching| std::mem::take(&mut searching.all);
            let again = self.searching.try_update_value(begin).unwrap_or_default();
            let listed = read_back(&client, &lost).await;
            self.sign_in.note_end(&client);
            let retry_after = match listed {
                Ok(page) => {
                    self.searching.update_value(|searching| searching.unlisted = 0);
                    self.note_tasks(&page);
                    for entry in &lost {
                        self.compare(entry, &page);
                    }
                    None
                }
                // A failed read of the list says nothing about any task.
                Err(error) => {
                    self.searching.update_value(|searching| {
                        searching.unlisted = searching.unlisted.saturating_add(1);
                        searching.all |= again;
                    });
                    for entry in &lost {
                        entry.observe(Source::Reconcile, Observation::NotReached((&error).into()));
                    }
                    error.retry_after()
                }
            };
            Some(self.next_search(retry_after))
        });
        self.searching.update_value(|searching| searching.poll = Some(poll));
    }

    /// The jobs of the signed-in operator whose task is being searched for, including failed searches that the operator
    /// asked to repeat.
    fn lost(self) -> Vec<Entry> {
        let all = self.searching.with_value(|searching| searching.all);
        self.own_entries(&|job| if all { job.is_lost() } else { job.is_searched() })
    }

    fn compare(self, entry: &Entry, page: &TaskPage) {
        let id = entry.id();
        let request = entry.job.with_untracked(|job| job.request().clone());
        // A job whose search ended without a result has no claim to a task.
        let may_claim = |job: &Job| {
            job.is_lost()
                && !matches!(job.phase(), Phase::Unknown { search: Search::NoneFound, .. })
        };
        let rival = |other: &Entry| {
            let sent =
                |job: &Job| job.sent_at().filter(|_| *job.id() != id && *job.request() == request);
            other.job.with_untracked(sent)
        };
        let mut rivals: Vec<Timestamp> =
            self.own_entries(&may_claim).iter().filter_map(rival).collect();
        // Other tabs don't report when they sent an identical request.
        if self.is_elsewhere(&entry.batch.account, &request) {
            rivals.push(Timestamp(0));
        }
        // Read again for each job: a task that one job has taken is not available to another.
        let taken: Vec<TaskId> = self.entries.with_untracked(|entries| {
            let task = |e: &Entry| e.job.with_untracked(|job| job.task_id().cloned());
            entries
                .iter()
                .filter(|e| e.batch.account == entry.batch.account)
                .filter_map(task)
                .collect()
        });
        let owned = |id: &TaskId| taken.contains(id);
        let found =
            self.searching.try_update_value(|Searching { searches, seen_tasks, .. }| {
                let search = searches.entry(id.clone()).or_default();
                let operator = &entry.batch.account.operator;
                entry.job.with_untracked(|job| {
                    search.compare(job, operator, page, seen_tasks, &rivals, owned)
                })
            });
        let what = found.flatten().unwrap_or(Observation::NotListed);
        let adopted = matches!(what, Observation::Adopted(_));
        entry.observe(Source::Reconcile, what);
        if adopted {
            self.poll_now();
        }
    }

    /// When the youngest lost job is due.
    fn next_search(self, retry_after: Option<Duration>) -> Duration {
        let now = Timestamp(time::epoch_ms());
        let failures = self.searching.with_value(|searching| searching.unlisted);
        let pace = |entry: &Entry| Pace {
            age: entry
                .job
                .with_untracked(|job| job.sent_at().map_or(Duration::ZERO, |at| age(at, now))),
            failures,
            retry_after,
            hidden: visibility::is_hidden(),
            online: online::is_online(),
            watched: 1,
        };
        let waits = self.lost();
        waits.iter().map(|entry| poll_delay(&pace(entry), random())).min().unwrap_or(REST)
    }
}

/// BIG-IQ's list, page by page, back to before the first of these requests.
async fn read_back(client: &SignedIn, lost: &[Entry]) -> Result<TaskPage, ApiError> {
    let sent = |entry: &Entry| entry.job.with_untracked(Job::sent_at);
    let first = lost.iter().filter_map(sent).min().unwrap_or_default();
    let mut page = TaskPage::default();
    loop {
        page.append(client.tasks(page.count(), LIST).await?);
        if page.reaches(first) || page.count() >= DEEPEST {
            return Ok(page);
        }
    }
}
