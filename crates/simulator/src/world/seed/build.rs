//! Builds devices and sessions: the specification's samples, special cases, and as many generated
//! ones as requested. The same seed builds the same appliance.

use super::{branches, named, users};
use crate::world::device::HaRole;
use crate::world::inventory::Inventory;
use crate::world::rng::Rng;
use crate::world::sessions::{Session, Sessions};
use crate::world::setup::FleetOptions;
use crate::world::timestamp::Timestamp;

/// All devices.
pub(crate) fn inventory(options: FleetOptions) -> Inventory {
    let mut devices = named::devices();
    let missing = options.devices.saturating_sub(devices.len());
    devices.extend(branches::devices(missing, &mut Rng::new(options.seed)));
    devices.extend(named::appliances());
    Inventory::new(devices)
}

/// The sessions on the devices; the newest started shortly before `now`.
pub(crate) fn sessions(inventory: &Inventory, options: FleetOptions, now: Timestamp) -> Sessions {
    let mut rng = Rng::new(options.seed ^ 0x5e55_1045);
    let mut sessions = Sessions::default();
    let mut open = |device: usize, id: String, user: &str, rng: &mut Rng| {
        let client_ip = format!("198.51.100.{}", rng.between(1, 254));
        let started = now.plus_millis(-rng.between(60_000, 8 * 3_600_000));
        sessions.add(device, Session { id, user: user.to_owned(), client_ip, started });
    };
    for named in named::SESSIONS {
        let Some(device) = inventory.index_of(named.device) else { continue };
        for id in named.ids {
            open(device, (*id).to_owned(), named.user, &mut rng);
        }
    }
    for (index, device) in inventory.devices().iter().enumerate() {
        if !device.in_access() || matches!(device.role, HaRole::Standby { .. }) {
            continue;
        }
        for _ in 0..options.sessions_per_device {
            let user = users::random_user(&mut rng);
            let id = rng.hex8();
            open(index, id, &user, &mut rng);
        }
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::sessions::DeviceSession;

    const OPTIONS: FleetOptions = FleetOptions { devices: 24, sessions_per_device: 4, seed: 1 };

    #[test]
    fn the_same_seed_builds_the_same_sessions() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let ids = |options| {
            let all = sessions(&inventory(options), options, now);
            all.all()
                .map(|one| format!("{} {} {}", one.device, one.session.id, one.session.user))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(OPTIONS), ids(OPTIONS));
        assert_ne!(ids(OPTIONS), ids(FleetOptions { seed: 2, ..OPTIONS }));
    }

    #[test]
    fn ids_are_unique_and_the_number_of_devices_is_right() {
        for devices in [0, 24, 1000] {
            let inventory = inventory(FleetOptions { devices, ..OPTIONS });
            let all = inventory.devices();
            let big_ips =
                all.iter().filter(|d| d.product == crate::world::device::Product::BigIp).count();
            assert_eq!(big_ips, devices.max(named::devices().len()));
            let ids: std::collections::HashSet<_> = all.iter().map(|d| &d.id).collect();
            assert_eq!(ids.len(), all.len());
        }
    }

    #[test]
    fn the_groups_and_sessions_of_the_specification_exist() {
        let inventory = inventory(OPTIONS);
        for group in ["TestGroup", "TestGroup1", "TestGroup2", "TestGroup123"] {
            assert!(inventory.access_groups().contains_key(group), "{group}");
        }
        for cluster in ["BlueCluster", "RedCluster"] {
            assert_eq!(inventory.clusters()[cluster].len(), 2, "{cluster}");
        }
        let sessions = sessions(&inventory, OPTIONS, Timestamp::default());
        for id in ["2a5d7604", "875f7fed", "2hjj234", "9as3323"] {
            let named =
                |one: DeviceSession<'_>| one.session.id == id && one.session.user == "user2";
            assert!(sessions.all().any(named), "{id}");
        }
    }
}
