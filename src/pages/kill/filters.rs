//! The filter fields of the device list; a device must match all of them.

use crate::pages::options::Offered;
use crate::state::{Filters, Form, InventoryStore};
use crate::ui::{Disclosure, FieldKind, Select, SelectOption, TextField};
use curfew_core::inventory::{DeviceFilter, HaRole, Inventory, Missing};
use leptos::prelude::*;
use text::{Label, isolated};

/// The options for what a device lacks, by their names in markup.
const LACKS: [Offered<Option<Option<Missing>>>; 7] = [
    Offered::new("", text::state_any, None),
    Offered::new("ready", text::ready, Some(None)),
    Offered::new("import", text::missing_import, Some(Some(Missing::Import))),
    Offered::new("discovery", text::missing_discovery, Some(Some(Missing::Discovery))),
    Offered::new("trust", text::missing_trust, Some(Some(Missing::Trust))),
    Offered::new("data", text::missing_data, Some(Some(Missing::Data))),
    Offered::new("reach", text::missing_reach, Some(Some(Missing::Reach))),
];
/// The roles, by their names in markup.
const ROLES: [Offered<Option<HaRole>>; 4] = [
    Offered::new("", text::state_any, None),
    Offered::new("active", text::role_active, Some(HaRole::Active)),
    Offered::new("standby", text::role_standby, Some(HaRole::Standby)),
    Offered::new("unknown", text::role_unknown, Some(HaRole::Unknown)),
];

/// The filter made from the fields and this text. Tracked.
pub(super) fn device_filter(filters: &Filters, text: String) -> DeviceFilter {
    let condition = filters.condition.get();
    DeviceFilter {
        text,
        group: filters.group.get(),
        cluster: filters.cluster.get(),
        version: filters.version.get(),
        missing: condition.lacks,
        role: condition.role,
    }
}

/// The fields, closed unless one of them filters.
pub(super) fn fields() -> AnyView {
    let (filters, inventory_store) = (Form::get().filters, InventoryStore::get());
    let names = move |value: RwSignal<String>, names: fn(&Inventory) -> Vec<&str>| {
        // A memo, so that equal options are not rebuilt with each reading.
        Signal::from(Memo::new(move |_| {
            let mut options = vec![any()];
            let selected = value.get_untracked();
            let inventory = inventory_store.inventory();
            let mut known = inventory.as_deref().map(names).unwrap_or_default();
            // The selected filter value stays visible even if no device matches it any more.
            if !selected.is_empty() && !known.contains(&selected.as_str()) {
                known.push(&selected);
            }
            let option =
                |name: &str| SelectOption { value: name.to_owned(), label: isolated(name) };
            options.extend(known.into_iter().map(option));
            options
        }))
    };
    let named = move |id: &'static str, label: Label, value: RwSignal<String>, options| {
        let set = Callback::new(move |name| value.set(name));
        field(id, label, value.into(), set, options)
    };
    let (version, group) = (filters.version, filters.group);
    let active = move || {
        let filter = device_filter(&filters, String::new());
        let names = [filter.group, filter.cluster, filter.version];
        let named = names.iter().filter(|name| !name.is_empty()).count();
        named + usize::from(filter.missing.is_some()) + usize::from(filter.role.is_some())
    };
    let summary = Signal::derive(move || match active() {
        0 => text::more_filters(),
        some => text::filters_active(some),
    });
    let open = untrack(active) > 0;
    let fields = vec![
        field(
            "device-state",
            text::state,
            Signal::derive(move || Offered::name_of(&LACKS, filters.condition.get().lacks)),
            Callback::new(move |name: String| {
                let lacks = Offered::value_of(&LACKS, &name).flatten();
                filters.condition.update(|condition| condition.lacks = lacks);
            }),
            Signal::stored(Offered::options(&LACKS)),
        ),
        field(
            "device-role",
            text::role,
            Signal::derive(move || Offered::name_of(&ROLES, filters.condition.get().role)),
            Callback::new(move |name: String| {
                let role = Offered::value_of(&ROLES, &name).flatten();
                filters.condition.update(|condition| condition.role = role);
            }),
            Signal::stored(Offered::options(&ROLES)),
        ),
        named("device-version", text::version, version, names(version, Inventory::versions)),
        named("device-group", text::group, group, names(group, groups)),
        view! {
            <TextField
                id="device-cluster"
                label=text::cluster()
                value=filters.cluster
                kind=FieldKind::Search
            />
        }
        .into_any(),
    ];
    view! {
        <Disclosure summary=summary open=open>
            <div class="device-filters">{fields}</div>
        </Disclosure>
    }
    .into_any()
}

fn groups(inventory: &Inventory) -> Vec<&str> {
    inventory.groups().iter().map(|group| group.name.as_str()).collect()
}

fn field(
    id: &'static str,
    label: Label,
    value: Signal<String>,
    set: Callback<String>,
    options: Signal<Vec<SelectOption>>,
) -> AnyView {
    view! { <Select id=id label=label() value=value on_change=set options=options/> }.into_any()
}

fn any() -> SelectOption {
    SelectOption { value: String::new(), label: text::state_any() }
}
