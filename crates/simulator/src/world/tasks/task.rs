//! One task's life: `RESOLVE_DEVICES`, `KILL` device by device, `DONE`.
//!
//! Timings follow the specification's samples: about 6 ms to resolve, about a tenth of a second to
//! kill, one more write some 50 ms after the end. An unreachable device holds the task for 75 s
//! (captured from another worker). Cancelling is made up: no public source shows it.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::request::KillRequest;
use super::stamp::Stamp;
use super::targets::{Target, targets};
use super::world::Ground;
use crate::world::account::Account;
use crate::world::device::{Device, Role, Temper};
use crate::world::rng::Rng;
use crate::world::timestamp::Moment;

const UNREACHABLE_MS: i64 = 75_000;
const CANCEL_MS: i64 = 400;

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Running.
    Started,
    /// Running, asked to stop.
    CancelRequested,
    /// Ended before all was done.
    Cancelled,
    /// Ended with an error.
    Failed,
    /// Ended.
    Finished,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Resolve,
    Kill,
    Done,
}

/// What a device could not end.
#[derive(Debug, Clone)]
pub(super) struct Shortfall {
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
    pub(super) ended: Option<Moment>,
    pub(super) references: Option<Vec<Value>>,
    pub(super) shortfalls: Vec<Shortfall>,
    targets: VecDeque<Target>,
    failed: bool,
    updated: Moment,
    due: Option<Moment>,
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
            shortfalls: Vec::new(),
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

    /// Whose sessions it ends, and when it was started.
    pub(crate) fn user_and_start(&self) -> (&str, Moment) {
        (&self.request.user, self.stamp.at)
    }

    /// When it does its next step; `None` once ended.
    pub(crate) fn due(&self) -> Option<Moment> {
        self.due
    }

    /// When it was last written.
    pub(crate) fn updated(&self) -> Moment {
        self.updated
    }

    /// Asks it to stop; whether it was running.
    pub(crate) fn cancel(&mut self, now: Moment) -> bool {
        if self.status != Status::Started {
            return false;
        }
        self.status = Status::CancelRequested;
        self.updated = now;
        self.due = Some(now.plus_millis(CANCEL_MS));
        true
    }

    /// Does what is due at `at`.
    pub(super) fn step(&mut self, at: Moment, ground: &mut Ground<'_>) {
        self.updated = at;
        if self.status == Status::CancelRequested {
            self.end(Status::Cancelled, at);
            return;
        }
        match self.step {
            Step::Resolve => self.resolve(at, ground),
            Step::Kill => self.kill(at, ground),
            Step::Done => self.due = None,
        }
    }

    fn resolve(&mut self, at: Moment, ground: &mut Ground<'_>) {
        self.generation = 2;
        match targets(&self.request, ground) {
            Ok(targets) => {
                let link = |target: &Target| Some(reference(ground.inventory.get(target.device)?));
                self.references = Some(targets.iter().filter_map(link).collect());
                self.targets = targets;
                self.step = Step::Kill;
                self.generation = 3;
                self.wait_for_next(at, ground);
            }
            Err(failure) => {
                self.error = Some(failure.message);
                self.result = failure.result;
                self.end(Status::Failed, at);
            }
        }
    }

    fn kill(&mut self, at: Moment, ground: &mut Ground<'_>) {
        if let Some(target) = self.targets.pop_front() {
            self.kill_on(&target, at, ground);
        }
        if !self.targets.is_empty() {
            self.wait_for_next(at, ground);
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

    fn kill_on(&mut self, target: &Target, at: Moment, ground: &mut Ground<'_>) {
        let Some(device) = ground.inventory.get(target.device) else { return };
        if matches!(device.role, Role::Standby { .. }) {
            return;
        }
        let mut ids = ground.sessions.meant(target.device, &target.selector);
        match temper(device) {
            Temper::Healthy | Temper::Slow(_) => {}
            Temper::Refusing | Temper::Unreachable => {
                self.failed = true;
                return;
            }
            Temper::Partial => {
                if !ids.is_empty() {
                    self.failed = true;
                    self.shortfalls.push(Shortfall {
                        host: device.hostname.clone(),
                        link: link(device),
                        ids: vec![ids.remove(0)],
                    });
                }
            }
        }
        let per_mille = ground.settings.returning_per_mille;
        ground.sessions.end(target.device, &ids, at, ground.rng, per_mille);
    }

    fn wait_for_next(&mut self, at: Moment, ground: &mut Ground<'_>) {
        let next = self.targets.front().and_then(|target| ground.inventory.get(target.device));
        let wait = match next.map(temper) {
            Some(Temper::Slow(millis)) => millis,
            Some(Temper::Unreachable) => UNREACHABLE_MS,
            _ => ground.rng.between(85, 145),
        };
        self.due = Some(at.plus_millis(wait));
    }

    fn end(&mut self, status: Status, at: Moment) {
        self.status = status;
        self.ended = Some(at);
        self.updated = Moment::from_micros(at.micros() + 51_782);
        self.due = None;
    }
}

/// How a device takes a kill; one that Access does not know cannot take any.
fn temper(device: &Device) -> Temper {
    if device.in_access() { device.temper } else { Temper::Refusing }
}

fn link(device: &Device) -> String {
    format!("https://localhost/mgmt/cm/system/machineid-resolver/{}", device.id)
}

fn reference(device: &Device) -> Value {
    json!({"link": link(device)})
}
