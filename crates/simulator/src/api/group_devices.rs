//! `GET /mgmt/shared/resolver/device-groups/<group>/devices[/<id>]`: the members of a group, small
//! items with that group's properties only (captured).

use serde_json::{Map, Value};

use super::{groups, query, resolver};
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device::Device;
use crate::device_json;

/// The members.
pub(super) fn list(appliance: &Appliance, call: &Call, group: &str) -> Reply {
    let query = query(call)?;
    if !groups::exists(appliance, group) {
        return Err(groups::no_group(group));
    }
    let inventory = &appliance.inventory;
    let members = inventory.members(group).into_iter().filter_map(|i| inventory.get(i)).collect();
    let field = |device: &&Device, path: &str| device_json::group_field(device, group, path);
    let (found, page) = query.find(members, field);
    let items = found.into_iter().map(|device| {
        Value::from(query.project(device_json::group_item(device, group))).to_string()
    });
    let mut tail = Map::new();
    tail.insert("generation".to_owned(), 23.into());
    let kind = "shared:resolver:device-groups:devicegroupdevicecollectionstate";
    tail.insert("kind".to_owned(), kind.into());
    tail.insert("lastUpdateMicros".to_owned(), 1_700_000_000_954_266_i64.into());
    if let Some(page) = page {
        page.write(&mut tail);
    }
    let link = format!("https://localhost/mgmt/shared/resolver/device-groups/{group}/devices");
    tail.insert("selfLink".to_owned(), link.into());
    Ok(Answer::text(200, resolver::with_items(Map::new(), items, tail)))
}

/// One member.
pub(super) fn item(appliance: &Appliance, call: &Call, group: &str, id: &str) -> Reply {
    let query = query(call)?;
    let device = member(appliance, group, id)?;
    Ok(Answer::json(200, query.project(device_json::group_item(device, group))))
}

/// The member `id` of a group.
pub(super) fn member<'a>(
    appliance: &'a Appliance,
    group: &str,
    id: &str,
) -> Result<&'a Device, Problem> {
    if !groups::exists(appliance, group) {
        return Err(groups::no_group(group));
    }
    let belongs = |device: &&Device| device.groups().iter().any(|name| name == group);
    let path = || format!("/shared/resolver/device-groups/{group}/devices/{id}");
    appliance.inventory.by_id(id).filter(belongs).ok_or_else(|| Problem::no_item(&path()))
}
