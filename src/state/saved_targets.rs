//! The operator's favourite and recent targets, stored in the browser for each BIG-IQ and operator. They work, unsaved, if nothing
//! can be stored.

use super::{Form, SignIn};
use crate::web::effect;
use crate::web::storage::Storage;
use curfew_core::app::{AccountKey, Prefill, SavedTargets, SuggestedBy};
use leptos::prelude::*;

/// Favourite and recent targets, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct TargetStore {
    saved: RwSignal<SavedTargets>,
    sign_in: SignIn,
    form: Form,
}

impl TargetStore {
    /// Provides those of the operator who is signed in.
    pub fn provide(sign_in: SignIn, form: Form) -> Self {
        let store = Self { saved: RwSignal::default(), sign_in, form };
        let account = Memo::new(move |_| sign_in.account());
        effect(move || store.saved.set(account.get().as_ref().map(read).unwrap_or_default()));
        provide_context(store);
        store
    }

    /// The store of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What is saved. Tracked.
    pub fn with<T>(self, look: impl FnOnce(&SavedTargets) -> T) -> T {
        self.saved.with(look)
    }

    /// Changes it: first what another tab may have stored.
    pub fn change(self, change: &mut dyn FnMut(&mut SavedTargets)) {
        if let Some(account) = untrack(move || self.sign_in.account()) {
            self.saved.set(store(&account, change));
        }
    }

    /// Forgets the recent targets of an operator who has signed out.
    pub fn forget_recent(account: &AccountKey) {
        // guard: recent-forgotten
        store(account, &mut SavedTargets::forget_recent);
    }

    /// Fills in the form, or asks first if that would replace the operator's own work.
    pub fn fill_in(self, values: &Prefill) {
        self.form.suggestions.add(SuggestedBy::Saved, values.clone());
    }
}

/// Changes what is stored. If the browser stores nothing, it lasts until the page is closed.
fn store(account: &AccountKey, change: &mut dyn FnMut(&mut SavedTargets)) -> SavedTargets {
    let mut saved = read(account);
    change(&mut saved);
    let text = saved.to_text();
    _ = match text.as_str() {
        "" => Storage::Preferences.remove(&key(account)),
        text => Storage::Preferences.set(&key(account), text),
    };
    saved
}

fn read(account: &AccountKey) -> SavedTargets {
    let text = Storage::Preferences.get(&key(account)).ok().flatten();
    text.map(|text| SavedTargets::parse(&text)).unwrap_or_default()
}

fn key(account: &AccountKey) -> String {
    ["curfew:targets:", &account.bigiq, ":", &account.operator].concat()
}
