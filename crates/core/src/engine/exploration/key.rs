//! What distinguishes two states: everything that a later step could depend on. Times count relative to the present.

use super::bigiq::LAG;
use super::world::{Sent, Tab, World};
use crate::engine::memory::{Comparison, Entry};
use crate::engine::{ApiCall, Engine, Now};
use crate::timestamp::Timestamp;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// The hash of a state.
pub(super) fn of(world: &World) -> u64 {
    let mut hasher = FxHasher::default();
    let into = &mut hasher;
    world.left.hash(into);
    world.ahead.hash(into);
    (world.discarded.len(), world.has_session).hash(into);
    for Sent { tab, epoch, job, at, arrival, is_over, .. } in &world.sent {
        let age = (world.now - at).min(LAG);
        (tab, epoch, job.as_str(), age, arrival, is_over).hash(into);
    }
    for task in &world.tasks {
        let job = task.job.as_ref().map(|job| job.as_str());
        (job, task.is_finished, task.started - world.now).hash(into);
    }
    for (batch, tab) in &world.locks {
        (batch.as_str(), tab).hash(into);
    }
    for tab in &world.tabs {
        of_tab(tab, world, into);
    }
    hasher.finish()
}

fn of_tab(tab: &Tab, world: &World, into: &mut FxHasher) {
    (tab.is_signed_in, tab.epoch, tab.is_storage_broken, tab.plans).hash(into);
    for (key, stored) in tab.storage.iter() {
        (key, &stored.phase).hash(into);
    }
    for (key, stored) in tab.writes.iter().flat_map(|write| &write.records) {
        (key, &stored.phase).hash(into);
    }
    tab.not_found.iter().for_each(|job| job.as_str().hash(into));
    tab.copies.iter().for_each(|batch| batch.as_str().hash(into));
    for read in &tab.reads {
        of_call(read, into);
    }
    of_engine(&tab.engine, &world.time(), into);
}

fn of_call(call: &ApiCall, into: &mut FxHasher) {
    match call {
        ApiCall::Post { job, .. } => (0, job).hash(into),
        ApiCall::ReadTask { job, task } => (1, job, task.as_str()).hash(into),
        ApiCall::ReadTasks { query, purpose } => format!("{query:?}{purpose:?}").hash(into),
        ApiCall::ReadSessions(_) => 3.hash(into),
        ApiCall::Cancel { job, .. } => (4, job).hash(into),
        ApiCall::ReadEarly(_) => 5.hash(into),
    }
}

fn of_engine(engine: &Engine, now: &Now, into: &mut FxHasher) {
    let Now { wall: now, monotonic } = *now;
    let since = |at: Option<Timestamp>| at.map(|at| at.0.saturating_sub(now.0));
    let due = |at: Option<Timestamp>| since(at).map(|wait| wait.max(0));
    engine.is_signed_in.hash(into);
    engine.account.is_some().hash(into);
    for entry in &engine.entries {
        let Entry { job, due: at, is_being_read, search, is_contested, .. } = entry;
        let Entry { baseline, check, comparison, so_far, .. } = entry;
        job.hash_state(into);
        (since(job.sent_at()), since(job.accepted_at())).hash(into);
        (due(*at), is_being_read, is_contested).hash(into);
        if baseline.is_some() {
            let next = comparison.map(|Comparison { done, next }| (done, due(next)));
            let verdict = check.as_ref().map(|check| format!("{:?}", check.verdict));
            let so_far = so_far.as_ref().map(|so_far| (so_far.gone, so_far.silent.len()));
            (next, verdict, so_far).hash(into);
        }
        search.searched().map(|(first, last)| (since(Some(first)), since(Some(last)))).hash(into);
    }
    let queue = &engine.queue;
    for queued in &queue.batches {
        (queued.batch.id.as_str(), queued.is_ready, queued.requests.len()).hash(into);
    }
    (queue.turn, queue.starting.len(), &queue.in_flight, queue.recording.len()).hash(into);
    queue.rate_limit.ready_in(monotonic).hash(into);
    let polling = &engine.polling;
    (&polling.list, polling.no_list, polling.turn, due(Some(polling.rests_until))).hash(into);
    let searching = &engine.searching;
    (due(Some(searching.due)), searching.all, searching.unlisted.min(8)).hash(into);
    if let Some(reading) = &searching.reading {
        (&reading.lost, since(Some(reading.first_sent)), reading.all).hash(into);
    }
    searching.seen_tasks.each(&mut |id, at| (id.as_str(), since(Some(at))).hash(into));
    engine.comparing.hash(into);
    for read in &engine.early.reads {
        let (added, due) =
            (monotonic.saturating_sub(read.added), read.due.saturating_sub(monotonic));
        let since = read.since.map(|since| monotonic.saturating_sub(since));
        (added, due, since, read.failures.min(8)).hash(into);
    }
    engine.early.rests_until.saturating_sub(monotonic).hash(into);
    engine.elsewhere.hash(into);
    engine.tasks_elsewhere.iter().for_each(|(_, task)| task.as_str().hash(into));
}
