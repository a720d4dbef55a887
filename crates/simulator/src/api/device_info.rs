//! `GET /mgmt/shared/identified-devices/config/device-info`: the BIG-IQ itself. F5's SDK reads `version` here when it
//! connects (captured in use, and in a listing of a live 7.1); the other fields are inferred from the machineid-resolver.

use crate::api::items::device::{self as device_json, Depth};
use crate::http::answer::Answer;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::world::appliance::Appliance;
use crate::world::seed::named::BIGIQ_ID;

const PATH: &str = "/shared/identified-devices/config/device-info";

/// The appliance's own item.
pub(super) fn get(appliance: &Appliance) -> EndpointResult {
    let own = appliance.inventory.by_id(BIGIQ_ID);
    let own = own.ok_or_else(|| RestError::item_not_found(PATH))?;
    let mut item = device_json::resolver_item(own, false, Depth::TopLevel);
    item.insert("selfLink".to_owned(), format!("https://localhost/mgmt{PATH}").into());
    Ok(Answer::json(200, item))
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;
    use serde_json::json;

    #[tokio::test]
    async fn is_the_bigiq_itself() {
        let server = TestServer::new().await;
        let path = "/mgmt/shared/identified-devices/config/device-info";
        let own = server.get(path).await.json();
        assert_eq!((&own["product"], &own["version"]), (&json!("BIG-IQ"), &json!("8.3.0")));
        assert_eq!(own["selfLink"], format!("https://localhost{path}"));
        assert_eq!(server.anonymous("GET", path, "").await.status, 401);
    }
}
