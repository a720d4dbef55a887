//! The kill-sessions task worker: what it accepts, how a task runs, how it looks.
//!
//! Knows no HTTP. Time comes in from outside, so a task runs as fast as the appliance's clock does.

mod json;
mod machine;
mod request;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::accounts::Account;
use crate::inventory::Inventory;
use crate::moment::Moment;
use crate::rng::Rng;
use crate::sessions::Sessions;
use crate::settings::Settings;

pub(crate) use machine::Task;
pub(crate) use request::{Action, Entry, Invalid, KillRequest};

/// The two finished and the one failed task that the specification prints (sections 3.1, 3.2 and
/// "Common Errors"): every fresh appliance remembers them.
const PRINTED: &str = include_str!("../../fixtures/spec-tasks.json");

/// `lastUpdateMicros` of the collection that the specification prints with them (section 3.2).
const UPDATED: i64 = 1_480_545_143_451_463;

/// Path of the worker, as segments.
pub(crate) const KILL_PATH: &[&str] = &["mgmt", "cm", "access", "tasks", "kill-sessions"];

/// `kind` of a task.
const KIND: &str = "cm:access:tasks:kill-sessions:accesskillsessionstaskitemstate";

/// What the appliance is made of, as a running task needs it.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The devices.
    pub inventory: &'a Inventory,
    /// The sessions, which a kill ends.
    pub sessions: &'a mut Sessions,
    /// Random numbers.
    pub rng: &'a mut Rng,
    /// The switches.
    pub settings: &'a Settings,
}

/// All tasks since the appliance was set up.
#[derive(Debug, Clone)]
pub struct Tasks {
    printed: Vec<Map<String, Value>>,
    live: BTreeMap<u64, Task>,
    created: u64,
    updated: Moment,
}

impl Default for Tasks {
    fn default() -> Self {
        let printed: Vec<Map<String, Value>> = serde_json::from_str(PRINTED).unwrap_or_default();
        Self { printed, live: BTreeMap::new(), created: 0, updated: Moment::from_micros(UPDATED) }
    }
}

impl Tasks {
    /// Starts a task and returns it as it is in that moment.
    pub fn start(
        &mut self,
        request: KillRequest,
        caller: Account,
        stamp: Stamp,
        rng: &mut Rng,
    ) -> &Task {
        self.created += 1;
        self.updated = stamp.at;
        let task = Task::new(request, caller, stamp, rng);
        self.live.entry(self.created).or_insert(task)
    }

    /// Lets every task do what is due until `now`, in the order in which it falls due.
    pub fn settle(&mut self, now: Moment, ground: &mut Ground<'_>) {
        loop {
            let due = |task: &Task| task.due().filter(|due| *due <= now);
            let next = self.live.iter().filter_map(|(key, task)| Some((due(task)?, *key))).min();
            let Some((at, key)) = next else { return };
            // Whoever is due to sign in before this step is there to be killed by it.
            ground.sessions.settle(at);
            if let Some(task) = self.live.get_mut(&key) {
                task.step(at, ground);
                self.updated = task.updated();
            }
        }
    }

    /// The JSON of the task `id`.
    pub fn find(&self, id: &str, settings: &Settings) -> Option<Map<String, Value>> {
        let named = |task: &&Map<String, Value>| task.get("id").is_some_and(|v| v == id);
        self.printed.iter().find(named).cloned().or_else(|| {
            self.live.values().find(|task| task.id() == id).map(|task| task.json(settings))
        })
    }

    /// Asks the task `id` to stop, if it is running.
    pub fn cancel(&mut self, id: &str, now: Moment) -> Option<&Task> {
        let task = self.live.values_mut().find(|task| task.id() == id)?;
        task.cancel(now).then_some(task)
    }

    /// Whose sessions the task `id` ends, and when it was started.
    pub fn user_and_start(&self, id: &str) -> Option<(&str, Moment)> {
        self.live.values().find(|task| task.id() == id).map(Task::user_and_start)
    }

    /// The JSON of all tasks, oldest first.
    pub fn all(&self, settings: &Settings) -> Vec<Map<String, Value>> {
        let live = self.live.values().map(|task| task.json(settings));
        self.printed.iter().cloned().chain(live).collect()
    }

    /// The collection around `items` (specification, section 3.2).
    pub fn collection(&self, items: Vec<Value>) -> Map<String, Value> {
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

/// What the appliance writes into a request before it looks at it; a refused request is quoted
/// with it, an accepted one keeps it.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Task id.
    pub id: String,
    /// When the request came in.
    pub at: Moment,
}

impl Stamp {
    /// `selfLink` of the task.
    pub fn link(&self) -> String {
        format!("https://localhost/mgmt/cm/access/tasks/kill-sessions/{}", self.id)
    }

    /// The request with the stamp, as `originalRequestBody` quotes it (specification, "Common
    /// Errors").
    pub fn quote(&self, sent: &Map<String, Value>) -> String {
        let mut body = sent.clone();
        let stamp = json!({
            "id": self.id,
            "status": "CREATED",
            "name": "kill-access-sessions",
            "generation": 1,
            "lastUpdateMicros": self.at.micros(),
            "kind": KIND,
            "selfLink": self.link(),
        });
        if let Value::Object(stamp) = stamp {
            body.extend(stamp);
        }
        Value::from(body).to_string()
    }
}
