//! Wire types of devices and access groups.

use crate::lenient::{self, Scalar, Wanted};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer};
use std::borrow::Cow;
use std::cell::Cell;

/// A device as the Access module lists it. In the list of the group `cm-access-allBigIpDevices` its properties are flat and
/// belong to that group (captured); in the machineid-resolver they are nested by group (documented, section 1). It borrows
/// its texts from the answer, because an answer has thousands of them and not all are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessDevice<'a> {
    /// The id used in device references. Equal to `uuid` in every sample, and not always a valid UUID.
    pub machine_id: Option<Cow<'a, str>>,
    /// Same as `machine_id` in every sample.
    pub uuid: Option<Cow<'a, str>>,
    /// Host name. Can be `localhost` (captured).
    pub hostname: Option<Cow<'a, str>>,
    /// The address at which BIG-IQ reaches the device.
    pub address: Option<Cow<'a, str>>,
    /// The device's management address, which may be another (captured).
    pub management_address: Option<Cow<'a, str>>,
    /// Trust state. `ACTIVE` means managed, not HA-active (captured).
    pub state: Option<Cow<'a, str>>,
    /// Software version.
    pub version: Option<Cow<'a, str>>,
    /// `BIG-IP`. The unfiltered resolver also lists `BIG-IQ` (captured).
    pub product: Option<Cow<'a, str>>,
    /// What the Access module knows about it.
    pub properties: AccessProperties<'a>,
    /// Whether `cm:gui:module` shows that trust is established (documented, section 1.1).
    pub has_trust_module: bool,
    /// Whether it shows that the Local Traffic service, which Access requires, is discovered (documented, section 1.2).
    pub has_traffic_module: bool,
    /// Whether the device or its properties are no JSON object, so that nothing is known of what they should contain.
    pub is_unreadable: bool,
}

impl AccessDevice<'_> {
    /// The machine id, from either field. `None` if the id can't be used in a device reference.
    pub fn id(&self) -> Option<&str> {
        self.machine_id.as_deref().or(self.uuid.as_deref()).filter(|id| crate::link::names(id))
    }

    /// Moves [`id`](Self::id) out.
    pub fn take_id(&mut self) -> Option<String> {
        let id = self.machine_id.take().or(self.uuid.take()).filter(|id| crate::link::names(id))?;
        Some(id.into_owned())
    }
}

/// What the Access module knows about a device (documented, sections 1.3 to 1.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessProperties<'a> {
    /// Whether Access discovery has run.
    pub discovered: Option<bool>,
    /// Whether the Access configuration is imported (section 1.3).
    pub imported: Option<bool>,
    /// Cluster name (section 1.5). The field `isClustered` is false in every sample and is not read.
    pub cluster_name: Option<Cow<'a, str>>,
    /// Access group name (section 1.4), present only after import.
    pub access_group_name: Option<Cow<'a, str>>,
}

/// The JSON names of an [`AccessDevice`]'s fields.
const DEVICE_FIELDS: [&str; 8] = [
    "machineId",
    "uuid",
    "hostname",
    "address",
    "managementAddress",
    "state",
    "version",
    "product",
];
/// The key of the Access properties in a resolver device's nested properties.
const ACCESS_GROUP_PROPERTIES: &str = "cm-access-allBigIpDevices";
/// The JSON names of [`AccessProperties`]' fields.
const PROPERTY_FIELDS: [&str; 5] =
    ["discovered", "imported", "clusterName", "cm:access:access-group-name", MODULES];
/// The key of the discovered modules (documented, sections 1.1 and 1.2).
const MODULES: &str = "cm:gui:module";
/// The module that shows trust (documented, section 1.1).
const TRUST_MODULE: &str = "BigIPDevice";
/// The module that shows that Access is discovered (documented, section 1.2).
const ACCESS_MODULE: &str = "Access";
/// The module that shows that Local Traffic is discovered (documented, section 1.2).
const TRAFFIC_MODULE: &str = "adc";

impl<'de: 'a, 'a> Deserialize<'de> for AccessDevice<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut own = <[Scalar<'de>; 8]>::default();
        let (mut flat, mut nested) = <([Scalar<'de>; 5], [Scalar<'de>; 5])>::default();
        let is_unreadable = Cell::new(false);
        let own_fields = (&PROPERTY_FIELDS[..], &mut nested[..]);
        let mut group = Wanted { own: own_fields, inner: None, is_unreadable: &is_unreadable };
        let inner = Some((ACCESS_GROUP_PROPERTIES, &mut group));
        let own_fields = (&PROPERTY_FIELDS[..], &mut flat[..]);
        let mut properties = Wanted { own: own_fields, inner, is_unreadable: &is_unreadable };
        let inner = Some(("properties", &mut properties));
        let own_fields = (&DEVICE_FIELDS[..], &mut own[..]);
        (&mut Wanted { own: own_fields, inner, is_unreadable: &is_unreadable }).deserialize(d)?;
        let has_module =
            |module: &str| [&flat, &nested].iter().any(|[.., modules]| modules.contains(module));
        let has_trust_module = has_module(TRUST_MODULE);
        let has_traffic_module = has_module(TRAFFIC_MODULE);
        let has_access = has_module(ACCESS_MODULE);
        let [machine_id, uuid, hostname, address, management_address, state, version, product] =
            own.map(Scalar::text);
        let is_nested = nested.iter().any(|scalar| !matches!(scalar, Scalar::None));
        let properties = if is_nested { nested } else { flat };
        let [discovered, imported, cluster_name, access_group_name, _] = properties;
        let properties = AccessProperties {
            discovered: discovered.flag().or(has_access.then_some(true)),
            imported: imported.flag(),
            cluster_name: cluster_name.text(),
            access_group_name: access_group_name.text(),
        };
        Ok(Self {
            machine_id,
            uuid,
            hostname,
            address,
            management_address,
            state,
            version,
            product,
            properties,
            has_trust_module,
            has_traffic_module,
            is_unreadable: is_unreadable.get(),
        })
    }
}

/// A page of devices.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DevicePage<'a> {
    /// The devices.
    #[serde(borrow, default, deserialize_with = "lenient::list")]
    pub items: Vec<AccessDevice<'a>>,
    /// Total number of devices. Not reliable: it is wrong in a documented sample of another list.
    #[serde(default, deserialize_with = "lenient::int")]
    pub total_items: Option<i64>,
}

/// An access group (documented, section 1.7).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessGroup {
    /// The name used in kill requests.
    pub group_name: Option<String>,
    /// The name shown to people.
    pub display_name: Option<String>,
}

impl<'de> Deserialize<'de> for AccessGroup {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [group, display] = lenient::scalars(d, &["groupName", "displayName"])?;
        Ok(Self { group_name: group.owned(), display_name: display.owned() })
    }
}

/// A list of access groups. Its `totalItems` is wrong in the documented sample and is not read.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GroupPage {
    /// The groups.
    #[serde(default, deserialize_with = "lenient::list")]
    pub items: Vec<AccessGroup>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    #[test]
    fn flat_device() {
        let page: DevicePage<'_> = decode(
            r#"{"items":[{"machineId":"m","hostname":"h","state":"ACTIVE","properties":{"discovered":"true","imported":false,
            "clusterName":"BlueCluster","cm:access:access-group-name":"TestGroup"}},null,{"uuid":"u","properties":{}}]}"#,
        )
        .unwrap();
        assert_eq!(page.items.len(), 2);
        let first = &page.items[0];
        assert_eq!(first.id(), Some("m"));
        assert_eq!(first.properties.discovered, Some(true));
        assert_eq!(first.properties.imported, Some(false));
        assert_eq!(first.properties.cluster_name.as_deref(), Some("BlueCluster"));
        assert_eq!(first.properties.access_group_name.as_deref(), Some("TestGroup"));
        assert_eq!(page.items[1].id(), Some("u"));
    }

    /// The device of section 1, and the same device in the group's list.
    #[test]
    fn nested_device() {
        let page: DevicePage<'_> = decode(
            r#"{"items":[{"machineId":"m","state":"ACTIVE","properties":{"cm:gui:module":["Access"],"imported":"flat",
            "cm-adccore-allbigipDevices":{"clusterName":"other","imported":false},
            "cm-access-allBigIpDevices":{"discovered":true,"imported":"true","clusterName":"BlueCluster",
            "cm:access:access-group-name":"TestGroup"},"TestGroup":{"imported":false}}},
            {"uuid":"u","properties":{"cm-access-allBigIpDevices":null,"clusterName":"Red"}}]}"#,
        )
        .unwrap();
        let AccessProperties { discovered, imported, cluster_name, access_group_name } =
            &page.items[0].properties;
        assert_eq!((*discovered, *imported), (Some(true), Some(true)));
        assert_eq!(cluster_name.as_deref(), Some("BlueCluster"));
        assert_eq!(access_group_name.as_deref(), Some("TestGroup"));
        assert_eq!(page.items[1].properties.cluster_name.as_deref(), Some("Red"));
    }

    #[test]
    fn odd_devices() {
        let page: DevicePage<'_> = decode(
            r#"{"items":[{"machine\u0049d":"a\"b","version":17,"state":null,"product":["x"],"properties":null},
            {"uuid":"u","properties":{"hostname":"inner","imported":"TRUE","inner":{"clusterName":"x"},"clusterName":7}},
            {"hostname":"x","more":{"hostname":"y","properties":{"clusterName":"z"}},"hostname":"z"}]}"#,
        )
        .unwrap();
        let [first, second, third] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((first.id(), first.version.as_deref()), (Some("a\"b"), Some("17")));
        let unread = AccessProperties::default();
        assert_eq!((&first.state, &first.product, &first.properties), (&None, &None, &unread));
        assert_eq!(
            (second.id(), &second.hostname),
            (Some("u"), &None),
            "names count where they stand"
        );
        assert_eq!(second.properties.imported, Some(true));
        assert_eq!(second.properties.cluster_name.as_deref(), Some("7"));
        assert_eq!((third.hostname.as_deref(), &third.properties), (Some("z"), &unread));
    }

    #[test]
    fn one_broken_device_hides_no_other() {
        let page: DevicePage<'_> = decode(
            r#"{"items":["x",7,[{}],{"machineId":"a","properties":"x"},{"machineId":"b","properties":[1]},
            {"machineId":"c","properties":{"cm-access-allBigIpDevices":true}},{"machineId":"d","properties":{"imported":true}}]}"#,
        )
        .unwrap();
        let read: Vec<_> = page.items.iter().map(|item| (item.id(), item.is_unreadable)).collect();
        let broken = [None, None, None, Some("a"), Some("b"), Some("c")].map(|id| (id, true));
        assert_eq!(read, [&broken[..], &[(Some("d"), false)]].concat());
        assert!(decode::<DevicePage<'_>>(r#"{"items":"x"}"#).is_err(), "no list is no inventory");
    }

    #[test]
    fn modules_show_trust_and_discovery() {
        let page: DevicePage<'_> = decode(
            r#"{"items":[{"properties":{"cm:gui:module":["BigIPDevice","adc","Access"]}},
            {"properties":{"cm:gui:module":["BigIPDevice"]}},{"properties":{"discovered":false,"cm:gui:module":["Access"]}},
            {"properties":{"cm:gui:module":"Access"}}]}"#,
        )
        .unwrap();
        let read: Vec<_> =
            page.items.iter().map(|d| (d.has_trust_module, d.properties.discovered)).collect();
        let expected = [(true, Some(true)), (true, None), (false, Some(false)), (false, None)];
        assert_eq!(read, expected);
    }

    #[test]
    fn resolver_device() {
        let page: DevicePage<'_> = decode(
            r#"{"items":[{"machineId":"m","product":"BIG-IP","isClustered":false,"properties":{"cm:gui:module":["Access","BigIPDevice","adc"],
            "cm-access-allBigIpDevices":{"imported":true,"clusterName":"BlueCluster"},"TestGroup":{"imported":false}}},
            {"machineId":"n","properties":{"cm:gui:module":["BigIPDevice"]}}],"generation":0}"#,
        )
        .unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((first.has_trust_module, first.has_traffic_module), (true, true));
        assert_eq!(first.properties.discovered, Some(true));
        assert_eq!(first.properties.cluster_name.as_deref(), Some("BlueCluster"));
        assert_eq!((second.has_trust_module, second.has_traffic_module), (true, false));
        assert_eq!(second.properties.discovered, None);
    }

    #[test]
    fn groups_do_not_trust_the_count() {
        let page: GroupPage = decode(
            r#"{"totalItems":1,"items":[{"displayName":"TestGroup","groupName":"TestGroup"},{"groupName":"TestGroup2"}]}"#,
        )
        .unwrap();
        assert_eq!(page.items.len(), 2);
    }
}
