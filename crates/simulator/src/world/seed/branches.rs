//! The generated devices beyond the named ones: branches of twelve devices, each an access group
//! with five pairs and two standalone devices.
//!
//! The documentation address ranges have room for 750 hosts. A larger fleet reuses them on other
//! ports, as devices behind address translation do.

use super::named::member;
use crate::world::device::{Device, HaRole};
use crate::world::rng::Rng;

const BRANCH_SIZE: usize = 12;
const PAIRED_DEVICES: usize = 10;

/// `count` devices.
pub(super) fn devices(count: usize, rng: &mut Rng) -> Vec<Device> {
    (0..count).map(|number| device(number, rng)).collect()
}

fn device(number: usize, rng: &mut Rng) -> Device {
    let (branch, place) = (number / BRANCH_SIZE, number % BRANCH_SIZE);
    let network = match number / 250 % 3 {
        0 => "203.0.113",
        1 => "198.51.100",
        _ => "192.0.2",
    };
    let address = format!("{network}.{}", number % 250 + 1);
    let hostname = format!("bigip-{:05}.example.test", number + 1);
    let (version, build) = match branch % 4 {
        0 => ("14.1.4", "0.0.11"),
        1 => ("15.1.8", "0.0.7"),
        2 => ("16.1.3", "0.0.12"),
        _ => ("17.1.0", "0.0.16"),
    };
    let group = format!("branch-{:04}", branch + 1);
    let cluster =
        (place < PAIRED_DEVICES).then(|| format!("pair-{:04}-{}", branch + 1, place / 2 + 1));
    let role = match (place < PAIRED_DEVICES, place % 2) {
        (false, _) => HaRole::Standalone,
        (true, 0) => HaRole::Active,
        (true, _) => HaRole::Standby { mirrors: place % 4 == 1 },
    };
    let port = if number < 750 { 443 } else { 8443 + u16::try_from(number / 750).unwrap_or(0) };
    Device {
        port,
        version: version.to_owned(),
        build: build.to_owned(),
        ..member(
            Device::new(&rng.uuid(), &hostname, &address),
            cluster.as_deref(),
            Some(&group),
            role,
        )
    }
}
