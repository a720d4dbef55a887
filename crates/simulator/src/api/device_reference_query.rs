//! `POST /mgmt/cm/shared/device-reference-query`: from an address, host name or machine id to the
//! device's reference (documented as the stable mapping and registered on 7.1; the shape of the
//! answer is not published and made up here).

use serde_json::json;

use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device::Device;
use crate::device_json::group_link;
use crate::gson::{self, Unreadable};

/// Finds a device by the first of the three that is given.
pub(super) fn post(appliance: &Appliance, call: &Call) -> Reply {
    let body = &call.body;
    let unreadable = |Unreadable(text)| Problem::new(400, text).quoting(body.clone());
    let sent = gson::object(body).map_err(unreadable)?;
    let text = |name| gson::text(body, &sent, name).map_err(unreadable);
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
        let reason = "one of machineId, address and hostname is needed";
        return Err(Problem::not_understood(reason).quoting(body.clone()));
    };
    let link = device.and_then(|device| link(device, &module));
    let gone = || Problem::no_item("/cm/shared/device-reference-query");
    let link = link.ok_or_else(gone)?;
    Ok(Answer::json(200, json!({"deviceReference": {"link": link}})))
}

/// The device's link in the module asked about; the machineid-resolver's without one.
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
