//! Serves the files of a built app, with their compressed variants and the headers that a careful
//! host sends.

use std::path::{Component, Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::http::percent_encoding::decode_path;

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                   connect-src 'self'; img-src 'self' data:; font-src 'self'; \
                   frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; \
                   require-trusted-types-for 'script'; trusted-types default";

/// A folder with a built app.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    csp: bool,
}

impl Site {
    /// Serves `folder`, with or without a Content-Security-Policy header.
    pub fn new(folder: PathBuf, csp: bool) -> Self {
        Self { folder, csp }
    }

    /// Answers a request for a file. A missing file is a 404, never the start page.
    pub(crate) async fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Response {
        if method != Method::GET && method != Method::HEAD {
            return self.respond(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "Not allowed\n");
        }
        let Some(name) = file_name(path) else { return self.missing() };
        for (coding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
            if !accepts(headers, coding) {
                continue;
            }
            let mut packed = name.clone().into_os_string();
            packed.push(suffix);
            if let Ok(bytes) = tokio::fs::read(self.folder.join(packed)).await {
                let mut response = self.file(&name, bytes);
                let coding = HeaderValue::from_static(coding);
                response.headers_mut().insert(header::CONTENT_ENCODING, coding);
                return response;
            }
        }
        match tokio::fs::read(self.folder.join(&name)).await {
            Ok(bytes) => self.file(&name, bytes),
            Err(_) => self.missing(),
        }
    }

    fn missing(&self) -> Response {
        self.respond(StatusCode::NOT_FOUND, "text/plain", "Not found\n")
    }

    fn file(&self, name: &Path, bytes: Vec<u8>) -> Response {
        let mut response = self.respond(StatusCode::OK, media_type(name), bytes);
        let caching =
            if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        response
    }

    fn respond(&self, status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
        let mut response = Response::new(body.into());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(header::CONTENT_TYPE, kind);
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

/// The file for a path; `None` for a path that leads out of the folder.
fn file_name(path: &str) -> Option<PathBuf> {
    let decoded = decode_path(path.trim_start_matches('/'));
    let name = if decoded.is_empty() || decoded.ends_with('/') {
        format!("{decoded}index.html")
    } else {
        decoded
    };
    let is_safe = !name.contains(['\0', '\\']);
    let path = PathBuf::from(name);
    let stays = path.components().all(|part| matches!(part, Component::Normal(_)));
    (is_safe && stays).then_some(path)
}

/// Whether the client accepts a content encoding.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let offered = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    offered.unwrap_or_default().split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused =
            parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
        named && !refused
    })
}

/// Whether the name contains a content hash: a part of eight or more hex digits after `-`, `.` or
/// `_`.
fn is_hashed(name: &Path) -> bool {
    let name = name.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.split(['-', '.', '_'])
        .skip(1)
        .any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn media_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/", Some("index.html"))]
    #[case("/a/", Some("a/index.html"))]
    #[case("/a%20b.js", Some("a b.js"))]
    #[case("/../secret", None)]
    #[case("/a/%2e%2e/%2e%2e/secret", None)]
    #[case("/%2Fetc/passwd", None)]
    #[case("/a%5C..%5Cb", None)]
    #[case("/a%00b", None)]
    fn a_path_cannot_leave_the_folder(#[case] path: &str, #[case] expected: Option<&str>) {
        assert_eq!(file_name(path), expected.map(PathBuf::from));
    }

    #[rstest]
    #[case("gzip, deflate, br", "br", true)]
    #[case("br;q=0, gzip;q=0.5", "br", false)]
    #[case("br;q=0, gzip;q=0.5", "gzip", true)]
    #[case("", "gzip", false)]
    #[case("brotli", "br", false)]
    fn accepts_only_offered_encodings(
        #[case] offer: &str,
        #[case] coding: &str,
        #[case] expected: bool,
    ) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(offer).unwrap());
        assert_eq!(accepts(&headers, coding), expected);
    }

    #[rstest]
    #[case("app-0123456789abcdef_bg.wasm", true)]
    #[case("style-0a1b2c3d.css", true)]
    #[case("index.html", false)]
    #[case("deadbeef.js", false)]
    #[case("boot.js", false)]
    fn only_hashed_names_are_cached_forever(#[case] name: &str, #[case] expected: bool) {
        assert_eq!(is_hashed(Path::new(name)), expected);
    }
}
