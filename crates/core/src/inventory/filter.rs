//! The filter of the device list.

use crate::inventory::{Device, HaRole, Inventory, Live, Missing, effective_role};

/// Conditions that must all be met. Empty conditions match every device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    /// Words that must all occur in the device's fields. Case is ignored.
    pub text: String,
    /// Access group name.
    pub group: String,
    /// A part of the cluster's name, because there may be thousands of clusters. Case is ignored.
    pub cluster: String,
    /// Software version.
    pub version: String,
    /// The first thing that is missing; `Some(None)` for devices that are ready.
    pub missing: Option<Option<Missing>>,
    /// HA role, as far as it is known.
    pub role: Option<HaRole>,
}

impl DeviceFilter {
    /// Whether the filter matches every device.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && !self.is_narrow()
    }

    /// Whether there is a condition besides the text.
    pub fn is_narrow(&self) -> bool {
        let named =
            [&self.group, &self.cluster, &self.version].iter().any(|name| !name.trim().is_empty());
        named || self.missing.is_some() || self.role.is_some()
    }

    /// The indexes in the inventory of the devices that match.
    pub fn matching(&self, inventory: &Inventory, live: &Live) -> Vec<usize> {
        let text = self.text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let cluster = self.cluster.trim().to_lowercase();
        let passes = |device: &Device| {
            let is = |wanted: &String, own: &Option<String>| {
                wanted.is_empty() || own.as_ref() == Some(wanted)
            };
            is(&self.group, &device.group)
                && (cluster.is_empty()
                    || device.cluster.as_ref().is_some_and(|c| c.to_lowercase().contains(&cluster)))
                && is(&self.version, &device.version)
                && self.missing.is_none_or(|missing| device.readiness.missing() == missing)
                && device.matches(&words)
                && self.role.is_none_or(|role| effective_role(live, inventory, &device.id) == role)
        };
        let devices = inventory.devices().iter().enumerate();
        devices.filter(|(_, device)| passes(device)).map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{machine, wire};
    use crate::inventory::DeviceList;
    use crate::timestamp::Timestamp;
    use bigiq::device::AccessDevice;
    use rstest::rstest;

    fn inventory() -> Inventory {
        let device = |id, cluster, group, version: &str, address: &str| AccessDevice {
            version: Some(version.to_owned().into()),
            address: Some(address.to_owned().into()),
            ..wire(id, cluster, group)
        };
        let devices = [
            device("a", "Blue", "G1", "17.1.0", "192.0.2.1"),
            device("b", "Blue", "G1", "16.1.3", "192.0.17.1"),
            device("c", "Red", "G2", "17.1.0", "192.0.2.3"),
            device("d", "", "", "17.1.0", "192.0.2.4"),
        ];
        DeviceList::of(devices).inventory(&[], vec![], Timestamp(1))
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[rstest]
    #[case::all(DeviceFilter::default(), "abcd")]
    #[case::text(DeviceFilter { text: text(" B.EXAMPLE "), ..DeviceFilter::default() }, "b")]
    #[case::any_field(DeviceFilter { text: text("17.1"), ..DeviceFilter::default() }, "abcd")]
    #[case::version(DeviceFilter { version: text("17.1.0"), ..DeviceFilter::default() }, "acd")]
    #[case::part_of_a_version(DeviceFilter { version: text("17.1"), ..DeviceFilter::default() }, "")]
    #[case::group(DeviceFilter { group: text("G1"), ..DeviceFilter::default() }, "ab")]
    #[case::cluster(DeviceFilter { cluster: text("Red"), ..DeviceFilter::default() }, "c")]
    #[case::part_of_a_cluster(DeviceFilter { cluster: text(" bLu"), ..DeviceFilter::default() }, "ab")]
    #[case::ready(DeviceFilter { missing: Some(None), ..DeviceFilter::default() }, "abc")]
    #[case::not_ready(DeviceFilter { missing: Some(Some(Missing::Import)), ..DeviceFilter::default() }, "d")]
    #[case::role(DeviceFilter { role: Some(HaRole::Active), ..DeviceFilter::default() }, "bd")]
    #[case::together(
        DeviceFilter { group: text("G1"), version: text("16.1.3"), role: Some(HaRole::Active), ..DeviceFilter::default() },
        "b"
    )]
    #[case::nothing_is_both(
        DeviceFilter { group: text("G2"), version: text("16.1.3"), ..DeviceFilter::default() },
        ""
    )]
    fn narrowing_down(#[case] filter: DeviceFilter, #[case] expected: &str) {
        let (inventory, mut live) = (inventory(), Live::default());
        live.note_role(&machine("a"), HaRole::Standby, Timestamp(1));
        live.note_role(&machine("b"), HaRole::Active, Timestamp(1));
        let found = filter.matching(&inventory, &live);
        let ids: String = inventory.members(&found).map(|device| device.id.as_str()).collect();
        assert_eq!(ids, expected);
        assert_eq!(filter.is_empty(), filter == DeviceFilter::default());
        assert_eq!(
            filter.is_narrow(),
            filter != DeviceFilter { text: filter.text.clone(), ..DeviceFilter::default() }
        );
    }
}
