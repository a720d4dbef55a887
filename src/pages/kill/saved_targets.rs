//! The operator's favourite and recent targets: they fill in the form, and the selected targets can be added under a name.

use crate::state::{Form, InventoryStore, TargetSelection, TargetStore};
use crate::ui::{Button, Checkbox, Disclosure, Look, Show, TextField, announce, content, dynamic};
use curfew_core::app::{Favourite, Prefill};
use curfew_core::ids::MachineId;
use leptos::prelude::*;
use text::{Name, first_names, isolated};

/// The favourite and recent targets that an empty form offers, and what is kept.
#[component]
pub(super) fn SavedTargets() -> impl IntoView {
    let (form, store) = (Form::get(), TargetStore::get());
    let is_empty = Memo::new(move |_| form.targets.with(TargetSelection::is_empty));
    let offers = move || {
        let offers = if is_empty.get() { saved_offers() } else { Vec::new() };
        let offer = |(label, values): (String, Prefill)| {
            let fill = Callback::new(move |()| store.fill_in(&values));
            view! { <Button label=label look=Look::Plain on_press=fill/> }.into_any()
        };
        offers.into_iter().map(offer).collect::<Vec<_>>()
    };
    let forget = Callback::new(move |()| store.change(&mut |saved| *saved = Default::default()));
    view! {
        <div class="actions">{dynamic(offers)}</div>
        <Disclosure summary=text::saved_heading()>
            <div class="stack">
                <Show when=Signal::derive(move || !is_empty.get())>
                    <AddFavourite/>
                </Show>
                <div class="actions">
                    {dynamic(move || store.with(|saved| list(store, saved.favourites())))}
                </div>
                <p class="quiet" prop:textContent=content(text::saved_where())/>
                <Button label=text::saved_forget() look=Look::Quiet on_press=forget/>
            </div>
        </Disclosure>
    }
}

/// The favourite and recent targets: the label of each, and what it fills in. Tracked.
pub(in crate::pages) fn saved_offers() -> Vec<(String, Prefill)> {
    TargetStore::get().with(|saved| {
        let favourites = saved.favourites().iter();
        let favourites = favourites.map(|one| (isolated(&one.name), one.values.clone()));
        let recent = saved.recent().iter();
        let recent = recent.map(|values| (text::saved_recent(&name_of(values)), values.clone()));
        favourites.chain(recent).collect()
    })
}

/// The first targets by name. Tracked.
fn name_of(values: &Prefill) -> String {
    let Prefill { groups, clusters, devices, everywhere, .. } = values;
    if *everywhere {
        return text::everywhere();
    }
    let inventory = InventoryStore::get().inventory();
    let device = |id: &String| {
        let known = inventory.as_ref().and_then(|known| known.device(&MachineId::new(id.as_str())));
        known.map_or_else(|| id.clone(), |device| device.name.clone())
    };
    let names: Vec<String> =
        groups.iter().chain(clusters).cloned().chain(devices.iter().map(device)).collect();
    let first: Vec<&str> = names.iter().take(2).map(String::as_str).collect();
    first_names(&first, names.len()).into_text()
}

/// The form that adds the selected targets.
#[component]
fn AddFavourite() -> impl IntoView {
    let (form, store) = (Form::get(), TargetStore::get());
    let name = RwSignal::new(String::new());
    let with_users = RwSignal::new(false);
    let result = RwSignal::new(String::new());
    let add = Callback::new(move |()| {
        let draft = untrack(move || form.draft());
        let mut values = Prefill::targets_of(&draft);
        if with_users.get_untracked() {
            let users = draft.user_list().names;
            values.users = users.iter().map(|user| user.as_str().to_owned()).collect();
        }
        let mut is_kept = false;
        name.with_untracked(|name| {
            store.change(&mut |saved| is_kept = saved.add(name, &values));
        });
        let text = if is_kept { text::saved_added() } else { text::saved_not_added() };
        announce(text.clone());
        result.set(text);
        if is_kept {
            name.set(String::new());
        }
    });
    view! {
        <TextField id="favourite-name" label=text::saved_name() value=name/>
        <Checkbox
            label=text::saved_users()
            hint=text::saved_users_hint()
            checked=with_users
            on_change=Callback::new(move |on| with_users.set(on))
        />
        <div class="row">
            <Button label=text::saved_add() look=Look::Plain on_press=add/>
            <p class="quiet" prop:textContent=content(result)/>
        </div>
    }
}

/// The favourites, each with a button that removes it.
fn list(store: TargetStore, favourites: &[Favourite]) -> Vec<AnyView> {
    let row = |one: &Favourite| {
        let name = one.name.clone();
        let label = text::remove(Name(&name));
        let remove = Callback::new(move |()| store.change(&mut |saved| saved.remove(&name)));
        view! { <Button label=label look=Look::Quiet on_press=remove/> }.into_any()
    };
    favourites.iter().map(row).collect()
}
