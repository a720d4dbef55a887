//! One task and its steps: `RESOLVE_DEVICES`, `KILL` for each device, `DONE`.
//!
//! Timings follow the specification's samples: about 6 ms to resolve, about 100 ms per kill, and a
//! last write about 50 ms after the end. An unreachable device delays the task by 75 s (captured
//! from another worker). Cancelling is invented: no public source shows it.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::request::KillRequest;
use super::stamp::Stamp;
use super::targets::{Target, targets};
use super::world::World;
use crate::world::account::Account;
use crate::world::device::{Device, HaRole, KillBehaviour};
use crate::world::rng::Rng;
use crate::world::timestamp::Timestamp;

const UNREACHABLE_MS: i64 = 75_000;
const LAST_WRITE_MICROS: i64 = 51_782;

/// Status of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Running.
    Started,
    /// Running, cancellation requested.
    CancelRequested,
    /// Cancelled before everything was done.
    Cancelled,
    /// Ended with an error.
    Failed,
    /// Ended.
    Finished,
}

/// Step of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Resolve,
    Kill,
    Done,
}

/// Sessions on one device that could not be ended.
#[derive(Debug, Clone)]
pub(super) struct FailedSessions {
    pub(super) host: String,
    pub(super) link: String,
    pub(super) ids: Vec<String>,
}

/// A task.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(super) stamp: Stamp,
    pub(super) caller: Account,
    pub(super) request: KillRequest,
    pub(super) status: Status,
    pub(super) step: Step,
    pub(super) generation: u32,
    pub(super) result: Option<&'static str>,
    pub(super) error: Option<String>,
    pub(super) ended: Option<Timestamp>,
    pub(super) references: Option<Vec<Value>>,
    pub(super) failed_sessions: Vec<FailedSessions>,
    targets: VecDeque<Target>,
    failed: bool,
    updated: Timestamp,
    due: Option<Timestamp>,
}

impl Task {
    pub(super) fn new(request: KillRequest, caller: Account, stamp: Stamp, rng: &mut Rng) -> Self {
        let at = stamp.at;
        Self {
            stamp,
            caller,
            request,
            status: Status::Started,
            step: Step::Resolve,
            generation: 1,
            result: None,
            error: None,
            ended: None,
            references: None,
            failed_sessions: Vec::new(),
            targets: VecDeque::new(),
            failed: false,
            updated: at,
            due: Some(at.plus_millis(rng.between(4, 8))),
        }
    }

    /// Task id.
    pub(crate) fn id(&self) -> &str {
        &self.stamp.id
    }

    /// The user whose sessions it ends; empty if it is not for one user.
    pub(crate) fn user(&self) -> &str {
        &self.request.user
    }

    /// When it was started.
    pub(crate) fn started(&self) -> Timestamp {
        self.stamp.at
    }

    /// When its next step is due; `None` once it has ended.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// When it was last written.
    pub(crate) fn updated(&self) -> Timestamp {
        self.updated
    }

    /// Requests cancellation, to be done after `cancel_ms`; returns whether the task was running.
    pub(crate) fn cancel(&mut self, now: Timestamp, cancel_ms: u32) -> bool {
        if self.status != Status::Started {
            return false;
        }
        self.status = Status::CancelRequested;
        self.updated = now;
        self.due = Some(now.plus_millis(cancel_ms.into()));
        true
    }

    /// Does the step that is due at `at`.
    pub(super) fn step(&mut self, at: Timestamp, world: &mut World<'_>) {
        self.updated = at;
        if self.status == Status::CancelRequested {
            self.end(Status::Cancelled, at);
            return;
        }
        match self.step {
            Step::Resolve => self.resolve(at, world),
            Step::Kill => self.kill(at, world),
            Step::Done => self.due = None,
        }
    }

    fn resolve(&mut self, at: Timestamp, world: &mut World<'_>) {
        self.generation = 2;
        match targets(&self.request, world) {
            Ok(targets) => {
                let link = |target: &Target| Some(reference(world.inventory.get(target.device)?));
                self.references = Some(targets.iter().filter_map(link).collect());
                self.targets = targets;
                self.step = Step::Kill;
                self.generation = 3;
                self.schedule_next(at, world);
            }
            Err(failure) => {
                self.error = Some(failure.message);
                self.result = failure.result;
                self.end(Status::Failed, at);
            }
        }
    }

    fn kill(&mut self, at: Timestamp, world: &mut World<'_>) {
        if let Some(target) = self.targets.pop_front() {
            self.kill_on(&target, at, world);
        }
        if !self.targets.is_empty() {
            self.schedule_next(at, world);
        } else if self.failed {
            self.error = Some("Internal Error occurred".to_owned());
            self.end(Status::Failed, at);
        } else {
            self.step = Step::Done;
            self.generation = 4;
            self.result = Some("COMPLETE");
            self.end(Status::Finished, at);
        }
    }

    fn kill_on(&mut self, target: &Target, at: Timestamp, world: &mut World<'_>) {
        let Some(device) = world.inventory.get(target.device) else { return };
        if matches!(device.role, HaRole::Standby { .. }) {
            return;
        }
        let mut ids = world.sessions.ids_matching(target.device, &target.selector);
        match kill_behaviour(device) {
            KillBehaviour::Healthy | KillBehaviour::Slow { .. } => {}
            KillBehaviour::Refusing | KillBehaviour::Unreachable => {
                self.failed = true;
                return;
            }
            KillBehaviour::Partial => {
                if !ids.is_empty() {
                    self.failed = true;
                    self.failed_sessions.push(FailedSessions {
                        host: device.hostname.clone(),
                        link: link(device),
                        ids: vec![ids.remove(0)],
                    });
                }
            }
        }
        let per_mille = world.settings.returning_per_mille;
        world.sessions.end(target.device, &ids, at, world.rng, per_mille);
    }

    fn schedule_next(&mut self, at: Timestamp, world: &mut World<'_>) {
        let next = self.targets.front().and_then(|target| world.inventory.get(target.device));
        let wait_ms = match next.map(kill_behaviour) {
            Some(KillBehaviour::Slow { millis }) => millis,
            Some(KillBehaviour::Unreachable) => UNREACHABLE_MS,
            _ => world.rng.between(85, 145),
        };
        self.due = Some(at.plus_millis(wait_ms));
    }

    fn end(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.ended = Some(at);
        self.updated = Timestamp::from_micros(at.micros() + LAST_WRITE_MICROS);
        self.due = None;
    }
}

/// How a device reacts to a kill. A device that Access does not know refuses it.
fn kill_behaviour(device: &Device) -> KillBehaviour {
    if device.in_access() { device.kill_behaviour } else { KillBehaviour::Refusing }
}

fn link(device: &Device) -> String {
    format!("https://localhost/mgmt/cm/system/machineid-resolver/{}", device.id)
}

fn reference(device: &Device) -> Value {
    json!({"link": link(device)})
}
