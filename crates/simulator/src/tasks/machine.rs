//! One task's life: `RESOLVE_DEVICES`, `KILL` device by device, `DONE`.
//!
//! Timings follow the specification's samples: about 6 ms to resolve, about a tenth of a second to
//! kill, one more write some 50 ms after the end. An unreachable device holds the task for 75 s
//! (captured from another worker). Cancelling is made up: no public source shows it.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::{Action, Ground, KillRequest, Stamp};
use crate::accounts::Account;
use crate::device::{Device, Role, Temper};
use crate::moment::Moment;
use crate::rng::Rng;
use crate::sessions::Selector;

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

#[derive(Debug, Clone)]
struct Target {
    device: usize,
    selector: Selector,
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
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
    pub fn id(&self) -> &str {
        &self.stamp.id
    }

    /// Whose sessions it ends, and when it was started.
    pub fn user_and_start(&self) -> (&str, Moment) {
        (&self.request.user, self.stamp.at)
    }

    /// When it does its next step; `None` once ended.
    pub fn due(&self) -> Option<Moment> {
        self.due
    }

    /// When it was last written.
    pub fn updated(&self) -> Moment {
        self.updated
    }

    /// Asks it to stop; whether it was running.
    pub fn cancel(&mut self, now: Moment) -> bool {
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

struct Unresolved {
    message: String,
    result: Option<&'static str>,
}

/// Devices that the request reaches, each once, in the order groups, clusters, references.
fn targets(request: &KillRequest, ground: &Ground<'_>) -> Result<VecDeque<Target>, Unresolved> {
    let inventory = ground.inventory;
    let by_link = |link: &String| {
        let id = link.rsplit('/').next().unwrap_or_default();
        inventory.index_of(id).ok_or_else(|| Unresolved {
            message: format!("item not found at {}", worker_path(link)),
            result: Some("PENDING"),
        })
    };
    let mut targets = VecDeque::<Target>::new();
    if request.action == Action::ByList {
        for entry in &request.sessions {
            let device = by_link(&entry.device)?;
            targets.push_back(Target { device, selector: Selector::Ids(entry.ids.clone()) });
        }
        return Ok(targets);
    }
    let mut devices = Vec::new();
    for group in &request.groups {
        devices.extend(inventory.access_groups().get(group).into_iter().flatten().copied());
    }
    for cluster in &request.clusters {
        devices.extend(inventory.clusters().get(cluster).into_iter().flatten().copied());
    }
    for link in &request.devices {
        devices.push(by_link(link)?);
    }
    if devices.is_empty() {
        return Err(Unresolved {
            message: "No matching device(s) found for given accessGroup or cluster or \
                      deviceReference list."
                .to_owned(),
            result: None,
        });
    }
    let mut seen = std::collections::HashSet::new();
    devices.retain(|device| seen.insert(*device));
    let selector = match request.action {
        Action::ByUser => Selector::User(request.user.clone()),
        Action::All | Action::ByList => Selector::All,
    };
    Ok(devices.into_iter().map(|device| Target { device, selector: selector.clone() }).collect())
}

/// A link as the worker names it in its errors: without scheme, host and `/mgmt`.
fn worker_path(link: &str) -> String {
    match link.split_once("/mgmt/") {
        Some((_, path)) => format!("/{path}"),
        None => link.to_owned(),
    }
}

impl Task {
    /// Links of the devices named in the request's own session list, each once.
    pub(super) fn listed_references(&self) -> Vec<Value> {
        let mut links: Vec<&String> = Vec::new();
        for entry in &self.request.sessions {
            if !links.contains(&&entry.device) {
                links.push(&entry.device);
            }
        }
        links.into_iter().map(|link| json!({"link": link})).collect()
    }

    /// The request's fields as the stored task carries them: once the task runs, session entries
    /// are in the worker's own key order, and lose their ids if the device was not found
    /// (specification, section 3.1 and "Common Errors").
    pub(super) fn stored_request(&self) -> Map<String, Value> {
        let mut sent = self.request.sent.clone();
        if self.generation == 1 || self.request.action != Action::ByList {
            return sent;
        }
        let lost = self.references.is_none();
        let entry = |entry: &super::Entry| {
            let reference = json!({"link": entry.device});
            if lost {
                json!({"deviceReference": reference})
            } else {
                json!({"sessionIds": entry.ids, "deviceReference": reference})
            }
        };
        let entries: Vec<Value> = self.request.sessions.iter().map(entry).collect();
        sent.insert("sessions".to_owned(), entries.into());
        sent
    }
}
