//! `…/devices/<id>/rest-proxy/mgmt/…`: BIG-IQ forwards the call to the device (captured for the HA
//! role, inferred for live sessions). Clients must treat it as optional: a setting decides who may
//! use it.

use axum::http::Method;
use serde_json::json;

use super::{access_info, group_devices};
use crate::auth::authentication;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::world::account::{Account, UserRole};
use crate::world::appliance::Appliance;
use crate::world::device::{Device, HaRole};
use crate::world::settings::ProxyAccess;

/// Forwards a call. The error for an unreachable device is invented, after one that was captured
/// for a discovery.
pub(super) fn forward(
    appliance: &Appliance,
    account: Account,
    call: &Call,
    group: &str,
    id: &str,
    rest: &[&str],
) -> EndpointResult {
    match appliance.settings.rest_proxy {
        ProxyAccess::Everyone => {}
        ProxyAccess::Admin if account.role == UserRole::Administrator => {}
        ProxyAccess::Admin => return Err(authentication::forbidden(appliance, account, call)),
        ProxyAccess::Off => return Err(RestError::not_registered()),
    }
    let device = group_devices::member(appliance, group, id)?;
    if !device.is_reachable() {
        return Err(RestError::new(500, "java.net.NoRouteToHostException: No route to host"));
    }
    match (&call.method, rest) {
        (&Method::GET, ["mgmt", "tm", "sys", "failover"]) => Ok(failover(appliance, device)),
        (&Method::GET, ["mgmt", "tm", "apm", "access-info"]) => {
            access_info::get(appliance, call, device)
        }
        _ => Err(RestError::not_registered()),
    }
}

/// The device's own HA role: the second word of the text that its shell prints.
fn failover(appliance: &Appliance, device: &Device) -> Answer {
    let role = match device.role {
        HaRole::Standalone | HaRole::Active => "active",
        HaRole::Standby { .. } => "standby",
    };
    let seconds = appliance.now().seconds() % 1_209_600;
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    let sentence = format!("Failover {role} for {days}d {hours:02}:{minutes:02}:{seconds:02}\n");
    Answer::json(
        200,
        json!({
            "kind": "tm:sys:failover:failoverstats",
            "selfLink": format!("https://localhost/mgmt/tm/sys/failover?ver={}", device.version),
            "apiRawValues": {"apiAnonymous": sentence},
        }),
    )
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use rstest::rstest;
    use serde_json::json;

    const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
    const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
    const BLUE_B: &str = "5d7be7f2-0c1e-4d0a-9a64-1f0b8c3f7a52";
    const SILENT: &str = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";

    fn failover(id: &str) -> String {
        format!("{DEVICES}/{id}/rest-proxy/mgmt/tm/sys/failover")
    }

    #[rstest]
    #[case(BLUE_A, "active")]
    #[case(BLUE_B, "standby")]
    #[tokio::test]
    async fn the_role_is_the_second_word(#[case] id: &str, #[case] role: &str) {
        let answer = TestServer::new().await.get(&failover(id)).await.json();
        let sentence = answer["apiRawValues"]["apiAnonymous"].as_str().unwrap();
        assert_eq!(sentence.split(' ').nth(1), Some(role));
        assert!(sentence.ends_with('\n'), "{sentence:?}");
        assert_eq!(answer["kind"], "tm:sys:failover:failoverstats");
    }

    #[tokio::test]
    async fn an_unreachable_device_is_an_error() {
        assert_eq!(TestServer::new().await.get(&failover(SILENT)).await.status, 500);
    }

    #[rstest]
    #[case("everyone", 200, 200)]
    #[case("admin", 200, 401)]
    #[case("off", 404, 404)]
    #[tokio::test]
    async fn a_setting_decides_who_may_use_it(
        #[case] access: &str,
        #[case] admin: u16,
        #[case] manager: u16,
    ) {
        let server = TestServer::with_settings(json!({"restProxy": access})).await;
        assert_eq!(server.get(&failover(BLUE_A)).await.status, admin);
        let token = server.sign_in("manager").await;
        assert_eq!(server.send_as(&token, "GET", &failover(BLUE_A), "").await.status, manager);
    }

    #[tokio::test]
    async fn nothing_else_is_forwarded() {
        let server = TestServer::new().await;
        let path = format!("{DEVICES}/{BLUE_A}/rest-proxy/mgmt/tm/ltm/pool");
        assert_eq!(server.get(&path).await.message(), "Public URI path not registered");
        assert_eq!(server.post(&failover(BLUE_A), "{}").await.status, 404);
    }
}
