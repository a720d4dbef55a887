//! One API call: path as decoded segments, body as text, the caller's address.

use std::net::IpAddr;

use axum::http::{HeaderMap, Method, Uri};

use super::percent_encoding::decode_path;

/// A complete request.
#[derive(Debug, Clone)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// Path as sent.
    pub path: String,
    /// Query string as sent, without the question mark.
    pub query: String,
    /// The caller's address.
    pub peer: IpAddr,
    /// Body; bytes that are not UTF-8 are replaced.
    pub body: String,
    segments: Vec<String>,
    headers: HeaderMap,
}

impl Call {
    /// Builds a call from the parts of a request.
    pub fn new(method: Method, uri: &Uri, headers: HeaderMap, peer: IpAddr, body: &[u8]) -> Self {
        let path = uri.path().to_owned();
        let segments = path.split('/').filter(|part| !part.is_empty()).map(decode_path).collect();
        Self {
            method,
            query: uri.query().unwrap_or_default().to_owned(),
            peer,
            body: String::from_utf8_lossy(body).into_owned(),
            segments,
            headers,
            path,
        }
    }

    /// Decoded path segments; trailing and repeated slashes are ignored.
    pub fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The path without a trailing slash, as error messages show it.
    pub fn trimmed_path(&self) -> &str {
        self.path.trim_end_matches('/')
    }

    /// A header, if present and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Headers whose lower-case names start with `prefix`.
    pub fn headers_with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&str, String)> {
        let named = move |name: &str| name.starts_with(prefix);
        self.headers.iter().filter(move |(name, _)| named(name.as_str())).map(|(name, value)| {
            (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
    }

    /// Whether the body holds a password or a token.
    pub fn has_secret(&self) -> bool {
        let segments = self.segments();
        matches!(
            segments.as_slice(),
            ["mgmt", "shared", "authn", ..] | ["mgmt", "shared", "authz", "tokens", ..]
        )
    }

    /// The path for logs: a token in it is replaced.
    pub fn redacted_path(&self) -> String {
        match self.segments().as_slice() {
            ["mgmt", "shared", "authz", "tokens", _, ..] => {
                "/mgmt/shared/authz/tokens/<token>".to_owned()
            }
            _ => self.path.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn call(uri: &str) -> Call {
        let uri: Uri = uri.parse().unwrap();
        Call::new(Method::GET, &uri, HeaderMap::new(), Ipv4Addr::LOCALHOST.into(), b"\xff")
    }

    #[test]
    fn splits_a_request_into_its_parts() {
        let call = call("/mgmt//cm/a%2Fb%20c+d/?x=1");
        assert_eq!(call.segments(), ["mgmt", "cm", "a/b c+d"]);
        assert_eq!(call.trimmed_path(), "/mgmt//cm/a%2Fb%20c+d");
        assert_eq!((call.query.as_str(), call.body.as_str()), ("x=1", "\u{fffd}"));
    }

    #[test]
    fn redacts_tokens() {
        assert!(!call("/mgmt/shared/authz/tokens/a.b.c").redacted_path().contains("a.b.c"));
        assert!(call("/mgmt/shared/authn/login/").has_secret());
        assert!(!call("/mgmt/cm/access/tasks/kill-sessions").has_secret());
    }
}
