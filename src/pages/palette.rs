//! The palette: one search box for pages, actions, jobs, targets and users that were seen. It navigates or fills in, and never
//! confirms a kill.

use super::find::QUERY;
use super::jobs::job_name;
use super::kill::saved_offers;
use crate::state::{CurrentRoute, Form, InventoryStore, Jobs, LiveSessions, TargetStore};
use crate::ui::{Dialog, attribute, content, dynamic};
use crate::web::{Latest, dom, effect, is_mac, keys, sleep};
use curfew_core::app::{Prefill, Route, best_matches};
use curfew_core::find::By;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::time::Duration;
use text::{Label, Name, isolated};

/// The search box.
const BOX: &str = "palette-box";
/// The list of matches.
const LIST: &str = "palette-list";
/// How many names of each kind are offered.
const EACH: usize = 5;
/// How many earlier choices are offered.
const RECENT: usize = 5;

/// What choosing an offer does.
#[derive(Clone, PartialEq)]
enum Act {
    Go(Route),
    Search(String),
    Open(RwSignal<bool>),
    Fill(Prefill),
    SignOut,
}

#[derive(Clone, PartialEq)]
struct Offer {
    name: String,
    kind: String,
    act: Act,
}

/// The pages and actions, in the order in which they are offered while nothing is typed.
type Actions = [(Label, Act); 7];

/// The palette, and its key. `preferences` and `shortcuts` open these dialogs.
#[component]
pub(super) fn Palette(
    open: RwSignal<bool>,
    preferences: RwSignal<bool>,
    shortcuts: RwSignal<bool>,
    sign_out: Callback<()>,
) -> impl IntoView {
    let (form, current_route, store) = (Form::get(), CurrentRoute::get(), TargetStore::get());
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    // In memory only: they may name users.
    let recent = RwSignal::new(Vec::<Offer>::new());
    let actions: StoredValue<Actions> = StoredValue::new([
        (text::nav_find, Act::Go(Route::Find)),
        (text::nav_kill, Act::Go(Route::kill())),
        (text::nav_jobs, Act::Go(Route::Jobs)),
        (text::nav_diagnostics, Act::Go(Route::Diagnostics)),
        (text::preferences, Act::Open(preferences)),
        (text::shortcuts, Act::Open(shortcuts)),
        (text::sign_out, Act::SignOut),
    ]);
    keys::on_palette(Callback::new(move |()| {
        // guard: palette-never-over-a-question
        let may_open = !keys::is_dialog_open();
        open.update(|open| *open = !*open && may_open);
    }));
    let offers = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        typed.with(|typed| actions.with_value(|actions| offers(typed, actions, &recent.read())))
    });
    // Each opening and each letter starts at the best match.
    effect(move || {
        if open.get() {
            typed.track();
            active.set(0);
        } else {
            typed.set(String::new());
        }
    });
    let going = Latest::new();
    let choose = move |offer: Offer| {
        recent.update(|recent| {
            recent.retain(|one| *one != offer);
            recent.insert(0, offer.clone());
            recent.truncate(RECENT);
        });
        open.set(false);
        going.run(async move {
            // The closed dialog first returns the focus.
            sleep(Duration::ZERO).await;
            match offer.act {
                Act::Go(route) => {
                    let is_find = route == Route::Find;
                    current_route.go(&route);
                    dom::focus(if is_find { QUERY } else { "page-heading" });
                }
                Act::Search(text) => {
                    form.search_for(text);
                    current_route.go(&Route::Find);
                    dom::focus(QUERY);
                }
                Act::Open(dialog) => dialog.set(true),
                Act::Fill(values) => {
                    store.fill_in(&values);
                    current_route.go(&Route::kill());
                    dom::focus("page-heading");
                }
                Act::SignOut => sign_out.run(()),
            }
        });
    };
    let choose_active = move || {
        let offer = offers.with_untracked(|offers| offers.get(active.get_untracked()).cloned());
        if let Some(offer) = offer {
            choose(offer);
        }
    };
    let keydown = move |event: KeyboardEvent| {
        let number = offers.with_untracked(Vec::len).max(1);
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => number - 1,
            _ => {
                if keys::enter(&event) == Some(true) {
                    event.prevent_default();
                    choose_active();
                }
                return;
            }
        };
        event.prevent_default();
        active.update(|active| *active = (*active + step) % number);
        dom::scroll_into_view(&option_id(active.get_untracked()));
    };
    let rows = move || {
        let offers = offers.get().into_iter().enumerate();
        let row = |(index, offer): (usize, Offer)| {
            let (name, kind) = (offer.name.clone(), offer.kind.clone());
            view! {
                <li
                    role="option"
                    id=option_id(index)
                    aria-selected=attribute(move || (active.get() == index).to_string())
                    on:click=move |_| choose(offer.clone())
                >
                    <span dir="auto" prop:textContent=content(name)/>
                    <span prop:textContent=content(kind)/>
                </li>
            }
            .into_any()
        };
        offers.map(row).collect::<Vec<_>>()
    };
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog open=open heading=text::palette() on_close=close>
            <div class="field palette">
                <label for=BOX prop:textContent=content(text::palette_label())/>
                <input
                    id=BOX
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    dir="auto"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-activedescendant=attribute(move || option_id(active.get()))
                    data-autofocus=""
                    prop:value=attribute(move || typed.get())
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=keydown
                />
                <ul id=LIST role="listbox" aria-label=text::palette()>{dynamic(rows)}</ul>
            </div>
        </Dialog>
    }
}

/// The button that opens the palette, with its key.
#[component]
pub(super) fn PaletteButton(open: RwSignal<bool>) -> impl IntoView {
    let key = if is_mac() { "⌘K".to_owned() } else { text::keys_palette() };
    view! {
        <button
            type="button"
            class="button button-quiet palette-button"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| open.set(true)
        >
            <span prop:textContent=content(text::palette())/>
            <kbd prop:textContent=content(key)/>
        </button>
    }
}

fn option_id(index: usize) -> String {
    ["palette-", &index.to_string()].concat()
}

/// What is offered for a text: earlier choices if it is empty, otherwise the best matches of each kind, and the search for it.
fn offers(typed: &str, actions: &Actions, recent: &[Offer]) -> Vec<Offer> {
    let is_empty = typed.trim().is_empty();
    let mut offers = if is_empty { recent.to_vec() } else { Vec::new() };
    let acts: Vec<(String, &Act)> = actions.iter().map(|(label, act)| (label(), act)).collect();
    let names = &mut acts.iter().map(|(name, _)| name.as_str());
    let matching = best_matches(names, typed, actions.len());
    for (name, act) in &acts {
        let offer = Offer { name: name.clone(), kind: text::palette_action(), act: (*act).clone() };
        if matching.contains(&name.as_str()) && !offers.contains(&offer) {
            offers.push(offer);
        }
    }
    let saved: Vec<(String, Prefill)> = saved_offers();
    for name in best_matches(&mut saved.iter().map(|(name, _)| name.as_str()), typed, EACH) {
        if let Some((_, values)) = saved.iter().find(|(label, _)| label == name) {
            let act = Act::Fill(values.clone());
            offers.push(Offer { name: name.to_owned(), kind: text::palette_saved(), act });
        }
    }
    let jobs: Vec<(String, Route)> = Jobs::get()
        .all()
        .into_iter()
        .map(|entry| Route::Job(entry.id()))
        .map(|route| (job_name(&route), route))
        .collect();
    for name in best_matches(&mut jobs.iter().map(|(name, _)| name.as_str()), typed, EACH) {
        let route = jobs.iter().find(|(job, _)| job == name).map(|(_, route)| route.clone());
        let act = Act::Go(route.unwrap_or(Route::Jobs));
        offers.push(Offer { name: name.to_owned(), kind: text::palette_job(), act });
    }
    if is_empty {
        return offers;
    }
    let mut add = |by: By, kind: Label, names: &mut dyn Iterator<Item = &str>| {
        for name in best_matches(names, typed, EACH) {
            let act = Act::Search(by.query(name));
            offers.push(Offer { name: isolated(name), kind: kind(), act });
        }
    };
    if let Some(inventory) = InventoryStore::get().inventory() {
        let groups = &mut inventory.groups().iter().map(|group| group.name.as_str());
        add(By::Group, text::kind_group, groups);
        let clusters = &mut inventory.clusters().iter().map(|cluster| cluster.name.as_str());
        add(By::Cluster, text::kind_cluster, clusters);
        let devices = &mut inventory.devices().iter().map(|device| device.name.as_str());
        add(By::Device, text::kind_device, devices);
    }
    let live = LiveSessions::get().known().read_untracked();
    let users = live.users().map(|user| user.as_str()).filter(|user| !user.is_empty());
    add(By::User, text::column_user, &mut { users });
    let search = text::palette_find(Name(typed.trim()));
    offers.push(Offer {
        name: search,
        kind: text::palette_action(),
        act: Act::Search(typed.to_owned()),
    });
    offers
}
