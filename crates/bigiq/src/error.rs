//! BIG-IQ's error body, and what an error status means.

use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize};

/// BIG-IQ's error body, `:resterrorresponse` (documented, "Common Errors"). `errorStack` and `originalRequestBody` are not
/// read here: the first is a Java stack trace ([`java_stack`](crate::java_stack) reads it for reports), the second repeats
/// the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// The HTTP status, repeated in the body.
    pub code: Option<i64>,
    /// BIG-IQ's message.
    pub message: Option<String>,
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [code, message] = lenient::scalars(d, &["code", "message"])?;
        Ok(Self { code: code.int(), message: message.message() })
    }
}

/// Why BIG-IQ refused a call. Read from the status and the message, because one status has many causes (captured).
///
/// ```
/// use bigiq::Refusal;
///
/// assert_eq!(Refusal::of(401, Some("Invalid registered claims.")), Refusal::TokenExpired);
/// assert_eq!(Refusal::of(404, Some("Public URI path not registered")), Refusal::NotRegistered);
/// assert_eq!(Refusal::of(503, None), Refusal::Server);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The access token has expired, or BIG-IQ does not know it, for example after a restart. Exchange it once.
    TokenExpired,
    /// The token was issued to another client address. Happens when a proxy's source address changes.
    WrongAddress,
    /// Signed in, but the user's role does not allow this.
    NotPermitted,
    /// User name or password is wrong.
    BadCredentials,
    /// The task or device does not exist.
    NotFound,
    /// The REST worker is not available: the URI is wrong, or BIG-IQ is starting.
    NotRegistered,
    /// Too many requests.
    Busy,
    /// BIG-IQ or a proxy in front of it failed (5xx).
    Server,
    /// BIG-IQ does not accept the request for any other reason.
    Invalid,
}

impl Refusal {
    /// Classifies an HTTP status and BIG-IQ's message, if there is one.
    pub fn of(status: u16, message: Option<&str>) -> Self {
        let message = message.unwrap_or_default();
        let says = |words: &str| message.contains(words);
        match status {
            // Both "Public URI path not registered" and "URI path … not registered.  Please verify" (captured).
            401 | 404 if says("URI path") && says("not registered") => Self::NotRegistered,
            401 if says("Tokens are only valid") => Self::WrongAddress,
            401 | 403 if says("Authorization failed") => Self::NotPermitted,
            401 if says("Authentication failed") => Self::BadCredentials,
            401 => Self::TokenExpired,
            403 => Self::NotPermitted,
            404 => Self::NotFound,
            429 => Self::Busy,
            500.. => Self::Server,
            _ => Self::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(401, "Authentication failed.", Refusal::BadCredentials)]
    #[case(
        401,
        "java.security.GeneralSecurityException: Invalid registered claims.",
        Refusal::TokenExpired
    )]
    #[case(401, "Invalid registered claims.", Refusal::TokenExpired)]
    #[case(401, "", Refusal::TokenExpired)]
    #[case(
        401,
        "Tokens are only valid to be used by the client of which they were issued.\nToken is valid for 192.0.2.1 and received from 192.0.2.2.",
        Refusal::WrongAddress
    )]
    #[case(
        401,
        "Authorization failed: user=https://localhost/mgmt/shared/authz/users/viewer resource=/mgmt/cm/access/tasks/kill-sessions verb=POST",
        Refusal::NotPermitted
    )]
    #[case(403, "", Refusal::NotPermitted)]
    #[case(
        401,
        "Public URI path not registered. Please see /var/log/restjavad.0.log",
        Refusal::NotRegistered
    )]
    #[case(404, "Public URI path not registered", Refusal::NotRegistered)]
    #[case(
        404,
        "URI path /x not registered.  Please verify URI is supported and wait for /available suffix to be responsive.",
        Refusal::NotRegistered
    )]
    #[case(404, "cm/access/tasks/kill-sessions/1", Refusal::NotFound)]
    #[case(400, "action is missing.", Refusal::Invalid)]
    #[case(429, "", Refusal::Busy)]
    #[case(502, "", Refusal::Server)]
    fn refusals(#[case] status: u16, #[case] message: &str, #[case] expected: Refusal) {
        assert_eq!(Refusal::of(status, Some(message)), expected);
    }
}
