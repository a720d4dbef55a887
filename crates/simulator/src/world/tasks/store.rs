//! All kill tasks of an appliance.
//!
//! Time comes from the caller, so tasks run as fast as the appliance's clock.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::request::KillRequest;
use super::stamp::Stamp;
use super::task::Task;
use super::world::World;
use crate::world::account::Account;
use crate::world::rng::Rng;
use crate::world::settings::Settings;
use crate::world::timestamp::Timestamp;

/// The two finished tasks and the failed one that the specification prints (sections 3.1, 3.2 and
/// "Common Errors"); every new appliance has them.
const SAMPLES: &str = include_str!("../../../fixtures/spec-tasks.json");

/// `lastUpdateMicros` of the collection that the specification prints with them (section 3.2).
const SAMPLES_UPDATED_MICROS: i64 = 1_480_545_143_451_463;

/// All tasks.
#[derive(Debug, Clone)]
pub(crate) struct TaskStore {
    samples: Vec<Map<String, Value>>,
    started: BTreeMap<u64, Task>,
    created: u64,
    updated: Timestamp,
}

impl Default for TaskStore {
    fn default() -> Self {
        let samples: Vec<Map<String, Value>> = serde_json::from_str(SAMPLES).unwrap_or_default();
        Self {
            samples,
            started: BTreeMap::new(),
            created: 0,
            updated: Timestamp::from_micros(SAMPLES_UPDATED_MICROS),
        }
    }
}

impl TaskStore {
    /// Starts a task and returns it in its initial state.
    pub(crate) fn start(
        &mut self,
        request: KillRequest,
        caller: Account,
        stamp: Stamp,
        rng: &mut Rng,
    ) -> &Task {
        self.created += 1;
        self.updated = stamp.at;
        let task = Task::new(request, caller, stamp, rng);
        self.started.entry(self.created).or_insert(task)
    }

    /// Runs every task until `now`, each step in the order in which it is due.
    pub(crate) fn run_until(&mut self, now: Timestamp, world: &mut World<'_>) {
        loop {
            let due = |task: &Task| task.due().filter(|due| *due <= now);
            let next = self.started.iter().filter_map(|(key, task)| Some((due(task)?, *key))).min();
            let Some((at, key)) = next else { return };
            // Users who are due to sign in before this step can be killed by it.
            world.sessions.return_due_users(at);
            if let Some(task) = self.started.get_mut(&key) {
                task.step(at, world);
                self.updated = task.updated();
            }
        }
    }

    /// The JSON of the task `id`.
    pub(crate) fn find(&self, id: &str, settings: &Settings) -> Option<Map<String, Value>> {
        let named = |task: &&Map<String, Value>| task.get("id").is_some_and(|v| v == id);
        self.samples.iter().find(named).cloned().or_else(|| {
            self.started.values().find(|task| task.id() == id).map(|task| task.json(settings))
        })
    }

    /// Cancels the task `id`, if it is running.
    pub(crate) fn cancel(&mut self, id: &str, now: Timestamp, cancel_ms: u32) -> Option<&Task> {
        let task = self.started.values_mut().find(|task| task.id() == id)?;
        task.cancel(now, cancel_ms).then_some(task)
    }

    /// The task `id`, unless it is one of the samples.
    pub(crate) fn task(&self, id: &str) -> Option<&Task> {
        self.started.values().find(|task| task.id() == id)
    }

    /// The JSON of all tasks, oldest first.
    pub(crate) fn all(&self, settings: &Settings) -> Vec<Map<String, Value>> {
        let live = self.started.values().map(|task| task.json(settings));
        self.samples.iter().cloned().chain(live).collect()
    }

    /// The collection with these items (specification, section 3.2).
    pub(crate) fn collection(&self, items: Vec<Value>) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("items".to_owned(), items.into());
        map.insert("generation".to_owned(), (self.created + 4).into());
        map.insert(
            "kind".to_owned(),
            "cm:access:tasks:kill-sessions:accesskillsessionstaskcollectionstate".into(),
        );
        map.insert("lastUpdateMicros".to_owned(), self.updated.micros().into());
        map.insert(
            "selfLink".to_owned(),
            "https://localhost/mgmt/cm/access/tasks/kill-sessions".into(),
        );
        map
    }
}
