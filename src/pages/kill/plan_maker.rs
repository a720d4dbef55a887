//! Makes plans of drafts with everything that is known.

use super::plan_panel::CheckedDraft;
use super::similar::similar_names;
use crate::state::{ConfigStore, InventoryStore, LiveSessions, SignIn};
use crate::web::{nfc, portal, time};
use curfew_core::ids::UserName;
use curfew_core::names::FoundSimilar;
use curfew_core::plan::{Draft, GateRules, Plan, PlanInputs};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;

/// What plans are made from, besides a draft.
#[derive(Clone, Copy)]
pub(in crate::pages) struct PlanMaker {
    pub(super) inventory_store: InventoryStore,
    pub(super) live_sessions: LiveSessions,
    sign_in: SignIn,
    rules: GateRules,
    similar: ReadSignal<Arc<FoundSimilar>>,
}

impl PlanMaker {
    /// Looks for similar names whenever `changed` notifies; `names` returns the users of the next plan.
    pub(in crate::pages) fn get(changed: Signal<()>, names: Callback<(), Vec<UserName>>) -> Self {
        let live_sessions = LiveSessions::get();
        Self {
            inventory_store: InventoryStore::get(),
            live_sessions,
            similar: similar_names(changed, names, live_sessions),
            sign_in: SignIn::get(),
            rules: ConfigStore::get()
                .with(|config| GateRules::from(config))
                .shown_in(portal::is_framed()),
        }
    }

    /// The names of users with sessions that are similar to this name. Tracked.
    pub(in crate::pages) fn similar_to(self, name: &str) -> Vec<String> {
        self.similar.with(|found| {
            let similar = found.get(name).map(Vec::as_slice).unwrap_or_default();
            similar.iter().map(|similar| similar.name.clone()).collect()
        })
    }

    /// The plan of a draft, or what is wrong with it; `None` without an inventory. Tracked.
    pub(in crate::pages) fn make(self, draft: &Draft) -> Option<CheckedDraft> {
        let inventory = self.inventory_store.inventory()?;
        let account = self.sign_in.account()?;
        let now = Timestamp(time::epoch_ms());
        let live = self.live_sessions.known().read();
        let similar = self.similar.read();
        let inputs = PlanInputs {
            inventory: &inventory,
            live: Some(&live),
            rules: self.rules,
            similar: Some(&similar),
            compose: nfc,
        };
        Some(Plan::make(draft, inputs, account, now))
    }
}
