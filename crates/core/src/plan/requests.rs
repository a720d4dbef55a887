//! Turns a draft into the exact requests. It must not make one that BIG-IQ refuses: without a target, a user or a session id.
//! Many targets are divided among several requests.

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

/// The most targets of a request (our choice: BIG-IQ's limit is not published).
const MOST_TARGETS: usize = 500;
/// The most bytes that a request's targets take as JSON (our choice). With the longest user name, a request stays below 256 KiB.
const MOST_BYTES: usize = 240 * 1024;

/// The requests: for each user one for the targets that are sent together, or several if there are many; then one for each
/// device that is sent separately, because slow devices must not delay the others. A device that a group or cluster reaches anyway can't be sent separately.
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
    let sets = parts(together).into_iter().chain(apart);
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

/// Divides targets among as few requests as possible. None of them is empty.
fn parts(targets: Targets) -> Vec<Targets> {
    let mut parts = Parts::default();
    for name in targets.groups {
        parts.with_room_for(&name).groups.push(name);
    }
    for name in targets.clusters {
        parts.with_room_for(&name).clusters.push(name);
    }
    for device in targets.devices {
        parts.with_room_for(&device.link).devices.push(device);
    }
    if !parts.last.is_empty() {
        parts.full.push(parts.last);
    }
    parts.full
}

/// Targets that are being divided.
#[derive(Default)]
struct Parts {
    full: Vec<Targets>,
    last: Targets,
    /// How many bytes the last part takes as JSON.
    bytes: usize,
}

impl Parts {
    /// The part to which a target with this name or link can be added.
    fn with_room_for(&mut self, text: &str) -> &mut Targets {
        let bytes = json_length(text);
        // guard: request-size
        if self.last.len() == MOST_TARGETS || self.bytes + bytes > MOST_BYTES {
            self.full.push(std::mem::take(&mut self.last));
            self.bytes = 0;
        }
        self.bytes += bytes;
        &mut self.last
    }
}

/// How many bytes a text takes as JSON, as `{"link":"…"},`.
fn json_length(text: &str) -> usize {
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' => 2,
        0..0x20 => 6,
        _ => 1,
    });
    escaped.sum::<usize>() + r#"{"link":""},"#.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn targets(groups: usize, clusters: usize, devices: usize) -> Targets {
        Targets {
            groups: (0..groups).map(|n| format!("g{n}")).collect(),
            clusters: (0..clusters).map(|n| format!("c{n}")).collect(),
            devices: (0..devices).map(|n| DeviceReference::of(&format!("d{n}"))).collect(),
        }
    }

    fn joined(parts: &[Targets]) -> Targets {
        Targets {
            groups: parts.iter().flat_map(|part| part.groups.clone()).collect(),
            clusters: parts.iter().flat_map(|part| part.clusters.clone()).collect(),
            devices: parts.iter().flat_map(|part| part.devices.clone()).collect(),
        }
    }

    #[test]
    fn few_targets_stay_together() {
        assert_eq!(parts(Targets::default()), []);
        let most = targets(100, 200, 200);
        assert_eq!(parts(most.clone()), [most]);
    }

    #[test]
    fn at_most_500_targets() {
        let lengths = |all: Targets| parts(all).iter().map(Targets::len).collect::<Vec<_>>();
        assert_eq!(lengths(targets(0, 400, 101)), [500, 1]);
        assert_eq!(lengths(targets(0, 0, 10_000)), [500; 20]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_part_is_too_large(
            names in prop::collection::vec("[\\PCa\"\\\\\x01\n]{0,80}", 0..40),
            repeat in 1_usize..200,
            devices in 0_usize..1_200,
        ) {
            let clusters = names.iter().map(|name| name.repeat(repeat)).collect();
            let all = Targets { clusters, ..targets(0, 0, devices) };
            let parts = parts(all.clone());
            prop_assert_eq!(joined(&parts), all);
            for part in parts {
                prop_assert!(!part.is_empty());
                let bytes = serde_json::to_string(&part).unwrap().len();
                prop_assert!(part.len() == 1 || (part.len() <= 500 && bytes <= 256 * 1024));
            }
        }
    }
}
