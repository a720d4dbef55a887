//! Tokens: text in the format and size of a JWT, and the table of issued ones.
//!
//! The signature is random bytes, and nothing checks it.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::account::Account;
use super::rng::Rng;
use super::timestamp::Timestamp;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// Sent in the header of every call.
    Access,
    /// Exchanged for a new access token.
    Refresh,
}

/// An issued token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The text in the header.
    pub text: String,
    /// Access or refresh.
    pub token_type: TokenType,
    /// The account it was issued to.
    pub account: Account,
    /// The address it was issued to.
    pub address: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// How long it is valid.
    pub lifetime_seconds: i64,
    jti: String,
    generation: u64,
    deleted: bool,
}

/// All tokens issued since the last restart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Token>,
    generation: u64,
}

impl Tokens {
    /// Issues a token.
    pub(crate) fn issue(
        &mut self,
        token_type: TokenType,
        account: Account,
        address: &str,
        lifetime_seconds: i64,
        now: Timestamp,
        rng: &mut Rng,
    ) -> Token {
        self.generation += 1;
        let jti = URL_SAFE_NO_PAD.encode(rng.bytes(16));
        let mut token = Token {
            text: String::new(),
            token_type,
            account,
            address: address.to_owned(),
            issued: now,
            lifetime_seconds,
            jti,
            generation: self.generation,
            deleted: false,
        };
        token.text = token.encode(rng);
        self.issued.insert(token.text.clone(), token.clone());
        token
    }

    /// The token with this text, valid or not.
    pub(crate) fn find(&self, text: &str) -> Option<&Token> {
        self.issued.get(text)
    }

    /// Marks a token as deleted and returns it.
    pub(crate) fn delete(&mut self, text: &str) -> Option<Token> {
        let token = self.issued.get_mut(text)?;
        token.deleted = true;
        Some(token.clone())
    }

    /// Forgets all tokens, as a restart of the appliance does.
    pub(crate) fn forget_all(&mut self) {
        self.issued.clear();
    }

    /// Forgets all tokens of one type.
    pub(crate) fn forget(&mut self, token_type: TokenType) {
        self.issued.retain(|_, token| token.token_type != token_type);
    }
}

impl Token {
    /// Number of tokens issued up to and including this one.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// When it expires, in seconds since 1970.
    pub(crate) fn expiry_seconds(&self) -> i64 {
        self.issued.seconds().saturating_add(self.lifetime_seconds)
    }

    /// Whether it is a valid token of this type at `now`.
    pub(crate) fn is_valid(
        &self,
        token_type: TokenType,
        now: Timestamp,
        deleted_works: bool,
    ) -> bool {
        self.token_type == token_type
            && now.seconds() < self.expiry_seconds()
            && (deleted_works || !self.deleted)
    }

    /// The token object in the answer to a sign-in (captured).
    pub(crate) fn json(&self) -> Value {
        json!({
            "token": self.text,
            "userName": self.account.name,
            "authProviderName": self.account.provider.name(),
            "user": {"link": self.account.link()},
            "groupReferences": [],
            "timeout": self.lifetime_seconds,
            "address": self.address,
            "type": self.type_name(),
            "jti": self.jti,
            "exp": self.expiry_seconds(),
            "iat": self.issued.seconds(),
            "generation": self.generation,
            "lastUpdateMicros": self.issued.micros(),
            "kind": "shared:authz:tokens:authtokenitemstate",
            "selfLink": format!("https://localhost/mgmt/shared/authz/tokens/{}", self.text),
        })
    }

    fn type_name(&self) -> &'static str {
        match self.token_type {
            TokenType::Access => "ACCESS",
            TokenType::Refresh => "REFRESH",
        }
    }

    fn encode(&self, rng: &mut Rng) -> String {
        let header = json!({"kid": rng.uuid(), "alg": "RS384"});
        let claims = json!({
            "iss": "BIG-IQ",
            "jti": self.jti,
            "sub": self.account.name,
            "aud": self.address,
            "iat": self.issued.seconds(),
            "exp": self.expiry_seconds(),
            "userName": self.account.name,
            "authProviderName": self.account.provider.name(),
            "user": self.account.link(),
            "type": self.type_name(),
            "timeout": self.lifetime_seconds,
            "groupReferences": [],
        });
        // 384 bytes: the length of an RS384 signature with a 3072-bit key.
        let parts = [header.to_string().into(), claims.to_string().into(), rng.bytes(384)];
        parts.map(|part: Vec<u8>| URL_SAFE_NO_PAD.encode(part)).join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::account::{Provider, UserRole};

    fn account(name: &'static str) -> Account {
        let provider = if name == "admin" { Provider::Local } else { Provider::Radius };
        Account { name, role: UserRole::AccessManager, provider }
    }

    #[test]
    fn has_the_format_of_a_captured_token() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let mut tokens = Tokens::default();
        for name in ["admin", "remote-manager"] {
            let account = account(name);
            let token =
                tokens.issue(TokenType::Access, account, "192.0.2.10", 300, now, &mut Rng::new(1));
            assert!((940..=1110).contains(&token.text.len()), "{}", token.text.len());
            let claims = URL_SAFE_NO_PAD.decode(token.text.split('.').nth(1).unwrap()).unwrap();
            let claims: Value = serde_json::from_slice(&claims).unwrap();
            assert_eq!(claims["aud"], "192.0.2.10");
            assert_eq!(token.json()["exp"], 1_700_000_300);
        }
    }

    #[test]
    fn is_valid_for_its_lifetime_and_type() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let mut tokens = Tokens::default();
        let account = account("admin");
        let text = tokens.issue(TokenType::Access, account, "a", 300, now, &mut Rng::new(1)).text;
        let valid = |tokens: &Tokens, token_type, millis, deleted_works| {
            tokens.find(&text).unwrap().is_valid(token_type, now.plus_millis(millis), deleted_works)
        };
        assert!(valid(&tokens, TokenType::Access, 299_000, false));
        assert!(!valid(&tokens, TokenType::Access, 300_000, false));
        assert!(!valid(&tokens, TokenType::Refresh, 0, false));
        tokens.delete(&text).unwrap();
        assert!(!valid(&tokens, TokenType::Access, 0, false));
        assert!(valid(&tokens, TokenType::Access, 0, true));
        tokens.forget_all();
        assert!(tokens.find(&text).is_none());
    }
}
