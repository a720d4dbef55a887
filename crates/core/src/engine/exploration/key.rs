//! What distinguishes two states: everything that a later step could depend on. Times count relative to the present.

use super::world::{Sent, Tab, World};
use crate::engine::memory::Entry;
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
    for Sent { tab, epoch, job, arrival, is_over, .. } in &world.sent {
        (tab, epoch, job.as_str(), arrival, is_over).hash(into);
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
    (tab.is_signed_in, tab.epoch, tab.is_storage_broken, tab.has_confirmed).hash(into);
    for (key, stored) in tab.storage.iter() {
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
    }
}

fn of_engine(engine: &Engine, now: &Now, into: &mut FxHasher) {
    let Now { wall: now, monotonic } = *now;
    let since = |at: Option<Timestamp>| at.map(|at| at.0.saturating_sub(now.0));
    let due = |at: Option<Timestamp>| since(at).map(|wait| wait.max(0));
    engine.is_signed_in.hash(into);
    engine.account.is_some().hash(into);
    for Entry { job, due: at, is_being_read, search, is_contested, .. } in &engine.entries {
        job.hash_state(into);
        (since(job.sent_at()), since(job.accepted_at())).hash(into);
        (due(*at), is_being_read, is_contested).hash(into);
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
    engine.elsewhere.hash(into);
    engine.tasks_elsewhere.iter().for_each(|(_, task)| task.as_str().hash(into));
}
