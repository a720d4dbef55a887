//! Polls running tasks: one list for many, single reads for a few. Polling never stops before a task has ended, and no task is
//! read twice at the same time.

use super::effect::{ApiCall, Effect, JobIndex, Purpose, TaskQuery};
use super::input::CallFailure;
use super::state::{Engine, Turn};
use super::{Pace, TaskPage, age, is_due, poll_delay, room};
use crate::engine::poll::{LIST_COSTS, SHORTEST};
use crate::job::{Job, Observation, Source, TaskSnapshot};
use crate::timestamp::Timestamp;
use std::time::Duration;

/// Up to this number, tasks are read singly.
const FEW: usize = 3;
/// Tasks in one list.
const LIST: usize = 500;
/// A task younger than this was just accepted, so its first poll waits a little.
const YOUNG: Duration = Duration::from_secs(1);

impl Engine {
    /// Polls all running tasks now, and searches for all lost ones.
    pub(super) fn poll_all(&mut self) {
        for entry in &mut self.entries {
            entry.due = entry.due.map(|_| Timestamp(0));
        }
        self.polling.no_list = false;
        self.searching.search_all();
    }

    /// Polls what is due.
    pub(super) fn poll_due(&mut self, turn: &mut Turn) {
        // A list in progress, and then its tasks, decide what follows.
        // guard: one-list-at-a-time
        if !self.is_signed_in || self.polling.list.is_some() {
            return;
        }
        let watched: Vec<JobIndex> = self.own(&Job::is_watched).collect();
        // One list covers all tasks, including those not due yet; otherwise each would soon be read singly.
        let by_list = watched.len() > FEW && !self.polling.no_list;
        let requests = if by_list { LIST_COSTS } else { watched.len() };
        let mut ready = Vec::new();
        for index in &watched {
            if self.is_due(turn, *index, requests) {
                ready.push(*index);
            }
        }
        if !ready.is_empty() && by_list {
            self.polling.list = Some(watched);
            let query = TaskQuery::States { top: LIST };
            turn.push(Effect::Call(ApiCall::ReadTasks { query, purpose: Purpose::Poll }));
            return;
        }
        if !ready.is_empty() && watched.len() > FEW {
            let now = turn.now.wall;
            if !is_due(self.polling.rests_until, now) {
                turn.wake_in(self.polling.rests_until.since(now));
                return;
            }
            self.polling.rests_until = now.plus(room(FEW));
        }
        self.read_a_few(turn, &ready);
        self.wake_for_polls(turn, &watched);
    }

    /// Whether a task is due, and not being read. A task that has just started also waits before its first poll.
    fn is_due(&mut self, turn: &Turn, index: JobIndex, requests: usize) -> bool {
        let now = turn.now.wall;
        let Some(entry) = self.entries.get(index.0) else { return false };
        // guard: one-read-at-a-time
        if entry.is_being_read {
            return false;
        }
        if let Some(due) = entry.due {
            return is_due(due, now);
        }
        let is_young = entry.job.accepted_at().is_none_or(|at| age(at, now) < YOUNG);
        let wait = if is_young { self.wait(turn, index, None, requests) } else { Duration::ZERO };
        if let Some(entry) = self.entry(index) {
            entry.due = Some(now.plus(wait));
        }
        wait.is_zero()
    }

    /// Reads some tasks singly, different ones each time. A read that hangs does not delay the others, but counts as one of the
    /// few.
    fn read_a_few(&mut self, turn: &mut Turn, indices: &[JobIndex]) {
        let reading = self.entries.iter().filter(|entry| entry.is_being_read).count();
        let most = FEW.saturating_sub(reading);
        let number = indices.len();
        let first = if number > most {
            let next = self.polling.turn.wrapping_add(most);
            std::mem::replace(&mut self.polling.turn, next)
        } else {
            0
        };
        for step in 0..most.min(number) {
            let index = indices.get(first.wrapping_add(step) % number).copied();
            let Some(index) = index else { continue };
            let Some(entry) = self.entry(index) else { continue };
            let Some(task) = entry.job.task_id().cloned() else { continue };
            entry.is_being_read = true;
            turn.push(Effect::Call(ApiCall::ReadTask { job: index, task }));
        }
    }

    fn wake_for_polls(&self, turn: &mut Turn, watched: &[JobIndex]) {
        let reading = self.entries.iter().filter(|entry| entry.is_being_read).count();
        if reading >= FEW {
            // The end of a read is an input.
            return;
        }
        let waits = watched.iter().filter_map(|index| self.entries.get(index.0));
        let due = waits.filter(|entry| !entry.is_being_read).filter_map(|entry| entry.due).min();
        if let Some(due) = due {
            turn.wake_in(due.since(turn.now.wall).max(SHORTEST));
        }
    }

    pub(super) fn note_task(
        &mut self,
        turn: &mut Turn,
        index: JobIndex,
        answer: Result<TaskSnapshot, CallFailure>,
    ) {
        let (what, asked) = match answer {
            Ok(snapshot) => (Observation::Seen(snapshot), None),
            Err(error) if error.is_gone => (Observation::Missing(error.failure), None),
            Err(error) => (Observation::NotReached(error.failure), error.retry_after),
        };
        self.observe(turn, index, Source::Poll, what);
        let requests = self.own(&Job::is_watched).count();
        self.schedule(turn, index, asked, requests);
        if let Some(entry) = self.entry(index) {
            entry.is_being_read = false;
        }
    }

    /// A list for all tasks; those missing from it are read singly, a few at a time. If BIG-IQ refuses the list, all tasks are
    /// from then on.
    pub(super) fn note_task_list(
        &mut self,
        turn: &mut Turn,
        answer: Result<TaskPage, CallFailure>,
    ) {
        let Some(mut watched) = self.polling.list.take() else { return };
        watched.retain(|index| self.job(*index).is_some_and(Job::is_watched));
        let (mut missing, mut asked) = (Vec::new(), None);
        match answer {
            Ok(page) => {
                self.note_listed(&page);
                for index in &watched {
                    let task = self.job(*index).and_then(Job::task_id);
                    match task.and_then(|id| page.snapshot(id)) {
                        Some(seen) => {
                            self.observe(turn, *index, Source::Collection, Observation::Seen(seen));
                        }
                        None => missing.push(*index),
                    }
                }
            }
            Err(error) if error.is_refused_for_good => self.polling.no_list = true,
            // A failed list says nothing about any task.
            Err(error) => {
                asked = error.retry_after;
                for index in &watched {
                    let what = Observation::NotReached(error.failure.clone());
                    self.observe(turn, *index, Source::Collection, what);
                }
            }
        }
        missing.retain(|index| !self.is_being_read(*index));
        self.read_a_few(turn, &missing);
        for index in watched {
            if !self.is_being_read(index) {
                self.schedule(turn, index, asked, LIST_COSTS);
            }
        }
    }

    fn is_being_read(&self, index: JobIndex) -> bool {
        self.entries.get(index.0).is_some_and(|entry| entry.is_being_read)
    }

    fn schedule(&mut self, turn: &Turn, index: JobIndex, asked: Option<Duration>, requests: usize) {
        let due = turn.now.wall.plus(self.wait(turn, index, asked, requests));
        if let Some(entry) = self.entry(index) {
            entry.due = Some(due);
        }
    }

    /// How long until a task is polled again. `asked` is the wait that BIG-IQ or a proxy asked for.
    fn wait(
        &mut self,
        turn: &Turn,
        index: JobIndex,
        asked: Option<Duration>,
        requests: usize,
    ) -> Duration {
        let now = turn.now.wall;
        let job = self.job(index);
        let pace = Pace {
            age: job.and_then(Job::accepted_at).map_or(Duration::ZERO, |at| age(at, now)),
            failures: job.and_then(Job::lost_contact).map_or(0, |lost| lost.failures),
            retry_after: asked,
            hidden: self.page.hidden,
            online: self.page.online,
            watched: requests,
        };
        poll_delay(&pace, self.random.next())
    }
}
