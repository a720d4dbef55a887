//! `POST /mgmt/cm/shared/device-reference-query`: finds a device's reference by machine id, address
//! or host name. Documented as the stable mapping, and registered on 7.1; the format of the answer
//! is not published and invented here.

use serde_json::json;

use crate::api::items::device::group_link;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::lenient_json::{self, Unreadable};
use crate::world::appliance::Appliance;
use crate::world::device::Device;

/// Finds a device by the first given field of machine id, address and host name.
pub(super) fn post(appliance: &Appliance, call: &Call) -> EndpointResult {
    let body = &call.body;
    let unreadable = |Unreadable(text)| RestError::new(400, text).quoting(body.clone());
    let sent = lenient_json::object(body).map_err(unreadable)?;
    let text = |name| lenient_json::text(body, &sent, name).map_err(unreadable);
    let (id, address, hostname) = (text("machineId")?, text("address")?, text("hostname")?);
    let module = text("module")?.unwrap_or_default();
    let mut devices = appliance.inventory.devices().iter();
    let device = if let Some(id) = id {
        appliance.inventory.by_id(&id)
    } else if let Some(address) = address {
        devices.find(|device| device.address == address)
    } else if let Some(hostname) = hostname {
        devices.find(|device| device.hostname == hostname)
    } else {
        let reason = "machineId, address or hostname is required";
        return Err(RestError::not_understood(reason).quoting(body.clone()));
    };
    let link = device.and_then(|device| link(device, &module));
    let not_found = || RestError::item_not_found("/cm/shared/device-reference-query");
    let link = link.ok_or_else(not_found)?;
    Ok(Answer::json(200, json!({"deviceReference": {"link": link}})))
}

/// The device's link in the given module, or in the machineid-resolver if none is given.
fn link(device: &Device, module: &str) -> Option<String> {
    let group = match module {
        "" => {
            return Some(format!(
                "https://localhost/mgmt/cm/system/machineid-resolver/{}",
                device.id
            ));
        }
        "access" => "cm-access-allBigIpDevices",
        "adccore" | "adc" => "cm-adccore-allbigipDevices",
        _ => "cm-bigip-allBigIpDevices",
    };
    device.groups().iter().any(|name| name == group).then(|| group_link(group, &device.id))
}

#[cfg(test)]
mod tests {
    use crate::test_server::{ACCESS, TestServer};
    use rstest::rstest;

    const PATH: &str = "/mgmt/cm/shared/device-reference-query";
    const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";

    #[rstest]
    #[case(r#"{"machineId":"901695c8-f405-489f-9996-54f7b21da642"}"#)]
    #[case(r#"{"address":"192.0.2.21"}"#)]
    #[case(r#"{"hostname":"red-a.example.test","module":null}"#)]
    #[tokio::test]
    async fn finds_a_device_by_id_address_or_host_name(#[case] body: &str) {
        let got = TestServer::new().await.post(PATH, body).await.json();
        let link = format!("https://localhost/mgmt/cm/system/machineid-resolver/{RED_A}");
        assert_eq!(got["deviceReference"]["link"], link);
    }

    #[tokio::test]
    async fn each_module_has_its_own_reference() {
        let server = TestServer::new().await;
        let got = server.post(PATH, r#"{"address":"192.0.2.21","module":"access"}"#).await.json();
        assert_eq!(got["deviceReference"]["link"], format!("https://localhost{ACCESS}/{RED_A}"));
        let bare = r#"{"hostname":"bare.example.test","module":"access"}"#;
        assert_eq!(server.post(PATH, bare).await.status, 404);
        for wrong in ["{}", "[]", r#"{"address":[]}"#] {
            assert_eq!(server.post(PATH, wrong).await.status, 400, "{wrong}");
        }
    }
}
