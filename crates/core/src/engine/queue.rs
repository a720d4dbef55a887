//! Sends confirmed requests: each once, a few at a time, and stored before it is sent.

use super::effect::{ApiCall, Effect, JobIndex, Purpose, TaskQuery, WriteId};
use super::input::{Before, SendAnswer, Storing};
use super::memory::{Entry, QueuedBatch, Recording, Starting};
use super::records::{of_baseline, of_batch, of_job};
use super::state::{Engine, Turn};
use super::{TaskPage, elsewhere, records};
use crate::ids::BatchId;
use crate::job::{Job, NotSent, Observation, Phase, SendOutcome, Source, Started, StartedJob};
use crate::plan::Confirmed;
use crate::verify::Baseline;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// How long sending pauses after an answer that says "too many" without a time.
const BUSY: Duration = Duration::from_secs(10);
/// Tasks noted before a batch is sent. Older tasks are excluded by their time.
const BEFORE: usize = 100;
/// The longest time that a kill waits for that note.
const PATIENCE: Duration = Duration::from_secs(1);

impl Engine {
    /// Whether the sending of a batch is paused.
    pub fn is_paused(&self, batch: &BatchId) -> bool {
        self.queue.paused.contains(batch)
    }

    /// Takes over a confirmed plan and stores its records. It is sent once they are stored.
    pub(super) fn confirm(
        &mut self,
        turn: &mut Turn,
        confirmed: Confirmed,
        id: &BatchId,
        storing: Storing,
        before: Option<&Before>,
    ) {
        let Started { batch, items } = confirmed.start(id, turn.now.wall);
        let mut records = vec![of_batch(&batch)];
        let mut jobs = Vec::new();
        for started in items {
            let baseline = before.map(|before| {
                Baseline::take(&started.job, &batch, &before.live, &before.inventory)
            });
            records.push(of_job(&batch, &started.job));
            jobs.push((started, baseline));
        }
        let write = self.store(turn, records);
        self.queue.starting.push(Starting { write, batch: Arc::new(batch), jobs, storing });
    }

    pub(super) fn note_stored(&mut self, turn: &mut Turn, write: WriteId, is_stored: bool) {
        let queue = &mut self.queue;
        if let Some(index) = queue.starting.iter().position(|starting| starting.write == write) {
            let starting = queue.starting.remove(index);
            self.start(turn, starting, is_stored);
        } else if let Some(index) = queue.recording.iter().position(|one| one.write == write) {
            let recording = queue.recording.remove(index);
            self.post(turn, recording, is_stored);
        }
    }

    /// Starts a plan whose records are stored, or need not be.
    fn start(&mut self, turn: &mut Turn, starting: Starting, is_stored: bool) {
        let Starting { batch, jobs, storing, .. } = starting;
        // guard: unstored-plan-forgotten
        if !is_stored && storing == Storing::Required {
            turn.push(Effect::Forget(records::keys(&batch)));
            turn.push(Effect::NotStarted(batch.id.clone()));
            return;
        }
        // guard: batch-locked
        if is_stored {
            // First of all: a duplicated tab must see it held.
            turn.push(Effect::Lock(batch.id.clone()));
        }
        let mut requests = VecDeque::new();
        let mut baselines = Vec::new();
        for (StartedJob { job, queued }, baseline) in jobs {
            // guard: request-announced
            elsewhere::announce(turn, &batch.account, job.request());
            baselines.extend(baseline.as_ref().and_then(|known| of_baseline(job.id(), known)));
            requests.push_back((JobIndex(self.entries.len()), queued));
            self.entries.push(Entry::new(Arc::clone(&batch), job, baseline));
        }
        turn.push(Effect::JobsAdded);
        self.note_contested(turn, requests.iter().map(|(index, _)| *index).collect());
        for baseline in baselines {
            self.store(turn, vec![baseline]);
        }
        // The same kill, made by hand a moment earlier, must not be taken for one whose answer is lost.
        // guard: existing-tasks-noted
        let is_ready = !self.may_call_for(&batch.account);
        if !is_ready {
            turn.push(Effect::Call(ApiCall::ReadTasks {
                query: TaskQuery::Ids { top: BEFORE, within: PATIENCE },
                purpose: Purpose::Before(batch.id.clone()),
            }));
        }
        self.queue.batches.push(QueuedBatch { batch, requests, storing, is_ready });
    }

    /// Notes the tasks that exist before the first request of a batch is sent. An urgent kill does not wait for a slow list:
    /// without the note, only their times distinguish tasks.
    pub(super) fn note_tasks_before(
        &mut self,
        turn: &mut Turn,
        id: &BatchId,
        page: Option<TaskPage>,
    ) {
        let queued = self.queue.batches.iter_mut().find(|queued| queued.batch.id == *id);
        let Some(queued) = queued.filter(|queued| !queued.is_ready) else { return };
        queued.is_ready = true;
        let batch = Arc::clone(&queued.batch);
        let Some(page) = page else { return };
        let there = self.seen_in(&page);
        // If it can't be stored, the operator was warned before.
        self.store(turn, vec![records::of_seen_tasks(&batch, &there)]);
        self.searching.seen_tasks.add(there);
    }

    /// Starts to send what may be sent now.
    pub(super) fn send_due(&mut self, turn: &mut Turn) {
        while let Some(next) = self.next_to_send() {
            // guard: kills-at-once
            if self.queue.in_flight.len() >= self.queue.at_once {
                return;
            }
            let wait = self.queue.rate_limit.ready_in(turn.now.monotonic);
            if !wait.is_zero() {
                turn.wake_in(wait);
                return;
            }
            self.start_sending(turn, next);
        }
    }

    /// The batch whose first request is next, in turns.
    fn next_to_send(&mut self) -> Option<usize> {
        self.queue.batches.retain(|queued| !queued.requests.is_empty());
        let number = self.queue.batches.len();
        (0..number).map(|step| (self.queue.turn + step) % number).find(|index| {
            self.queue.batches.get(*index).is_some_and(|queued| {
                queued.is_ready
                    && !self.is_paused(&queued.batch.id)
                    && self.may_call_for(&queued.batch.account)
            })
        })
    }

    /// Marks the batch's first request as sent, and stores that: otherwise a reload could take it for one that was never sent. A
    /// request that was discarded is dropped.
    fn start_sending(&mut self, turn: &mut Turn, batch: usize) {
        let Some(queued) = self.queue.batches.get_mut(batch) else { return };
        let storing = queued.storing;
        let Some((job, request)) = queued.requests.pop_front() else { return };
        let Some(entry) = self.entries.get_mut(job.0) else { return };
        let Some(request) = entry.job.start_sending(turn.now.wall, request) else { return };
        self.queue.turn = batch + 1;
        self.queue.rate_limit.take(turn.now.monotonic);
        // Devices may have been read since the confirmation.
        if entry.baseline.as_ref().is_none_or(Baseline::is_blind) {
            let confirmed_at = entry.batch.confirmed_at;
            turn.push(Effect::ReportSessions { job, confirmed_at });
        }
        turn.push(Effect::JobChanged(job));
        let Some(write) = self.store_job(turn, job) else { return };
        self.queue.in_flight.push(job);
        self.queue.recording.push(Recording { write, job, request, storing });
    }

    /// Sends a request whose record is stored, or need not be.
    fn post(&mut self, turn: &mut Turn, recording: Recording, is_stored: bool) {
        let Recording { job, request, storing, .. } = recording;
        let may_call = self.batch(job).is_some_and(|batch| self.may_call_for(&batch.account));
        let mut why_not = None;
        // guard: record-before-send
        if !is_stored && storing == Storing::Required {
            why_not = Some(NotSent::NotStored);
        }
        // guard: signed-out-not-sent
        if !may_call {
            why_not = Some(NotSent::SignedOut);
        }
        match why_not {
            None => {
                // guard: sessions-outdated-at-start
                if self.is_first_sent(job) {
                    turn.push(Effect::SessionsOutdated);
                }
                turn.push(Effect::Call(ApiCall::Post { job, request }));
            }
            Some(why) => {
                self.queue.in_flight.retain(|index| *index != job);
                self.observe(turn, job, Source::App, Observation::NotSent(why));
            }
        }
    }

    /// Whether no other request of its plan was sent.
    fn is_first_sent(&self, job: JobIndex) -> bool {
        let batch = self.batch(job).map(|batch| &batch.id);
        let sent = self.entries.iter().filter(|entry| entry.job.sent_at().is_some());
        sent.filter(|entry| Some(&entry.batch.id) == batch).take(2).count() < 2
    }

    pub(super) fn note_answer(&mut self, turn: &mut Turn, job: JobIndex, answer: SendAnswer) {
        self.queue.in_flight.retain(|index| *index != job);
        self.adjust_rate_limit(turn, &answer);
        self.observe(turn, job, Source::Answer, answer.outcome.into());
        // If the list can't be read, another lost task is no reason to read it sooner.
        if self.job(job).is_some_and(Job::is_searched) && self.searching.is_listed() {
            self.searching.search_now();
        }
    }

    /// Pauses sending if the server asked for a wait. A refused kill is not sent again: that would be a second POST of one
    /// confirmed request, and only the server that refused it says that the first was not processed.
    fn adjust_rate_limit(&mut self, turn: &Turn, answer: &SendAnswer) {
        let (now, rate_limit) = (turn.now.monotonic, &mut self.queue.rate_limit);
        let wait = answer.retry_after.or(answer.is_busy().then_some(BUSY));
        match (&answer.outcome, wait) {
            (SendOutcome::Accepted(_), _) => rate_limit.answered(),
            (SendOutcome::NotSent(_), _) => {}
            (_, Some(wait)) => rate_limit.hold(now, wait),
            (SendOutcome::Unknown(_), None) => rate_limit.rest(now),
            (SendOutcome::Rejected(_), None) => rate_limit.answered(),
        }
    }

    pub(super) fn pause(&mut self, turn: &mut Turn, batch: &BatchId, pause: bool) {
        self.queue.paused.retain(|id| id != batch);
        if pause {
            self.queue.paused.push(batch.clone());
        }
        turn.push(Effect::Changed);
    }

    pub(super) fn drop_rest(&mut self, turn: &mut Turn, batch: &BatchId) {
        let is_unsent = |job: &Job| *job.phase() == Phase::Confirmed && job.batch() == batch;
        let unsent: Vec<JobIndex> = self.own(&is_unsent).collect();
        for index in unsent {
            self.observe(turn, index, Source::Operator, Observation::NotSent(NotSent::Dropped));
        }
        self.pause(turn, batch, false);
    }
}
