//! Where: one selection of access groups, clusters and devices, with a search, and a cart that always shows everything
//! selected.

use super::filters::{self, device_filter};
use super::readiness_text::{help, readiness};
use super::target_paste::PasteTargets;
use super::wording::with_role;
use crate::state::{Chosen, Filters, Form, InventoryStore, LiveSessions, TargetKind};
use crate::text::{Word, count, count_and, fill, locale, t};
use crate::ui::{
    Badge, Button, Chip, FieldKind, Look, Skeleton, Tabs, TextField, Tone, VirtualList,
};
use curfew_core::inventory::{Device, DeviceFilter, Inventory, Live, Missing};
use curfew_core::plan::Kind;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The list's section, which errors link to.
pub(super) const TARGETS: &str = "kill-targets";
/// Height of a row in CSS pixels; the style sheet uses the same.
const ROW: f64 = 40.0;

const KINDS: [TargetKind; 3] = [TargetKind::Group, TargetKind::Cluster, TargetKind::Device];

/// How many selected targets are shown one by one: of more, only the number, and the plan lists all devices.
const CHIPS: usize = 200;

impl TargetKind {
    fn label(self) -> Word {
        match self {
            Self::Group => Word::Groups,
            Self::Cluster => Word::Clusters,
            Self::Device => Word::Devices,
        }
    }

    fn number(self) -> Word {
        match self {
            Self::Group => Word::GroupCount,
            Self::Cluster => Word::ClusterCount,
            Self::Device => Word::DeviceCount,
        }
    }

    fn filter_label(self) -> Word {
        match self {
            Self::Group => Word::FilterGroups,
            Self::Cluster => Word::FilterClusters,
            Self::Device => Word::FilterDevices,
        }
    }

    fn count(self, inventory: &Inventory) -> usize {
        match self {
            Self::Group => inventory.groups().len(),
            Self::Cluster => inventory.clusters().len(),
            Self::Device => inventory.devices().len(),
        }
    }

    /// The key of the entry at an index, as used in a selection.
    fn key(self, inventory: &Inventory, place: usize) -> Option<&str> {
        match self {
            Self::Group => inventory.groups().get(place).map(|g| g.name.as_str()),
            Self::Cluster => inventory.clusters().get(place).map(|c| c.name.as_str()),
            Self::Device => inventory.devices().get(place).map(|d| d.id.as_str()),
        }
    }

    /// Indices of the entries that match a filter; only devices use more than its text.
    fn matching(self, inventory: &Inventory, filter: &DeviceFilter, live: &Live) -> Vec<usize> {
        let lower = filter.text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let named = |name: &str| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        match self {
            Self::Group => places(inventory.groups(), |g| named(&g.name) || named(&g.display)),
            Self::Cluster => places(inventory.clusters(), |c| named(&c.name)),
            Self::Device => filter.matching(inventory, live),
        }
    }

    /// The filter of its list. Tracked.
    fn filter(self, filters: &Filters) -> DeviceFilter {
        let text = filters.of(self).get();
        match self {
            Self::Group | Self::Cluster => DeviceFilter { text, ..DeviceFilter::default() },
            Self::Device => device_filter(filters, text),
        }
    }

    /// How many selected targets its filter hides. Tracked.
    fn hidden(
        self,
        inventory: &Inventory,
        filters: &Filters,
        live: &Live,
        chosen: &BTreeSet<String>,
    ) -> usize {
        let filter = self.filter(filters);
        if filter.is_empty() || chosen.is_empty() {
            return 0;
        }
        let shown = self.matching(inventory, &filter, live);
        let shown = shown.iter().filter_map(|place| self.key(inventory, *place));
        chosen.len() - shown.filter(|key| chosen.contains(*key)).count()
    }

    /// The display name of a selected key.
    fn name(self, inventory: Option<&Inventory>, key: &str) -> String {
        let device = match self {
            Self::Group | Self::Cluster => None,
            Self::Device => inventory.and_then(|i| i.device(key)),
        };
        device.map_or_else(|| key.to_owned(), |d| d.name.clone())
    }
}

fn places<T>(entries: &[T], holds: impl Fn(&T) -> bool) -> Vec<usize> {
    entries.iter().enumerate().filter(|(_, entry)| holds(entry)).map(|(place, _)| place).collect()
}

/// The section "Where".
#[component]
pub(super) fn Targets(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let (estate, form) = (InventoryStore::get(), Form::get());
    let tab = RwSignal::new(0_usize);
    let hint = move || match form.kind() {
        Kind::Listed => t(Word::WhereListed),
        Kind::Users | Kind::Everybody => String::new(),
    };
    let labels = Signal::derive(move || {
        let inventory = estate.inventory();
        KINDS
            .map(|kind| {
                let label = t(kind.label());
                let Some(inventory) = inventory.as_deref() else { return label };
                let number = locale().integer(kind.count(inventory) as u64);
                fill(Word::TabWithCount, &[("label", &label), ("number", &number)])
            })
            .to_vec()
    });
    let list = Callback::new(move |place: usize| {
        let kind = KINDS.get(place).copied().unwrap_or(TargetKind::Device);
        view! { <List kind=kind/> }.into_any()
    });
    view! {
        <section class="panel" aria-labelledby="where-heading" id=TARGETS tabindex="-1">
            <h2 id="where-heading">{t(Word::Where)}</h2>
            <p class="hint">{hint}</p>
            {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            <Tabs label=t(Word::Where) labels=labels selected=tab panel=list/>
            <PasteTargets/>
            <Cart/>
        </section>
    }
}

#[component]
fn List(kind: TargetKind) -> impl IntoView {
    let (estate, form) = (InventoryStore::get(), Form::get());
    let lookout = LiveSessions::get();
    let text = form.filters.of(kind);
    let filter = move || kind.filter(&form.filters);
    let inventory = Memo::new(move |_| estate.inventory().map(Shared));
    let matching = Memo::new(move |_| {
        let (filter, live) = (filter(), lookout.known().read());
        let found = inventory.with(|inventory| {
            inventory.as_ref().map(|i| kind.matching(&i.0, &filter, &live)).unwrap_or_default()
        });
        Arc::new(found)
    });
    let key_at = move |row: usize| {
        inventory.with_untracked(|inventory| {
            let place = matching.with_untracked(|m| m.get(row).copied())?;
            kind.key(&inventory.as_ref()?.0, place).map(str::to_owned)
        })
    };
    let row = Callback::new(move |row: usize| {
        inventory
            .with_untracked(|inventory| {
                let inventory = &inventory.as_ref()?.0;
                let place = matching.with_untracked(|m| m.get(row).copied())?;
                Some(entry(kind, inventory, place, lookout.known()))
            })
            .unwrap_or_else(|| ().into_any())
    });
    let checked = Callback::new(move |row: usize| {
        key_at(row).is_some_and(|key| form.chosen.with(|c| c.of(kind).contains(&key)))
    });
    let toggle = Callback::new(move |row: usize| {
        if let Some(key) = key_at(row) {
            form.chosen.update(|chosen| chosen.toggle(kind, &key));
        }
    });
    let choose_shown = Callback::new(move |()| {
        inventory.with_untracked(|inventory| {
            let Some(inventory) = inventory else { return };
            form.chosen.update(|chosen| {
                let set = chosen.of_mut(kind);
                matching.with_untracked(|shown| {
                    let keys = shown.iter().filter_map(|place| kind.key(&inventory.0, *place));
                    set.extend(keys.map(str::to_owned));
                });
            });
        });
    });
    let shown = Signal::derive(move || matching.with(|m| m.len()));
    let loading = Memo::new(move |_| estate.reading().with(|reading| reading.is_loading()));
    // Unknown is not shown as none.
    let known = Memo::new(move |_| inventory.with(Option::is_some));
    let status = move || {
        let all =
            inventory.with(|i| i.as_ref().map(|i| kind.count(&i.0))).filter(|all| *all > 0)?;
        let all = locale().integer(all as u64);
        Some(count_and(Word::Shown, shown.get(), &[("all", &all)]))
    };
    let empty = move || {
        (shown.get() == 0).then(|| {
            if !known.get() && loading.get() {
                return view! { <Skeleton lines=6/> }.into_any();
            }
            let filter = filter();
            let text = if !known.get() {
                t(Word::NothingKnown)
            } else if filter.is_empty() {
                t(Word::NothingListed)
            } else if filter.is_narrow() {
                t(Word::NothingInState)
            } else {
                fill(Word::NothingMatches, &[("filter", filter.text.trim())])
            };
            view! { <p class="quiet">{text}</p> }.into_any()
        })
    };
    let fields = (kind == TargetKind::Device).then(filters::fields);
    view! {
        <div class="list-tools">
            <TextField
                id=match kind {
                    TargetKind::Group => "filter-groups",
                    TargetKind::Cluster => "filter-clusters",
                    TargetKind::Device => "filter-devices",
                }
                label=t(kind.filter_label())
                value=text
                kind=FieldKind::Search
            />
            {fields}
            <p class="quiet" role="status">{status}</p>
            {move || {
                (shown.get() > 0).then(|| {
                    let label = Signal::derive(move || count(Word::SelectShown, shown.get()));
                    view! { <Button label=label look=Look::Quiet on_press=choose_shown/> }
                })
            }}
        </div>
        {empty}
        <VirtualList
            label=t(kind.label())
            count=shown
            row_height=ROW
            version=Signal::derive(move || {
                inventory.track();
                matching.track();
            })
            row=row
            checked=checked
            on_toggle=toggle
            on_all=choose_shown
        />
    }
}

/// An inventory compared by identity: two readings are never equal.
#[derive(Clone)]
struct Shared(Arc<Inventory>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The text of one row. A change of a device's role updates the row in place: a row that is replaced while pressed
/// would lose the click.
fn entry(kind: TargetKind, inventory: &Inventory, place: usize, live: ReadSignal<Live>) -> AnyView {
    let devices = |members: &[usize]| count(Word::DeviceCount, members.len());
    match kind {
        TargetKind::Group => inventory.groups().get(place).map(|group| {
            let other = (group.display != group.name).then(|| group.display.clone());
            let aside = devices(&group.members).into_any();
            line(group.name.clone(), other, aside, None)
        }),
        TargetKind::Cluster => inventory.clusters().get(place).map(|cluster| {
            line(cluster.name.clone(), None, devices(&cluster.members).into_any(), None)
        }),
        TargetKind::Device => inventory.devices().get(place).map(|device| {
            let more = [&device.address, &device.version, &device.group];
            let more: Vec<&str> = more.into_iter().flatten().map(String::as_str).collect();
            let aside = device.cluster.as_deref().map(|cluster| {
                let (id, cluster) =
                    (device.id.clone(), fill(Word::InCluster, &[("cluster", cluster)]));
                move || {
                    // A device that was never read is not called unknown.
                    live.with(|live| match live.role_at(&id) {
                        Some(_) => with_role(&cluster, live.role(&id)),
                        None => cluster.clone(),
                    })
                }
            });
            line(device.name.clone(), Some(more.join(" · ")), aside.into_any(), Some(device))
        }),
    }
    .unwrap_or_else(|| ().into_any())
}

fn line(name: String, more: Option<String>, aside: AnyView, device: Option<&Device>) -> AnyView {
    let mut title = name.clone();
    let badge = device.map(|device| {
        let missing = device.readiness.missing();
        let tone = match missing {
            None => Tone::Good,
            Some(Missing::Import) => Tone::Info,
            Some(Missing::Trust | Missing::Discovery | Missing::Reach) => Tone::Warning,
        };
        if let Some(missing) = missing {
            title = [&title, ". ", &t(help(missing))].concat();
        }
        view! { <Badge tone=tone label=t(readiness(missing))/> }
    });
    view! {
        <span class="row-name" title=title>{name}</span>
        <span class="row-more">{more}</span>
        <span class="row-aside">{aside}</span>
        {badge}
    }
    .into_any()
}

/// Everything selected, whatever the filters hide.
#[component]
fn Cart() -> impl IntoView {
    let (estate, form, lookout) = (InventoryStore::get(), Form::get(), LiveSessions::get());
    let hidden = move || {
        let inventory = estate.inventory()?;
        let live = lookout.known().read();
        let of = |kind: &TargetKind| {
            form.chosen
                .with(|chosen| kind.hidden(&inventory, &form.filters, &live, chosen.of(*kind)))
        };
        let hidden: usize = KINDS.iter().map(of).sum();
        (hidden > 0).then(|| count(Word::CartHidden, hidden))
    };
    let chips = move || {
        let inventory = estate.inventory();
        form.chosen.with(|chosen| {
            let keys =
                KINDS.iter().flat_map(|kind| chosen.of(*kind).iter().map(|key| (*kind, key)));
            let chips = keys.take(CHIPS).map(|(kind, key)| {
                let (name, key) = (kind.name(inventory.as_deref(), key), key.clone());
                let remove = Callback::new(move |()| {
                    form.chosen.update(|chosen| _ = chosen.of_mut(kind).remove(&key));
                });
                view! {
                    <Chip
                        label=name.clone()
                        remove_label=fill(Word::Remove, &[("name", &name)])
                        on_remove=remove
                    />
                }
                .into_any()
            });
            chips.collect::<Vec<AnyView>>()
        })
    };
    // How many of each kind, and how many of them are not listed.
    let counts = Signal::derive(move || {
        let numbers = form.chosen.with(|chosen| KINDS.map(|kind| chosen.of(kind).len()));
        let told = KINDS.iter().zip(numbers).filter(|(_, number)| *number > 0);
        let told: Vec<String> = told.map(|(kind, number)| count(kind.number(), number)).collect();
        told.join(" · ")
    });
    let more = Signal::derive(move || {
        let chosen = form.chosen.read();
        let all = chosen.groups.len() + chosen.clusters.len() + chosen.devices.len();
        if all > CHIPS { count(Word::CartMore, all - CHIPS) } else { String::new() }
    });
    view! {
        <div class="cart" role="group" aria-label=t(Word::Cart)>
            <h3>{t(Word::Cart)}</h3>
            <Show
                when=move || !form.chosen.with(Chosen::is_empty)
                fallback=|| view! { <p class="quiet">{t(Word::CartEmpty)}</p> }
            >
                <p>{counts}</p>
                <ul class="chips">{chips}</ul>
                <p class="quiet">{more}</p>
                <p class="quiet">{hidden}</p>
                <Button
                    label=t(Word::ClearCart)
                    look=Look::Quiet
                    on_press=Callback::new(move |()| form.chosen.set(Chosen::default()))
                />
            </Show>
        </div>
    }
}
