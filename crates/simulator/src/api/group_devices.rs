//! `GET /mgmt/shared/resolver/device-groups/<group>/devices[/<id>]`: the members of a group as
//! small items, with that group's properties only (captured).

use std::iter::repeat_n;

use serde_json::{Map, Value};

use super::device_groups as groups;
use crate::api::items::broken::{copies, spoil};
use crate::api::items::collection::with_items;
use crate::api::items::device::{ACCESS_GROUP, GroupRow};
use crate::auth::authentication;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::odata::query::Query;
use crate::world::account::Account;
use crate::world::appliance::Appliance;
use crate::world::device::Device;
use crate::world::list_rules::{DeviceList, Fields, PageRules};
use crate::world::settings::Settings;

/// All members.
pub(super) fn list(
    appliance: &Appliance,
    account: Account,
    call: &Call,
    group: &str,
) -> EndpointResult {
    let settings = &appliance.settings;
    check(appliance, account, call, group)?;
    let (rules, broken, fields) = match group {
        ACCESS_GROUP => {
            let broken = settings.broken_items.as_slice();
            (&settings.access_pages, broken, &settings.item_fields.access)
        }
        _ => (&PageRules::default(), [].as_slice(), &Fields::default()),
    };
    let query = Query::under(call, rules)?;
    let inventory = &appliance.inventory;
    let members = inventory.members(group).into_iter().filter_map(|i| inventory.get(i));
    let rows =
        members.flat_map(|device| repeat_n(row(settings, device, group), copies(device, broken)));
    let found = query.find(rows.collect());
    let items = found.items.into_iter().map(|row| {
        let item = fields.keep(spoil(row.item(), row.device, broken));
        Value::from(query.project(item)).to_string()
    });
    let mut tail = Map::new();
    tail.insert("generation".to_owned(), 23.into());
    let kind = "shared:resolver:device-groups:devicegroupdevicecollectionstate";
    tail.insert("kind".to_owned(), kind.into());
    tail.insert("lastUpdateMicros".to_owned(), 1_700_000_000_954_266_i64.into());
    if let Some(page) = found.page {
        page.write(&mut tail);
    }
    let link = format!("https://localhost/mgmt/shared/resolver/device-groups/{group}/devices");
    tail.insert("selfLink".to_owned(), link.into());
    Ok(Answer::text(200, with_items(Map::new(), items, tail)))
}

/// One member.
pub(super) fn item(
    appliance: &Appliance,
    account: Account,
    call: &Call,
    group: &str,
    id: &str,
) -> EndpointResult {
    check(appliance, account, call, group)?;
    let query = Query::of(call)?;
    let device = member(appliance, group, id)?;
    Ok(Answer::json(200, query.project(row(&appliance.settings, device, group).item())))
}

/// Whether the group exists and may be read.
fn check(
    appliance: &Appliance,
    account: Account,
    call: &Call,
    group: &str,
) -> Result<(), RestError> {
    if !groups::exists(appliance, group) {
        return Err(groups::group_not_found(group));
    }
    if group == ACCESS_GROUP && appliance.settings.access_list == DeviceList::Refused {
        return Err(authentication::forbidden(appliance, account, call));
    }
    Ok(())
}

fn row<'a>(settings: &Settings, device: &'a Device, group: &'a str) -> GroupRow<'a> {
    let nested = group == ACCESS_GROUP && settings.access_list == DeviceList::Nested;
    GroupRow { device, group, nested, big: settings.big_items }
}

/// The member with the machine id `id`.
pub(super) fn member<'a>(
    appliance: &'a Appliance,
    group: &str,
    id: &str,
) -> Result<&'a Device, RestError> {
    if !groups::exists(appliance, group) {
        return Err(groups::group_not_found(group));
    }
    let belongs = |device: &&Device| device.groups().iter().any(|name| name == group);
    let path = || format!("/shared/resolver/device-groups/{group}/devices/{id}");
    appliance.inventory.by_id(id).filter(belongs).ok_or_else(|| RestError::item_not_found(&path()))
}

#[cfg(test)]
mod tests {
    use crate::test_server::{ACCESS, TestServer};

    const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";

    #[tokio::test]
    async fn lists_only_devices_that_access_manages() {
        let got = TestServer::new().await.get(ACCESS).await;
        assert_eq!(got.keys(), ["items", "generation", "kind", "lastUpdateMicros", "selfLink"]);
        let list = got.json();
        let items = list["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item["product"] == "BIG-IP"
            && item["properties"]["discovered"] == true
            && item["groupName"] == "cm-access-allBigIpDevices"));
        let newcomer =
            items.iter().find(|item| item["hostname"] == "newcomer.example.test").unwrap();
        assert_eq!(newcomer["properties"]["imported"], false);
        assert!(newcomer["properties"].get("cm:access:access-group-name").is_none());
        assert!(!items.iter().any(|item| item["hostname"] == "traffic.example.test"));
    }

    #[tokio::test]
    async fn one_member_by_its_id() {
        let server = TestServer::new().await;
        let device = server.get(&format!("{ACCESS}/{LONE}")).await.json();
        assert_eq!(device["properties"]["cm:access:access-group-name"], "TestGroup2");
        assert_eq!(device["selfLink"], format!("https://localhost{ACCESS}/{LONE}"));
        // A known device that is not in this group.
        let bare = "ea04b5f6-8c79-4ebc-93f4-0b1c2a3d4e53";
        assert_eq!(server.get(&format!("{ACCESS}/{bare}")).await.status, 404);
    }

    #[tokio::test]
    async fn pages_do_not_overlap() {
        let server = TestServer::new().await;
        let mut seen = std::collections::HashSet::new();
        for skip in [0, 7, 14] {
            let page =
                server.get(&format!("{ACCESS}?$top=7&$skip={skip}&$select=uuid")).await.json();
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(item["uuid"].as_str().unwrap().to_owned()));
            }
        }
        let whole = server.get(&format!("{ACCESS}?$top=0")).await.json();
        assert_eq!(whole["totalItems"], seen.len());
        assert_eq!(
            server.get("/mgmt/shared/resolver/device-groups/nowhere/devices").await.status,
            404
        );
    }
}
