//! `GET /info/system`: what BIG-IQ shows before sign-in (captured).

use serde_json::json;

use crate::http::answer::Answer;
use crate::world::account::Provider;
use crate::world::appliance::Appliance;

/// The sign-in providers, and whether the system has started.
pub(super) fn get(appliance: &Appliance) -> Answer {
    let bigiq = appliance.inventory.by_id(crate::world::seed::named::BIGIQ_ID);
    Answer::json(
        200,
        json!({
            "available": true,
            "managementAddress": bigiq.map(|device| &device.address),
            "hostname": bigiq.map(|device| &device.hostname),
            "providers": [
                {"link": Provider::Local.login_link(), "name": Provider::Local.name()},
                {
                    "link": Provider::Radius.login_link(),
                    "name": Provider::Radius.name(),
                    "isHidden": false,
                },
            ],
            "systemStarted": true,
        }),
    )
}

#[cfg(test)]
mod tests {
    use crate::test_server::TestServer;

    #[tokio::test]
    async fn needs_no_token_and_lists_the_providers() {
        let server = TestServer::new().await;
        let got = server.anonymous("GET", "/info/system", "").await;
        assert_eq!(got.status, 200);
        assert_eq!(
            got.keys(),
            ["available", "managementAddress", "hostname", "providers", "systemStarted"]
        );
        let providers = &got.json()["providers"];
        assert_eq!(
            providers[0]["link"],
            "https://localhost/mgmt/cm/system/authn/providers/local/login"
        );
        assert_eq!(providers[1]["isHidden"], false);
    }
}
