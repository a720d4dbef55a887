//! Who is signed in to which BIG-IQ. The one place that learns from an answer that the sign-in has ended. It must not
//! hold a token: the client does.

use super::ConfigStore;
use crate::api::{ApiError, Provider, Secret, SignedIn, SignedOut, Welcome, forget_notes};
use crate::web::spawn_app;
use curfew_core::app::{AccountKey, SERVICE_ACCOUNT};
use leptos::prelude::*;

/// An operator at work.
#[derive(Debug, Clone)]
pub struct AtWork {
    /// The client that asks in the operator's name.
    pub client: SignedIn,
    /// To whom plans and jobs belong.
    pub binding: AccountKey,
}

/// Where the sign-in stands.
#[derive(Debug, Clone)]
pub enum Phase {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(AtWork),
    /// BIG-IQ ended the sign-in; everything stays on screen until the same operator signs in again.
    Lost(AtWork),
}

/// Why a sign-in did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInError {
    /// BIG-IQ or the way there.
    Api(ApiError),
    /// Somebody else signed in where an operator's work waits.
    OtherOperator(String),
}

/// The session, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct SignIn {
    phase: RwSignal<Phase, LocalStorage>,
    /// Which of the configured BIG-IQs.
    chosen: RwSignal<usize>,
    /// The names that BIG-IQs give themselves, where the configuration gives none.
    name: RwSignal<Option<String>>,
    /// Who vouches for passwords there, as far as it said so.
    providers: RwSignal<Vec<Provider>>,
    /// Which of them is meant, by name. Kept from one sign-in to the next.
    provider: RwSignal<String>,
    setup: ConfigStore,
    /// Whether this BIG-IQ calls itself a standby.
    standby: RwSignal<bool>,
}

impl SignIn {
    /// Nobody signed in, at the first BIG-IQ of the configuration.
    pub fn provide(setup: ConfigStore) -> Self {
        let session = Self {
            phase: RwSignal::new_local(Phase::SignedOut),
            chosen: RwSignal::new(0),
            name: RwSignal::new(None),
            providers: RwSignal::default(),
            provider: RwSignal::default(),
            setup,
            standby: RwSignal::new(false),
        };
        provide_context(session);
        session
    }

    /// The session of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Whether the app's own pages are shown; a lost sign-in still shows them. Tracked.
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

    /// The BIG-IQ's name, as far as it is known. Tracked.
    pub fn bigiq(&self) -> String {
        let chosen = self.chosen.get();
        let configured =
            self.setup.with(|config| config.bigiqs.get(chosen).and_then(|b| b.name.clone()));
        configured.or_else(|| self.name.get()).unwrap_or_else(|| "BIG-IQ".to_owned())
    }

    /// Which of the configured BIG-IQs is meant. Tracked.
    pub fn chosen(&self) -> usize {
        self.chosen.get()
    }

    /// Means another of the configured BIG-IQs; only before sign-in.
    pub fn choose(&self, place: usize) {
        if self.phase.with_untracked(|phase| matches!(phase, Phase::SignedOut)) {
            self.chosen.set(place);
            self.name.set(None);
            self.providers.set(Vec::new());
        }
    }

    fn place(&self) -> SignedOut {
        let chosen = self.chosen.get_untracked();
        let prefix = self.setup.with(|config| config.bigiqs.get(chosen).map(|b| b.prefix.clone()));
        SignedOut::new(prefix.unwrap_or_default())
    }

    /// Who is signed in, or was until BIG-IQ ended it. Tracked.
    pub fn operator(&self) -> Option<String> {
        self.binding().map(|binding| binding.operator)
    }

    /// To whom plans and jobs belong. Tracked.
    pub fn binding(&self) -> Option<AccountKey> {
        self.phase.with(|phase| match phase {
            Phase::SignedOut => None,
            Phase::SignedIn(work) | Phase::Lost(work) => Some(work.binding.clone()),
        })
    }

    /// Asks this BIG-IQ whether it is a standby.
    pub fn ask_standby(self) {
        let Some(client) = self.client() else { return };
        spawn_app(async move {
            self.standby.set(client.is_standby().await.unwrap_or(false));
        });
    }

    /// Whether this BIG-IQ calls itself a standby. Tracked.
    pub fn is_standby(&self) -> bool {
        self.standby.get()
    }

    /// The client, while calls can be made. Untracked.
    pub fn client(&self) -> Option<SignedIn> {
        self.phase.with_untracked(|phase| match phase {
            Phase::SignedIn(work) => Some(work.client.clone()),
            Phase::SignedOut | Phase::Lost(_) => None,
        })
    }

    /// The client, while this operator is signed in here. Untracked.
    pub fn client_of(&self, binding: &AccountKey) -> Option<SignedIn> {
        self.phase.with_untracked(|phase| match phase {
            Phase::SignedIn(work) if work.binding == *binding => Some(work.client.clone()),
            Phase::SignedOut | Phase::SignedIn(_) | Phase::Lost(_) => None,
        })
    }

    /// What BIG-IQ says before sign-in; its name and its providers are kept.
    ///
    /// # Errors
    /// Any [`ApiError`]; signing in may work all the same.
    pub async fn welcome(self) -> Result<Welcome, ApiError> {
        let welcome = self.place().welcome().await?;
        self.name.set(welcome.name.clone());
        self.providers.set(welcome.providers.clone());
        if self.meant().is_none() {
            let first = welcome.providers.first().and_then(|first| first.name.clone());
            self.provider.set(first.unwrap_or_default());
        }
        Ok(welcome)
    }

    /// Who vouches for passwords, BIG-IQ itself first; empty while that is not known. Tracked.
    pub fn providers(&self) -> Vec<Provider> {
        self.providers.get()
    }

    /// The name of the provider that is meant.
    pub fn provider(&self) -> RwSignal<String> {
        self.provider
    }

    fn meant(self) -> Option<Provider> {
        let name = self.provider.get_untracked();
        self.providers.with_untracked(|all| {
            all.iter().find(|p| p.name.as_deref() == Some(name.as_str())).cloned()
        })
    }

    /// Signs in with the provider that is meant, or in again where BIG-IQ ended the sign-in.
    ///
    /// # Errors
    /// [`SignInError`]; nothing has changed then.
    pub async fn sign_in(self, user: String, password: Secret) -> Result<(), SignInError> {
        let (place, provider) = (self.place(), self.meant());
        let client =
            place.sign_in(&user, &password, provider.as_ref()).await.map_err(SignInError::Api)?;
        self.begin(&place, client)
    }

    /// Begins where the proxy signs in for everybody.
    ///
    /// # Errors
    /// [`SignInError`]; nothing has changed then.
    pub fn begin_by_proxy(self) -> Result<(), SignInError> {
        let place = self.place();
        let client = place.by_proxy(SERVICE_ACCOUNT.to_owned());
        self.begin(&place, client)
    }

    fn begin(self, place: &SignedOut, client: SignedIn) -> Result<(), SignInError> {
        let binding =
            AccountKey { bigiq: place.prefix().to_owned(), operator: client.operator().to_owned() };
        let other = self.phase.with_untracked(|phase| match phase {
            Phase::Lost(work) if work.binding != binding => Some(work.binding.operator.clone()),
            _ => None,
        });
        if let Some(waiting) = other {
            spawn_app(client.forget());
            return Err(SignInError::OtherOperator(waiting));
        }
        self.phase.set(Phase::SignedIn(AtWork { client, binding }));
        Ok(())
    }

    /// Signs out: the tokens are forgotten here at once and at BIG-IQ as far as it lets them be.
    pub fn sign_out(self) {
        let client = self.phase.with_untracked(|phase| match phase {
            Phase::SignedOut => None,
            Phase::SignedIn(work) | Phase::Lost(work) => Some(work.client.clone()),
        });
        forget_notes();
        self.phase.set(Phase::SignedOut);
        if let Some(client) = client {
            spawn_app(client.sign_out());
        }
    }

    /// Asks BIG-IQ something in the operator's name. An answer that says that the sign-in has ended is noted here, and
    /// nowhere else.
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

    /// Notes whether this client's sign-in has ended, as its last answer may have said.
    pub fn note_end(self, client: &SignedIn) {
        if !client.is_ended() {
            return;
        }
        self.phase.update(|phase| {
            if let Phase::SignedIn(work) = phase
                && work.client.is(client)
            {
                *phase = Phase::Lost(work.clone());
            }
        });
    }
}
