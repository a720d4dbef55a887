//! Items that a list of devices gets wrong. Invented: they show whether a client loses more than the one device.

use serde_json::{Map, Value};

use crate::world::device::Device;
use crate::world::list_rules::BrokenItem;

/// How often a list contains the device.
pub(crate) fn copies(device: &Device, broken: &[BrokenItem]) -> usize {
    if is(device, BrokenItem::Duplicate, broken) { 2 } else { 1 }
}

/// Breaks the item of the device, if it is one of the broken ones.
pub(crate) fn spoil(
    mut item: Map<String, Value>,
    device: &Device,
    broken: &[BrokenItem],
) -> Map<String, Value> {
    if is(device, BrokenItem::TextProperties, broken)
        && let Some(properties) = item.get_mut("properties")
    {
        *properties = "simulator: no properties".into();
    }
    if is(device, BrokenItem::NoId, broken) {
        item.retain(|name, _| !matches!(name.as_str(), "uuid" | "machineId" | "selfLink"));
    }
    item
}

fn is(device: &Device, broken: BrokenItem, all: &[BrokenItem]) -> bool {
    let hostname = match broken {
        BrokenItem::TextProperties => "green.example.test",
        BrokenItem::NoId => "slow.example.test",
        BrokenItem::Duplicate => "red-a.example.test",
    };
    device.hostname == hostname && all.contains(&broken)
}
