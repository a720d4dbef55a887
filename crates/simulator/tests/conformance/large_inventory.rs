//! A large inventory: 10,000 devices, listed in pages, with items of realistic size.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use bigiq_simulator::world::settings::Profile;
use rstest::rstest;

use crate::test_server::TestServer;

const DEVICES: usize = 10_000;
/// The BIG-IQ and its peer.
const APPLIANCES: usize = 2;

#[rstest]
#[case::of_the_resolver("/mgmt/cm/system/machineid-resolver", DEVICES + APPLIANCES)]
// Access does not know four of the named devices.
#[case::of_the_access_module("/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices", DEVICES - 4)]
#[tokio::test]
async fn ten_thousand_devices_in_pages(#[case] path: &str, #[case] expected: usize) {
    let server = TestServer::at(Profile::V8, DEVICES, Ipv4Addr::LOCALHOST).await;
    let mut seen = HashSet::new();
    for page in 0.. {
        let query = format!(
            "$top=1000&$skip={}&$orderby=hostname&$select=machineId,hostname",
            page * 1_000
        );
        let got = server.get(&format!("{path}?{query}")).await.json();
        assert_eq!(got["totalItems"], expected);
        assert_eq!(got["totalPages"], expected.div_ceil(1_000));
        let items = got["items"].as_array().unwrap();
        for item in items {
            assert!(seen.insert(item["machineId"].as_str().unwrap().to_owned()));
        }
        if items.len() < 1_000 {
            break;
        }
    }
    assert_eq!(seen.len(), expected);
}

#[rstest]
#[case::on_5_2(Profile::V5_2, 3_000..6_000)]
#[case::on_8_x(Profile::V8, 20_000..40_000)]
#[tokio::test]
async fn an_item_has_the_captured_size(
    #[case] profile: Profile,
    #[case] size: std::ops::Range<usize>,
) {
    let server = TestServer::at(profile, DEVICES, Ipv4Addr::LOCALHOST).await;
    let page = server.get("/mgmt/cm/system/machineid-resolver?$top=100&$skip=5000").await;
    assert!(size.contains(&(page.text.len() / 100)), "{}", page.text.len() / 100);
}
