//! Finds the devices and sessions that a request selects.

use std::collections::{HashSet, VecDeque};

use super::request::{Action, KillRequest};
use super::world::World;
use crate::world::sessions::Selector;

/// A device, and the sessions to end on it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) device: usize,
    pub(super) selector: Selector,
}

/// Why no targets were found.
pub(super) struct Unresolved {
    pub(super) message: String,
    pub(super) result: Option<&'static str>,
}

/// The devices of the request, each once: those of groups first, then of clusters, then references.
pub(super) fn targets(
    request: &KillRequest,
    world: &World<'_>,
) -> Result<VecDeque<Target>, Unresolved> {
    let inventory = world.inventory;
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
    let mut seen = HashSet::new();
    devices.retain(|device| seen.insert(*device));
    let selector = match request.action {
        Action::ByUser => Selector::User(request.user.clone()),
        Action::All | Action::ByList => Selector::All,
    };
    Ok(devices.into_iter().map(|device| Target { device, selector: selector.clone() }).collect())
}

/// A link as the worker prints it in errors: without scheme, host and `/mgmt`.
fn worker_path(link: &str) -> String {
    match link.split_once("/mgmt/") {
        Some((_, path)) => format!("/{path}"),
        None => link.to_owned(),
    }
}
