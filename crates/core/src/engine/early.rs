//! Reads sessions while kills run, so that the job page can show how many are gone before BIG-IQ's task ends, and during a watch
//! for return. It must not judge a kill: the result is compared after the end.

use super::effect::{ApiCall, Effect, JobIndex};
use super::input::CallFailure;
use super::memory::EarlyRead;
use super::state::{Engine, Turn};
use super::watch;
use crate::count::Count;
use crate::ids::{BatchId, MachineId};
use crate::inventory::{Live, Reading};
use crate::job::{Failure, Job, Refusal};
use crate::verify::{Baseline, SoFar};
use std::time::Duration;

/// Sessions are not read until a kill has run for this long: most are over by then.
const FIRST: Duration = Duration::from_secs(1);
/// How many devices are read.
const MOST: usize = 32;
/// How many of them at a time.
const AT_ONCE: usize = 4;
/// The delay between two reads of a device.
const SHORTEST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(60);
/// The delay after a failure. It doubles with each further failure.
const BACK_OFF: Duration = Duration::from_secs(10);

impl Engine {
    /// How many of the sessions seen before a job are gone while its kill runs. `None` if the kill doesn't run, or no device was
    /// read yet.
    pub fn so_far(&self, index: JobIndex) -> Option<&SoFar> {
        let entry = self.entries.get(index.0)?;
        entry.so_far.as_ref().filter(|_| entry.job.is_killing())
    }

    /// The same for all kills of a plan together, including those that have not begun. `None` while none runs, or no device was read
    /// yet.
    pub fn so_far_of_plan(&self, batch: &BatchId) -> Option<SoFar> {
        let of_plan = || self.entries.iter().filter(|entry| entry.batch.id == *batch);
        if !of_plan().any(|entry| entry.job.is_killing() && entry.so_far.is_some()) {
            return None;
        }
        let unknown =
            || SoFar { before: Count::Unknown, gone: 0, left: Vec::new(), silent: Vec::new() };
        let mut all = SoFar { before: Count::Exactly(0), ..unknown() };
        for entry in of_plan() {
            all.add(match (&entry.so_far, &entry.baseline) {
                (Some(so_far), _) => so_far.clone(),
                // guard: so-far-counts-all-jobs
                (None, Some(baseline)) => baseline.before(),
                (None, None) => unknown(),
            });
        }
        Some(all)
    }

    /// Reads the devices that are due.
    pub(super) fn read_early(&mut self, turn: &mut Turn) {
        let now = turn.now.monotonic;
        let (killing, watched) = (self.read_while_killing(), self.watched_devices());
        let reads = &mut self.early.reads;
        let is_wanted = |id: &MachineId| killing.contains(id) || watched.contains(id);
        reads.retain(|read| read.since.is_some() || is_wanted(&read.device));
        for (devices, wait) in [(&killing, FIRST), (&watched, Duration::ZERO)] {
            for device in devices {
                if !reads.iter().any(|read| read.device == *device) {
                    reads.push(EarlyRead::of(device.clone(), now, now.saturating_add(wait)));
                }
            }
        }
        if killing.is_empty() {
            self.early.live = Live::default();
        }
        if !self.is_signed_in || !self.page.online {
            return;
        }
        let mut in_flight = reads.iter().filter(|read| read.since.is_some()).count();
        for read in reads.iter_mut().filter(|read| read.since.is_none()) {
            // The operator asked for the watch, and may be elsewhere meanwhile.
            // guard: no-early-reads-when-hidden
            if self.page.hidden && !watched.contains(&read.device) {
                continue;
            }
            let due = read.due.max(self.early.rests_until);
            if due > now {
                turn.wake_in(due.saturating_sub(now));
                continue;
            }
            // The end of a read is an input.
            // guard: early-reads-at-once
            if in_flight >= AT_ONCE {
                break;
            }
            in_flight += 1;
            read.since = Some(now);
            turn.push(Effect::Call(ApiCall::ReadEarly(read.device.clone())));
        }
    }

    /// The first devices with sessions that may not be gone yet, of all kills that run.
    fn read_while_killing(&self) -> Vec<MachineId> {
        let mut wanted: Vec<MachineId> = Vec::new();
        for index in self.own(&Job::is_killing) {
            let Some(entry) = self.entries.get(index.0) else { continue };
            let all = entry.baseline.iter().flat_map(Baseline::devices);
            let left = entry.so_far.as_ref().map(|so_far| &so_far.left);
            for device in all.filter(|id| left.is_none_or(|left| left.contains(id))) {
                if wanted.len() >= MOST {
                    return wanted;
                }
                if !wanted.contains(device) {
                    wanted.push(device.clone());
                }
            }
        }
        wanted
    }

    /// A device was read, or did not answer with a list.
    pub(super) fn note_early(
        &mut self,
        turn: &mut Turn,
        device: &MachineId,
        answer: Result<Option<Reading>, CallFailure>,
    ) {
        let now = turn.now.monotonic;
        let is_killing = self.read_while_killing().contains(device);
        if let Ok(Some(reading)) = &answer {
            self.note_returns(turn, device, reading);
        }
        let hidden = self.page.hidden;
        let early = &mut self.early;
        let Some(read) = early.reads.iter_mut().find(|read| read.device == *device) else { return };
        let Some(since) = read.since.take() else { return };
        let pause = match answer {
            Ok(Some(reading)) => {
                read.failures = 0;
                if is_killing {
                    early.live.note_reading(device, reading);
                }
                None
            }
            Ok(None) => {
                read.failures = read.failures.saturating_add(1);
                None
            }
            Err(error) => {
                read.failures = read.failures.saturating_add(1);
                let is_busy =
                    matches!(error.failure, Failure::Refused { refusal: Refusal::Busy, .. });
                error.retry_after.or(is_busy.then_some(BACK_OFF))
            }
        };
        // guard: early-reads-rest
        if let Some(pause) = pause {
            early.rests_until = early.rests_until.max(now.saturating_add(pause));
        }
        let (age, took) = (now.saturating_sub(read.added), now.saturating_sub(since));
        let regular = if is_killing { regular(age, took) } else { watch::delay(hidden) };
        read.due = now.saturating_add(delay(regular, read.failures));
        self.count_gone(turn, device);
    }

    /// Counts the sessions of the kills that need a device.
    fn count_gone(&mut self, turn: &mut Turn, device: &MachineId) {
        let killing: Vec<JobIndex> = self.own(&Job::is_killing).collect();
        for index in killing {
            let Some(entry) = self.entries.get_mut(index.0) else { continue };
            let needs = |known: &&Baseline| known.devices().any(|id| id == device);
            let Some(baseline) = entry.baseline.as_ref().filter(needs) else { continue };
            let Some(mut so_far) = baseline.so_far(&entry.job, &self.early.live) else { continue };
            let silent = |id: &&MachineId| {
                let mut reads = self.early.reads.iter().filter(|read| read.device == **id);
                reads.any(|read| read.failures > 0)
            };
            so_far.silent = so_far.left.iter().filter(silent).cloned().collect();
            entry.so_far = Some(so_far);
            turn.push(Effect::JobChanged(index));
        }
    }
}

/// The regular delay before a device is read again while a kill runs: longer for old kills and for slow devices.
fn regular(age: Duration, took: Duration) -> Duration {
    (age / 4).max(took.saturating_mul(4)).max(SHORTEST)
}

/// The delay, which is longer after failures.
fn delay(regular: Duration, failures: u32) -> Duration {
    // guard: early-reads-back-off
    let after_failures = match failures {
        0 => Duration::ZERO,
        failures => BACK_OFF.saturating_mul(1 << (failures - 1).min(6)),
    };
    regular.max(after_failures).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::young(0, 100, 0, 2_000)]
    #[case::old(40_000, 100, 0, 10_000)]
    #[case::very_old(3_600_000, 100, 0, 60_000)]
    #[case::slow(0, 3_000, 0, 12_000)]
    #[case::failed(0, 100, 1, 10_000)]
    #[case::failed_again(0, 100, 2, 20_000)]
    #[case::failing_for_hours(0, 15_000, u32::MAX, 60_000)]
    fn delays(#[case] age: u64, #[case] took: u64, #[case] failures: u32, #[case] expected: u64) {
        let ms = Duration::from_millis;
        assert_eq!(delay(regular(ms(age), ms(took)), failures), ms(expected));
    }
}
