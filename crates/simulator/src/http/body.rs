//! Reads request bodies, up to a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::http::Request;

/// Longest request body that is read; the front end answers 413 to more.
const MAX_BODY: usize = 8 << 20;

/// Tells the connection that a request has been read to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestComplete(Arc<AtomicBool>);

impl RequestComplete {
    /// The request has been read.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has been since the last time somebody asked.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

/// Reads a request to its end; `None` when it is too long or breaks off.
pub(crate) async fn read(request: Request<Body>) -> Option<Request<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MAX_BODY).await.ok()?;
    if let Some(whole) = parts.extensions.get::<RequestComplete>() {
        whole.set();
    }
    Some(Request::from_parts(parts, body))
}
