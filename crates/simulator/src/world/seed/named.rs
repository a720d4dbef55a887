//! Devices that exist for a reason: the specification's own device, unchanged, and one for each
//! special case that a client must handle. `docs/simulator-differences.md` lists them.

use crate::world::device::{Device, HaRole, KillBehaviour, Product, Readiness};

/// Machine id of the simulated BIG-IQ (`ownerMachineId` in the specification's samples).
pub(crate) const BIGIQ_ID: &str = "adf1e56b-bf8c-472a-9b2d-e2dd7199ffbd";

/// Id of the invented RADIUS provider.
pub(crate) const RADIUS_ID: &str = "c1b5d3a0-52ee-4b0b-9a52-6f3b1f6c9d77";

/// The device that the specification prints in section 1.
pub(crate) const SPECIFICATION_DEVICE: &str = "98901455-6384-47cd-bc41-00a39dfe338f";

const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
/// 35 characters, as the specification prints it.
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
const REFUSING: &str = "217270dc-83bc-469d-9b84-36d7ebf2f6be";
const GREEN: &str = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const MISC: &str = "e9a7c1f2-4d35-4e0a-b6c8-1f2d3a4b5c60";

/// Sessions of one user on one device.
pub(super) struct NamedSessions {
    /// Machine id of the device.
    pub(super) device: &'static str,
    /// Session ids.
    pub(super) ids: &'static [&'static str],
    /// User name.
    pub(super) user: &'static str,
}

/// Sessions that always exist at the start.
pub(super) const SESSIONS: &[NamedSessions] = &[
    NamedSessions { device: RED_A, ids: &["2a5d7604", "875f7fed"], user: "user2" },
    NamedSessions { device: LONE, ids: &["2hjj234", "9as3323"], user: "user2" },
    NamedSessions { device: SPECIFICATION_DEVICE, ids: &["b10e0001", "b10e0002"], user: "user2" },
    NamedSessions { device: SPECIFICATION_DEVICE, ids: &["b10e0003"], user: "CORP\\user2" },
    NamedSessions { device: GREEN, ids: &["c4ee0001"], user: "user2" },
    NamedSessions { device: GREEN, ids: &["c4ee0002"], user: "User2" },
    NamedSessions { device: GREEN, ids: &["c4ee0003"], user: "user2@example.test" },
    NamedSessions { device: REFUSING, ids: &["de4d0001"], user: "user2" },
    NamedSessions { device: MISC, ids: &["5a5a0001"], user: "user 2" },
    NamedSessions { device: MISC, ids: &["5a5a0002"], user: "o'user" },
    NamedSessions { device: MISC, ids: &["5a5a0003"], user: "\"user\"" },
    NamedSessions { device: MISC, ids: &["5a5a0004"], user: "üser2" },
    NamedSessions { device: MISC, ids: &["5a5a0005"], user: "ユーザー2" },
];

/// The named BIG-IP devices.
pub(super) fn devices() -> Vec<Device> {
    let standalone = vec![
        grouped(device(LONE, "lone.example.test", "192.0.2.30"), "TestGroup2"),
        grouped(device(GREEN, "green.example.test", "192.0.2.31"), "TestGroup2"),
    ];
    let groups =
        [cluster_members(), standalone, failing(), vec![behind_translation()], not_ready()];
    groups.into_iter().flatten().collect()
}

/// Two clusters: the standby of the first lists the sessions of its partner, that of the second lists none.
fn cluster_members() -> Vec<Device> {
    let blue = |device, role| member(device, Some("BlueCluster"), Some("TestGroup"), role);
    let red = |device, role| member(device, Some("RedCluster"), Some("TestGroup1"), role);
    vec![
        Device {
            management_address: "10.192.123.69".to_owned(),
            version: "12.1.0".to_owned(),
            build: "0.0.1354".to_owned(),
            from_specification: true,
            ..blue(
                device(SPECIFICATION_DEVICE, "bluebigipveha1.labf.com", "10.255.4.124"),
                HaRole::Active,
            )
        },
        blue(
            device("5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52", "blue-b.example.test", "192.0.2.12"),
            HaRole::Standby { mirrors: true },
        ),
        red(device(RED_A, "red-a.example.test", "192.0.2.21"), HaRole::Active),
        red(
            device("0e1f7f5c-8f0a-4a83-8a5b-64c1de9b2d22", "red-b.example.test", "192.0.2.22"),
            HaRole::Standby { mirrors: false },
        ),
    ]
}

/// Devices on which a kill doesn't succeed at once.
fn failing() -> Vec<Device> {
    let partial =
        device("4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941", "partial.example.test", "192.0.2.41");
    let slow = device("a2f3b6d8-9c14-4a7d-8e0b-3d5c7e9f1a42", "slow.example.test", "192.0.2.42");
    let silent =
        device("b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43", "silent.example.test", "192.0.2.43");
    vec![
        Device {
            kill_behaviour: KillBehaviour::Refusing,
            ..grouped(device(REFUSING, "refusing.example.test", "192.0.2.40"), "TestGroup123")
        },
        Device { kill_behaviour: KillBehaviour::Partial, ..grouped(partial, "partial-group") },
        Device {
            kill_behaviour: KillBehaviour::Slow { millis: 8_000 },
            ..grouped(slow, "slow-group")
        },
        Device { kill_behaviour: KillBehaviour::Unreachable, ..grouped(silent, "far-group") },
    ]
}

/// Behind address translation: reports a host name and an address that are not its own.
fn behind_translation() -> Device {
    Device {
        hostname: "localhost".to_owned(),
        management_address: "127.0.0.1".to_owned(),
        ..grouped(device(MISC, "", "192.0.2.50"), "default-access-group")
    }
}

/// Devices on which a step of the preparation is missing.
fn not_ready() -> Vec<Device> {
    let newcomer =
        device("c8e2f3d4-6a57-4c9a-b1d2-8f9a0e1b2c51", "newcomer.example.test", "192.0.2.51");
    let traffic =
        device("d9f3a4e5-7b68-4dab-82e3-9a0b1f2c3d52", "traffic.example.test", "192.0.2.52");
    let bare = device("ea04b5f6-8c79-4ebc-93f4-0b1c2a3d4e53", "bare.example.test", "192.0.2.53");
    let pending =
        device("fb15c6a7-9d8a-4fcd-a4a5-1c2d3b4e5f54", "pending.example.test", "192.0.2.54");
    let unnamed = device("0c26d7b8-ae9b-40de-b5b6-2d3e4c5f6a55", "", "192.0.2.55");
    vec![
        at(newcomer, Readiness::Discovered),
        Device {
            cluster: Some("TrafficOnly".to_owned()),
            traffic_cluster_only: true,
            ..at(traffic, Readiness::Traffic)
        },
        at(bare, Readiness::Trusted),
        Device { state: "TRUST_PENDING", ..at(pending, Readiness::Pending) },
        Device { state: "UNDISCOVERED", ..at(unnamed, Readiness::Pending) },
    ]
}

/// The BIG-IQ itself and a peer, which the machineid-resolver lists among the devices.
pub(super) fn appliances() -> Vec<Device> {
    let bigiq = |id: &str, hostname: &str, address: &str| Device {
        product: Product::BigIq,
        version: "8.3.0".to_owned(),
        build: "0.3.13".to_owned(),
        readiness: Readiness::Trusted,
        ..device(id, hostname, address)
    };
    vec![
        bigiq(BIGIQ_ID, "bigiq.example.test", "192.0.2.5"),
        bigiq("1d37e8c9-bfac-41ef-86c7-3e4f5d6a7b06", "dcd-1.example.test", "192.0.2.6"),
    ]
}

fn device(id: &str, hostname: &str, address: &str) -> Device {
    Device::new(id, hostname, address)
}

fn grouped(device: Device, group: &str) -> Device {
    Device { group: Some(group.to_owned()), ..device }
}

fn at(device: Device, readiness: Readiness) -> Device {
    Device { readiness, ..device }
}

pub(super) fn member(
    device: Device,
    cluster: Option<&str>,
    group: Option<&str>,
    role: HaRole,
) -> Device {
    Device { cluster: cluster.map(str::to_owned), group: group.map(str::to_owned), role, ..device }
}
