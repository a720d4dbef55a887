//! What must be true in every state, whatever happened.

use super::world::{Arrival, Tab, World};
use crate::engine::{JobIndex, LONGEST};
use crate::job::{End, Job, Now, Phase};
use crate::verify::SoFar;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the world is as it must be.
pub(super) fn hold(world: &World) -> Result<(), String> {
    let mut owners = BTreeMap::new();
    for tab in &world.tabs {
        let mut ids = BTreeSet::new();
        for index in tab.engine.indices() {
            let Some(job) = tab.engine.job(index) else { continue };
            if !ids.insert(job.id()) {
                return Err(format!("{} is there twice", job.id()));
            }
            of_job(world, tab, job)?;
            unsent_in_queue(tab, index, job)?;
            stored(tab, job)?;
            verified(world, tab, index)?;
            if let Some(task) = job.task_id() {
                let owner = owners.entry(task.clone()).or_insert_with(|| job.id().clone());
                if owner != job.id() {
                    return Err(format!("{owner} and {} have the same task", job.id()));
                }
            }
        }
        follows(world, tab)?;
    }
    executed_once(world)?;
    recorded(world)
}

/// Nothing executes twice for one confirmation.
fn executed_once(world: &World) -> Result<(), String> {
    for job in &world.confirmed {
        if world.tasks.iter().filter(|task| task.job.as_ref() == Some(job)).count() > 1 {
            return Err(format!("{job} was executed twice"));
        }
    }
    Ok(())
}

/// What is shown about a job is true.
fn of_job(world: &World, tab: &Tab, job: &Job) -> Result<(), String> {
    let id = job.id();
    let sent = world.sent_of(id);
    let was_executed = sent.is_some_and(|sent| matches!(sent.arrival, Arrival::Executed { .. }));
    let may_be_executed = sent.is_some_and(|sent| sent.arrival == Arrival::OnItsWay);
    match job.phase() {
        Phase::Confirmed | Phase::NotSent(_) if sent.is_some() => {
            Err(format!("{id} left and is shown as {:?}", job.phase()))
        }
        Phase::Rejected(_) if was_executed || may_be_executed => {
            Err(format!("{id} is shown as refused and was not"))
        }
        Phase::Watched { .. } | Phase::Ended(_) => {
            let task = world.tasks.iter().find(|task| job.task_id() == Some(&task.id));
            let Some(task) = task else { return Err(format!("{id} has no task")) };
            if task.job.as_ref() != Some(id) {
                return Err(format!("{id} took a task that is not its own: {:?}", job.task_id()));
            }
            if matches!(job.phase(), Phase::Ended(_)) && !task.is_finished {
                return Err(format!("{id} is shown as ended and its task runs"));
            }
            match (job.phase(), tab.ends.get(id)) {
                (Phase::Ended(end), Some(before)) if end != before => {
                    Err(format!("the end of {id} changed"))
                }
                (Phase::Watched { .. }, Some(_)) => Err(format!("{id} had ended and runs again")),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// A job that waits to be sent can be sent.
fn unsent_in_queue(tab: &Tab, index: JobIndex, job: &Job) -> Result<(), String> {
    let mut queued = tab.engine.queue.batches.iter().flat_map(|queued| &queued.requests);
    if *job.phase() == Phase::Confirmed && !queued.any(|(other, _)| *other == index) {
        return Err(format!("{} is shown as waiting and will never be sent", job.id()));
    }
    Ok(())
}

/// Each job that is shown has a record.
fn stored(tab: &Tab, job: &Job) -> Result<(), String> {
    let has =
        |kind: &str, id: &str| tab.storage.keys().any(|key| key.strip_prefix(kind) == Some(id));
    if has("curfew:batch:", job.batch().as_str()) && has("curfew:job:", job.id().as_str()) {
        return Ok(());
    }
    Err(format!("{} is in no record", job.id()))
}

/// What a comparison reports about sessions is true.
fn verified(world: &World, tab: &Tab, index: JobIndex) -> Result<(), String> {
    // What is missing during a kill is gone. What is listed may end in the next moment.
    let is_gone = |so_far: &SoFar| so_far.gone > 0;
    if world.has_session && tab.engine.so_far(index).is_some_and(is_gone) {
        return Err("a session is counted as gone during the kill and is live".to_owned());
    }
    let Some(check) = tab.engine.check(index) else { return Ok(()) };
    for session in check.units.iter().flat_map(|unit| &unit.sessions) {
        match session.now {
            Now::Gone if world.has_session => {
                return Err(format!("the session {} is reported as ended and is live", session.id));
            }
            Now::Remaining if !world.has_session => {
                return Err(format!(
                    "the session {} is reported as live and has ended",
                    session.id
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Every request that left is in a record.
fn recorded(world: &World) -> Result<(), String> {
    for sent in &world.sent {
        let key = format!("curfew:job:{}", sent.job);
        let is_recorded = world.tabs.get(sent.tab).is_some_and(|tab| {
            tab.storage.get(&key).is_some_and(|record| record.text.contains("\"Sent\""))
        });
        if !is_recorded {
            return Err(format!("{} left and is in no record", sent.job));
        }
    }
    Ok(())
}

/// Polling never stops before the end, and a comparison follows the end.
fn follows(world: &World, tab: &Tab) -> Result<(), String> {
    let jobs = || tab.engine.indices().filter_map(|index| Some((index, tab.engine.job(index)?)));
    // Devices are read once all kills of a plan are over.
    let is_open = jobs().any(|(_, job)| !job.is_over() && !job.is_lost());
    let open = jobs().any(|(index, job)| {
        let is_compared =
            is_open || tab.engine.check(index).is_some() || tab.engine.baseline(index).is_none();
        job.is_watched() || job.is_searched() || (job.ended_at().is_some() && !is_compared)
    });
    let longest = i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
    let is_asleep = tab.reads.is_empty() && tab.wake > world.now + longest;
    if open && tab.is_signed_in && is_asleep {
        return Err("a job or its sessions are neither read nor will be".to_owned());
    }
    Ok(())
}

/// The end of a job, if it has one.
pub(super) fn end_of(job: &Job) -> Option<&End> {
    match job.phase() {
        Phase::Ended(end) => Some(end),
        _ => None,
    }
}
