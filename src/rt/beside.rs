//! Files that stand beside the document. It must not send anything, nor ask another host.

use gloo_net::http::RequestBuilder;
use web_sys::{RequestCache, RequestCredentials};

/// The text of a file of the bundle, asked for anew; `None` where there is none or it can't be read.
pub async fn fetch_beside(name: &str) -> Option<String> {
    let request = RequestBuilder::new(name)
        .credentials(RequestCredentials::SameOrigin)
        .cache(RequestCache::NoCache)
        .build()
        .ok()?;
    let response = request.send().await.ok()?;
    if !response.ok() {
        return None;
    }
    response.text().await.ok()
}
