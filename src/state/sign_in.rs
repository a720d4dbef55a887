//! Who is signed in to which BIG-IQ. The only place that notes when an answer shows that the sign-in has ended. The
//! client holds the tokens.

use super::ConfigStore;
use crate::web::storage::Storage;
use crate::web::{Browser, dom, sleep, spawn_app};
use curfew_client::call_log::forget_notes;
use curfew_client::error::ApiError;
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::{Secret, SignInProvider, SignedOut, Welcome};
use curfew_core::app::{AccountKey, SERVICE_ACCOUNT, SignOutNote, SignOutReason};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// Where the tab keeps its note over the reload that ends a sign-in.
const NOTE: &str = "curfew:signed-out";
/// How often the reload checks whether all kills are answered.
const STEP: Duration = Duration::from_millis(50);
/// For how many of these steps, five seconds, the reload waits until BIG-IQ has deleted the tokens.
const REVOKING: u32 = 100;

/// A signed-in operator.
#[derive(Debug, Clone)]
pub struct SignedInOperator {
    /// The client that calls BIG-IQ as the operator.
    pub client: SignedIn,
    /// The account that plans and jobs belong to.
    pub account: AccountKey,
}

/// The state of the sign-in.
#[derive(Debug, Clone)]
pub enum Phase {
    /// Nobody is signed in.
    SignedOut,
    /// Someone is signed in.
    SignedIn(SignedInOperator),
    /// BIG-IQ ended the sign-in; everything stays on screen until the same operator signs in again.
    Lost(SignedInOperator),
}

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInError {
    /// BIG-IQ or the connection to it.
    Api(ApiError),
    /// Someone else signed in where an operator's work is waiting.
    OtherOperator(String),
}

/// The sign-in, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct SignIn {
    phase: RwSignal<Phase, LocalStorage>,
    /// Which of the configured BIG-IQs.
    selected_bigiq: RwSignal<usize>,
    /// BIG-IQ's own name, if the configuration gives none.
    name: RwSignal<Option<String>>,
    /// The sign-in providers that BIG-IQ listed.
    providers: RwSignal<Vec<SignInProvider>>,
    /// The selected or typed provider, by name. Kept from one sign-in to the next.
    provider: RwSignal<String>,
    config: ConfigStore,
    /// Whether this BIG-IQ reports itself as a standby.
    standby: RwSignal<bool>,
    /// Whether the sign-in has ended and the page is about to be reloaded.
    leaving: RwSignal<bool>,
    /// How many kills are being sent. The page isn't reloaded before they are answered.
    in_flight: StoredValue<usize>,
    /// Why the last sign-in ended.
    ended: SignOutReason,
    /// Whose jobs were running when the page was reloaded; empty if none were.
    last_operator: RwSignal<String>,
}

impl SignIn {
    /// Provides it: nobody is signed in, and the first BIG-IQ of the configuration is selected.
    pub fn provide(config: ConfigStore) -> Self {
        let note = Storage::Session.get(NOTE).ok().flatten().unwrap_or_default();
        let SignOutNote { reason, bigiq, provider, operator } = SignOutNote::parse(&note);
        // The jobs run until after the next sign-in.
        if reason != SignOutReason::Reloaded {
            _ = Storage::Session.remove(NOTE);
        }
        let selected = config.with(|config| config.bigiqs.iter().position(|b| b.prefix == bigiq));
        let sign_in = Self {
            phase: RwSignal::new_local(Phase::SignedOut),
            selected_bigiq: RwSignal::new(selected.unwrap_or_default()),
            name: RwSignal::new(None),
            providers: RwSignal::default(),
            provider: RwSignal::new(provider),
            config,
            standby: RwSignal::new(false),
            leaving: RwSignal::new(false),
            in_flight: StoredValue::new(0),
            ended: reason,
            last_operator: RwSignal::new(operator),
        };
        provide_context(sign_in);
        sign_in
    }

    /// The sign-in of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Whether the console is shown; also after BIG-IQ ended the sign-in. Tracked.
    pub fn is_open(&self) -> bool {
        self.phase.with(|phase| !matches!(phase, Phase::SignedOut))
    }

    /// As [`Self::is_open`]. Untracked.
    pub fn is_open_untracked(&self) -> bool {
        untrack(|| self.is_open())
    }

    /// Whether BIG-IQ ended the sign-in. Tracked.
    pub fn is_lost(&self) -> bool {
        self.phase.with(|phase| matches!(phase, Phase::Lost(_)))
    }

    /// Whether calls can be made now. Tracked.
    pub fn is_signed_in(&self) -> bool {
        self.phase.with(|phase| matches!(phase, Phase::SignedIn(_)))
    }

    /// The BIG-IQ's name, if known. Tracked.
    pub fn bigiq(&self) -> String {
        let selected = self.selected_bigiq.get();
        let configured =
            self.config.with(|config| config.bigiqs.get(selected).and_then(|b| b.name.clone()));
        configured.or_else(|| self.name.get()).unwrap_or_else(|| "BIG-IQ".to_owned())
    }

    /// Which of the configured BIG-IQs is selected. Tracked.
    pub fn selected_bigiq(&self) -> usize {
        self.selected_bigiq.get()
    }

    /// Selects another of the configured BIG-IQs; only before the sign-in.
    pub fn select_bigiq(&self, index: usize) {
        if self.phase.with_untracked(|phase| matches!(phase, Phase::SignedOut)) {
            self.selected_bigiq.set(index);
            self.name.set(None);
            self.providers.set(Vec::new());
            self.provider.set(String::new());
        }
    }

    fn signed_out(&self) -> SignedOut {
        let selected = self.selected_bigiq.get_untracked();
        let prefix =
            self.config.with(|config| config.bigiqs.get(selected).map(|b| b.prefix.clone()));
        SignedOut::new(prefix.unwrap_or_default(), &Browser)
    }

    /// Who is signed in, or was until BIG-IQ ended it. Tracked.
    pub fn operator(&self) -> Option<String> {
        self.account().map(|account| account.operator)
    }

    /// The account that plans and jobs belong to. Tracked.
    pub fn account(&self) -> Option<AccountKey> {
        self.phase.with(|phase| match phase {
            Phase::SignedOut => None,
            Phase::SignedIn(signed_in) | Phase::Lost(signed_in) => Some(signed_in.account.clone()),
        })
    }

    /// Asks this BIG-IQ whether it is a standby.
    pub fn ask_standby(self) {
        let Some(client) = self.client() else { return };
        spawn_app(async move {
            self.standby.set(client.is_standby().await.unwrap_or(false));
        });
    }

    /// Whether this BIG-IQ reports itself as a standby. Tracked.
    pub fn is_standby(&self) -> bool {
        self.standby.get()
    }

    /// The client, while calls can be made. Untracked.
    pub fn client(&self) -> Option<SignedIn> {
        self.phase.with_untracked(|phase| match phase {
            Phase::SignedIn(signed_in) => Some(signed_in.client.clone()),
            Phase::SignedOut | Phase::Lost(_) => None,
        })
    }

    /// The client, while this operator is signed in here. Untracked.
    pub fn client_of(&self, account: &AccountKey) -> Option<SignedIn> {
        self.phase.with_untracked(|phase| match phase {
            Phase::SignedIn(signed_in) if signed_in.account == *account => {
                Some(signed_in.client.clone())
            }
            Phase::SignedOut | Phase::SignedIn(_) | Phase::Lost(_) => None,
        })
    }

    /// What BIG-IQ reports before the sign-in; its name and providers are stored.
    ///
    /// # Errors
    /// Any [`ApiError`]; a sign-in may still work.
    pub async fn welcome(self) -> Result<Welcome, ApiError> {
        let welcome = self.signed_out().welcome().await?;
        self.name.set(welcome.name.clone());
        self.providers.set(welcome.providers.clone());
        if self.selected_provider().is_none() {
            let first = welcome.providers.first().map(|first| first.name().to_owned());
            self.provider.set(first.unwrap_or_default());
        }
        Ok(welcome)
    }

    /// The sign-in providers, BIG-IQ itself first; empty while unknown. Tracked.
    pub fn providers(&self) -> Vec<SignInProvider> {
        self.providers.get()
    }

    /// The name of the selected provider; of a typed one, if BIG-IQ lists none. Empty for local users.
    pub fn provider(&self) -> RwSignal<String> {
        self.provider
    }

    fn selected_provider(self) -> Option<SignInProvider> {
        let name = self.provider.get_untracked();
        self.providers.with_untracked(|all| match (all.as_slice(), name.trim()) {
            ([], "") => None,
            ([], typed) => Some(SignInProvider::named(typed)),
            (all, _) => all.iter().find(|provider| provider.name() == name).cloned(),
        })
    }

    /// Signs in with the selected provider; also after BIG-IQ ended the sign-in.
    ///
    /// # Errors
    /// [`SignInError`]; then nothing has changed.
    pub async fn sign_in(self, user: String, password: Secret) -> Result<(), SignInError> {
        let (signed_out, provider) = (self.signed_out(), self.selected_provider());
        let client = signed_out
            .sign_in(&user, &password, provider.as_ref())
            .await
            .map_err(SignInError::Api)?;
        self.start(&signed_out, client)
    }

    /// Starts when the proxy signs in for all operators.
    ///
    /// # Errors
    /// [`SignInError`]; then nothing has changed.
    pub fn start_by_proxy(self) -> Result<(), SignInError> {
        let signed_out = self.signed_out();
        let client = signed_out.by_proxy(SERVICE_ACCOUNT.to_owned());
        self.start(&signed_out, client)
    }

    fn start(self, signed_out: &SignedOut, client: SignedIn) -> Result<(), SignInError> {
        let account = AccountKey {
            bigiq: signed_out.prefix().to_owned(),
            operator: client.operator().to_owned(),
        };
        let other = self.phase.with_untracked(|phase| match phase {
            Phase::Lost(signed_in) if signed_in.account != account => {
                Some(signed_in.account.operator.clone())
            }
            _ => None,
        });
        if let Some(waiting) = other {
            spawn_app(client.forget());
            return Err(SignInError::OtherOperator(waiting));
        }
        self.phase.set(Phase::SignedIn(SignedInOperator { client, account }));
        Ok(())
    }

    /// Signs out: nothing can be sent from now on, and BIG-IQ deletes the tokens where it allows that. Then the page is
    /// reloaded, because copies of tokens and password stay in its memory otherwise. `last` runs just before.
    pub fn sign_out(self, reason: SignOutReason, last: Option<Box<dyn FnOnce()>>) {
        let client = self.phase.with_untracked(|phase| match phase {
            Phase::SignedOut => None,
            Phase::SignedIn(signed_in) | Phase::Lost(signed_in) => Some(signed_in.client.clone()),
        });
        let Some(client) = client else { return };
        forget_notes();
        self.leaving.set(true);
        self.phase.set(Phase::SignedOut);
        let note = self.note(reason, String::new());
        let is_revoked = Rc::new(Cell::new(false));
        let revoked = Rc::clone(&is_revoked);
        spawn_app(async move {
            client.sign_out().await;
            revoked.set(true);
        });
        spawn_app(async move {
            // Each kill has a time limit.
            let mut steps = 0;
            // guard: kills-answered-before-reload
            while self.in_flight.get_value() > 0 || (!is_revoked.get() && steps < REVOKING) {
                sleep(STEP).await;
                steps += 1;
            }
            // Without storage the reason is not shown.
            _ = Storage::Session.set(NOTE, &note);
            if let Some(last) = last {
                last();
            }
            // guard: reload-after-sign-out
            dom::reload();
        });
    }

    /// Whether the sign-in has ended and the page is about to be reloaded. Tracked.
    pub fn is_leaving(&self) -> bool {
        self.leaving.get()
    }

    /// What the tab keeps over a reload.
    fn note(self, reason: SignOutReason, operator: String) -> String {
        let bigiq = self.signed_out().prefix().to_owned();
        SignOutNote { reason, bigiq, provider: self.provider.get_untracked(), operator }.write()
    }

    /// Notes whether the operator's jobs are running, for the sign-in page after a reload. Tracked.
    pub fn note_running(self, is_running: bool) {
        let Some(operator) = self.operator() else { return };
        // Without storage, the jobs don't survive a reload either.
        _ = if is_running {
            Storage::Session.set(NOTE, &self.note(SignOutReason::Reloaded, operator))
        } else {
            Storage::Session.remove(NOTE)
        };
    }

    /// Whose jobs were running when the page was reloaded; empty if none were.
    pub fn last_operator(&self) -> String {
        self.last_operator.get_untracked()
    }

    /// Why the last sign-in in this tab ended.
    pub fn ended(&self) -> SignOutReason {
        self.ended
    }

    /// Notes that a kill is being sent, or that it is answered.
    pub fn note_in_flight(self, is_sent: bool) {
        self.in_flight.update_value(|n| {
            *n = if is_sent { n.saturating_add(1) } else { n.saturating_sub(1) };
        });
    }

    /// Calls BIG-IQ as the operator. This is the only place that notes an answer showing that the sign-in has ended.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn ask<T>(
        self,
        question: impl AsyncFnOnce(SignedIn) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let Some(client) = self.client() else { return Err(ApiError::SignInNeeded) };
        let answer = question(client.clone()).await;
        self.note_end(&client);
        answer
    }

    /// Notes whether this client's sign-in has ended, as its last answer may show.
    pub fn note_end(self, client: &SignedIn) {
        if !client.is_ended() {
            return;
        }
        self.phase.update(|phase| {
            if let Phase::SignedIn(signed_in) = phase
                && signed_in.client.is(client)
            {
                *phase = Phase::Lost(signed_in.clone());
            }
        });
    }
}
