//! Reads request bodies, up to a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::http::Request;

/// Longest request body; the front end answers 413 to a longer one.
const MAX_BODY: usize = 8 << 20;

/// Tells the connection that a request was read completely, so that a request line comes next.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestComplete(Arc<AtomicBool>);

impl RequestComplete {
    /// Marks the request as read.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether a request was read since the last call.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

/// Reads the whole request; `None` when it is too long or incomplete.
pub(crate) async fn read(request: Request<Body>) -> Option<Request<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MAX_BODY).await.ok()?;
    if let Some(complete) = parts.extensions.get::<RequestComplete>() {
        complete.set();
    }
    Some(Request::from_parts(parts, body))
}
