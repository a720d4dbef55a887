//! From what people write for a device to its machine id: host name, the name's first label, address, id, reference.
//! It keeps its own copy of the names, so that a paste that takes a while may outlive an inventory. It must not
//! choose between two devices.

use crate::input::table::trimmed;
use crate::inventory::{Device, Inventory};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// All names of all devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceIndex {
    ids: Vec<String>,
    exact: FxHashMap<String, Vec<usize>>,
    short: FxHashMap<String, Vec<usize>>,
}

/// Which device was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceMatch<'a> {
    /// This one, by machine id.
    One(&'a str),
    /// Any of these.
    Several(Vec<&'a str>),
    /// None that is known.
    Nobody,
}

impl DeviceIndex {
    /// Takes the names of an inventory's devices.
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
            Some(&device.id),
            Some(&device.name),
            device.address.as_ref(),
            device.management.as_ref(),
        ];
        for name in names.into_iter().flatten() {
            note(&mut self.exact, name.to_lowercase(), place);
        }
        if !is_address(&device.name)
            && let Some((label, _)) = device.name.split_once('.')
        {
            note(&mut self.short, label.to_lowercase(), place);
        }
    }

    /// Which device a text means. Case does not count; a whole name goes before a first label.
    pub fn find(&self, text: &str) -> DeviceMatch<'_> {
        match self.places(text) {
            [] => DeviceMatch::Nobody,
            [one] => self.id(*one).map_or(DeviceMatch::Nobody, DeviceMatch::One),
            several => {
                DeviceMatch::Several(several.iter().filter_map(|place| self.id(*place)).collect())
            }
        }
    }

    /// The machine id of the device at a place.
    pub(crate) fn id(&self, place: usize) -> Option<&str> {
        self.ids.get(place).map(String::as_str)
    }

    /// The place of the device with this machine id.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|known| known == id)
    }

    /// The places of the devices that a text may mean, as [`find`](Self::find) tells them.
    pub(crate) fn places(&self, text: &str) -> &[usize] {
        let text = trimmed(text);
        // Pasted lists are long, and most names are lower case already and no links: one look tells.
        let (mut is_lower, mut may_be_link) = (true, false);
        for byte in text.bytes() {
            is_lower &= byte.is_ascii() && !byte.is_ascii_uppercase();
            may_be_link |= byte == b':';
        }
        let is_link = may_be_link && text.contains("://");
        let name = if is_link { bigiq::link::last_segment(text) } else { text };
        let name = name.trim_end_matches('.');
        let key = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
        self.exact.get(&*key).or_else(|| self.short.get(&*key)).map_or(&[], Vec::as_slice)
    }
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
    use crate::fixture::wire;
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
        ];
        DeviceIndex::of(&DeviceList::of(devices).inventory(&[], vec![], Timestamp(0)))
    }

    #[rstest]
    #[case::id("M-1", DeviceMatch::One("m-1"))]
    #[case::host("Edge-1.East.example.test.", DeviceMatch::One("m-1"))]
    #[case::label("edge-1", DeviceMatch::One("m-1"))]
    #[case::label_of_two("edge-2", DeviceMatch::Several(vec!["m-2", "m-3"]))]
    #[case::address(" 192.0.2.2 ", DeviceMatch::One("m-2"))]
    #[case::management_address_of_two("198.51.100.1", DeviceMatch::Several(vec!["m-1", "m-3"]))]
    #[case::reference(
        "https://localhost/mgmt/cm/system/machineid-resolver/m-3",
        DeviceMatch::One("m-3")
    )]
    #[case::address_is_no_label("192", DeviceMatch::Nobody)]
    #[case::nobody("edge-9", DeviceMatch::Nobody)]
    #[case::nothing("", DeviceMatch::Nobody)]
    fn devices(#[case] text: &str, #[case] expected: DeviceMatch<'_>) {
        assert_eq!(index().find(text), expected);
    }
}
