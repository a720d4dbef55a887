//! The client of a signed-in operator: it owns the tokens and renews the access token when it is used. This is the only
//! place that handles a 401. It starts no timers and no tasks.

use crate::call_log::note;
use crate::caller::{Answer, Caller};
use crate::error::ApiError;
use crate::platform::{Connection, Platform};
use bigiq::auth::{ACCESS_LIFE, LoginReply, REFRESH_LIFE, Token};
use bigiq::{Call, DecodeError, Endpoint, Refusal, Secret, decode};
use curfew_core::timestamp::Timestamp;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// With less than this left, in milliseconds, the access token is exchanged before use.
const SPARE: i64 = 90_000;

type Renewal = Shared<LocalBoxFuture<'static, Result<Secret, ApiError>>>;

/// A signed-in client. Clones share the tokens.
#[derive(Clone)]
pub struct SignedIn(Rc<Inner>);

struct Inner {
    caller: Caller,
    operator: String,
    /// `None` if the proxy in front of BIG-IQ signs in for all operators.
    tokens: Option<Tokens>,
    /// Set once the tokens can no longer be used.
    ended: Cell<bool>,
}

struct Tokens {
    access: RefCell<Held>,
    refresh: Option<Held>,
    /// The exchange in progress, shared by all who wait for it.
    renewal: RefCell<Option<Renewal>>,
}

impl Tokens {
    /// Makes the next use exchange the access token, if it is still this one.
    fn distrust(&self, token: &Secret) {
        let mut access = self.access.borrow_mut();
        if access.token == *token {
            access.life = 0;
        }
    }
}

/// A token and its age by the browser's two clocks; BIG-IQ's clock may differ from both.
struct Held {
    token: Secret,
    life: i64,
    since_epoch: i64,
    since_monotonic: f64,
}

impl Held {
    fn new(token: Token, documented: i64, clock: &dyn Platform) -> Self {
        Self {
            life: token.life_seconds(documented).saturating_mul(1000),
            token: token.token,
            since_epoch: clock.epoch_ms(),
            since_monotonic: clock.monotonic_ms(),
        }
    }

    /// Milliseconds left. The monotonic clock may stop while a laptop sleeps, and the other may be set back, so the
    /// larger age counts.
    fn left(&self, clock: &dyn Platform) -> i64 {
        let by_epoch = clock.epoch_ms() - self.since_epoch;
        let by_monotonic = (clock.monotonic_ms() - self.since_monotonic) as i64;
        self.life - by_epoch.max(by_monotonic)
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("operator", &self.0.operator).finish_non_exhaustive()
    }
}

impl SignedIn {
    pub(crate) fn new(caller: Caller, typed: &str, reply: LoginReply) -> Self {
        let clock = caller.platform;
        let tokens = Tokens {
            access: RefCell::new(Held::new(reply.token, ACCESS_LIFE, clock)),
            refresh: reply.refresh_token.map(|t| Held::new(t, REFRESH_LIFE, clock)),
            renewal: RefCell::new(None),
        };
        let operator = reply.username.unwrap_or_else(|| typed.to_owned());
        Self(Rc::new(Inner { caller, operator, tokens: Some(tokens), ended: Cell::new(false) }))
    }

    /// A client of a BIG-IQ whose proxy adds the token itself.
    pub(crate) fn by_proxy(caller: Caller, operator: String) -> Self {
        Self(Rc::new(Inner { caller, operator, tokens: None, ended: Cell::new(false) }))
    }

    /// An answer decoded as `T`.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`].
    pub(crate) fn decoded<'a, T: Deserialize<'a>>(
        &self,
        answer: &'a Answer,
    ) -> Result<T, ApiError> {
        match decode(&answer.text) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.unreadable(answer.endpoint, error)),
        }
    }

    /// The time by the machine's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.caller.now()
    }

    /// Who is signed in, in BIG-IQ's spelling.
    pub fn operator(&self) -> &str {
        &self.0.operator
    }

    /// Whether the other is a clone of this one.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether BIG-IQ has ended this sign-in.
    pub fn is_ended(&self) -> bool {
        self.0.ended.get()
    }

    /// Revokes both tokens at BIG-IQ, the refresh token first, where BIG-IQ allows it. That needs a valid access token,
    /// so an expired one is exchanged once more. Failures don't matter: this client is dropped either way.
    pub async fn sign_out(self) {
        self.0.ended.set(true);
        let Some(tokens) = &self.0.tokens else { return };
        if self.fresh(tokens).await.is_ok() {
            self.forget().await;
        }
    }

    /// Revokes both tokens at BIG-IQ while the access token is still valid, as right after the sign-in.
    pub async fn forget(self) {
        self.0.ended.set(true);
        let Some(tokens) = &self.0.tokens else { return };
        let access = tokens.access.borrow().token.clone();
        if let Some(refresh) = &tokens.refresh {
            let _ = self.0.caller.send(&Call::forget(&refresh.token), Some(&access)).await;
        }
        let _ = self.0.caller.send(&Call::forget(&access), Some(&access)).await;
    }

    /// A read. If a new token is refused too, the sign-in has ended.
    pub(crate) async fn read(&self, call: &Call) -> Result<Answer, ApiError> {
        let answer = self.asked(call, true).await;
        // Only errors about the token count: a 400 is about the call.
        answer.map_err(|error| match error.refusal() {
            Some(Refusal::TokenExpired) => self.end(),
            _ => error,
        })
    }

    /// A read of something that BIG-IQ may not support. A device behind it may refuse a token that BIG-IQ accepts; that
    /// is reported as "not permitted" and does not end the sign-in.
    pub(crate) async fn read_optional(&self, call: &Call) -> Result<Answer, ApiError> {
        // guard: device-401
        let mut answer = self.asked(call, true).await;
        if let Err(ApiError::Refused { refusal: refusal @ Refusal::TokenExpired, .. }) = &mut answer
        {
            *refusal = Refusal::NotPermitted;
        }
        answer
    }

    /// The answer to a read, `noted` or not. If the token is refused as expired, it is exchanged and the read repeated
    /// once.
    pub(crate) async fn asked(&self, call: &Call, noted: bool) -> Result<Answer, ApiError> {
        let token = self.token().await?;
        let mut answer = self.0.caller.send(call, token.as_ref()).await;
        if let (Err(error), Some(tokens), Some(token)) = (&answer, &self.0.tokens, token)
            && error.refusal() == Some(Refusal::TokenExpired)
        {
            let token = self.renewed(tokens, &token).await?;
            answer = self.0.caller.send(call, Some(&token)).await;
        }
        if noted {
            note(call.endpoint, answer.as_ref().err(), self.now());
        }
        answer
    }

    /// A write, sent once, whatever the answer. A token that BIG-IQ reports as expired is exchanged before the next
    /// call. The caller uses [`Self::token`] to tell errors before the request was sent from those after.
    pub(crate) async fn write(
        &self,
        call: &Call,
        token: Option<&Secret>,
        claims: &[(&'static str, String)],
    ) -> Result<Answer, ApiError> {
        // If the proxy signs in, a write needs the credentials by which the proxy identifies the operator.
        let connection = match self.0.tokens {
            // guard: kill-own-connection
            Some(_) => Connection::Own,
            None => Connection::Shared,
        };
        let answer = self.0.caller.send_with(call, token, claims, connection).await;
        note(call.endpoint, answer.as_ref().err(), self.now());
        if let (Err(error), Some(tokens), Some(token)) = (&answer, &self.0.tokens, token)
            && error.refusal() == Some(Refusal::TokenExpired)
        {
            // guard: kill-not-resent
            tokens.distrust(token);
        }
        answer
    }

    /// Makes sure that the next call has a valid access token.
    ///
    /// # Errors
    /// Any [`ApiError`]: the access token could not be exchanged.
    pub async fn renew(&self) -> Result<(), ApiError> {
        self.token().await.map(|_| ())
    }

    /// An access token that stays valid for a while; `None` if the proxy adds its own.
    pub(crate) async fn token(&self) -> Result<Option<Secret>, ApiError> {
        let token = match &self.0.tokens {
            Some(tokens) if !self.0.ended.get() => Some(self.fresh(tokens).await?),
            _ => None,
        };
        // The sign-in may have ended during the exchange.
        if self.0.ended.get() { Err(ApiError::SignInNeeded) } else { Ok(token) }
    }

    async fn fresh(&self, tokens: &Tokens) -> Result<Secret, ApiError> {
        let (token, left) = {
            let access = tokens.access.borrow();
            (access.token.clone(), access.left(self.0.caller.platform))
        };
        let is_renewed = tokens.renewal.borrow().is_some();
        if left >= SPARE && !is_renewed { Ok(token) } else { self.renewed(tokens, &token).await }
    }

    /// A token newer than `old`, exchanged once for all concurrent callers.
    async fn renewed(&self, tokens: &Tokens, old: &Secret) -> Result<Secret, ApiError> {
        let current = tokens.access.borrow().token.clone();
        if current != *old {
            return Ok(current);
        }
        let renewal = tokens.renewal.borrow().clone();
        let renewal = renewal.unwrap_or_else(|| {
            let client = self.clone();
            let started = async move {
                let result = client.exchange().await;
                // Here and not where it is awaited: who started it may be gone by now.
                // guard: renewal-forgotten
                client.0.tokens.as_ref().and_then(|tokens| tokens.renewal.take());
                result
            };
            let started = started.boxed_local().shared();
            *tokens.renewal.borrow_mut() = Some(started.clone());
            started
        });
        renewal.await
    }

    async fn exchange(&self) -> Result<Secret, ApiError> {
        let Some(tokens) = &self.0.tokens else { return Err(self.end()) };
        let clock = self.0.caller.platform;
        let Some(refresh) = tokens.refresh.as_ref().filter(|held| held.left(clock) > 0) else {
            return Err(self.end());
        };
        let answer = self.0.caller.send(&Call::exchange(&refresh.token), None).await;
        let answer = answer.map_err(|e| self.end_if_refused(e))?;
        let reply: LoginReply = decode(&answer.text).map_err(ApiError::unreadable_secret)?;
        let held = Held::new(reply.token, ACCESS_LIFE, clock);
        let token = held.token.clone();
        tokens.access.replace(held);
        Ok(token)
    }

    /// What a failed exchange means for the sign-in: a refusal ends it. BIG-IQ's answer to an old refresh token is not
    /// documented, so any 400 or 401 counts, except those with another meaning.
    fn end_if_refused(&self, error: ApiError) -> ApiError {
        match error.refusal() {
            Some(Refusal::TokenExpired | Refusal::BadCredentials | Refusal::Invalid) => self.end(),
            _ => error,
        }
    }

    fn end(&self) -> ApiError {
        self.0.ended.set(true);
        ApiError::SignInNeeded
    }

    /// Separate from [`Self::decoded`], which is compiled for every type.
    fn unreadable(&self, endpoint: &'static Endpoint, error: DecodeError) -> ApiError {
        let error = ApiError::Unreadable(error);
        note(endpoint, Some(&error), self.now());
        error
    }
}
