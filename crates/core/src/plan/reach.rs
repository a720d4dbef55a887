//! The devices that a draft's targets stand for, as of the inventory. BIG-IQ expands groups itself when it runs the task.

use super::PlanInputs;
use crate::count::Count;
use crate::ids::MachineId;
use crate::inventory::{Device, Gap, HaRole, Inventory, Readiness, effective_role};
use crate::plan::{Draft, DraftError, Kind};
use crate::sorted::SortedSet;
use bigiq::{DeviceReference, KillRequest, Targets};
use serde::{Deserialize, Serialize};

/// A device that a plan reaches, as it was known then. The stored form omits default values, because a browser stores only a
/// few megabytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDevice {
    /// Machine id.
    pub id: MachineId,
    /// Name shown to people.
    pub name: String,
    /// Cluster name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Access group name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether it is reached only by its device reference, not through a group or its cluster.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_reference_only: bool,
    /// What is done and what is missing on the device.
    #[serde(default = "Readiness::ready", skip_serializing_if = "is_ready")]
    pub readiness: Readiness,
    /// HA role. A standalone device is active.
    #[serde(default, skip_serializing_if = "is_unknown")]
    pub role: HaRole,
    /// Whether it is sent in a separate request.
    #[serde(default, skip_serializing_if = "is_false")]
    pub apart: bool,
}

/// The targets of a request as sets, because a request may have thousands of targets and a plan thousands of devices.
#[derive(Debug)]
pub struct TargetSet<'a> {
    targets: Option<&'a Targets>,
    devices: SortedSet<&'a str>,
}

impl<'a> TargetSet<'a> {
    /// The targets of this request.
    pub fn of(request: &'a KillRequest) -> Self {
        let devices = match request {
            KillRequest::ByUser { targets, .. } | KillRequest::All { targets } => {
                targets.devices.iter().map(DeviceReference::machine_id).collect()
            }
            KillRequest::Listed { sessions } => {
                sessions.iter().map(|s| s.device_reference.machine_id()).collect()
            }
        };
        Self { targets: request.targets(), devices }
    }

    /// Whether the request reaches a device.
    pub fn hits(&self, device: &PlannedDevice) -> bool {
        let within = |names: &[String], own: &Option<String>| {
            own.as_ref().is_some_and(|name| names.contains(name))
        };
        self.devices.contains(device.id.as_str())
            || self.targets.is_some_and(|targets| {
                within(&targets.groups, &device.group) || within(&targets.clusters, &device.cluster)
            })
    }
}

/// The selected access groups and clusters that the inventory does not have.
pub(super) fn unknown_names<'a>(
    draft: &'a Draft,
    inventory: &'a Inventory,
) -> impl Iterator<Item = &'a String> {
    let groups = draft.groups.iter().filter(|name| inventory.group(name).is_none());
    groups.chain(draft.clusters.iter().filter(|name| inventory.cluster(name).is_none()))
}

/// Selected targets that are no longer in the inventory. Without any list, names can't be judged.
pub(super) fn vanished(draft: &Draft, inventory: &Inventory) -> Vec<DraftError> {
    let device = |id: &MachineId| inventory.device(id).is_none();
    let gone: Vec<&str> = match draft.kind {
        Kind::Listed => {
            draft.sessions.devices().filter(|id| device(id)).map(MachineId::as_str).collect()
        }
        Kind::Users | Kind::Everybody => {
            // guard: listed-names-only
            let are_listed = !inventory.gaps().contains(&Gap::Lists);
            let names = unknown_names(draft, inventory).filter(|_| are_listed).map(String::as_str);
            let devices = draft.devices.iter().filter(|id| device(id));
            names.chain(devices.map(MachineId::as_str)).collect()
        }
    };
    gone.into_iter().map(str::to_owned).map(DraftError::Vanished).collect()
}

/// The devices, sorted by name, each once.
pub(super) fn reach(draft: &Draft, inputs: PlanInputs<'_>) -> Vec<PlannedDevice> {
    let listed = draft.kind == Kind::Listed;
    let through_group =
        |d: &Device| d.group.as_ref().is_some_and(|name| draft.groups.contains(name));
    let through_cluster =
        |d: &Device| d.cluster.as_ref().is_some_and(|name| draft.clusters.contains(name));
    let devices = inputs.inventory.devices().iter();
    let reached = devices.filter_map(|device| {
        let expanded = !listed && (through_group(device) || through_cluster(device));
        let named = match draft.kind {
            Kind::Listed => draft.sessions.has_device(&device.id),
            Kind::Users | Kind::Everybody => draft.devices.contains(&device.id),
        };
        (expanded || named).then(|| PlannedDevice {
            id: device.id.clone(),
            name: device.name.clone(),
            cluster: device.cluster.clone(),
            group: device.group.clone(),
            by_reference_only: !expanded,
            readiness: device.readiness,
            role: inputs.live.map_or_else(
                || alone(device),
                |live| effective_role(live, inputs.inventory, &device.id),
            ),
            apart: !expanded && draft.apart.contains(&device.id),
        })
    });
    reached.collect()
}

/// How many devices a draft reaches, of which `known` are known.
pub(super) fn count(draft: &Draft, inventory: &Inventory, known: usize) -> Count {
    let has_known = |group| inventory.group(group).is_some_and(|group| !group.members.is_empty());
    let is_expanded = !draft.groups.is_empty() || !draft.clusters.is_empty();
    // guard: members-not-known
    let is_open = is_expanded
        && !(inventory.knows_members() && draft.groups.iter().all(|group| has_known(group)));
    Count::of(known, draft.kind == Kind::Listed || !is_open)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_ready(readiness: &Readiness) -> bool {
    *readiness == Readiness::ready()
}

fn is_unknown(role: &HaRole) -> bool {
    *role == HaRole::Unknown
}

fn alone(device: &Device) -> HaRole {
    if device.cluster.is_none() { HaRole::Active } else { HaRole::Unknown }
}
