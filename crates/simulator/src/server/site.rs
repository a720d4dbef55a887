//! Serves the files of a built app, with their compressed variants and the headers that a careful
//! host sends.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                   connect-src 'self'; img-src 'self' data:; font-src 'self'; \
                   frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; \
                   require-trusted-types-for 'script'; trusted-types default";

/// A folder with a built app.
#[derive(Debug, Clone)]
pub struct Site {
    files: ServeDir,
    csp: bool,
}

impl Site {
    /// Serves `folder`, with or without a Content-Security-Policy header.
    pub fn new(folder: PathBuf, csp: bool) -> Self {
        let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
        Self { files, csp }
    }

    /// Answers a request for a file. A missing file is a 404, never the start page; a missing `config.json` is an empty one, as with
    /// the configurations in `proxy/`.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let is_hashed = is_hashed(request.uri().path());
        let is_config = request.uri().path() == "/config.json";
        let answer = self.files.clone().try_call(request).await;
        let mut response = match answer.map(|file| file.map(Body::new)) {
            Ok(file) if file.status() == StatusCode::METHOD_NOT_ALLOWED => {
                (file.status(), "Not allowed\n").into_response()
            }
            Ok(file) if !file.status().is_client_error() => file,
            _ if is_config => {
                ([(header::CONTENT_TYPE, "application/json")], "{}\n").into_response()
            }
            _ => (StatusCode::NOT_FOUND, "Not found\n").into_response(),
        };
        let is_found = !response.status().is_client_error();
        let headers = response.headers_mut();
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if let Some(kind) = kind.filter(|kind| kind.starts_with("text/") && !kind.contains(';'))
            && let Ok(kind) = HeaderValue::from_str(&format!("{kind}; charset=utf-8"))
        {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        let mut set = |name: HeaderName, value| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        if is_found {
            let caching =
                if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
            set(header::CACHE_CONTROL, caching);
            set(header::VARY, "Accept-Encoding");
        }
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if self.csp {
            set(header::CONTENT_SECURITY_POLICY, CSP);
        }
        response
    }
}

/// Whether a path's last part contains a content hash: a part of eight or more hex digits after
/// `-`, `.` or `_`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_'])
        .skip(1)
        .any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/app-0123456789abcdef_bg.wasm", true)]
    #[case("/style-0a1b2c3d.css", true)]
    #[case("/", false)]
    #[case("/index.html", false)]
    #[case("/a-0a1b2c3d/index.html", false)]
    #[case("/deadbeef.js", false)]
    #[case("/boot.js", false)]
    fn only_hashed_names_are_cached_forever(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(is_hashed(path), expected);
    }

    #[rstest]
    #[case("/config.json", StatusCode::OK, Some("application/json"))]
    #[case("/other.json", StatusCode::NOT_FOUND, Some("text/plain; charset=utf-8"))]
    #[tokio::test]
    async fn only_a_missing_configuration_is_an_empty_one(
        #[case] path: &str,
        #[case] status: StatusCode,
        #[case] kind: Option<&str>,
    ) {
        let site = Site::new(PathBuf::from("/nonexistent"), true);
        let request = Request::builder().uri(path).body(Body::empty()).unwrap_or_default();
        let answer = site.answer(request).await;
        let found = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        assert_eq!((answer.status(), found), (status, kind));
    }
}
