//! Turns a draft into the exact requests. It must not make one that BIG-IQ refuses: without a target, a user or a session id.

use super::PlannedDevice;
use crate::ids::{MachineId, UserName};
use crate::plan::{Draft, Kind};
use crate::sorted::SortedSet;
use bigiq::{DeviceReference, DeviceSessions, KillRequest, Targets};
use std::sync::Arc;

/// All targets of a draft together. Empty for listed sessions.
pub(super) fn all_targets(draft: &Draft) -> Targets {
    match draft.kind {
        Kind::Listed => Targets::default(),
        Kind::Users | Kind::Everybody => Targets {
            groups: draft.groups.iter().cloned().collect(),
            clusters: draft.clusters.iter().cloned().collect(),
            devices: draft.devices.iter().map(|id| DeviceReference::of(id.as_str())).collect(),
        },
    }
}

/// The requests: for each user one for the targets that are sent together, then one for each device that is sent separately,
/// because slow devices must not delay the others. A device that a group or cluster reaches anyway can't be sent separately.
pub(super) fn requests(
    draft: &Draft,
    users: &[UserName],
    reached: &[PlannedDevice],
) -> Vec<KillRequest> {
    let alone: SortedSet<&str> =
        SortedSet::from_iter(reached.iter().filter(|d| d.apart).map(|d| d.id.as_str()));
    if draft.kind == Kind::Listed {
        let (apart, together): (Vec<_>, Vec<_>) =
            draft.sessions.devices().partition(|id| alone.contains(id.as_str()));
        let sets = [together.as_slice()].into_iter().chain(apart.chunks(1));
        let sets = sets.filter(|devices| !devices.is_empty());
        return sets.map(|devices| listed(draft, devices)).collect();
    }
    let mut together = all_targets(draft);
    let (apart, devices): (Vec<_>, Vec<_>) =
        together.devices.into_iter().partition(|device| alone.contains(device.machine_id()));
    together.devices = devices;
    let apart =
        apart.into_iter().map(|device| Targets { devices: vec![device], ..Targets::default() });
    let sets = [together].into_iter().chain(apart).filter(|targets| !targets.is_empty());
    sets.map(Arc::new)
        .flat_map(|targets| match draft.kind {
            Kind::Users => users
                .iter()
                .map(|user| KillRequest::ByUser {
                    user_name: user.to_string(),
                    targets: Arc::clone(&targets),
                })
                .collect(),
            Kind::Everybody | Kind::Listed => vec![KillRequest::All { targets }],
        })
        .collect()
}

fn listed(draft: &Draft, devices: &[&MachineId]) -> KillRequest {
    let of_device = |device: &&MachineId| DeviceSessions {
        device_reference: DeviceReference::of(device.as_str()),
        session_ids: draft
            .sessions
            .of_device(device)
            .map(|session| session.id.to_shared())
            .collect(),
    };
    KillRequest::Listed { sessions: Arc::new(devices.iter().map(of_device).collect()) }
}
