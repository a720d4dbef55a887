//! Who is signed in to which BIG-IQ. The only place that notes when an answer shows that the sign-in has ended. The
//! client holds the tokens.

use super::ConfigStore;
use crate::web::{Browser, spawn_app};
use curfew_client::call_log::forget_notes;
use curfew_client::error::ApiError;
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::{Secret, SignInProvider, SignedOut, Welcome};
use curfew_core::app::{AccountKey, SERVICE_ACCOUNT};
use leptos::prelude::*;

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
}

impl SignIn {
    /// Provides it: nobody is signed in, and the first BIG-IQ of the configuration is selected.
    pub fn provide(config: ConfigStore) -> Self {
        let sign_in = Self {
            phase: RwSignal::new_local(Phase::SignedOut),
            selected_bigiq: RwSignal::new(0),
            name: RwSignal::new(None),
            providers: RwSignal::default(),
            provider: RwSignal::default(),
            config,
            standby: RwSignal::new(false),
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

    /// Signs out: forgets the tokens at once, and revokes them at BIG-IQ where it allows that.
    pub fn sign_out(self) {
        let client = self.phase.with_untracked(|phase| match phase {
            Phase::SignedOut => None,
            Phase::SignedIn(signed_in) | Phase::Lost(signed_in) => Some(signed_in.client.clone()),
        });
        forget_notes();
        self.phase.set(Phase::SignedOut);
        if let Some(client) = client {
            spawn_app(client.sign_out());
        }
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
