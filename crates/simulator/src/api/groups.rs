//! `GET /mgmt/shared/resolver/device-groups[/<group>]`: device groups, access groups among them,
//! marked by a property (documented, specification section 1.7).

use serde_json::{Map, Value, json};

use super::query;
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device_json;
use crate::odata::{Query, at_path};

const LINK: &str = "https://localhost/mgmt/shared/resolver/device-groups";

/// The collection, its keys in the order of the specification's sample.
pub(super) fn list(appliance: &Appliance, call: &Call) -> Reply {
    let query = query(call)?;
    let groups: Vec<_> = names(appliance).map(|name| group_json(appliance, &name)).collect();
    let field = |group: &Map<String, Value>, path: &str| at_path(group, path).cloned();
    let (found, page) = query.find(groups, field);
    let total = if appliance.settings.wrong_total_items { 1 } else { found.len() };
    let items: Vec<Value> =
        found.into_iter().map(|group| expand(appliance, &query, group)).collect();
    let mut map = Map::new();
    map.insert("selfLink".to_owned(), LINK.into());
    map.insert("totalItems".to_owned(), total.into());
    if let Some(page) = page {
        page.write(&mut map);
    }
    map.insert("items".to_owned(), items.into());
    map.insert("generation".to_owned(), 23.into());
    map.insert(
        "kind".to_owned(),
        "shared:resolver:device-groups:devicegroupcollectionstate".into(),
    );
    map.insert("lastUpdateMicros".to_owned(), 1_479_942_921_954_266_i64.into());
    Ok(Answer::json(200, map))
}

/// One group.
pub(super) fn item(appliance: &Appliance, call: &Call, name: &str) -> Reply {
    let query = query(call)?;
    if !exists(appliance, name) {
        return Err(no_group(name));
    }
    Ok(Answer::json(200, expand(appliance, &query, group_json(appliance, name))))
}

/// Whether there is a group of this name.
pub(super) fn exists(appliance: &Appliance, name: &str) -> bool {
    names(appliance).any(|known| known == name)
}

/// The answer about a group that is not there (its status is captured, its text inferred).
pub(super) fn no_group(name: &str) -> Problem {
    Problem::no_item(&format!("/shared/resolver/device-groups/{name}"))
}

fn names(appliance: &Appliance) -> impl Iterator<Item = String> {
    const BUILT_IN: [&str; 7] = [
        "cm-access-allBigIpDevices",
        "cm-access-allDevices",
        "cm-adccore-allDevices",
        "cm-adccore-allbigipDevices",
        "cm-bigip-allBigIpDevices",
        "cm-bigip-allDevices",
        "cm-shared-all-big-iqs",
    ];
    let inventory = &appliance.inventory;
    let clusters = inventory.clusters().keys().map(|name| format!("cm-bigip-cluster_{name}"));
    let access = inventory.access_groups().keys().cloned();
    BUILT_IN.into_iter().map(str::to_owned).chain(clusters).chain(access)
}

fn group_json(appliance: &Appliance, name: &str) -> Map<String, Value> {
    let mut properties = Map::new();
    if appliance.inventory.access_groups().contains_key(name) {
        properties.insert(appliance.settings.group_flag.clone(), true.into());
    }
    let group = json!({
        "devicesReference": {"link": format!("{LINK}/{name}/devices"), "isSubcollection": true},
        "displayName": name,
        "generation": 1,
        "groupName": name,
        "kind": "shared:resolver:device-groups:devicegroupstate",
        "lastUpdateMicros": 1_479_942_921_954_266_i64,
        "properties": properties,
        "selfLink": format!("{LINK}/{name}"),
    });
    match group {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Writes the members out where asked for (captured in use), and keeps what was selected.
fn expand(appliance: &Appliance, query: &Query, mut group: Map<String, Value>) -> Value {
    if query.expand.iter().any(|name| name == "devicesReference") {
        let name = group.get("groupName").and_then(Value::as_str).unwrap_or_default();
        let inventory = &appliance.inventory;
        let members = inventory.members(name).into_iter().filter_map(|i| inventory.get(i));
        let members: Vec<Value> =
            members.map(|device| device_json::group_item(device, name).into()).collect();
        if let Some(Value::Object(reference)) = group.get_mut("devicesReference") {
            reference.insert("items".to_owned(), members.into());
        }
    }
    query.project(group).into()
}
