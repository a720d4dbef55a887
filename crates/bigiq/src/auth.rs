//! Wire types of sign-in, tokens and system information (captured, BIG-IQ 7 and 8; documented for 7.1).

use crate::lenient::{self, Scalar};
use crate::secret::Secret;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// The answer to `GET /info/system`, which needs no sign-in. All fields are optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemInfo {
    /// BIG-IQ's host name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub hostname: Option<String>,
    /// Whether the REST framework is available.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub available: Option<bool>,
    /// Whether BIG-IQ has started completely.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub system_started: Option<bool>,
    /// The authentication providers.
    #[serde(default, deserialize_with = "lenient::list")]
    pub providers: Vec<Provider>,
}

/// An authentication provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// Name; `local` for BIG-IQ's own users.
    pub name: Option<String>,
    /// Link to send in `loginReference` (captured).
    pub link: Option<String>,
    /// Whether lists should hide it (captured; the meaning is inferred).
    pub is_hidden: Option<bool>,
}

impl<'de> Deserialize<'de> for Provider {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [name, link, is_hidden] = lenient::scalars(d, &["name", "link", "isHidden"])?;
        Ok(Self { name: name.owned(), link: link.owned(), is_hidden: is_hidden.flag() })
    }
}

impl Provider {
    /// Whether this is BIG-IQ's own user list.
    pub fn is_local(&self) -> bool {
        self.name.as_deref() == Some("local")
    }
}

/// The answer to a sign-in or a token exchange.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginReply {
    /// The user who signed in. Absent in the answer to an exchange.
    #[serde(default, deserialize_with = "lenient::text")]
    pub username: Option<String>,
    /// The access token, for the `X-F5-Auth-Token` header. Valid for 300 s (documented).
    pub token: Token,
    /// The refresh token, which is exchanged for access tokens. Valid for 36,000 s; using it does not extend that (captured).
    pub refresh_token: Option<Token>,
}

/// A token with its lifetime. The token is a JWT of about 1,000 characters; nothing here reads its contents.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub token: Secret,
    /// Lifetime in seconds.
    pub timeout: Option<i64>,
    /// Time of issue in seconds since 1970, by BIG-IQ's clock.
    pub iat: Option<i64>,
    /// Expiry in seconds since 1970, by BIG-IQ's clock.
    pub exp: Option<i64>,
    /// The client address that the token is bound to.
    pub address: Option<String>,
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let names = ["token", "timeout", "iat", "exp", "address"];
        let [token, timeout, iat, exp, address] = lenient::scalars(d, &names)?;
        // Anything but a text is not a token.
        let Scalar::Text(token) = token else { return Err(D::Error::missing_field("token")) };
        Ok(Self {
            token: Secret::new(token.into_owned()),
            timeout: timeout.int(),
            iat: iat.int(),
            exp: exp.int(),
            address: address.owned(),
        })
    }
}

impl Token {
    /// The token's lifetime in seconds: `exp - iat`, else `timeout`, else `documented`. Absolute times are not compared with the
    /// browser's clock, which may be wrong.
    pub fn life_seconds(&self, documented: i64) -> i64 {
        self.exp
            .zip(self.iat)
            .and_then(|(exp, iat)| exp.checked_sub(iat))
            .or(self.timeout)
            .filter(|life| *life > 0)
            .unwrap_or(documented)
    }
}

/// Lifetime of an access token in seconds (documented).
pub const ACCESS_LIFE: i64 = 300;
/// Lifetime of a refresh token in seconds (documented).
pub const REFRESH_LIFE: i64 = 36_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginBody<'a> {
    username: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_reference: Option<Link<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_provider_name: Option<&'a str>,
}

#[derive(Serialize)]
struct Link<'a> {
    link: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExchangeBody<'a> {
    refresh_token: TokenText<'a>,
}

#[derive(Serialize)]
struct TokenText<'a> {
    token: &'a str,
}

fn json<T: Serialize>(body: &T) -> String {
    // A struct of texts always serialises.
    serde_json::to_string(body).unwrap_or_default()
}

pub(crate) fn login_body(user: &str, password: &Secret, provider: Option<&Provider>) -> String {
    let remote = provider.filter(|p| !p.is_local());
    let link = remote.and_then(|p| p.link.as_deref());
    json(&LoginBody {
        username: user,
        password: password.expose(),
        login_reference: link.map(|link| Link { link }),
        login_provider_name: remote.filter(|_| link.is_none()).and_then(|p| p.name.as_deref()),
    })
}

pub(crate) fn exchange_body(refresh: &Secret) -> String {
    json(&ExchangeBody { refresh_token: TokenText { token: refresh.expose() } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    const LOGIN: &str = r#"{"username":"operator","loginProviderName":"local","token":{"token":"A.1","timeout":300,
        "exp":1700000300,"iat":1700000000,"address":"192.0.2.10"},"refreshToken":{"token":"R.1","exp":1700036000,"iat":1700000000}}"#;

    #[test]
    fn login_answer() {
        let reply: LoginReply = decode(LOGIN).unwrap();
        assert_eq!(reply.username.as_deref(), Some("operator"));
        assert_eq!(reply.token.token.expose(), "A.1");
        assert_eq!(reply.token.life_seconds(ACCESS_LIFE), 300);
        assert_eq!(reply.refresh_token.unwrap().life_seconds(REFRESH_LIFE), 36_000);
    }

    #[test]
    fn a_token_is_a_text() {
        for none in ["{}", r#"{"token":null}"#, r#"{"token":5}"#, r#"{"token":true}"#, "null"] {
            assert!(decode::<Token>(none).is_err(), "{none}");
        }
        for none in [r#"{"username":"u"}"#, r#"{"token":{"timeout":300}}"#, r#"{"token":"A.1"}"#] {
            assert!(decode::<LoginReply>(none).is_err(), "{none}");
        }
    }

    #[test]
    fn life_falls_back() {
        let bare: Token = decode(r#"{"token":"x"}"#).unwrap();
        assert_eq!(bare.life_seconds(300), 300);
        let by_timeout: Token = decode(r#"{"token":"x","timeout":"120"}"#).unwrap();
        assert_eq!(by_timeout.life_seconds(300), 120);
        let backwards: Token = decode(r#"{"token":"x","exp":1,"iat":5}"#).unwrap();
        assert_eq!(backwards.life_seconds(300), 300);
    }

    #[test]
    fn login_bodies() {
        let password = Secret::new("p\"w");
        assert_eq!(login_body("u", &password, None), r#"{"username":"u","password":"p\"w"}"#);
        let local =
            Provider { name: Some("local".into()), link: Some("l".into()), is_hidden: None };
        assert_eq!(
            login_body("u", &password, Some(&local)),
            r#"{"username":"u","password":"p\"w"}"#
        );
        let radius =
            Provider { name: Some("Corp".into()), link: Some("l".into()), is_hidden: None };
        assert_eq!(
            login_body("u", &password, Some(&radius)),
            r#"{"username":"u","password":"p\"w","loginReference":{"link":"l"}}"#
        );
        let nameless = Provider { link: None, ..radius };
        assert_eq!(
            login_body("u", &password, Some(&nameless)),
            r#"{"username":"u","password":"p\"w","loginProviderName":"Corp"}"#
        );
    }
}
