//! `GET …/rest-proxy/mgmt/tm/apm/access-info[?$top=N]`: the live sessions of one device, as a
//! BIG-IP lists them (captured there; that BIG-IQ forwards the call is inferred).

use serde_json::{Map, Value, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::EndpointResult;
use crate::odata::query::Query;
use crate::world::appliance::Appliance;
use crate::world::device::Device;

/// Lists the sessions. A standby lists its partner's sessions if it mirrors them, and none
/// otherwise.
pub(super) fn get(appliance: &Appliance, call: &Call, device: &Device) -> EndpointResult {
    let query = Query::of(call)?;
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

#[cfg(test)]
mod tests {
    use crate::test_server::{TestServer, object};
    use rstest::rstest;

    async fn sessions(id: &str, query: &str) -> Vec<String> {
        let devices = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
        let path = format!("{devices}/{id}/rest-proxy/mgmt/tm/apm/access-info{query}");
        let answer = TestServer::new().await.get(&path).await.json();
        assert_eq!(answer["kind"], "tm:apm:access-info:access-infostats");
        object(&answer["entries"]).keys().cloned().collect()
    }

    #[tokio::test]
    async fn lists_the_live_sessions() {
        let all = sessions("901695c8-f405-489f-9996-54f7b21da642", "").await;
        assert!(all.contains(&"https://localhost/mgmt/tm/apm/access-info/2a5d7604".to_owned()));
        let first = sessions("901695c8-f405-489f-9996-54f7b21da642", "?$top=1").await;
        assert_eq!(first, all[..1]);
    }

    #[rstest]
    #[case("5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52", true)]
    #[case("0e1f7f5c-8f0a-4a83-8a5b-64c1de9b2d22", false)]
    #[tokio::test]
    async fn a_standby_lists_its_partners_sessions_or_none(
        #[case] id: &str,
        #[case] mirrors: bool,
    ) {
        assert_eq!(!sessions(id, "").await.is_empty(), mirrors);
    }
}
