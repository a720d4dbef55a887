//! Searches for the tasks of requests whose answer was lost: it reads BIG-IQ's task list once for all of them and compares by the
//! rules of [`TaskSearch`](super::TaskSearch). It never takes a task that another job has, or one from before the request.

use super::effect::{ApiCall, Effect, JobIndex, Purpose, TaskQuery};
use super::input::{CallFailure, Now};
use super::memory::Reading;
use super::state::{Engine, REST, Turn};
use super::{Pace, SeenTasks, TaskPage, age, is_due, poll_delay};
use crate::ids::TaskId;
use crate::job::{Job, Observation, Phase, Search, Source, TaskSnapshot};
use crate::timestamp::Timestamp;
use std::time::Duration;

/// Tasks in one page of the list. The list is sorted by last change, newest first, so the wanted task is near the start.
const LIST: usize = 500;
/// How far the two clocks may drift apart between two inputs.
const STEADY: Duration = Duration::from_secs(2);
/// The most tasks read in one search.
const DEEPEST: usize = 10 * LIST;

impl Engine {
    /// The tasks of a list that was just read. It came after all requests that were sent, even if the clock was set back since.
    pub(super) fn seen_in(&self, page: &TaskPage) -> SeenTasks {
        let sent = self.entries.iter().filter_map(|entry| entry.job.sent_at()).max();
        // guard: later-list-is-later
        let at = sent.map_or(page.at, |sent| page.at.max(sent.plus(Duration::from_millis(1))));
        let mut seen = SeenTasks::default();
        seen.note(page.ids(), at);
        seen
    }

    /// Notes the tasks of a list that was just read.
    pub(super) fn note_listed(&mut self, page: &TaskPage) {
        let seen = self.seen_in(page);
        self.searching.seen_tasks.add(seen);
    }

    /// Starts all searches again if the clock was set: a search ends without a result only after some time, by one clock. A computer
    /// that slept looks the same, and loses nothing by it.
    pub(super) fn note_clock(&mut self, now: Now) {
        let monotonic = i64::try_from(now.monotonic.as_millis()).unwrap_or(i64::MAX);
        let ahead = now.wall.0.saturating_sub(monotonic);
        let before = self.searching.ahead.replace(ahead);
        let set_by = before.map_or(0, |before| before.abs_diff(ahead));
        // guard: set-clock-restarts-search
        if set_by > STEADY.as_millis() as u64 {
            for entry in &mut self.entries {
                entry.search.note_set_clock(set_by);
            }
        }
    }

    /// Starts a search if one is due.
    pub(super) fn search_due(&mut self, turn: &mut Turn) {
        // guard: one-search-at-a-time
        if self.searching.reading.is_some() || !self.is_signed_in {
            return;
        }
        let lost = self.lost();
        if lost.is_empty() {
            self.searching.unlisted = 0;
            self.searching.search_now();
            return;
        }
        if !is_due(self.searching.due, turn.now.wall) {
            turn.wake_in(self.searching.due.since(turn.now.wall));
            return;
        }
        let sent = lost.iter().filter_map(|index| self.job(*index)?.sent_at());
        let first_sent = sent.min().unwrap_or_default();
        // A request to search again during this search starts another one.
        let all = std::mem::take(&mut self.searching.all);
        let page = TaskPage::default();
        // The next search is scheduled at the end of this one, unless it is requested during this one.
        self.searching.due = Timestamp(i64::MAX);
        self.searching.reading = Some(Reading { lost, first_sent, page, all });
        self.read_page(turn, 0);
    }

    fn read_page(&self, turn: &mut Turn, skip: usize) {
        let query = TaskQuery::Full { skip, top: LIST };
        turn.push(Effect::Call(ApiCall::ReadTasks { query, purpose: Purpose::Search }));
    }

    /// The jobs whose task is searched for, including failed searches that the operator asked to repeat.
    fn lost(&self) -> Vec<JobIndex> {
        let is_lost = if self.searching.all { Job::is_lost } else { Job::is_searched };
        self.own(&is_lost).collect()
    }

    pub(super) fn note_search_page(
        &mut self,
        turn: &mut Turn,
        answer: Result<TaskPage, CallFailure>,
    ) {
        let Some(mut reading) = self.searching.reading.take() else { return };
        let asked = match answer {
            Ok(next) => {
                reading.page.append(next);
                let is_enough = reading.page.reaches(reading.first_sent);
                if !is_enough && reading.page.count() < DEEPEST {
                    self.read_page(turn, reading.page.count());
                    self.searching.reading = Some(reading);
                    return;
                }
                self.searching.unlisted = 0;
                self.note_listed(&reading.page);
                for index in reading.lost {
                    self.compare_page(turn, index, &reading.page);
                }
                None
            }
            // A failed read of the list says nothing about any task.
            Err(error) => {
                self.searching.unlisted = self.searching.unlisted.saturating_add(1);
                self.searching.all |= reading.all;
                for index in reading.lost {
                    let what = Observation::NotReached(error.failure.clone());
                    self.observe(turn, index, Source::Reconcile, what);
                }
                error.retry_after
            }
        };
        if self.searching.due == Timestamp(i64::MAX) {
            self.searching.due = turn.now.wall.plus(self.next_search(turn, asked));
        }
    }

    fn compare_page(&mut self, turn: &mut Turn, index: JobIndex, page: &TaskPage) {
        let Some(entry) = self.entries.get(index.0).filter(|entry| entry.job.is_lost()) else {
            // Its answer came meanwhile.
            return;
        };
        let (account, request) = (entry.batch.account.clone(), entry.job.request().clone());
        // The answer to an equal request shows soon whose task it is.
        let is_in_flight = |job: &Job| *job.phase() == Phase::Sending && *job.request() == request;
        // guard: equal-request-in-flight
        if self.own(&is_in_flight).next().is_some() {
            self.observe(turn, index, Source::Reconcile, Observation::NotListed);
            return;
        }
        // A job whose search ended without a result has no claim to a task.
        let may_claim = |job: &Job| {
            job.is_lost()
                && *job.request() == request
                && !matches!(job.phase(), Phase::Unknown { search: Search::NoneFound, .. })
        };
        let rivals = self.own(&may_claim).filter(|other| *other != index);
        let mut rivals: Vec<Timestamp> =
            rivals.filter_map(|other| self.job(other)?.sent_at()).collect();
        // Other tabs don't report when they sent an identical request.
        if entry.is_contested {
            rivals.push(Timestamp(0));
        }
        // Read again for each job: a task that one job has taken is not available to another.
        let own = self.entries.iter().filter(|entry| entry.batch.account == account);
        let taken: Vec<TaskId> = own.filter_map(|entry| entry.job.task_id().cloned()).collect();
        let (entries, seen_tasks) = (&mut self.entries, &self.searching.seen_tasks);
        let Some(entry) = entries.get_mut(index.0) else { return };
        // guard: task-has-one-owner
        let is_taken = |id: &TaskId| taken.contains(id);
        let found = entry.search.compare(
            &entry.job,
            &account.operator,
            page,
            seen_tasks,
            &rivals,
            is_taken,
        );
        let elsewhere = &self.tasks_elsewhere;
        let is_elsewhere = |id: &TaskId| elsewhere.contains(&(account.bigiq.clone(), id.clone()));
        let what = match found {
            None => Observation::NotListed,
            Some(Observation::Adopted(TaskSnapshot { task: Some(id), .. }))
                if is_elsewhere(&id) =>
            {
                Observation::Several(vec![id])
            }
            Some(what) => what,
        };
        self.observe(turn, index, Source::Reconcile, what);
    }

    /// When the youngest lost job is due.
    fn next_search(&mut self, turn: &Turn, retry_after: Option<Duration>) -> Duration {
        let mut next = REST;
        for index in self.lost() {
            let sent = self.job(index).and_then(Job::sent_at);
            let pace = Pace {
                age: sent.map_or(Duration::ZERO, |at| age(at, turn.now.wall)),
                failures: self.searching.unlisted,
                retry_after,
                hidden: self.page.hidden,
                online: self.page.online,
                watched: 1,
            };
            next = next.min(poll_delay(&pace, self.random.next()));
        }
        next
    }
}
