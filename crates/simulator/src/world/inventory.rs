//! All devices of an appliance, indexed by id, group and cluster. It does not change once built.

use std::collections::{BTreeMap, HashMap};

use super::device::{Device, HaRole};

/// The devices, in the order in which BIG-IQ lists them.
#[derive(Debug, Clone)]
pub(crate) struct Inventory {
    devices: Vec<Device>,
    by_id: HashMap<String, usize>,
    access_groups: BTreeMap<String, Vec<usize>>,
    clusters: BTreeMap<String, Vec<usize>>,
}

impl Inventory {
    /// Indexes `devices`. If two have the same id, the first is found.
    pub(crate) fn new(devices: Vec<Device>) -> Self {
        let mut by_id = HashMap::new();
        let mut access_groups = BTreeMap::<String, Vec<usize>>::new();
        let mut clusters = BTreeMap::<String, Vec<usize>>::new();
        for (index, device) in devices.iter().enumerate() {
            by_id.entry(device.id.clone()).or_insert(index);
            if let Some(group) = &device.group {
                access_groups.entry(group.clone()).or_default().push(index);
            }
            if let Some(cluster) = device.access_cluster() {
                clusters.entry(cluster.to_owned()).or_default().push(index);
            }
        }
        Self { devices, by_id, access_groups, clusters }
    }

    /// All devices.
    pub(crate) fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// The device at `index`.
    pub(crate) fn get(&self, index: usize) -> Option<&Device> {
        self.devices.get(index)
    }

    /// Index of the device with machine id `id`.
    pub(crate) fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The device with machine id `id`.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Device> {
        self.get(self.index_of(id)?)
    }

    /// Access groups and their members.
    pub(crate) fn access_groups(&self) -> &BTreeMap<String, Vec<usize>> {
        &self.access_groups
    }

    /// Clusters that the Access module knows, and their members.
    pub(crate) fn clusters(&self) -> &BTreeMap<String, Vec<usize>> {
        &self.clusters
    }

    /// Members of the device group `name`: an access group, a cluster group or a built-in group.
    pub(crate) fn members(&self, name: &str) -> Vec<usize> {
        if let Some(members) = self.access_groups.get(name) {
            return members.clone();
        }
        if let Some(cluster) = name.strip_prefix("cm-bigip-cluster_") {
            return self.clusters.get(cluster).cloned().unwrap_or_default();
        }
        let belongs = |device: &Device| device.groups().iter().any(|group| group == name);
        (0..self.devices.len()).filter(|&i| self.get(i).is_some_and(belongs)).collect()
    }

    /// The device whose sessions the device at `index` lists: itself, or the active partner of a
    /// mirroring standby. `None` for a standby that lists none.
    pub(crate) fn session_holder(&self, index: usize) -> Option<usize> {
        let device = self.get(index)?;
        match device.role {
            HaRole::Standalone | HaRole::Active => Some(index),
            HaRole::Standby { mirrors: false } => None,
            HaRole::Standby { mirrors: true } => {
                let partners = self.clusters.get(device.access_cluster()?)?;
                let active = |&&i: &&usize| self.get(i).is_some_and(|d| d.role == HaRole::Active);
                partners.iter().find(active).copied()
            }
        }
    }
}
