//! The filter fields of the device list; a device must match all of them.

use crate::state::{Filters, Form, InventoryStore};
use crate::text::{Word, t};
use crate::ui::{FieldKind, Select, TextField};
use curfew_core::inventory::{DeviceFilter, HaRole, Inventory, Missing};
use leptos::prelude::*;

/// The options for what a device lacks, by their names in markup.
const STATES: [(&str, Word, Option<Missing>); 5] = [
    ("ready", Word::Ready, None),
    ("import", Word::MissingImport, Some(Missing::Import)),
    ("discovery", Word::MissingDiscovery, Some(Missing::Discovery)),
    ("trust", Word::MissingTrust, Some(Missing::Trust)),
    ("reach", Word::MissingReach, Some(Missing::Reach)),
];
/// The roles, by their names in markup.
const ROLES: [(&str, Word, HaRole); 3] = [
    ("active", Word::RoleActive, HaRole::Active),
    ("standby", Word::RoleStandby, HaRole::Standby),
    ("unknown", Word::RoleUnknown, HaRole::Unknown),
];

/// The filter made from the fields and this text. Tracked.
pub(super) fn device_filter(filters: &Filters, text: String) -> DeviceFilter {
    let (state, role) = (filters.state.read(), filters.role.read());
    DeviceFilter {
        text,
        group: filters.group.get(),
        cluster: filters.cluster.get(),
        version: filters.version.get(),
        lacks: STATES.iter().find(|(name, ..)| *name == *state).map(|(_, _, lacks)| *lacks),
        role: ROLES.iter().find(|(name, ..)| *name == *role).map(|(_, _, role)| *role),
    }
}

/// The fields.
pub(super) fn fields() -> AnyView {
    let (filters, inventory_store) = (Form::get().filters, InventoryStore::get());
    let mut states = vec![any()];
    for (name, label, _) in STATES {
        states.push((name.to_owned(), t(label)));
    }
    let mut roles = vec![any()];
    for (name, label, _) in ROLES {
        roles.push((name.to_owned(), t(label)));
    }
    let names = move |value: RwSignal<String>, names: fn(&Inventory) -> Vec<&str>| {
        // A memo, so that equal options are not rebuilt with each reading.
        Signal::from(Memo::new(move |_| {
            let mut options = vec![any()];
            let chosen = value.get_untracked();
            let inventory = inventory_store.inventory();
            let mut known = inventory.as_deref().map(names).unwrap_or_default();
            // The selected filter value stays visible even if no device matches it any more.
            if !chosen.is_empty() && !known.contains(&chosen.as_str()) {
                known.push(&chosen);
            }
            options.extend(known.into_iter().map(|name| (name.to_owned(), name.to_owned())));
            options
        }))
    };
    let field = |id: &'static str, label: Word, value, options: Signal<Vec<(String, String)>>| {
        view! { <Select id=id label=t(label) value=value options=options/> }.into_any()
    };
    let (version, group) = (filters.version, filters.group);
    vec![
        field("device-state", Word::State, filters.state, Signal::stored(states)),
        field("device-role", Word::Role, filters.role, Signal::stored(roles)),
        field("device-version", Word::Version, version, names(version, Inventory::versions)),
        field("device-group", Word::Group, group, names(group, groups)),
        view! {
            <TextField
                id="device-cluster"
                label=t(Word::Cluster)
                value=filters.cluster
                kind=FieldKind::Search
            />
        }
        .into_any(),
    ]
    .into_any()
}

fn groups(inventory: &Inventory) -> Vec<&str> {
    inventory.groups().iter().map(|group| group.name.as_str()).collect()
}

fn any() -> (String, String) {
    (String::new(), t(Word::StateAny))
}
