//! What must be true in every state, whatever happened.

use super::world::{Arrival, Tab, World, task_id};
use crate::engine::LONGEST;
use crate::job::{End, Job, Phase};
use std::collections::BTreeMap;

/// Whether the world is as it must be.
pub(super) fn hold(world: &World) -> Result<(), String> {
    let mut owners = BTreeMap::new();
    for tab in &world.tabs {
        for index in tab.engine.indices() {
            let Some(job) = tab.engine.job(index) else { continue };
            of_job(world, tab, job)?;
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
            let number = (0..world.tasks.len()).find(|n| job.task_id() == Some(&task_id(*n)));
            let task = number.and_then(|number| world.tasks.get(number));
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

/// Polling never stops before the end.
fn follows(world: &World, tab: &Tab) -> Result<(), String> {
    let is_followed = |job: &Job| job.is_watched() || job.is_searched();
    let open = tab.engine.indices().filter_map(|index| tab.engine.job(index)).any(is_followed);
    let longest = i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
    let is_asleep = tab.reads.is_empty() && tab.wake > world.now + longest;
    if open && tab.is_signed_in && is_asleep {
        return Err("a job is neither read nor will be".to_owned());
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
