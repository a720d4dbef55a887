//! A device: identity, group membership, HA role, and how it reacts to a kill.

/// How far a device has been added to BIG-IQ's Access module (specification, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Readiness {
    /// Known, trust not established yet.
    Pending,
    /// Trust established, nothing discovered.
    Trusted,
    /// Local traffic discovered.
    Traffic,
    /// Access discovered, configuration not imported.
    Discovered,
    /// Access configuration imported: member of an access group.
    Imported,
}

/// Role in high availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HaRole {
    /// No partner.
    Standalone,
    /// Holds the sessions.
    Active,
    /// Waits: a kill sent to it does nothing and reports nothing.
    Standby {
        /// Whether it lists its partner's sessions (session mirroring) or none.
        mirrors: bool,
    },
}

/// How a device reacts to a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KillBehaviour {
    /// Ends the sessions within about a tenth of a second.
    Healthy,
    /// Ends them after some time.
    Slow {
        /// That time.
        millis: i64,
    },
    /// Answers with an error and ends none.
    Refusing,
    /// Ends all but one, and names that one.
    Partial,
    /// Cannot be reached: delays the task by 75 s and then fails it.
    Unreachable,
}

/// The product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    /// A managed BIG-IP.
    BigIp,
    /// A BIG-IQ: the appliance itself or a peer.
    BigIq,
}

/// A device that the machineid-resolver lists.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// `machineId` and `uuid`; real ones are not always UUIDs.
    pub id: String,
    /// Reported host name; may be `localhost`.
    pub hostname: String,
    /// Discovery address.
    pub address: String,
    /// Management address; may differ from `address`.
    pub management_address: String,
    /// HTTPS port.
    pub port: u16,
    /// Software version.
    pub version: String,
    /// Software build.
    pub build: String,
    /// BIG-IP or BIG-IQ.
    pub product: Product,
    /// `ACTIVE` (trusted, not HA-active) or one of the pending states.
    pub state: &'static str,
    /// How far it has been added to the Access module.
    pub readiness: Readiness,
    /// Cluster name, if any.
    pub cluster: Option<String>,
    /// Whether only the local traffic module knows the cluster.
    pub traffic_cluster_only: bool,
    /// Access group name, once imported.
    pub group: Option<String>,
    /// HA role.
    pub role: HaRole,
    /// How it reacts to a kill.
    pub kill_behaviour: KillBehaviour,
    /// Whether it is the specification's sample, whose item is printed unchanged.
    pub from_specification: bool,
}

impl Device {
    /// A healthy, imported, standalone BIG-IP without cluster or group.
    pub(crate) fn new(id: &str, hostname: &str, address: &str) -> Self {
        Self {
            id: id.to_owned(),
            hostname: hostname.to_owned(),
            address: address.to_owned(),
            management_address: address.to_owned(),
            port: 443,
            version: "15.1.3".to_owned(),
            build: "0.0.11".to_owned(),
            product: Product::BigIp,
            state: "ACTIVE",
            readiness: Readiness::Imported,
            cluster: None,
            traffic_cluster_only: false,
            group: None,
            role: HaRole::Standalone,
            kill_behaviour: KillBehaviour::Healthy,
            from_specification: false,
        }
    }

    /// Whether the device can be reached.
    pub(crate) fn is_reachable(&self) -> bool {
        self.kill_behaviour != KillBehaviour::Unreachable
    }

    /// The cluster that the Access module knows.
    pub(crate) fn access_cluster(&self) -> Option<&str> {
        self.cluster.as_deref().filter(|_| !self.traffic_cluster_only)
    }

    /// Whether the Access module lists it.
    pub(crate) fn in_access(&self) -> bool {
        self.product == Product::BigIp && self.readiness >= Readiness::Discovered
    }

    /// Names of its device groups, in the order of its `properties`.
    pub(crate) fn groups(&self) -> Vec<String> {
        if self.product == Product::BigIq {
            return vec!["cm-shared-all-big-iqs".to_owned()];
        }
        let mut names = Vec::new();
        let mut add = |name: &str| names.push(name.to_owned());
        if self.readiness >= Readiness::Traffic {
            add("cm-adccore-allbigipDevices");
        }
        add("cm-bigip-allBigIpDevices");
        add("cm-bigip-allDevices");
        if self.in_access() {
            add("cm-access-allBigIpDevices");
        }
        if let Some(cluster) = self.access_cluster() {
            add(&format!("cm-bigip-cluster_{cluster}"));
        }
        if self.in_access() {
            add("cm-access-allDevices");
        }
        if let Some(group) = &self.group {
            add(group);
        }
        if self.readiness >= Readiness::Traffic {
            add("cm-adccore-allDevices");
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_follow_readiness() {
        let mut device = Device::new("id", "a.example.test", "192.0.2.1");
        device.cluster = Some("Blue".to_owned());
        device.group = Some("G".to_owned());
        assert!(device.groups().contains(&"cm-bigip-cluster_Blue".to_owned()));
        assert!(device.groups().contains(&"G".to_owned()));
        device.group = None;
        device.readiness = Readiness::Trusted;
        assert!(!device.in_access());
        device.traffic_cluster_only = true;
        assert_eq!(device.groups(), ["cm-bigip-allBigIpDevices", "cm-bigip-allDevices"]);
    }
}
