//! Finds a device by what people write: host name, its first label, address, machine id or reference. The index has its own
//! copy of the names, so that reading a long paste can outlive the inventory. It never chooses between two devices.

use crate::ids::MachineId;
use crate::input::bare_target;
use crate::input::table::trimmed;
use crate::inventory::{Device, Inventory};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::net::Ipv6Addr;

/// The names of all devices.
///
/// ```
/// use bigiq::device::AccessDevice;
/// use curfew_core::inventory::{DeviceIndex, DeviceList, DeviceMatch};
/// use curfew_core::timestamp::Timestamp;
///
/// let device = |id: &'static str, host: &'static str| AccessDevice {
///     machine_id: Some(id.into()),
///     hostname: Some(host.into()),
///     ..AccessDevice::default()
/// };
/// let list = DeviceList::of([device("m1", "edge.a.example.test"), device("m2", "edge.b.example.test")]);
/// let index = DeviceIndex::of(&list.inventory(&[], Vec::new(), Timestamp(0)));
///
/// assert!(matches!(index.find("edge.a.example.test"), DeviceMatch::One(_)));
/// assert!(matches!(index.find("edge"), DeviceMatch::Several(_)));
/// assert_eq!(index.find("core"), DeviceMatch::Nobody);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceIndex {
    ids: Vec<MachineId>,
    exact: FxHashMap<String, Vec<usize>>,
    short: FxHashMap<String, Vec<usize>>,
}

/// The devices that a text matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceMatch<'a> {
    /// One device, by machine id.
    One(&'a MachineId),
    /// Several devices, by machine id.
    Several(Vec<&'a MachineId>),
    /// No device.
    Nobody,
}

impl DeviceIndex {
    /// The names of an inventory's devices.
    pub fn of(inventory: &Inventory) -> Self {
        let mut index = Self::default();
        for device in inventory.devices() {
            index.add(device);
        }
        index
    }

    fn add(&mut self, device: &Device) {
        let place = self.ids.len();
        self.ids.push(device.id.clone());
        let names = [
            Some(device.id.as_str()),
            Some(device.name.as_str()),
            device.address.as_deref(),
            device.management.as_deref(),
        ];
        for name in names.into_iter().flatten() {
            note(&mut self.exact, name.to_lowercase(), place);
            if let Some(key) = ipv6_key(bare_target(name)) {
                note(&mut self.exact, key, place);
            }
        }
        if !is_address(&device.name)
            && let Some((label, _)) = device.name.split_once('.')
        {
            note(&mut self.short, label.to_lowercase(), place);
        }
    }

    /// The devices that a text matches. Case is ignored; a whole name takes precedence over a first label.
    pub fn find(&self, text: &str) -> DeviceMatch<'_> {
        match self.places(text) {
            [] => DeviceMatch::Nobody,
            [one] => self.id(*one).map_or(DeviceMatch::Nobody, DeviceMatch::One),
            several => {
                DeviceMatch::Several(several.iter().filter_map(|place| self.id(*place)).collect())
            }
        }
    }

    /// The machine id of the device at an index.
    pub(crate) fn id(&self, place: usize) -> Option<&MachineId> {
        self.ids.get(place)
    }

    /// The index of the device with this machine id.
    pub(crate) fn place(&self, id: &MachineId) -> Option<usize> {
        self.ids.iter().position(|known| known == id)
    }

    /// The indexes of the devices that a text matches, by the rules of [`find`](Self::find).
    pub(crate) fn places(&self, text: &str) -> &[usize] {
        let text = trimmed(text);
        // Pasted lists are long, and most names are lower case and not links: one scan shows that.
        let (mut is_lower, mut may_be_link, mut is_plain) = (true, false, true);
        for byte in text.bytes() {
            is_lower &= byte.is_ascii() && !byte.is_ascii_uppercase();
            may_be_link |= byte == b':';
            is_plain &= !matches!(byte, b':' | b'/' | b'%');
        }
        let is_link = may_be_link && text.contains("://");
        let name = if is_link { bigiq::link::last_segment(text) } else { text };
        let name = name.trim_end_matches('.');
        let key = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
        let places = self.exact.get(&*key).or_else(|| self.short.get(&*key));
        match places {
            Some(places) => places,
            None if is_plain => &[],
            None => self.places_of_bare(text),
        }
    }

    /// The same for a text with a scheme, path, port, route domain or partition, and for an IPv6 address in any spelling.
    fn places_of_bare(&self, text: &str) -> &[usize] {
        let bare = bare_target(text).trim_end_matches('.');
        let key = bare.to_lowercase();
        let places = self.exact.get(&key).or_else(|| self.short.get(&key));
        let of_address = || self.exact.get(&ipv6_key(bare)?);
        places.or_else(of_address).map_or(&[], Vec::as_slice)
    }
}

/// The key of an IPv6 address, which can be written in several ways. It starts with a character that no name has.
fn ipv6_key(text: &str) -> Option<String> {
    let address: Ipv6Addr = text.parse().ok()?;
    Some(std::iter::once('\0').chain(address.octets().map(char::from)).collect())
}

fn note(map: &mut FxHashMap<String, Vec<usize>>, key: String, place: usize) {
    let places = map.entry(key).or_default();
    if places.last() != Some(&place) {
        places.push(place);
    }
}

fn is_address(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{machines, wire};
    use crate::inventory::DeviceList;
    use crate::timestamp::Timestamp;
    use bigiq::device::AccessDevice;
    use rstest::rstest;

    fn index() -> DeviceIndex {
        let named = |id: &str, host: &str, address: &str, management: &str| AccessDevice {
            hostname: Some(host.to_owned().into()),
            address: Some(address.to_owned().into()),
            management_address: Some(management.to_owned().into()),
            ..wire(id, "", "")
        };
        let devices = [
            named("m-1", "edge-1.east.example.test", "192.0.2.1", "198.51.100.1"),
            named("m-2", "edge-2.east.example.test", "192.0.2.2", "192.0.2.2"),
            named("m-3", "edge-2.west.example.test", "192.0.2.3", "198.51.100.1"),
            named("m-4", "localhost", "192.0.2.4", ""),
            named("m-5", "edge-5.east.example.test", "2001:db8::5", "192.0.2.5%0"),
        ];
        DeviceIndex::of(&DeviceList::of(devices).inventory(&[], vec![], Timestamp(0)))
    }

    #[rstest]
    #[case::id("M-1", &["m-1"])]
    #[case::host("Edge-1.East.example.test.", &["m-1"])]
    #[case::label("edge-1", &["m-1"])]
    #[case::label_of_two("edge-2", &["m-2", "m-3"])]
    #[case::address(" 192.0.2.2 ", &["m-2"])]
    #[case::management_address_of_two("198.51.100.1", &["m-1", "m-3"])]
    #[case::reference(
        "https://localhost/mgmt/cm/system/machineid-resolver/m-3",
        &["m-3"]
    )]
    #[case::address_is_no_label("192", &[])]
    #[case::scheme_and_port("https://edge-1:443", &["m-1"])]
    #[case::port("edge-1.east.example.test:443", &["m-1"])]
    #[case::partition("/Common/edge-1", &["m-1"])]
    #[case::route_domain("192.0.2.2%0", &["m-2"])]
    #[case::its_own_route_domain("192.0.2.5%0", &["m-5"])]
    #[case::long_ipv6("2001:0db8:0:0:0:0:0:5", &["m-5"])]
    #[case::ipv6_in_brackets("[2001:DB8::5]:443", &["m-5"])]
    #[case::nobody_with_a_port("edge-9:443", &[])]
    #[case::nobody("edge-9", &[])]
    #[case::nothing("", &[])]
    fn devices(#[case] text: &str, #[case] expected: &[&str]) {
        let expected = machines(expected);
        let expected = match expected.as_slice() {
            [] => DeviceMatch::Nobody,
            [one] => DeviceMatch::One(one),
            several => DeviceMatch::Several(several.iter().collect()),
        };
        assert_eq!(index().find(text), expected);
    }
}
