//! A device in BIG-IQ's JSON: the machineid-resolver item with the properties of all groups, and
//! the device-group item with those of one group.
//!
//! Items are built on request and never stored: 10,000 items of 30 kB need too much memory.

use std::cell::OnceCell;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::odata::item::{Queryable, at_path};
use crate::world::device::{Device, HaRole, Product, Readiness};
use crate::world::timestamp::Timestamp;

/// The specification's item (section 1), unchanged.
const SPECIFICATION_ITEM: &str = include_str!("../../../fixtures/spec-device.json");

const KIND: &str = "shared:resolver:device-groups:restdeviceresolverdevicestate";
/// The device group of the Access module.
pub(crate) const ACCESS_GROUP: &str = "cm-access-allBigIpDevices";
const ACCESS_MODULE: &str = "All Access managed BIG-IP devices";
/// 2023-11-10, the last discovery of every generated device.
const DISCOVERED_MS: i64 = 1_699_643_718_963;

/// How much of an item to build; listing thousands is cheap without `properties`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Everything.
    Full,
    /// Without `properties` and `slots`.
    TopLevel,
}

/// The item at `/mgmt/cm/system/machineid-resolver/<id>`.
pub(crate) fn resolver_item(device: &Device, big: bool, depth: Depth) -> Map<String, Value> {
    if device.from_specification {
        return object(specification_item());
    }
    let mut item = leading_fields(device);
    if depth == Depth::Full {
        item.insert("properties".to_owned(), all_properties(device, big).into());
    }
    add_trailing_fields(&mut item, device, depth);
    let link = format!("https://localhost/mgmt/cm/system/machineid-resolver/{}", device.id);
    item.insert("selfLink".to_owned(), link.into());
    item
}

/// The item at `/mgmt/shared/resolver/device-groups/<group>/devices/<id>`: small, with flat
/// `properties` of that group only (captured).
pub(crate) fn group_item(device: &Device, group: &str) -> Map<String, Value> {
    let mut item = Map::new();
    item.insert("kind".to_owned(), KIND.into());
    item.extend(leading_fields(device));
    item.insert("groupName".to_owned(), group.into());
    item.insert("properties".to_owned(), properties_of(device, group, false).into());
    add_trailing_fields(&mut item, device, Depth::TopLevel);
    item.insert("selfLink".to_owned(), group_link(group, &device.id).into());
    item
}

/// A device in a query of the machineid-resolver. The fields that filters and orders usually name
/// are available without building the item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResolverRow<'a> {
    /// The device.
    pub device: &'a Device,
    /// Whether its item is large.
    pub big: bool,
    /// Whether its `properties` are flat, as in a device group.
    pub flat: bool,
}

impl ResolverRow<'_> {
    /// The item in the list.
    pub(crate) fn item(&self, depth: Depth) -> Map<String, Value> {
        let mut item = resolver_item(self.device, self.big, depth);
        if self.flat
            && let Some(properties) = item.get_mut("properties")
        {
            let group = if self.device.in_access() { ACCESS_GROUP } else { "" };
            *properties = properties_of(self.device, group, self.big).into();
        }
        item
    }
}

/// A device in a query of a device group; see [`ResolverRow`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupRow<'a> {
    /// The device.
    pub device: &'a Device,
    /// Name of the group.
    pub group: &'a str,
    /// Whether its `properties` hold an object for each group, as in the machineid-resolver.
    pub nested: bool,
    /// Whether a nested item is large.
    pub big: bool,
}

impl GroupRow<'_> {
    /// The item in the list.
    pub(crate) fn item(&self) -> Map<String, Value> {
        let mut item = group_item(self.device, self.group);
        if self.nested
            && let Some(properties) = item.get_mut("properties")
        {
            let whole = resolver_item(self.device, self.big, Depth::Full).remove("properties");
            *properties = whole.unwrap_or_default();
        }
        item
    }
}

impl Queryable for ResolverRow<'_> {
    fn field(&self, path: &str) -> Option<Value> {
        self.with_fields(|field| field(path))
    }

    fn with_fields<R>(&self, read: impl FnOnce(&dyn Fn(&str) -> Option<Value>) -> R) -> R {
        let (top, full) = (OnceCell::new(), OnceCell::new());
        read(&|path| {
            plain_field(self.device, path).or_else(|| {
                let (cell, depth) = match path.contains('/') {
                    true => (&full, Depth::Full),
                    false => (&top, Depth::TopLevel),
                };
                at_path(cell.get_or_init(|| self.item(depth)), path).cloned()
            })
        })
    }
}

impl Queryable for GroupRow<'_> {
    fn field(&self, path: &str) -> Option<Value> {
        self.with_fields(|field| field(path))
    }

    fn with_fields<R>(&self, read: impl FnOnce(&dyn Fn(&str) -> Option<Value>) -> R) -> R {
        let item = OnceCell::new();
        read(&|path| {
            plain_field(self.device, path)
                .or_else(|| at_path(item.get_or_init(|| self.item()), path).cloned())
        })
    }
}

fn plain_field(device: &Device, path: &str) -> Option<Value> {
    let text = match path {
        "uuid" | "machineId" => &device.id,
        "address" => &device.address,
        "hostname" => &device.hostname,
        "managementAddress" => &device.management_address,
        "version" => &device.version,
        "state" => device.state,
        _ => return None,
    };
    Some(text.into())
}

/// `selfLink` of a device in a device group.
pub(crate) fn group_link(group: &str, id: &str) -> String {
    format!("https://localhost/mgmt/shared/resolver/device-groups/{group}/devices/{id}")
}

fn specification_item() -> Value {
    serde_json::from_str(SPECIFICATION_ITEM).unwrap_or_default()
}

fn leading_fields(device: &Device) -> Map<String, Value> {
    let product = if device.product == Product::BigIq { "BIG-IQ" } else { "BIG-IP" };
    let short = device.hostname.split('.').next().unwrap_or_default();
    let framework = if device.hostname == "localhost" {
        "error".to_owned()
    } else {
        format!("{}-{}", device.version, device.build)
    };
    object(json!({
        "uuid": device.id,
        "deviceUri": format!("https://{}:{}", device.management_address, device.port),
        "machineId": device.id,
        "state": device.state,
        "address": device.address,
        "httpsPort": device.port,
        "hostname": device.hostname,
        "version": device.version,
        "product": product,
        "edition": "Final",
        "build": device.build,
        "restFrameworkVersion": framework,
        "managementAddress": device.management_address,
        "mcpDeviceName": format!("/Common/{short}"),
    }))
}

fn add_trailing_fields(item: &mut Map<String, Value>, device: &Device, depth: Depth) {
    // Clustered devices say false too, as in every public sample.
    item.insert("isClustered".to_owned(), false.into());
    item.insert("isVirtual".to_owned(), true.into());
    item.insert("isLicenseExpired".to_owned(), false.into());
    if depth == Depth::Full {
        let slots = json!([{
            "volume": "HD1.1",
            "product": "BIG-IP",
            "version": device.version,
            "build": device.build,
            "isActive": true,
        }]);
        item.insert("slots".to_owned(), slots);
    }
    item.insert("generation".to_owned(), 67.into());
    item.insert("lastUpdateMicros".to_owned(), (DISCOVERED_MS * 1000 + 505).into());
    item.insert("kind".to_owned(), KIND.into());
}

fn all_properties(device: &Device, big: bool) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("cm:gui:module".to_owned(), gui_modules(device).into());
    let modules = if device.in_access() { vec![ACCESS_MODULE] } else { Vec::new() };
    all.insert("modules".to_owned(), modules.into());
    for group in device.groups() {
        let properties = properties_of(device, &group, big);
        all.insert(group, properties.into());
    }
    all
}

/// The modules that have discovered the device (specification, sections 1.1 and 1.2).
fn gui_modules(device: &Device) -> Vec<&'static str> {
    let mut modules = Vec::new();
    if device.in_access() {
        modules.push("Access");
    }
    if device.readiness >= Readiness::Trusted {
        modules.push("BigIPDevice");
    }
    if device.readiness >= Readiness::Traffic {
        modules.push("adc");
    }
    modules
}

/// The properties of the device in one group.
fn properties_of(device: &Device, group: &str, big: bool) -> Map<String, Value> {
    let mut map = Map::new();
    if device.from_specification
        && let Some(Value::Object(printed)) = specification_item().pointer_mut("/properties")
        && let Some(Value::Object(printed)) = printed.remove(group)
    {
        return printed;
    }
    let module = match group {
        "cm-access-allBigIpDevices" => {
            add_discovery(&mut map, device);
            if device.readiness == Readiness::Discovered {
                map.insert("importStatus".to_owned(), "NONE".into());
            }
            add_cluster(&mut map, device.access_cluster());
            add_access_group(&mut map, device);
            vec!["Access"]
        }
        "cm-access-allDevices" => {
            add_cluster(&mut map, device.access_cluster());
            vec!["Access"]
        }
        "cm-adccore-allbigipDevices" => {
            add_discovery(&mut map, device);
            add_cluster(&mut map, device.cluster.as_deref());
            vec!["adc"]
        }
        "cm-bigip-allBigIpDevices" => {
            add_cluster(&mut map, device.access_cluster());
            vec!["BigIPDevice"]
        }
        name if name.starts_with("cm-bigip-cluster_") => {
            add_cluster(&mut map, device.access_cluster());
            map.insert("useBigiqSync".to_owned(), false.into());
            Vec::new()
        }
        name if device.group.as_deref() == Some(name) => {
            add_discovery(&mut map, device);
            let link = group_link("cm-access-allBigIpDevices", &device.id);
            map.insert("cm:access:all-bigip-device-link".to_owned(), link.into());
            map.insert("cm:access:import-version".to_owned(), device.version.clone().into());
            map.insert("cm:access:source-device".to_owned(), is_source(device).into());
            vec!["Access"]
        }
        _ => Vec::new(),
    };
    if big {
        add_flags(&mut map);
    }
    let modules = if module == ["Access"] { vec![ACCESS_MODULE] } else { Vec::new() };
    map.insert("cm:gui:module".to_owned(), module.into());
    map.insert("modules".to_owned(), modules.into());
    map
}

fn add_discovery(map: &mut Map<String, Value>, device: &Device) {
    let date: Value = Timestamp::from_millis(DISCOVERED_MS).property_date().into();
    let imported = device.readiness == Readiness::Imported;
    map.insert("discovered".to_owned(), true.into());
    map.insert("imported".to_owned(), imported.into());
    map.insert("supportsRest".to_owned(), true.into());
    map.insert("discoveryStatus".to_owned(), "FINISHED".into());
    map.insert("lastDiscoveredDateTime".to_owned(), date.clone());
    map.insert("lastUserDiscoveredDateTime".to_owned(), date.clone());
    if imported {
        map.insert("importStatus".to_owned(), "FINISHED".into());
        map.insert("importedDateTime".to_owned(), date);
    }
}

fn add_cluster(map: &mut Map<String, Value>, name: Option<&str>) {
    if let Some(name) = name {
        map.insert("clusterName".to_owned(), name.into());
    }
}

/// Membership in an access group, present only after the import (specification, section 1.4).
fn add_access_group(map: &mut Map<String, Value>, device: &Device) {
    let Some(group) = &device.group else { return };
    let link = format!("https://localhost/mgmt/shared/resolver/device-groups/{group}");
    map.insert("cm:access:access-group-name".to_owned(), group.clone().into());
    map.insert("cm:access:source-device".to_owned(), is_source(device).into());
    map.insert(
        "cm:access:access-group-device-link".to_owned(),
        group_link(group, &device.id).into(),
    );
    map.insert("cm:access:import-version".to_owned(), device.version.clone().into());
    map.insert("cm:access:access-group-link".to_owned(), link.into());
}

fn is_source(device: &Device) -> bool {
    !matches!(device.role, HaRole::Standby { .. })
}

/// A hundred invented feature flags per group: the bulk of an item on 7.x and 8.x.
fn add_flags(map: &mut Map<String, Value>) {
    map.extend(FLAGS.iter().map(|(name, value)| (name.clone(), Value::Bool(*value))));
}

/// Names and values of the flags, built once: an item holds them nine times.
static FLAGS: LazyLock<Vec<(String, bool)>> = LazyLock::new(|| {
    const AREAS: [&str; 10] = [
        "Virtual", "Pool", "Profile", "Policy", "Monitor", "Traffic", "Portal", "Webtop", "Agent",
        "Tunnel",
    ];
    const TRAITS: [&str; 10] = [
        "Import",
        "Deploy",
        "Diff",
        "Snapshot",
        "Inherit",
        "Rename",
        "Restrict",
        "Partition",
        "Upgrade",
        "Audit",
    ];
    let mut flags = Vec::new();
    for (i, area) in AREAS.iter().enumerate() {
        for (j, name) in TRAITS.iter().enumerate() {
            flags.push((format!("supports{area}{name}Enhancement"), (i + j) % 3 != 0));
        }
    }
    flags
});

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::inventory::Inventory;
    use crate::world::seed::build;
    use crate::world::seed::named::SPECIFICATION_DEVICE;
    use crate::world::setup::FleetOptions;

    fn inventory() -> Inventory {
        build::inventory(FleetOptions { devices: 40, sessions_per_device: 0, seed: 1 })
    }

    #[test]
    fn the_item_of_the_specification_is_unchanged() {
        let inventory = inventory();
        let device = inventory.by_id(SPECIFICATION_DEVICE).unwrap();
        let printed: Value = serde_json::from_str(SPECIFICATION_ITEM).unwrap();
        for depth in [Depth::Full, Depth::TopLevel] {
            assert_eq!(Value::from(resolver_item(device, true, depth)), printed);
        }
    }

    #[test]
    fn sizes_are_as_captured() {
        let inventory = inventory();
        let size = |big| {
            let device = inventory.devices().iter().find(|d| d.hostname.starts_with("bigip-"));
            Value::from(resolver_item(device.unwrap(), big, Depth::Full)).to_string().len()
        };
        assert!((3_000..6_000).contains(&size(false)), "{}", size(false));
        assert!((20_000..40_000).contains(&size(true)), "{}", size(true));
    }

    #[test]
    fn a_group_item_is_flat_and_small() {
        let inventory = inventory();
        let device = inventory.by_id("5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52").unwrap();
        let item = Value::from(group_item(device, "cm-access-allBigIpDevices"));
        assert_eq!(item["properties"]["clusterName"], "BlueCluster");
        assert_eq!(item["properties"]["cm:access:access-group-name"], "TestGroup");
        assert_eq!(item["groupName"], "cm-access-allBigIpDevices");
        assert!(item.to_string().len() < 2_500);
    }
}
