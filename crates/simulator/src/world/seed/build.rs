//! What a fresh appliance holds: the specification's own examples, a few made-up special cases,
//! and as large a made-up fleet as is asked for. The same seed builds the same appliance.

use super::{branches, named, users};
use crate::world::device::Role;
use crate::world::inventory::Inventory;
use crate::world::rng::Rng;
use crate::world::sessions::{Session, Sessions};
use crate::world::setup::Size;
use crate::world::timestamp::Moment;

/// The devices of an appliance of this size.
pub(crate) fn inventory(size: Size) -> Inventory {
    let mut devices = named::devices();
    let missing = size.devices.saturating_sub(devices.len());
    devices.extend(branches::devices(missing, &mut Rng::new(size.seed)));
    devices.extend(named::appliances());
    Inventory::new(devices)
}

/// The sessions on those devices; the youngest began shortly before `now`.
pub(crate) fn sessions(inventory: &Inventory, size: Size, now: Moment) -> Sessions {
    let mut rng = Rng::new(size.seed ^ 0x5e55_1045);
    let mut sessions = Sessions::default();
    let mut open = |device: usize, id: String, user: &str, rng: &mut Rng| {
        let client_ip = format!("198.51.100.{}", rng.between(1, 254));
        let started = now.plus_millis(-rng.between(60_000, 8 * 3_600_000));
        sessions.add(device, Session { id, user: user.to_owned(), client_ip, started });
    };
    for (device_id, ids, user) in named::SESSIONS {
        let Some(device) = inventory.index_of(device_id) else { continue };
        for id in *ids {
            open(device, (*id).to_owned(), user, &mut rng);
        }
    }
    for (index, device) in inventory.devices().iter().enumerate() {
        if !device.in_access() || matches!(device.role, Role::Standby { .. }) {
            continue;
        }
        for _ in 0..size.sessions_per_device {
            let user = users::someone(&mut rng);
            let id = rng.hex8();
            open(index, id, &user, &mut rng);
        }
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { devices: 24, sessions_per_device: 4, seed: 1 };

    #[test]
    fn same_seed_same_appliance() {
        let now = Moment::from_millis(1_700_000_000_000);
        let ids = |size| {
            let all = sessions(&inventory(size), size, now);
            all.all().map(|(device, s)| format!("{device} {} {}", s.id, s.user)).collect::<Vec<_>>()
        };
        assert_eq!(ids(SIZE), ids(SIZE));
        assert_ne!(ids(SIZE), ids(Size { seed: 2, ..SIZE }));
    }

    #[test]
    fn ids_are_unique_and_counts_are_kept() {
        for devices in [0, 24, 1000] {
            let inventory = inventory(Size { devices, ..SIZE });
            let all = inventory.devices();
            let big_ips =
                all.iter().filter(|d| d.product == crate::world::device::Product::BigIp).count();
            assert_eq!(big_ips, devices.max(named::devices().len()));
            let ids: std::collections::HashSet<_> = all.iter().map(|d| &d.id).collect();
            assert_eq!(ids.len(), all.len());
        }
    }

    #[test]
    fn the_specifications_examples_are_there() {
        let inventory = inventory(SIZE);
        for group in ["TestGroup", "TestGroup1", "TestGroup2", "TestGroup123"] {
            assert!(inventory.access_groups().contains_key(group), "{group}");
        }
        for cluster in ["BlueCluster", "RedCluster"] {
            assert_eq!(inventory.clusters()[cluster].len(), 2, "{cluster}");
        }
        let sessions = sessions(&inventory, SIZE, Moment::default());
        for id in ["2a5d7604", "875f7fed", "2hjj234", "9as3323"] {
            assert!(sessions.all().any(|(_, s)| s.id == id && s.user == "user2"), "{id}");
        }
    }
}
