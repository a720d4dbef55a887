//! Files that stand beside the document. It must not send anything, nor ask another host.

use gloo_net::http::RequestBuilder;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

/// A file that did not come: the server says neither what stands in it nor that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRead;

/// How long a file may take.
const PATIENCE_MS: u32 = 4_000;

/// The text of a file of the bundle, asked for anew; `None` where the server says that there is none.
///
/// # Errors
/// [`NotRead`]: any other answer, and none in 4 s.
pub async fn fetch_beside(name: &str) -> Result<Option<String>, NotRead> {
    fetch(RequestBuilder::new(name).cache(RequestCache::NoCache)).await
}

/// The text of a file of the bundle that is what `integrity` says; `None` where it is not, or does not come in 4 s.
/// An empty `integrity` takes what comes.
pub async fn fetch_same(name: &str, integrity: &str) -> Option<String> {
    fetch(RequestBuilder::new(name).integrity(integrity)).await.ok().flatten()
}

async fn fetch(request: RequestBuilder) -> Result<Option<String>, NotRead> {
    let in_time = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let request = request.credentials(RequestCredentials::SameOrigin);
    let request = request.abort_signal(Some(&in_time)).build().map_err(|_| NotRead)?;
    let response = request.send().await.map_err(|_| NotRead)?;
    match response.status() {
        404 => Ok(None),
        200 => response.text().await.map(Some).map_err(|_| NotRead),
        _ => Err(NotRead),
    }
}
