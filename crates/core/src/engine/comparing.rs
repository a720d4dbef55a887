//! Compares the sessions before a kill with those after its end. It never delays a kill, reads no device before one, and does not
//! rely on BIG-IQ's report.

use super::effect::{ApiCall, Effect, JobIndex};
use super::input::Before;
use super::memory::Comparison;
use super::records::of_baseline;
use super::state::{Engine, Turn};
use crate::ids::BatchId;
use crate::inventory::Live;
use crate::job::{Finding, Observation, Phase, Source};
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use crate::verify::{Baseline, Check};
use std::sync::Arc;
use std::time::Duration;

/// Waits before later comparisons, for devices whose list is slow to change.
const AGAIN: [Duration; 2] = [Duration::from_secs(4), Duration::from_secs(15)];
/// The shortest wait.
const LEAST: Duration = Duration::from_millis(250);

impl Engine {
    /// The sessions before a job. `None` if they are not known.
    pub fn baseline(&self, index: JobIndex) -> Option<&Baseline> {
        self.entries.get(index.0)?.baseline.as_ref()
    }

    /// The latest comparison for a job.
    pub fn check(&self, index: JobIndex) -> Option<&Arc<Check>> {
        self.entries.get(index.0)?.check.as_ref()
    }

    /// Whether a job's devices are being read.
    pub fn is_comparing(&self, index: JobIndex) -> bool {
        self.comparing.contains(&index)
    }

    /// Takes the sessions before a job again, from what is known when it is sent.
    pub(super) fn note_before(
        &mut self,
        turn: &mut Turn,
        index: JobIndex,
        before: Option<&Before>,
    ) {
        let entry = self.entries.get_mut(index.0);
        // A list that is read after the sending may lack what the kill has ended.
        // guard: sessions-before-sending
        let entry = entry.filter(|entry| *entry.job.phase() == Phase::Sending);
        let (Some(entry), Some(before)) = (entry, before) else { return };
        let later = Baseline::take(&entry.job, &entry.batch, &before.live, &before.inventory);
        let is_new = match &mut entry.baseline {
            Some(known) => known.complete_with(later),
            none => none.replace(later).is_none(),
        };
        let record = entry.baseline.as_ref().and_then(|known| of_baseline(entry.job.id(), known));
        if let Some(record) = record.filter(|_| is_new) {
            self.store(turn, vec![record]);
        }
    }

    /// Compares these jobs now, if they have ended and the sessions before them are known.
    pub(super) fn compare_again(&mut self, turn: &Turn, jobs: &[JobIndex]) {
        let next = Some(turn.now.wall);
        for index in jobs {
            if let Some(entry) = self.entry(*index) {
                entry.comparison = Some(Comparison { done: AGAIN.len(), next });
            }
        }
    }

    /// Reads the devices of the jobs that are due.
    pub(super) fn compare_due(&mut self, turn: &mut Turn) {
        // guard: one-comparison-at-a-time
        if !self.is_signed_in || !self.comparing.is_empty() {
            return;
        }
        let (due, next) = self.to_compare(turn.now.wall);
        if due.is_empty() {
            if let Some(next) = next {
                turn.wake_in(next.since(turn.now.wall).max(LEAST));
            }
            return;
        }
        let devices = due.iter().filter_map(|index| self.baseline(*index));
        let devices = devices.flat_map(Baseline::to_read).cloned().collect();
        self.comparing = due;
        turn.push(Effect::Changed);
        turn.push(Effect::Call(ApiCall::ReadSessions(devices)));
    }

    /// The jobs to compare now, and when the next one is due.
    fn to_compare(&self, now: Timestamp) -> (Vec<JobIndex>, Option<Timestamp>) {
        let ended: Vec<JobIndex> = self.own(&|job| job.ended_at().is_some()).collect();
        let mut due = Vec::new();
        let mut next = None;
        if ended.is_empty() {
            return (due, next);
        }
        // Devices are read once for a whole plan, and not while its other kills continue.
        let open = self.own(&|job| !job.is_over() && !job.is_lost());
        let open: SortedSet<BatchId> = SortedSet::from_iter(
            open.filter_map(|index| self.job(index)).map(|job| job.batch().clone()),
        );
        for index in ended {
            let Some(entry) = self.entries.get(index.0) else { continue };
            if entry.baseline.is_none() || open.contains(&entry.batch.id) {
                continue;
            }
            let at = match entry.comparison {
                Some(comparison) => comparison.next,
                None => entry.job.verdict().is_none().then_some(now),
            };
            match at {
                Some(at) if at <= now => due.push(index),
                Some(at) => next = Some(next.map_or(at, |next: Timestamp| next.min(at))),
                None => {}
            }
        }
        (due, next)
    }

    pub(super) fn note_sessions(&mut self, turn: &mut Turn, live: Option<Live>) {
        let compared = std::mem::take(&mut self.comparing);
        // If the sign-in has ended meanwhile, the answers say nothing about the devices.
        if let Some(live) = live {
            for index in compared {
                self.judge(turn, index, &live);
            }
        }
        turn.push(Effect::Changed);
    }

    fn judge(&mut self, turn: &mut Turn, index: JobIndex, live: &Live) {
        let now = turn.now.wall;
        let Some(entry) = self.entry(index) else { return };
        let check = entry.baseline.as_ref().and_then(|known| known.check(&entry.job, live));
        let Some(check) = check else { return };
        let verdict = check.verdict;
        entry.check = Some(Arc::new(check));
        let is_slow = matches!(verdict.finding(), Finding::NotVerified | Finding::NotVerifiable);
        let done = entry.comparison.map_or(0, |comparison| comparison.done);
        let wait = AGAIN.get(done).filter(|_| is_slow && verdict.before() > 0);
        entry.comparison =
            Some(Comparison { done: done + 1, next: wait.map(|wait| now.plus(*wait)) });
        self.observe(turn, index, Source::Sessions, Observation::Checked(verdict));
    }
}
