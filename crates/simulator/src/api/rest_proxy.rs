//! `…/devices/<id>/rest-proxy/mgmt/…`: BIG-IQ passes the call to the device (captured for the HA
//! role, inferred for live sessions). A client must treat it as optional: who may use it is a switch.

use axum::http::Method;
use serde_json::json;

use super::{access_info, group_devices};
use crate::accounts::{Account, Rank};
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device::{Device, Role};
use crate::gate;
use crate::settings::ProxyAccess;

/// Passes a call on. A device that cannot be reached makes an error whose text is made up after
/// the one captured for a discovery.
pub(super) fn forward(
    appliance: &Appliance,
    account: Account,
    call: &Call,
    group: &str,
    id: &str,
    rest: &[&str],
) -> Reply {
    match appliance.settings.rest_proxy {
        ProxyAccess::Everyone => {}
        ProxyAccess::Admin if account.rank == Rank::Administrator => {}
        ProxyAccess::Admin => return Err(gate::not_permitted(appliance, account, call)),
        ProxyAccess::Off => return Err(Problem::not_registered()),
    }
    let device = group_devices::member(appliance, group, id)?;
    if !device.is_reachable() {
        return Err(Problem::new(500, "java.net.NoRouteToHostException: No route to host"));
    }
    match (&call.method, rest) {
        (&Method::GET, ["mgmt", "tm", "sys", "failover"]) => Ok(failover(appliance, device)),
        (&Method::GET, ["mgmt", "tm", "apm", "access-info"]) => {
            access_info::get(appliance, call, device)
        }
        _ => Err(Problem::not_registered()),
    }
}

/// The unit's own word on its HA role: the second word of a sentence of its shell.
fn failover(appliance: &Appliance, device: &Device) -> Answer {
    let role = match device.role {
        Role::Standalone | Role::Active => "active",
        Role::Standby { .. } => "standby",
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
