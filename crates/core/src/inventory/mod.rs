//! All devices, clusters and access groups that BIG-IQ's Access module knows. Converts wire types to what the app may rely
//! on, once per reading of the lists.

mod device_pages;
mod filter;
mod index;
mod live;
mod names;
mod session_counts;

pub use device_pages::{DevicePages, PageRequest};
pub use filter::DeviceFilter;
pub use index::{DeviceIndex, DeviceMatch};
pub use live::{Changes, Extent, HaRole, Live, MOST_KEPT, Reading, Session};
pub(crate) use names::same_person;
pub use session_counts::{
    Addressed, SessionCounts, SessionRow, Total, UnitId, UserCount, all_but_newest, all_but_own,
    effective_role, session_rows,
};
pub(crate) use session_counts::{HeldSessions, each_session, held_sessions};

use crate::count::Count;
use crate::ids::MachineId;
use crate::sorted::SortedMap;
use crate::timestamp::Timestamp;
use bigiq::device::{AccessDevice, AccessGroup};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::time::Duration;

/// The age from which an inventory counts as stale (our choice).
const STALE: Duration = Duration::from_secs(15 * 60);

/// One reading of the inventory.
///
/// ```
/// use bigiq::device::{AccessDevice, AccessProperties};
/// use curfew_core::inventory::DeviceList;
/// use curfew_core::timestamp::Timestamp;
///
/// let edge = AccessDevice {
///     machine_id: Some("m1".into()),
///     hostname: Some("edge-1.example.test".into()),
///     properties: AccessProperties { cluster_name: Some("Blue".into()), ..AccessProperties::default() },
///     ..AccessDevice::default()
/// };
/// let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// assert_eq!(inventory.devices()[0].name, "edge-1.example.test");
/// assert_eq!(inventory.clusters()[0].name, "Blue");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    devices: Vec<Device>,
    groups: Vec<Group>,
    clusters: Vec<Cluster>,
    by_id: FxHashMap<MachineId, usize>,
    gaps: Vec<Gap>,
    /// Whether the clusters and access groups of all devices are known.
    knows_members: bool,
    read_at: Timestamp,
    /// Devices that were looked up because no list had them.
    added: Vec<Device>,
}

/// A BIG-IP that the Access module manages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Machine id, as used in device references.
    pub id: MachineId,
    /// Name shown to people: the host name unless it is meaningless, else the address, else the machine id.
    pub name: String,
    /// The address at which BIG-IQ reaches it.
    pub address: Option<String>,
    /// Management address, if it is another.
    pub management: Option<String>,
    /// Software version.
    pub version: Option<String>,
    /// Cluster name (section 1.5).
    pub cluster: Option<String>,
    /// Access group name (section 1.4). Only imported devices have one.
    pub group: Option<String>,
    /// What is done and what is missing.
    pub readiness: Readiness,
    /// The text that is searched, in lower case.
    key: String,
}

/// Which of steps 1.1 to 1.3 are done for a device, and whether BIG-IQ reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Trust is established (1.1); `state` is `ACTIVE`.
    pub trusted: bool,
    /// The Access module is discovered (1.2).
    pub discovered: bool,
    /// The Access configuration is imported (1.3). Required only to reach the device by its access group.
    pub imported: bool,
    /// Whether BIG-IQ reaches the device. `None` if it doesn't report that.
    pub reachable: Option<bool>,
    /// Whether BIG-IQ's data about the device has another shape than expected, so that the rest is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreadable: bool,
}

/// What is missing on a device, the most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Trust (1.1).
    Trust,
    /// Readable data about its Access module.
    Data,
    /// Discovery of the Access module (1.2).
    Discovery,
    /// Reachability: BIG-IQ reports that it does not reach the device.
    Reach,
    /// Import of the Access configuration (1.3).
    Import,
}

impl Readiness {
    /// Nothing is missing, as far as is known.
    pub(crate) fn ready() -> Self {
        Self { trusted: true, discovered: true, imported: true, reachable: None, unreadable: false }
    }

    /// The most serious thing that is missing. `None` if nothing is.
    pub fn missing(self) -> Option<Missing> {
        if !self.trusted {
            Some(Missing::Trust)
        } else if self.unreadable {
            Some(Missing::Data)
        } else if !self.discovered {
            Some(Missing::Discovery)
        } else if self.reachable == Some(false) {
            Some(Missing::Reach)
        } else if !self.imported {
            Some(Missing::Import)
        } else {
            None
        }
    }
}

impl Device {
    fn new(id: MachineId, wire: AccessDevice<'_>) -> Self {
        let non_blank = |text: Option<Cow<'_, str>>| {
            text.filter(|t| t.chars().any(|c| !c.is_whitespace())).map(Cow::into_owned)
        };
        let properties = wire.properties;
        let management = non_blank(wire.management_address);
        let address = non_blank(wire.address).or_else(|| management.clone());
        // Real devices are seen with `localhost` and `127.0.0.1` (captured), which identify nothing.
        let host = non_blank(wire.hostname).filter(|h| h != "localhost");
        let mut device = Self {
            name: host.or_else(|| address.clone()).unwrap_or_else(|| id.to_string()),
            management: management.filter(|m| address.as_ref() != Some(m)),
            address,
            version: non_blank(wire.version),
            cluster: non_blank(properties.cluster_name),
            group: non_blank(properties.access_group_name),
            readiness: Readiness {
                // A state that is not `ACTIVE` is more recent than the modules (inferred).
                trusted: wire.state.as_deref().map_or(wire.has_trust_module, |s| s == "ACTIVE"),
                discovered: properties.discovered.unwrap_or(false),
                imported: properties.imported.unwrap_or(false),
                reachable: None,
                unreadable: wire.is_unreadable,
            },
            key: String::new(),
            id,
        };
        device.key = device.search_key();
        device
    }

    fn search_key(&self) -> String {
        let others = [&self.address, &self.management, &self.version, &self.cluster, &self.group];
        let others_or_empty = others.map(|text| text.as_deref().unwrap_or_default());
        let mut key = String::with_capacity(
            self.name.len()
                + self.id.as_str().len()
                + others_or_empty.iter().map(|t| t.len() + 1).sum::<usize>()
                + 1,
        );
        for part in [self.name.as_str()].into_iter().chain(others_or_empty) {
            key.push_str(part);
            key.push(' ');
        }
        key.push_str(self.id.as_str());
        key.make_ascii_lowercase();
        key
    }

    /// Whether every search word occurs in the device's name, addresses, version, cluster, group or id. `words` must be in lower
    /// case.
    pub fn matches(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.key.contains(word))
    }
}

/// An access group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name used in requests.
    pub name: String,
    /// The name shown to people.
    pub display: String,
    /// The known members, as indexes into the devices.
    pub members: Vec<usize>,
}

/// A cluster: the BIG-IPs with the same `clusterName`. BIG-IQ has no documented list of clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The name used in requests.
    pub name: String,
    /// The known members, as indexes into the devices.
    pub members: Vec<usize>,
}

/// Why an inventory may be incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The list of access groups could not be read. The groups are those that devices name.
    Groups,
    /// A page of the device list could not be read.
    Devices,
    /// It is not certain that the device list was read to its end.
    End,
    /// BIG-IQ reports another number of devices than it listed. Its number can be too small (documented).
    OtherTotal {
        /// How many it reports.
        reported: usize,
        /// How many it listed.
        listed: usize,
    },
    /// No list of devices could be read. The devices are those that the operator named.
    Lists,
    /// The Access module's device list could not be read or is empty. The devices are those of the machineid-resolver.
    AccessList,
    /// The health of devices could not be read, so unreachable devices are not known.
    Reach,
    /// This many listed devices have no machine id, so requests can't name them.
    Nameless(usize),
}

impl Gap {
    /// Whether there may be devices that are not in the inventory.
    fn hides_devices(self) -> bool {
        match self {
            Self::Devices | Self::End | Self::Lists | Self::Nameless(_) => true,
            // guard: larger-total
            Self::OtherTotal { reported, listed } => reported > listed,
            Self::Groups | Self::AccessList | Self::Reach => false,
        }
    }

    /// Whether it matters for a plan. A total that is too small does not.
    pub(crate) fn matters(self) -> bool {
        self.hides_devices() || !matches!(self, Self::OtherTotal { .. })
    }
}

/// The devices that BIG-IQ has listed so far. Becomes an [`Inventory`] once all have been read.
#[derive(Debug)]
pub struct DeviceList {
    known: Vec<Device>,
    /// The index of each device in `known`.
    by_id: FxHashMap<MachineId, usize>,
    nameless: usize,
    /// How many entries were listed, including those that are left out.
    listed: usize,
    /// The number of entries that BIG-IQ reports.
    total: Option<usize>,
    /// Whether the list was read to its end, for certain.
    is_whole: bool,
}

impl Default for DeviceList {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            by_id: FxHashMap::default(),
            nameless: 0,
            listed: 0,
            total: None,
            is_whole: true,
        }
    }
}

impl DeviceList {
    /// The devices of a single answer.
    pub fn of<'a>(devices: impl IntoIterator<Item = AccessDevice<'a>>) -> Self {
        let mut list = Self::default();
        list.add(devices.into_iter().collect());
        list
    }

    /// Adds the devices of an answer. Other products are left out; devices without a machine id are counted. If a machine id is
    /// listed several times, the first entry counts.
    pub fn add(&mut self, devices: Vec<AccessDevice<'_>>) {
        self.listed += devices.len();
        for mut wire in devices {
            if is_other_product(&wire) {
                continue;
            }
            match wire.take_id().map(MachineId::new) {
                Some(id) if self.by_id.contains_key(&id) => {}
                Some(id) => self.insert(Device::new(id, wire)),
                None => self.nameless += 1,
            }
        }
    }

    /// Adds a device that is only known by its id.
    pub fn add_id(&mut self, id: &str) {
        // What else is known is not known.
        let wire =
            AccessDevice { has_trust_module: true, is_unreadable: true, ..AccessDevice::default() };
        self.insert(Device::new(MachineId::new(id), wire));
    }

    fn insert(&mut self, device: Device) {
        if let Entry::Vacant(new) = self.by_id.entry(device.id.clone()) {
            new.insert(self.known.len());
            self.known.push(device);
        }
    }

    /// The machine ids of the devices.
    pub fn ids(&self) -> impl Iterator<Item = &MachineId> {
        self.known.iter().map(|device| &device.id)
    }

    /// Whether a device was listed before. `None` if it has no machine id, or is another product.
    fn has(&self, wire: &AccessDevice<'_>) -> Option<bool> {
        let id = wire.id().filter(|_| !is_other_product(wire))?;
        Some(self.by_id.contains_key(id))
    }

    /// The inventory of the listed devices.
    pub fn inventory(
        self,
        groups: &[AccessGroup],
        mut gaps: Vec<Gap>,
        read_at: Timestamp,
    ) -> Inventory {
        let Self { known, mut by_id, nameless, listed, total, is_whole } = self;
        if let Some(reported) = total.filter(|total| *total != listed) {
            gaps.push(Gap::OtherTotal { reported, listed });
        }
        // guard: uncertain-end
        if !is_whole && !gaps.iter().any(|gap| gap.hides_devices()) {
            gaps.push(Gap::End);
        }
        if nameless > 0 {
            gaps.push(Gap::Nameless(nameless));
        }
        // guard: unreadable-member
        let is_readable = known.iter().all(|device| !device.readiness.unreadable);
        let knows_members = is_readable && !gaps.iter().any(|gap| gap.hides_devices());
        let (known, place) = by_name(known);
        for index in by_id.values_mut() {
            *index = place.get(*index).copied().unwrap_or_default();
        }
        let clusters = members_by(&known, |d| d.cluster.as_ref())
            .into_iter()
            .map(|(name, members)| Cluster { name: name.to_owned(), members })
            .collect();
        let groups = group_list(&known, groups);
        let added = Vec::new();
        Inventory { devices: known, groups, clusters, by_id, gaps, knows_members, read_at, added }
    }
}

impl Inventory {
    /// The inventory if no list of devices can be read.
    pub fn unread(now: Timestamp) -> Self {
        DeviceList::default().inventory(&[], vec![Gap::Lists], now)
    }

    /// The same with more devices, which were looked up one by one.
    #[must_use]
    pub fn with(&self, more: DeviceList) -> Self {
        self.with_devices(self.added.iter().cloned().chain(more.known).collect())
    }

    /// The same with the devices that were looked up for an earlier reading, unless this one lists them.
    #[must_use]
    pub fn with_added_of(self, earlier: &Self) -> Self {
        // guard: looked-up-kept
        if earlier.added.is_empty() {
            return self;
        }
        self.with_devices(earlier.added.clone())
    }

    fn with_devices(&self, added: Vec<Device>) -> Self {
        let group = |group: &Group| AccessGroup {
            group_name: Some(group.name.clone()),
            display_name: Some(group.display.clone()),
        };
        let mut list = DeviceList::default();
        for device in self.devices.iter().chain(&added) {
            list.insert(device.clone());
        }
        let groups: Vec<AccessGroup> = self.groups.iter().map(group).collect();
        Self { added, ..list.inventory(&groups, self.gaps.clone(), self.read_at) }
    }

    /// Records whether BIG-IQ reaches a device.
    pub fn note_reachable(&mut self, id: &MachineId, answers: bool) {
        if let Some(device) = self.by_id.get(id).and_then(|i| self.devices.get_mut(*i)) {
            device.readiness.reachable = Some(answers);
        }
    }

    /// All devices, by name.
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// All access groups, by name.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All clusters, by name.
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }

    /// The device with this machine id.
    pub fn device(&self, id: &MachineId) -> Option<&Device> {
        self.by_id.get(id).and_then(|i| self.devices.get(*i))
    }

    /// The access group with this name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups
            .binary_search_by(|g| g.name.as_str().cmp(name))
            .ok()
            .and_then(|i| self.groups.get(i))
    }

    /// The cluster with this name.
    pub fn cluster(&self, name: &str) -> Option<&Cluster> {
        let found = self.clusters.binary_search_by(|c| c.name.as_str().cmp(name)).ok()?;
        self.clusters.get(found)
    }

    /// The software versions of the devices, each once, oldest first.
    pub fn versions(&self) -> Vec<&str> {
        let mut versions: Vec<&str> = Vec::new();
        for version in self.devices.iter().filter_map(|device| device.version.as_deref()) {
            if !versions.contains(&version) {
                let of = numbers(version);
                let place = versions.partition_point(|known| numbers(known) <= of);
                versions.insert(place, version);
            }
        }
        versions
    }

    /// Devices by their indexes.
    pub fn members<'a>(&'a self, indexes: &'a [usize]) -> impl Iterator<Item = &'a Device> {
        indexes.iter().filter_map(|i| self.devices.get(*i))
    }

    /// How many devices there are.
    pub fn device_count(&self) -> Count {
        Count::of(self.devices.len(), !self.gaps.iter().any(|gap| gap.hides_devices()))
    }

    /// How many clusters there are.
    pub fn cluster_count(&self) -> Count {
        Count::of(self.clusters.len(), self.knows_members)
    }

    /// How many access groups there are.
    pub fn group_count(&self) -> Count {
        Count::of(self.groups.len(), !self.gaps.contains(&Gap::Groups))
    }

    /// How many devices an access group or a cluster has, of which these are known. None may be known of a group, because only
    /// devices name their group.
    pub fn member_count(&self, known: usize) -> Count {
        Count::of(known, self.knows_members && known > 0)
    }

    /// Whether the clusters and access groups of all devices are known.
    pub fn knows_members(&self) -> bool {
        self.knows_members
    }

    /// Why this reading may be incomplete.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// When it was read.
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// Whether it is so old that it may be outdated.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.since(self.read_at) >= STALE
    }
}

/// The list also contains BIG-IQ itself and its peers (captured).
fn is_other_product(wire: &AccessDevice<'_>) -> bool {
    wire.product.as_deref().is_some_and(|product| product != "BIG-IP")
}

/// The numbers of a version, by which versions are sorted.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

/// Sorts devices by name, and returns the new index of each. Indexes are sorted rather than devices, which are large.
fn by_name(devices: Vec<Device>) -> (Vec<Device>, Vec<usize>) {
    let mut order: Vec<(u128, usize, &Device)> = devices
        .iter()
        .enumerate()
        .map(|(at, device)| (name_prefix(&device.name), at, device))
        .collect();
    order.sort_unstable_by(|(first, _, a), (second, _, b)| {
        first.cmp(second).then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id))
    });
    let order: Vec<usize> = order.into_iter().map(|(_, before, _)| before).collect();
    let mut place = vec![0; order.len()];
    for (now, before) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*before) {
            *place = now;
        }
    }
    let mut devices: Vec<_> = devices.into_iter().map(Some).collect();
    let sorted = order.into_iter().filter_map(|before| devices.get_mut(before)?.take()).collect();
    (sorted, place)
}

/// The first bytes of a name as a number that sorts in the same order. Most names differ in these bytes, and numbers are
/// compared faster.
fn name_prefix(name: &str) -> u128 {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    u128::from_be_bytes(bytes)
}

fn members_by(
    devices: &[Device],
    name: impl Fn(&Device) -> Option<&String>,
) -> SortedMap<&str, Vec<usize>> {
    let mut found: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut start = 0;
    // Devices with similar names are often in the same group, so runs are handled together.
    for run in devices.chunk_by(|a, b| name(a) == name(b)) {
        let end = start + run.len();
        if let Some(name) = run.first().and_then(&name) {
            found.entry(name).or_default().extend(start..end);
        }
        start = end;
    }
    found.into_iter().collect()
}

/// The listed groups and those that only devices name, because one of the two lists may not have been readable.
fn group_list(devices: &[Device], listed: &[AccessGroup]) -> Vec<Group> {
    let mut members = members_by(devices, |d| d.group.as_ref());
    let listed = listed.iter().filter_map(|group| {
        let name = group.group_name.as_deref().filter(|n| !n.is_empty())?;
        Some((name, group.display_name.as_deref()))
    });
    let named: Vec<_> = members.keys().map(|name| (*name, None)).collect();
    let displays: SortedMap<&str, Option<&str>> = named.into_iter().chain(listed).collect();
    displays
        .into_iter()
        .map(|(name, display)| Group {
            members: members.remove(name).unwrap_or_default(),
            display: display.unwrap_or(name).to_owned(),
            name: name.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::machine;
    use bigiq::device::AccessProperties;
    use proptest::prelude::*;

    fn wire(id: &str, cluster: Option<&str>, group: Option<&str>) -> AccessDevice<'static> {
        let owned = |text: &str| text.to_owned().into();
        AccessDevice {
            machine_id: (!id.is_empty()).then(|| owned(id)),
            hostname: Some(format!("{id}.example.test").into()),
            address: Some("192.0.2.1".into()),
            state: Some("ACTIVE".into()),
            product: Some("BIG-IP".into()),
            properties: AccessProperties {
                discovered: Some(true),
                imported: Some(group.is_some()),
                cluster_name: cluster.map(owned),
                access_group_name: group.map(owned),
            },
            ..AccessDevice::default()
        }
    }

    fn listed(name: &str) -> AccessGroup {
        AccessGroup { group_name: Some(name.to_owned()), display_name: None }
    }

    #[test]
    fn clusters_and_groups_come_from_devices_and_list() {
        let devices = [
            wire("b", Some("Blue"), Some("G1")),
            wire("a", Some("Blue"), Some("G1")),
            wire("c", None, None),
        ];
        let inventory = DeviceList::of(devices).inventory(&[listed("G2")], vec![], Timestamp(1));
        let names: Vec<_> = inventory.devices().iter().map(|d| d.id.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(inventory.clusters(), [Cluster { name: "Blue".into(), members: vec![0, 1] }]);
        let groups: Vec<_> =
            inventory.groups().iter().map(|g| (g.name.as_str(), g.members.len())).collect();
        assert_eq!(groups, [("G1", 2), ("G2", 0)]);
        assert_eq!(inventory.device(&machine("b")).unwrap().name, "b.example.test");
        assert_eq!(
            inventory.device(&machine("c")).unwrap().readiness.missing(),
            Some(Missing::Import)
        );
        assert_eq!(inventory.group("G1").unwrap().members, [0, 1]);
        assert!(inventory.cluster("Red").is_none());
    }

    #[test]
    fn unusable_entries_are_left_out_and_counted() {
        let bigiq = AccessDevice { product: Some("BIG-IQ".into()), ..wire("q", None, None) };
        let nameless_host =
            AccessDevice { hostname: Some("localhost".into()), ..wire("l", None, None) };
        let devices = [wire("", None, None), bigiq, nameless_host, wire("l", None, None)];
        let inventory = DeviceList::of(devices).inventory(&[], vec![], Timestamp(1));
        assert_eq!(inventory.devices().len(), 1);
        assert_eq!(inventory.devices()[0].name, "192.0.2.1");
        assert_eq!(inventory.gaps(), [Gap::Nameless(1)]);
    }

    #[test]
    fn search_requires_every_word() {
        let device = Device::new("id-1".into(), wire("edge-7", Some("Blue"), Some("G1")));
        assert!(device.matches(&[]));
        assert!(device.matches(&["edge", "blue"]));
        assert!(device.matches(&["192.0.2", "id-1"]));
        assert!(!device.matches(&["edge", "red"]));
    }

    #[test]
    fn what_is_missing_first() {
        let ready = Readiness {
            trusted: true,
            discovered: true,
            imported: true,
            reachable: None,
            unreadable: false,
        };
        assert_eq!(ready.missing(), None);
        assert_eq!(Readiness { reachable: Some(true), ..ready }.missing(), None);
        assert_eq!(Readiness { imported: false, ..ready }.missing(), Some(Missing::Import));
        let far = Readiness { reachable: Some(false), imported: false, ..ready };
        assert_eq!(far.missing(), Some(Missing::Reach));
        assert_eq!(Readiness { discovered: false, ..far }.missing(), Some(Missing::Discovery));
        let unreadable = Readiness { unreadable: true, discovered: false, ..far };
        assert_eq!(unreadable.missing(), Some(Missing::Data));
        assert_eq!(Readiness { trusted: false, ..unreadable }.missing(), Some(Missing::Trust));
    }

    #[test]
    fn versions_are_sorted_and_unique() {
        let versions =
            [Some("17.1.0"), Some("9.6"), None, Some("17.1.10"), Some("17.1.9"), Some("9.6")];
        let device = |(n, version): (usize, Option<&str>)| AccessDevice {
            version: version.map(|version| version.to_owned().into()),
            ..wire(&n.to_string(), None, None)
        };
        let devices = versions.into_iter().enumerate().map(device);
        let inventory = DeviceList::of(devices).inventory(&[], vec![], Timestamp(1));
        assert_eq!(inventory.versions(), ["9.6", "17.1.0", "17.1.9", "17.1.10"]);
    }

    proptest! {
        /// Also with names that start with the same bytes, which are compared as numbers.
        #[test]
        fn devices_stand_by_name_then_id(prefixes in prop::collection::vec("(bigip-east-edge-|é|b)?[a-c\\.é]{0,2}", 0..20)) {
            let devices = prefixes.iter().enumerate().map(|(n, prefix)| AccessDevice {
                hostname: Some(format!("{prefix}x").into()),
                ..wire(&format!("id-{}", 99 - n), None, None)
            });
            let inventory = DeviceList::of(devices).inventory(&[], vec![], Timestamp(1));
            let stand: Vec<_> = inventory.devices().iter().map(|d| (d.name.clone(), d.id.clone())).collect();
            let mut sorted = stand.clone();
            sorted.sort();
            prop_assert_eq!(stand.len(), prefixes.len());
            prop_assert_eq!(&stand, &sorted);
            for (_, id) in &stand {
                prop_assert_eq!(&inventory.device(id).map(|d| &d.id), &Some(id));
            }
        }
    }

    #[test]
    fn looked_up_devices_are_added_once() {
        let known = DeviceList::of([wire("b", Some("Blue"), Some("G1"))]);
        let known = known.inventory(&[listed("G2")], vec![Gap::End], Timestamp(1));
        let mut more = DeviceList::of([wire("a", Some("Blue"), None), wire("b", None, None)]);
        more.add_id("c");
        let more = known.with(more);
        let names: Vec<_> = more.devices().iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["a.example.test", "b.example.test", "c"]);
        assert_eq!(more.cluster("Blue").unwrap().members, [0, 1]);
        assert_eq!(more.groups().len(), 2);
        assert_eq!(more.device(&machine("b")), known.device(&machine("b")));
        let readiness = more.device(&machine("c")).unwrap().readiness;
        assert_eq!(readiness.missing(), Some(Missing::Data));
        assert_eq!((more.gaps(), more.device_count()), (&[Gap::End][..], Count::AtLeast(3)));
        let named = Inventory::unread(Timestamp(1)).with(DeviceList::of([wire("a", None, None)]));
        assert_eq!((named.gaps(), named.device_count()), (&[Gap::Lists][..], Count::AtLeast(1)));
    }

    #[test]
    fn looked_up_devices_stay_in_the_next_reading() {
        let read = |devices: &[&'static str]| {
            let devices = devices.iter().map(|id| wire(id, Some("Blue"), None));
            DeviceList::of(devices).inventory(&[], vec![], Timestamp(1))
        };
        let names = |inventory: &Inventory| -> Vec<String> {
            inventory.devices().iter().map(|d| d.id.to_string()).collect()
        };
        let earlier = read(&["a", "gone"]);
        let earlier = earlier.with(DeviceList::of([wire("x", None, None), wire("y", None, None)]));
        let next = read(&["a", "x"]).with_added_of(&earlier);
        assert_eq!(names(&next), ["a", "x", "y"]);
        // What a list says is newer.
        assert_eq!(next.device(&machine("x")).unwrap().cluster.as_deref(), Some("Blue"));
        assert_eq!(names(&read(&["a"]).with_added_of(&next)), ["a", "x", "y"]);
        assert_eq!(read(&["a"]).with_added_of(&read(&["b"])), read(&["a"]));
    }

    #[test]
    fn reachability_is_recorded_if_reported() {
        let mut inventory = DeviceList::of([wire("a", None, None), wire("b", None, None)])
            .inventory(&[], vec![], Timestamp(1));
        inventory.note_reachable(&machine("a"), false);
        inventory.note_reachable(&machine("x"), false);
        assert_eq!(inventory.device(&machine("a")).unwrap().readiness.reachable, Some(false));
        assert_eq!(inventory.device(&machine("b")).unwrap().readiness.reachable, None);
    }
}
