//! The watch for return: after a kill has ended, shows which of its users sign in again. The operator starts it, for half an hour at
//! most. It only reads, and never leads to a kill by itself.

use super::effect::{Effect, JobIndex};
use super::memory::Watch;
use super::state::{Engine, Turn};
use crate::ids::{MachineId, SessionId};
use crate::inventory::Reading;
use crate::job::{Job, Observation, Return, Source};
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use crate::verify::Baseline;
use std::time::Duration;

/// The delay between two reads of a device.
const EVERY: Duration = Duration::from_secs(15);
/// The same while the page is hidden, as for polls.
const HIDDEN: Duration = Duration::from_secs(30);
/// The longest watch, in minutes.
const LONGEST: u32 = 30;
/// How many devices are read.
const MOST: usize = 200;

/// The delay before a device is read again.
pub(super) fn delay(hidden: bool) -> Duration {
    if hidden { HIDDEN } else { EVERY }
}

/// A watch for return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchState {
    /// For how many minutes.
    pub minutes: u32,
    /// When it ends. `None` before the kill has ended.
    pub until: Option<Timestamp>,
    /// How many devices are read.
    pub devices: usize,
    /// How many the kill has reached, with the other members of their clusters.
    pub all: usize,
}

/// The last watch for return of some jobs that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchOver {
    /// For how many minutes it was started.
    pub minutes: u32,
    /// When it ended.
    pub until: Timestamp,
    /// How many devices were completely read, and of how many. `None` after a reload.
    pub devices: Option<(usize, usize)>,
    /// Whether nobody was seen to sign in again, by the watch or by the comparison.
    pub nobody: bool,
}

impl Engine {
    /// Whether a job can be watched: it was sent, and it is known whose sessions it should end.
    pub fn may_watch(&self, index: JobIndex) -> bool {
        self.entries.get(index.0).is_some_and(|entry| {
            let users = entry.baseline.as_ref().map(|known| known.users(entry.job.request()));
            let may_end = entry.job.ended_at().is_some() || !entry.job.is_over();
            may_end && users.is_some_and(|users| users.iter().next().is_some())
        })
    }

    /// The watch for return of a job, if it is wanted and not over.
    pub fn watch_of(&self, index: JobIndex) -> Option<WatchState> {
        let entry = self.entries.get(index.0)?;
        let watch = entry.watch.as_ref()?;
        let all = entry.baseline.iter().flat_map(Baseline::members).count();
        let until = watch.until.map(|(_, at)| at);
        Some(WatchState { minutes: watch.minutes, until, devices: all.min(MOST), all })
    }

    /// The last watch of these jobs, if one is over and none is wanted.
    pub fn watch_over(&self, jobs: &[JobIndex]) -> Option<WatchOver> {
        let entries = || jobs.iter().filter_map(|index| self.entries.get(index.0));
        if entries().any(|entry| entry.watch.is_some()) {
            return None;
        }
        let (mut last, mut minutes) = (None, 0);
        for event in entries().flat_map(|entry| entry.job.events()) {
            match event.what {
                Observation::WatchStarted(number) => minutes = number,
                Observation::WatchEnded => last = last.max(Some(event.at)),
                _ => {}
            }
        }
        let until = last?;
        // Jobs of one plan may have the same devices.
        let (mut read, mut all) = (SortedSet::new(), SortedSet::new());
        for entry in entries() {
            read.extend(entry.watched.iter().flatten());
            all.extend(entry.baseline.iter().flat_map(Baseline::members));
        }
        let is_known = entries().all(|entry| entry.watched.is_some());
        let devices = is_known.then(|| (read.len(), all.len()));
        let nobody = entries().all(|entry| !has_returned(&entry.job));
        Some(WatchOver { minutes, until, devices, nobody })
    }

    /// Starts the watch of these jobs, or ends it.
    pub(super) fn watch(&mut self, turn: &mut Turn, jobs: &[JobIndex], minutes: Option<u32>) {
        for index in jobs {
            let Some(minutes) = minutes.filter(|_| self.may_watch(*index)) else {
                self.end_watch(turn, *index);
                continue;
            };
            let Some(entry) = self.entry(*index) else { continue };
            // guard: watch-is-short
            let minutes = minutes.min(LONGEST);
            let (seen, read) =
                entry.watch.take().map(|watch| (watch.seen, watch.read)).unwrap_or_default();
            entry.watch = Some(Watch { minutes, until: None, seen, read });
        }
        turn.push(Effect::Changed);
    }

    /// Ends the watch of a job, if there is one.
    pub(super) fn end_watch(&mut self, turn: &mut Turn, index: JobIndex) {
        let Some(entry) = self.entry(index) else { return };
        let Some(watch) = entry.watch.take() else { return };
        entry.watched = watch.until.is_some().then_some(watch.read);
        if watch.until.is_some() {
            self.observe(turn, index, Source::App, Observation::WatchEnded);
        }
        turn.push(Effect::Changed);
    }

    /// Starts the watches whose kill has ended, and ends those whose time is over.
    pub(super) fn watch_due(&mut self, turn: &mut Turn) {
        let now = turn.now;
        let watched: Vec<JobIndex> =
            self.indices().filter(|index| self.watch_of(*index).is_some()).collect();
        for index in watched {
            let Some(entry) = self.entry(index) else { continue };
            let (is_over, has_ended) = (entry.job.is_over(), entry.job.ended_at().is_some());
            let Some(watch) = &mut entry.watch else { continue };
            let minutes = watch.minutes;
            match watch.until {
                // guard: watch-ends
                Some((until, _)) if until <= now.monotonic => self.end_watch(turn, index),
                Some((until, _)) => turn.wake_in(until.saturating_sub(now.monotonic)),
                None if has_ended => {
                    let lasts = Duration::from_secs(u64::from(minutes) * 60);
                    watch.until = Some((now.monotonic.saturating_add(lasts), now.wall.plus(lasts)));
                    turn.wake_in(lasts);
                    self.observe(turn, index, Source::App, Observation::WatchStarted(minutes));
                    turn.push(Effect::Changed);
                }
                None if is_over => self.end_watch(turn, index),
                None => {}
            }
        }
    }

    /// The devices of all watches that run.
    pub(super) fn watched_devices(&self) -> Vec<MachineId> {
        let mut devices: Vec<MachineId> = Vec::new();
        for index in self.own(&|job| job.ended_at().is_some()) {
            let Some(entry) = self.entries.get(index.0) else { continue };
            if entry.watch.as_ref().is_none_or(|watch| watch.until.is_none()) {
                continue;
            }
            // guard: watch-reads-few-devices
            for device in entry.baseline.iter().flat_map(Baseline::members).take(MOST) {
                if !devices.contains(device) {
                    devices.push(device.clone());
                }
            }
        }
        devices.truncate(MOST);
        devices
    }

    /// Notes the new sessions in a list. A list from before the end of a kill shows which were there before.
    pub(super) fn note_returns(&mut self, turn: &mut Turn, device: &MachineId, reading: &Reading) {
        for place in 0..self.entries.len() {
            let Some(entry) = self.entries.get_mut(place) else { continue };
            let (Some(watch), Some(baseline)) = (&mut entry.watch, &entry.baseline) else {
                continue;
            };
            let ended = entry.job.ended_at().filter(|ended| *ended <= reading.read_at());
            let users: SortedSet<_> = baseline.users(entry.job.request());
            let was_read = watch.read.contains(device);
            let mut returns = Vec::new();
            let new = baseline.new_sessions(entry.job.request(), &users, device, reading);
            for (session, is_certain) in new {
                if ended.is_none() && is_certain {
                    continue;
                }
                if was_returned(&entry.job, &session.id) || !watch.seen.insert(session.id.clone()) {
                    continue;
                }
                let started = session.began();
                // Without a start, only a session that an earlier list lacks is certainly new.
                // guard: return-began-after-kill
                let is_later = |ended| started.map_or(was_read, |at| at > ended);
                // What the comparison counts is a return also if it began before the kill's end or before the watch.
                // guard: return-agrees-with-comparison
                if ended.is_some_and(|ended| is_certain || is_later(ended)) {
                    let known = entry.batch.reached.iter().find(|known| known.id == *device);
                    returns.push(Return {
                        user: session.user.clone(),
                        session: session.id.clone(),
                        client: session.client.clone(),
                        device: device.clone(),
                        name: known.map_or_else(|| device.to_string(), |known| known.name.clone()),
                        started,
                    });
                }
            }
            if ended.is_some() && reading.is_complete() {
                watch.read.insert(device.clone());
            }
            for one in returns {
                self.observe(turn, JobIndex(place), Source::Sessions, Observation::Returned(one));
            }
        }
    }
}

/// Whether a session was already reported, also by an earlier watch.
fn was_returned(job: &Job, id: &SessionId) -> bool {
    let is_it =
        |what: &Observation| matches!(what, Observation::Returned(one) if one.session == *id);
    job.events().iter().any(|event| is_it(&event.what))
}

/// Whether a user signed in again, as far as the watch or the comparison has seen.
pub fn has_returned(job: &Job) -> bool {
    job.returns() > 0 || job.verdict().is_some_and(|verdict| verdict.came_back > 0)
}
