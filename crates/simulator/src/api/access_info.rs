//! `GET …/rest-proxy/mgmt/tm/apm/access-info[?$top=N]`: the live sessions of one device, as a BIG-IP
//! lists them (captured there; that BIG-IQ passes it on is inferred).

use serde_json::{Map, Value, json};

use super::query;
use crate::answer::{Answer, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device::Device;

/// The sessions; a standby unit lists its partner's, or none, as its mirroring has it.
pub(super) fn get(appliance: &Appliance, call: &Call, device: &Device) -> Reply {
    let query = query(call)?;
    let inventory = &appliance.inventory;
    let holder = inventory.index_of(&device.id).and_then(|index| inventory.session_holder(index));
    let sessions = holder.map_or(&[][..], |holder| appliance.sessions.on(holder));
    let listed =
        sessions.iter().skip(query.skip.unwrap_or(0)).take(query.top.unwrap_or(usize::MAX));
    let entries: Map<String, Value> = listed
        .map(|session| {
            let link = format!("https://localhost/mgmt/tm/apm/access-info/{}", session.id);
            let entry = json!({"nestedStats": {"entries": {
                "clientIp": {"description": session.client_ip},
                "logonUser": {"description": session.user},
                "sessionId": {"description": session.id},
            }}});
            (link, entry)
        })
        .collect();
    let link = format!("https://localhost/mgmt/tm/apm/access-info?ver={}", device.version);
    Ok(Answer::json(
        200,
        json!({
            "kind": "tm:apm:access-info:access-infostats",
            "selfLink": link,
            "entries": entries,
        }),
    ))
}
