//! `…/devices/stats` and `…/devices/<id>/stats`: whether BIG-IQ reaches the devices (captured in
//! use; the rest of the answer is omitted).

use serde_json::{Map, Value, json};

use super::{device_groups as groups, group_devices};
use crate::api::items::device::group_link;
use crate::http::answer::Answer;
use crate::http::rest_error::EndpointResult;
use crate::world::appliance::Appliance;
use crate::world::device::Device;

/// All members of a group.
pub(super) fn all(appliance: &Appliance, group: &str) -> EndpointResult {
    if !groups::exists(appliance, group) {
        return Err(groups::group_not_found(group));
    }
    let inventory = &appliance.inventory;
    let members = inventory.members(group).into_iter().filter_map(|i| inventory.get(i));
    let entries: Map<String, Value> = members
        .map(|device| {
            let link = format!("{}/stats", group_link(group, &device.id));
            (link, json!({"nestedStats": {"entries": health(device)}}))
        })
        .collect();
    let link =
        format!("https://localhost/mgmt/shared/resolver/device-groups/{group}/devices/stats");
    let kind = "shared:resolver:device-groups:devicegroupdevicecollectionstats";
    Ok(Answer::json(200, stats(&entries.into(), kind, &link)))
}

/// One member.
pub(super) fn one(appliance: &Appliance, group: &str, id: &str) -> EndpointResult {
    let device = group_devices::member(appliance, group, id)?;
    let link = format!("{}/stats", group_link(group, id));
    let kind = "shared:resolver:device-groups:restdeviceresolverdevicestats";
    Ok(Answer::json(200, stats(&health(device), kind, &link)))
}

fn health(device: &Device) -> Value {
    let up = device.is_reachable();
    json!({
        "health.summary": {
            "description": if up { "Device is available" } else { "Device is unavailable" },
        },
        "health.summary.available": {"value": u8::from(up)},
    })
}

/// The kinds are invented, after those of the devices.
fn stats(entries: &Value, kind: &str, link: &str) -> Value {
    json!({
        "entries": entries,
        "generation": 0,
        "lastUpdateMicros": 0,
        "kind": kind,
        "selfLink": link,
    })
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    const GROUP: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
    const SILENT: &str = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";

    #[tokio::test]
    async fn an_unreachable_device_is_unavailable() {
        let server = TestServer::new().await;
        let all = server.get(&format!("{GROUP}/stats")).await.json();
        let entries = crate::test_server::object(&all["entries"]);
        let down = |(link, entry): (&String, &serde_json::Value)| {
            let health = &entry["nestedStats"]["entries"];
            (health["health.summary.available"]["value"] == 0).then(|| link.clone())
        };
        let down: Vec<String> = entries.iter().filter_map(down).collect();
        assert_eq!(down, [format!("https://localhost{GROUP}/{SILENT}/stats")]);
    }

    #[tokio::test]
    async fn one_device_has_its_own_stats() {
        let server = TestServer::new().await;
        let one = server.get(&format!("{GROUP}/{SILENT}/stats")).await.json();
        assert_eq!(one["entries"]["health.summary.available"]["value"], 0);
        assert_eq!(server.get(&format!("{GROUP}/nobody/stats")).await.status, 404);
        assert_eq!(
            server.get("/mgmt/shared/resolver/device-groups/no/devices/stats").await.status,
            404
        );
    }
}
