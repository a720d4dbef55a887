//! Files that stand beside the document. It must not send anything, nor ask another host.

use gloo_net::http::RequestBuilder;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

/// How long a file may take that something waits for.
const PATIENCE_MS: u32 = 4_000;

/// The text of a file of the bundle, asked for anew; `None` where there is none or it can't be read.
pub async fn fetch_beside(name: &str) -> Option<String> {
    let request = RequestBuilder::new(name).cache(RequestCache::NoCache);
    fetch(request).await
}

/// The text of a file of the bundle that is what `integrity` says; `None` where it is not, or does not come in 4 s.
/// An empty `integrity` takes what comes.
pub async fn fetch_same(name: &str, integrity: &str) -> Option<String> {
    let in_time = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let request = RequestBuilder::new(name).integrity(integrity).abort_signal(Some(&in_time));
    fetch(request).await
}

async fn fetch(request: RequestBuilder) -> Option<String> {
    let request = request.credentials(RequestCredentials::SameOrigin).build().ok()?;
    let response = request.send().await.ok()?;
    if !response.ok() {
        return None;
    }
    response.text().await.ok()
}
