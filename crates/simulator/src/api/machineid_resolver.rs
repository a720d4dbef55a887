//! `GET /mgmt/cm/system/machineid-resolver[/<id>]`: every trusted device, whether or not it was
//! discovered (documented, specification section 1), and the BIG-IQ itself (captured).

use std::iter::repeat_n;

use serde_json::{Map, Value};

use crate::api::items::broken::{copies, spoil};
use crate::api::items::collection::with_items;
use crate::api::items::device::{self as device_json, Depth, ResolverRow};
use crate::auth::authentication;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::percent_encoding::encode;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::odata::query::Query;
use crate::world::account::Account;
use crate::world::appliance::Appliance;
use crate::world::list_rules::DeviceList;
use crate::world::settings::Settings;

/// All devices. The collection has neither `kind` nor `totalItems`. A filtered one has a `selfLink`
/// on `http://localhost:8100`, with the filter encoded again (documented).
pub(super) fn list(appliance: &Appliance, account: Account, call: &Call) -> EndpointResult {
    let settings = &appliance.settings;
    match settings.resolver_list {
        DeviceList::Flat | DeviceList::Nested => {}
        DeviceList::Refused => return Err(authentication::forbidden(appliance, account, call)),
        DeviceList::Absent => return Err(RestError::not_registered()),
    }
    let query = Query::under(call, &settings.resolver_pages)?;
    let (big, flat) = (settings.big_items, settings.resolver_list == DeviceList::Flat);
    let (broken, fields) = (settings.broken_items.as_slice(), &settings.item_fields.resolver);
    let rows = appliance.inventory.devices().iter();
    let rows =
        rows.flat_map(|device| repeat_n(ResolverRow { device, big, flat }, copies(device, broken)));
    let found = query.find(rows.collect());
    let full = query.shows("properties") || query.shows("slots");
    let depth = if full { Depth::Full } else { Depth::TopLevel };
    let items = found.items.into_iter().map(|row| {
        let item = fields.keep(spoil(row.item(depth), row.device, broken));
        Value::from(query.project(item)).to_string()
    });
    let mut tail = Map::new();
    tail.insert("generation".to_owned(), 0.into());
    tail.insert("lastUpdateMicros".to_owned(), 0.into());
    if let Some(page) = found.page {
        page.write(&mut tail);
    }
    tail.insert("selfLink".to_owned(), self_link(call, &query).into());
    Ok(Answer::text(200, with_items(Map::new(), items, tail)))
}

/// One device.
pub(super) fn item(appliance: &Appliance, call: &Call, id: &str) -> EndpointResult {
    let query = Query::of(call)?;
    let device = appliance.inventory.by_id(id);
    let device = device
        .ok_or_else(|| RestError::item_not_found(&format!("/cm/system/machineid-resolver/{id}")))?;
    let Settings { big_items, item_fields, .. } = &appliance.settings;
    let item = device_json::resolver_item(device, *big_items, Depth::Full);
    Ok(Answer::json(200, query.project(item_fields.resolver.keep(item))))
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

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use rstest::rstest;
    use serde_json::json;

    const PATH: &str = "/mgmt/cm/system/machineid-resolver";

    #[tokio::test]
    async fn the_envelope_is_as_documented() {
        let server = TestServer::new().await;
        let got = server.get(&format!("{PATH}?$filter=('address'+eq+'10.255.4.125')")).await;
        assert_eq!(
            got.text,
            r#"{"items":[],"generation":0,"lastUpdateMicros":0,"selfLink":"http://localhost:8100/cm/system/machineid-resolver?$filter=%28%27address%27+eq+%2710.255.4.125%27%29"}"#
        );
        let got =
            server.get(&format!("{PATH}/?$filter=%27address%27+eq+%2710.192.123.198%27")).await;
        assert_eq!(
            got.json()["selfLink"],
            "http://localhost:8100/cm/system/machineid-resolver/?$filter=%27address%27+eq+%2710.192.123.198%27"
        );
    }

    #[tokio::test]
    async fn without_a_filter_it_lists_every_device() {
        let all = TestServer::new().await.get(PATH).await.json();
        let items = all["items"].as_array().unwrap();
        let has = |name: &str, value: &str| items.iter().any(|item| item[name] == value);
        for (name, value) in [
            ("product", "BIG-IQ"),
            ("state", "UNDISCOVERED"),
            ("state", "TRUST_PENDING"),
            ("hostname", "localhost"),
            ("restFrameworkVersion", "error"),
            ("managementAddress", "127.0.0.1"),
            ("machineId", "3f320100-2177-42e0-8a46-2e33cd3366d"),
        ] {
            assert!(has(name, value), "{name} {value}");
        }
        assert!(items.iter().all(|item| item["isClustered"] == false));
        assert_eq!(all["selfLink"], "https://localhost/mgmt/cm/system/machineid-resolver");
    }

    #[tokio::test]
    async fn devices_can_be_paged_selected_and_sorted() {
        let server = TestServer::new().await;
        let query =
            "$filter=product+eq+'BIG-IP'&$orderby=hostname+desc&$top=2&$skip=2&$select=hostname";
        let page = server.get(&format!("{PATH}?{query}")).await;
        let total = page.json()["totalItems"].as_u64().unwrap();
        assert_eq!((total, &page.json()["startIndex"]), (24, &json!(3)));
        let names: Vec<_> = page.json()["items"].as_array().unwrap().clone();
        assert_eq!(names.len(), 2);
        assert!(names.iter().all(|item| item.as_object().unwrap().len() == 1));
        assert!(names[0]["hostname"].as_str() > names[1]["hostname"].as_str());
    }

    #[tokio::test]
    async fn filters_by_nested_properties() {
        let server = TestServer::new().await;
        let filter = "properties/cm-access-allBigIpDevices/clusterName+eq+'RedCluster'";
        let found = server.get(&format!("{PATH}?$filter={filter}")).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
    }

    #[rstest]
    #[case("$filter=address+gt+5")]
    #[case("$count=true")]
    #[case("$filter=contains(address,'1')")]
    #[tokio::test]
    async fn refuses_unknown_queries(#[case] query: &str) {
        let got = TestServer::new().await.get(&format!("{PATH}?{query}")).await;
        assert_eq!(got.status, 400);
        assert!(got.message().starts_with("simulator: "), "{}", got.text);
        assert_eq!(got.json()["kind"], ":resterrorresponse");
    }

    #[tokio::test]
    async fn a_missing_item_is_a_404() {
        let got = TestServer::new().await.get(&format!("{PATH}/nobody")).await;
        let text = "item not found at /cm/system/machineid-resolver/nobody";
        assert_eq!((got.status, got.message().as_str()), (404, text));
    }
}
