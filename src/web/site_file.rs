//! Files next to the document.

use gloo_net::http::RequestBuilder;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

/// A file that could not be read: the server reported neither its content nor that it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRead;

/// The time limit for one file.
const PATIENCE_MS: u32 = 4_000;

/// The text of a file of the bundle, never from the cache; `None` if the server reports that it does not exist.
///
/// # Errors
/// [`NotRead`]: any other answer, or none within 4 s.
pub async fn fetch_site_file(name: &str) -> Result<Option<String>, NotRead> {
    fetch(RequestBuilder::new(name).cache(RequestCache::NoCache)).await
}

/// The text of a file of the bundle if it matches `integrity`; `None` if it doesn't, or isn't received within 4 s. An
/// empty `integrity` accepts any content.
pub async fn fetch_with_integrity(name: &str, integrity: &str) -> Option<String> {
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
