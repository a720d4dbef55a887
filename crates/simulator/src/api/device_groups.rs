//! `GET /mgmt/shared/resolver/device-groups[/<group>]`: device groups; a property marks those that
//! are access groups (documented, specification section 1.7).

use serde_json::{Map, Value, json};

use crate::api::items::device::{self as device_json, ACCESS_GROUP};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::odata::query::Query;
use crate::world::appliance::Appliance;
use crate::world::list_rules::DeviceList;

const LINK: &str = "https://localhost/mgmt/shared/resolver/device-groups";

/// The collection, with its keys in the order of the specification's sample.
pub(super) fn list(appliance: &Appliance, call: &Call) -> EndpointResult {
    let query = Query::of(call)?;
    let groups: Vec<_> = names(appliance).map(|name| group_json(appliance, &name)).collect();
    let found = query.find(groups);
    let total = if appliance.settings.wrong_total_items { 1 } else { found.items.len() };
    let items: Vec<Value> =
        found.items.into_iter().map(|group| expand(appliance, &query, group)).collect();
    let mut map = Map::new();
    map.insert("selfLink".to_owned(), LINK.into());
    map.insert("totalItems".to_owned(), total.into());
    if let Some(page) = found.page {
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
pub(super) fn item(appliance: &Appliance, call: &Call, name: &str) -> EndpointResult {
    let query = Query::of(call)?;
    if !exists(appliance, name) {
        return Err(group_not_found(name));
    }
    Ok(Answer::json(200, expand(appliance, &query, group_json(appliance, name))))
}

/// Whether a group with this name exists.
pub(super) fn exists(appliance: &Appliance, name: &str) -> bool {
    names(appliance).any(|known| known == name)
}

/// The error for a group that does not exist (its status is captured, its text inferred).
pub(super) fn group_not_found(name: &str) -> RestError {
    RestError::item_not_found(&format!("/shared/resolver/device-groups/{name}"))
}

fn names(appliance: &Appliance) -> impl Iterator<Item = String> {
    const BUILT_IN: [&str; 7] = [
        ACCESS_GROUP,
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
    let absent = appliance.settings.access_list == DeviceList::Absent;
    let built_in = BUILT_IN.into_iter().filter(move |name| !(absent && *name == ACCESS_GROUP));
    built_in.map(str::to_owned).chain(clusters).chain(access)
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

/// Expands the members if requested (captured in use), and keeps the selected fields.
fn expand(appliance: &Appliance, query: &Query, mut group: Map<String, Value>) -> Value {
    if query.expand.contains("devicesReference") {
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

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use serde_json::json;

    const PATH: &str = "/mgmt/shared/resolver/device-groups";
    const ACCESS: &str = "$filter='properties/cm:access:access_group'+eq+'true'";

    #[tokio::test]
    async fn access_groups_are_listed_as_documented() {
        let server = TestServer::new().await;
        let got = server.get(&format!("{PATH}/?{ACCESS}&$select=groupName,displayName")).await;
        assert_eq!(
            got.keys(),
            ["selfLink", "totalItems", "items", "generation", "kind", "lastUpdateMicros"]
        );
        let list = got.json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items[0].to_string(), r#"{"displayName":"TestGroup","groupName":"TestGroup"}"#);
        assert!(items.contains(&json!({"displayName": "TestGroup2", "groupName": "TestGroup2"})));
        assert_eq!(list["totalItems"], items.len());
        assert_eq!(list["kind"], "shared:resolver:device-groups:devicegroupcollectionstate");
    }

    #[tokio::test]
    async fn the_flag_and_the_wrong_total_depend_on_the_profile() {
        let server = TestServer::with_settings(json!({"profile": "5.2"})).await;
        let none = server.get(&format!("{PATH}?{ACCESS}")).await.json();
        assert_eq!(none["items"], json!([]));
        let old = ACCESS.replace("access_group", "config_group");
        let list = server.get(&format!("{PATH}?{old}")).await.json();
        assert!(list["items"].as_array().unwrap().len() > 1);
        assert_eq!(list["totalItems"], 1);
    }

    #[tokio::test]
    async fn members_are_expanded_on_request() {
        let server = TestServer::new().await;
        let query = "$filter=groupName+eq+'TestGroup1'&$expand=devicesReference";
        let list = server.get(&format!("{PATH}?{query}")).await.json();
        let members = list["items"][0]["devicesReference"]["items"].as_array().unwrap().clone();
        assert_eq!(members.len(), 2);
        assert_eq!(members[0]["groupName"], "TestGroup1");
    }

    #[tokio::test]
    async fn one_group_by_its_name() {
        let server = TestServer::new().await;
        for name in ["TestGroup", "cm-bigip-cluster_BlueCluster", "cm-access-allBigIpDevices"] {
            let group = server.get(&format!("{PATH}/{name}")).await.json();
            assert_eq!(group["groupName"], name);
        }
        assert_eq!(server.get(&format!("{PATH}/nowhere")).await.status, 404);
    }
}
