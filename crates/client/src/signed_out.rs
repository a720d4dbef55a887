//! The client before the sign-in, which can't request data.

use crate::caller::Caller;
use crate::error::ApiError;
use crate::platform::Platform;
use crate::signed_in::SignedIn;
use bigiq::auth::{LoginReply, Provider, SystemInfo};
use bigiq::{Call, decode};
use std::fmt;

pub use bigiq::Secret;

/// A BIG-IQ, reached under a path prefix of this origin, before anyone has signed in.
#[derive(Clone)]
pub struct SignedOut(Caller);

impl fmt::Debug for SignedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedOut").field(&self.0.prefix).finish()
    }
}

/// What a BIG-IQ reports before the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Welcome {
    /// Its name.
    pub name: Option<String>,
    /// The sign-in providers, local first; empty if BIG-IQ lists none: then only local.
    pub providers: Vec<SignInProvider>,
    /// Whether it reports that it is still starting.
    pub starting: bool,
}

/// A list of users that BIG-IQ signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInProvider {
    name: String,
    wire: Provider,
}

impl SignInProvider {
    fn of(wire: Provider) -> Option<Self> {
        (wire.is_hidden != Some(true)).then_some(Self { name: wire.name.clone()?, wire })
    }

    /// One of this name, which BIG-IQ has not listed.
    pub fn named(name: &str) -> Self {
        let wire = Provider { name: Some(name.to_owned()), ..Provider::default() };
        Self { name: name.to_owned(), wire }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is BIG-IQ's own user list.
    pub fn is_local(&self) -> bool {
        self.wire.is_local()
    }
}

impl SignedOut {
    /// A client for the BIG-IQ under `prefix`, which is empty or starts with a slash.
    pub fn new(prefix: String, platform: &'static dyn Platform) -> Self {
        Self(Caller { prefix, platform })
    }

    /// The path prefix.
    pub fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// Reads name and providers.
    ///
    /// # Errors
    /// Any [`ApiError`]; a local sign-in may still work, because proxies often forward only `/mgmt`.
    pub async fn welcome(&self) -> Result<Welcome, ApiError> {
        let answer = self.0.send(&Call::info(), None).await?;
        let info: SystemInfo = decode(&answer.text).map_err(ApiError::Unreadable)?;
        let shown = info.providers.into_iter().filter_map(SignInProvider::of);
        // BIG-IQ's own provider first. Not a sort, whose code would add 1 kB to the first load for a list of three.
        let (mut providers, others): (Vec<_>, Vec<_>) = shown.partition(SignInProvider::is_local);
        providers.extend(others);
        let starting = info.available == Some(false) || info.system_started == Some(false);
        Ok(Welcome { name: info.hostname, providers, starting })
    }

    /// A client for when the proxy in front of BIG-IQ signs in for all operators, as `account`.
    pub fn by_proxy(&self, account: String) -> SignedIn {
        SignedIn::by_proxy(self.0.clone(), account)
    }

    /// Signs in.
    ///
    /// # Errors
    /// Any [`ApiError`] but `SignInNeeded`; a wrong name or password is a refusal.
    pub async fn sign_in(
        &self,
        user: &str,
        password: &Secret,
        provider: Option<&SignInProvider>,
    ) -> Result<SignedIn, ApiError> {
        let call = Call::login(user, password, provider.map(|provider| &provider.wire));
        let answer = self.0.send(&call, None).await?;
        let reply: LoginReply = decode(&answer.text).map_err(ApiError::unreadable_secret)?;
        Ok(SignedIn::new(self.0.clone(), user, reply))
    }
}
