//! `GET /mgmt/cm/system/machineid-resolver[/<id>]`: every trusted device, whatever became of it
//! (documented, specification section 1), the BIG-IQ itself among them (captured).

use serde_json::{Map, Value};

use super::query;
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::device::Device;
use crate::device_json::{self, Depth};
use crate::odata::{Query, encode};

/// The collection. Filtered or not it carries neither `kind` nor `totalItems`, and a filtered one
/// names itself on `http://localhost:8100` with the filter encoded again (documented).
pub(super) fn list(appliance: &Appliance, call: &Call) -> Reply {
    let query = query(call)?;
    let big = appliance.settings.big_items;
    let devices = appliance.inventory.devices().iter();
    let field = |device: &&Device, path: &str| device_json::resolver_field(device, path, big);
    let (found, page) = query.find(devices.collect(), field);
    let whole = query.shows("properties") || query.shows("slots");
    let depth = if whole { Depth::Full } else { Depth::TopLevel };
    let items = found.into_iter().map(|device| {
        Value::from(query.project(device_json::resolver_item(device, big, depth))).to_string()
    });
    let mut tail = Map::new();
    tail.insert("generation".to_owned(), 0.into());
    tail.insert("lastUpdateMicros".to_owned(), 0.into());
    if let Some(page) = page {
        page.write(&mut tail);
    }
    tail.insert("selfLink".to_owned(), self_link(call, &query).into());
    Ok(Answer::text(200, with_items(Map::new(), items, tail)))
}

/// One device.
pub(super) fn item(appliance: &Appliance, call: &Call, id: &str) -> Reply {
    let query = query(call)?;
    let device = appliance.inventory.by_id(id);
    let device =
        device.ok_or_else(|| Problem::no_item(&format!("/cm/system/machineid-resolver/{id}")))?;
    let item = device_json::resolver_item(device, appliance.settings.big_items, Depth::Full);
    Ok(Answer::json(200, query.project(item)))
}

fn self_link(call: &Call, query: &Query) -> String {
    let slash = if call.path.ends_with('/') { "/" } else { "" };
    match &query.filter_text {
        Some(filter) => {
            let filter = encode(filter);
            format!("http://localhost:8100/cm/system/machineid-resolver{slash}?$filter={filter}")
        }
        None => "https://localhost/mgmt/cm/system/machineid-resolver".to_owned(),
    }
}

/// A collection written item by item: the whole of a large estate is never held as values.
pub(super) fn with_items(
    head: Map<String, Value>,
    items: impl Iterator<Item = String>,
    tail: Map<String, Value>,
) -> String {
    let mut out = Value::from(head).to_string();
    out.pop();
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str("\"items\":[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&item);
    }
    out.push(']');
    let tail = Value::from(tail).to_string();
    let tail = tail.trim_start_matches('{');
    if tail != "}" {
        out.push(',');
    }
    out.push_str(tail);
    out
}
