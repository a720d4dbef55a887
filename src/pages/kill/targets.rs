//! Where: one selection of access groups, clusters and devices, with a search, and a cart that always shows everything
//! selected.

use super::filters::{self, device_filter};
use super::saved_targets::SavedTargets;
use super::target_paste::PasteTargets;
use crate::state::{
    Clock, Filters, Form, InventoryStore, LiveSessions, Target, TargetKind, TargetSelection,
};
use crate::ui::{
    Badge, Button, Checkbox, Chip, Content, FieldKind, Look, Show, Skeleton, Tabs, TextField, Tone,
    VirtualList, When, attribute, content, dynamic,
};
use crate::web::effect_since;
use curfew_core::count::Count;
use curfew_core::inventory::{Device, DeviceFilter, Inventory, Live, Missing};
use curfew_core::plan::Kind;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;
use text::sentences::amount;
use text::sentences::plan::{in_cluster, missing_help, readiness};
use text::{Label, Name, exact, isolated, relative};

/// The list's section, which errors link to.
pub(super) const TARGETS: &str = "kill-targets";
/// Height of a row in CSS pixels; the style sheet uses the same.
const ROW: f64 = 40.0;

/// How many selected targets are shown one by one: of more, only the number, and the plan lists all devices.
const CHIPS: usize = 200;

impl TargetKind {
    fn label(self) -> Label {
        match self {
            Self::Group => text::groups,
            Self::Cluster => text::clusters,
            Self::Device => text::devices,
        }
    }

    fn number(self) -> fn(usize) -> String {
        match self {
            Self::Group => text::group_count,
            Self::Cluster => text::cluster_count,
            Self::Device => text::device_count,
        }
    }

    fn filter_label(self) -> Label {
        match self {
            Self::Group => text::filter_groups,
            Self::Cluster => text::filter_clusters,
            Self::Device => text::filter_devices,
        }
    }

    fn count(self, inventory: &Inventory) -> Count {
        match self {
            Self::Group => inventory.group_count(),
            Self::Cluster => inventory.cluster_count(),
            Self::Device => inventory.device_count(),
        }
    }

    /// The key of the entry at an index, as used in a selection.
    fn target(self, inventory: &Inventory, index: usize) -> Option<Target> {
        Some(match self {
            Self::Group => Target::Group(inventory.groups().get(index)?.name.clone()),
            Self::Cluster => Target::Cluster(inventory.clusters().get(index)?.name.clone()),
            Self::Device => Target::Device(inventory.devices().get(index)?.id.clone()),
        })
    }

    /// Whether the entry at a place is selected.
    fn is_selected(self, inventory: &Inventory, index: usize, selection: &TargetSelection) -> bool {
        match self {
            Self::Group => {
                inventory.groups().get(index).is_some_and(|g| selection.groups.contains(&g.name))
            }
            Self::Cluster => inventory
                .clusters()
                .get(index)
                .is_some_and(|c| selection.clusters.contains(&c.name)),
            Self::Device => {
                inventory.devices().get(index).is_some_and(|d| selection.devices.contains(&d.id))
            }
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

    /// The word for it on a row that may be of any kind.
    fn word(self) -> Label {
        match self {
            Self::Group => text::kind_group,
            Self::Cluster => text::kind_cluster,
            Self::Device => text::kind_device,
        }
    }

    /// The filter of what is listed of it: the search across all kinds, or else that of its own list. Tracked.
    fn filter(self, filters: &Filters) -> DeviceFilter {
        let text = filters.all.get();
        if !text.is_empty() {
            return DeviceFilter { text, ..DeviceFilter::default() };
        }
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
        selection: &TargetSelection,
    ) -> usize {
        let filter = self.filter(filters);
        let all = selection.count(self);
        if filter.is_empty() || all == 0 {
            return 0;
        }
        let shown = self.matching(inventory, &filter, live);
        all - shown.iter().filter(|index| self.is_selected(inventory, **index, selection)).count()
    }
}

/// What people call a selected target.
fn name_of(target: &Target, inventory: Option<&Inventory>) -> String {
    match target {
        Target::Group(name) | Target::Cluster(name) => name.clone(),
        Target::Device(id) => {
            let device = inventory.and_then(|inventory| inventory.device(id));
            device.map_or_else(|| id.to_string(), |device| device.name.clone())
        }
    }
}

fn places<T>(entries: &[T], holds: impl Fn(&T) -> bool) -> Vec<usize> {
    entries.iter().enumerate().filter(|(_, entry)| holds(entry)).map(|(index, _)| index).collect()
}

/// The section "Where".
#[component]
pub(super) fn Targets(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let (inventory_store, form) = (InventoryStore::get(), Form::get());
    let tab = RwSignal::new(0_usize);
    // A link or a favourite selects what another tab lists.
    effect_since(move |before: Option<TargetSelection>| {
        let selection = form.targets.get();
        let listed = TargetKind::ALL.get(tab.get_untracked()).copied();
        let kind =
            listed.and_then(|listed| selection.kind_to_list(&before.unwrap_or_default(), listed));
        if let Some(place) = TargetKind::ALL.iter().position(|one| Some(*one) == kind) {
            tab.set(place);
        }
        selection
    });
    let everywhere = Memo::new(move |_| form.targets.with(|selection| selection.everywhere));
    let hint = move || match form.kind() {
        Kind::Listed => text::where_listed(),
        Kind::Users | Kind::Everybody => String::new(),
    };
    let labels = Signal::derive(move || {
        let inventory = inventory_store.inventory();
        TargetKind::ALL
            .map(|kind| {
                let label = kind.label()();
                let Some(inventory) = inventory.as_deref() else { return label };
                amount::tab(&label, kind.count(inventory))
            })
            .to_vec()
    });
    let list = Callback::new(move |index: usize| {
        let kind = TargetKind::ALL.get(index).copied().unwrap_or(TargetKind::Device);
        view! { <List kind=kind/> }.into_any()
    });
    let filters = form.filters;
    let searching = Memo::new(move |_| filters.all.with(|text| !text.is_empty()));
    let last = Memo::new(move |_| {
        form.targets.with(TargetSelection::is_empty)
            && form.last_targets.with(|last| !last.is_empty())
    });
    let use_last = Callback::new(move |()| form.targets.set(form.last_targets.get_untracked()));
    view! {
        <section class="panel" aria-labelledby="where-heading" id=TARGETS tabindex="-1">
            <div class="panel-head">
                <h2 id="where-heading" prop:textContent=content(text::section_where())/>
                <InventoryAge/>
            </div>
            <p class="hint" prop:textContent=content(hint)/>
            {dynamic(move || error.get().map(|text| view! { <p class="field-error" prop:textContent=content(text)/> }))}
            <Checkbox
                label=text::everywhere()
                hint=text::everywhere_hint()
                checked=everywhere
                on_change=Callback::new(move |on| {
                    form.targets.update(|selection| selection.everywhere = on);
                })
            />
            <Show when=last>
                <Button label=text::use_last_targets() look=Look::Plain on_press=use_last/>
            </Show>
            <SavedTargets/>
            <Show when=Signal::derive(move || !everywhere.get())>
                <TextField
                    id="filter-targets"
                    label=text::filter_targets()
                    value=filters.all
                    kind=FieldKind::Search
                />
                <Show
                    when=searching
                    fallback=move || {
                        view! { <Tabs label=text::section_where() labels=labels selected=tab panel=list/> }
                    }
                >
                    <List/>
                </Show>
                <PasteTargets/>
                <SelectedTargets/>
            </Show>
        </section>
    }
}

/// The age of the inventory, and a button that reads it again; nothing before there is one.
#[component]
fn InventoryAge() -> impl IntoView {
    let (inventory_store, clock) = (InventoryStore::get(), Clock::get());
    let read = move || {
        inventory_store.inventory().map(|inventory| {
            let at = inventory.read_at();
            let ago =
                Signal::derive(move || text::read_ago(&relative(at, Timestamp(clock.now().get()))));
            view! { <When at_ms=at.0 shown=ago exact=exact(at).into_text()/> }
        })
    };
    let loading =
        Signal::derive(move || inventory_store.reading().with(|reading| reading.is_loading()));
    view! {
        <p class="read-ago quiet" hidden=attribute(move || inventory_store.inventory().is_none())>
            {dynamic(read)}
            <Button
                label=Signal::derive(move || {
                    if loading.get() { text::refreshing() } else { text::refresh() }
                })
                look=Look::Quiet
                busy=loading
                on_press=Callback::new(move |()| inventory_store.read())
            />
        </p>
    }
}

/// The list of one kind of targets, or of all kinds: what it holds and what its filter matches.
#[derive(Clone, Copy)]
struct Listing {
    /// `None` for all kinds.
    kind: Option<TargetKind>,
    form: Form,
    live: ReadSignal<Live>,
    inventory: Memo<Option<Shared>>,
    /// The matching entries: the kind and the index of each.
    matching: Memo<Arc<Vec<(TargetKind, usize)>>>,
}

impl Listing {
    fn new(kind: Option<TargetKind>) -> Self {
        let (inventory_store, form) = (InventoryStore::get(), Form::get());
        let live = LiveSessions::get().known();
        let inventory = Memo::new(move |_| inventory_store.inventory().map(Shared));
        let matching = Memo::new(move |_| {
            let live = live.read();
            let mut found = Vec::new();
            inventory.with(|inventory| {
                let Some(Shared(inventory)) = inventory else { return };
                for kind in kinds(kind) {
                    let places = kind.matching(inventory, &kind.filter(&form.filters), &live);
                    found.extend(places.into_iter().map(|place| (*kind, place)));
                }
            });
            Arc::new(found)
        });
        Self { kind, form, live, inventory, matching }
    }

    /// How many entries match. Tracked.
    fn number(self) -> usize {
        self.matching.with(|matching| matching.len())
    }

    /// What `read` finds at a row, if there is an entry.
    fn at<T>(
        self,
        row: usize,
        read: impl FnOnce(&Inventory, TargetKind, usize) -> Option<T>,
    ) -> Option<T> {
        self.inventory.with_untracked(|inventory| {
            let found = self.matching.with_untracked(|matching| matching.get(row).copied())?;
            read(&inventory.as_ref()?.0, found.0, found.1)
        })
    }

    fn row(self, row: usize) -> AnyView {
        let with_kind = self.kind.is_none();
        self.at(row, |inventory, kind, index| {
            let word = with_kind.then(|| {
                view! { <span class="row-aside" prop:textContent=content(kind.word()())/> }
            });
            Some(view! { {entry(kind, inventory, index, self.live)}{word} }.into_any())
        })
        .unwrap_or_else(|| ().into_any())
    }

    /// Whether a row is selected. Tracked.
    fn is_selected(self, row: usize) -> bool {
        self.at(row, |inventory, kind, index| {
            Some(self.form.targets.with(|selection| kind.is_selected(inventory, index, selection)))
        })
        .unwrap_or_default()
    }

    fn toggle(self, row: usize) {
        if let Some(target) = self.at(row, |inventory, kind, index| kind.target(inventory, index)) {
            self.form.targets.update(|selection| selection.toggle(target));
        }
    }

    /// Selects every matching entry.
    fn select_all(self) {
        let Some(Shared(inventory)) = self.inventory.get_untracked() else { return };
        let shown = self.matching.get_untracked();
        self.form.targets.update(|selection| {
            let targets = shown.iter().filter_map(|(kind, index)| kind.target(&inventory, *index));
            for target in targets {
                selection.insert(target);
            }
        });
    }

    /// How many entries match, of how many; nothing before there are any. Tracked.
    fn status(self) -> Option<String> {
        let all: usize = self.inventory.with(|inventory| {
            let Shared(inventory) = inventory.as_ref()?;
            Some(kinds(self.kind).iter().map(|kind| kind.count(inventory).found()).sum())
        })?;
        (all > 0).then(|| text::shown(self.number(), all))
    }
}

/// This kind, or all.
fn kinds(kind: Option<TargetKind>) -> &'static [TargetKind] {
    match kind {
        None => &TargetKind::ALL,
        Some(TargetKind::Group) => &[TargetKind::Group],
        Some(TargetKind::Cluster) => &[TargetKind::Cluster],
        Some(TargetKind::Device) => &[TargetKind::Device],
    }
}

#[component]
fn List(
    /// Without it, targets of all kinds.
    #[prop(optional)]
    kind: Option<TargetKind>,
) -> impl IntoView {
    let listing = Listing::new(kind);
    let inventory_store = InventoryStore::get();
    let select_all = Callback::new(move |()| listing.select_all());
    let shown = Signal::derive(move || listing.number());
    let loading =
        Memo::new(move |_| inventory_store.reading().with(|reading| reading.is_loading()));
    // Unknown is not shown as none.
    let known = Memo::new(move |_| listing.inventory.with(Option::is_some));
    let empty = move || {
        (shown.get() == 0).then(|| {
            if !known.get() && loading.get() {
                return view! { <Skeleton lines=9/> }.into_any();
            }
            let filter = kind.unwrap_or(TargetKind::Group).filter(&listing.form.filters);
            view! { <p class="quiet" prop:textContent=content(why_empty(known.get(), &filter))/> }
                .into_any()
        })
    };
    view! {
        {tools(listing, shown, select_all)}
        {dynamic(empty)}
        <VirtualList
            label=kind.map_or(text::targets_found as Label, TargetKind::label)()
            count=shown
            row_height=ROW
            version=Signal::derive(move || {
                listing.inventory.track();
                // guard: row-identity
                listing.matching.track();
            })
            row=Callback::new(move |row: usize| listing.row(row))
            checked=Callback::new(move |row: usize| listing.is_selected(row))
            on_toggle=Callback::new(move |row: usize| listing.toggle(row))
            on_all=select_all
        />
    }
}

/// The filter of a list, how many entries match it, and the button that selects them. The search across all kinds is
/// above their lists.
fn tools(listing: Listing, shown: Signal<usize>, select_all: Callback<()>) -> AnyView {
    let kind = listing.kind;
    let fields = (kind == Some(TargetKind::Device)).then(filters::fields);
    let filter = kind.map(|kind| {
        view! {
            <TextField
                id=match kind {
                    TargetKind::Group => "filter-groups",
                    TargetKind::Cluster => "filter-clusters",
                    TargetKind::Device => "filter-devices",
                }
                label=kind.filter_label()()
                value=listing.form.filters.of(kind)
                kind=FieldKind::Search
            />
        }
    });
    view! {
        <div class="list-tools">
            {filter}
            {fields}
            <p class="quiet" role="status" prop:textContent=content(move || listing.status())/>
            {dynamic(move || {
                (shown.get() > 0).then(|| {
                    let label = Signal::derive(move || text::select_shown(shown.get()));
                    view! { <Button label=label look=Look::Quiet on_press=select_all/> }
                })
            })}
        </div>
    }
    .into_any()
}

/// Why a list shows no entry.
fn why_empty(known: bool, filter: &DeviceFilter) -> String {
    if !known {
        text::nothing_known()
    } else if filter.is_empty() {
        text::nothing_listed()
    } else if filter.is_narrow() {
        text::nothing_in_state()
    } else {
        text::nothing_matches(Name(filter.text.trim()))
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
fn entry(kind: TargetKind, inventory: &Inventory, index: usize, live: ReadSignal<Live>) -> AnyView {
    let devices = |members: &[usize]| amount::devices(inventory.member_count(members.len()));
    match kind {
        TargetKind::Group => inventory.groups().get(index).map(|group| {
            let other = (group.display != group.name).then(|| isolated(&group.display));
            let aside = content(devices(&group.members));
            line(&group.name, other, aside, None)
        }),
        TargetKind::Cluster => inventory
            .clusters()
            .get(index)
            .map(|cluster| line(&cluster.name, None, content(devices(&cluster.members)), None)),
        TargetKind::Device => inventory.devices().get(index).map(|device| {
            let more = [&device.address, &device.version, &device.group];
            let more: Vec<String> = more.into_iter().flatten().map(|text| isolated(text)).collect();
            let aside = device.cluster.as_deref().map_or_else(Content::default, |cluster| {
                let (id, cluster) = (device.id.clone(), cluster.to_owned());
                content(move || {
                    // A device that was never read is not called unknown.
                    live.with(|live| match live.role_at(&id) {
                        Some(_) => in_cluster(&cluster, live.role(&id)),
                        None => text::in_cluster(Name(&cluster)),
                    })
                })
            });
            line(&device.name, Some(more.join(" · ")), aside, Some(device))
        }),
    }
    .unwrap_or_else(|| ().into_any())
}

fn line(name: &str, more: Option<String>, aside: Content, device: Option<&Device>) -> AnyView {
    let name = isolated(name);
    let mut title = name.clone();
    let state = device.map(|device| {
        let label = readiness(device.readiness.missing());
        let Some(missing) = device.readiness.missing() else {
            // What is as it should be needs no attention.
            return view! { <span class="row-aside" prop:textContent=content(label)/> }.into_any();
        };
        title = text::what_and_next(&title, &missing_help(missing));
        let tone = if missing == Missing::Import { Tone::Info } else { Tone::Warning };
        view! { <Badge tone=tone label=label/> }.into_any()
    });
    view! {
        <span class="row-name" dir="auto" title=title prop:textContent=content(name)/>
        <span class="row-more" prop:textContent=content(more)/>
        <span class="row-aside" prop:textContent=aside/>
        {state}
    }
    .into_any()
}

/// Everything selected, whatever the filters hide.
#[component]
fn SelectedTargets() -> impl IntoView {
    let (inventory_store, form, live_sessions) =
        (InventoryStore::get(), Form::get(), LiveSessions::get());
    let hidden = move || {
        let inventory = inventory_store.inventory()?;
        let live = live_sessions.known().read();
        let of = |kind: &TargetKind| {
            form.targets.with(|selection| kind.hidden(&inventory, &form.filters, &live, selection))
        };
        let hidden: usize = TargetKind::ALL.iter().map(of).sum();
        (hidden > 0).then(|| text::chosen_targets_hidden(hidden))
    };
    let chips = move || {
        let inventory = inventory_store.inventory();
        form.targets.with(|selection| {
            let chips = selection.all().take(CHIPS).map(|target| {
                let name = name_of(&target, inventory.as_deref());
                let remove = Callback::new(move |()| {
                    form.targets.update(|selection| _ = selection.remove(&target));
                });
                view! {
                    <Chip
                        label=isolated(&name)
                        remove_label=text::remove(Name(&name))
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
        let numbers =
            form.targets.with(|selection| TargetKind::ALL.map(|kind| selection.count(kind)));
        let parts = TargetKind::ALL.iter().zip(numbers).filter(|(_, number)| *number > 0);
        let parts: Vec<String> = parts.map(|(kind, number)| kind.number()(number)).collect();
        parts.join(" · ")
    });
    let more = Signal::derive(move || {
        let selection = form.targets.read();
        let all = selection.groups.len() + selection.clusters.len() + selection.devices.len();
        if all > CHIPS { text::chosen_targets_more(all - CHIPS) } else { String::new() }
    });
    view! {
        <div class="selected-targets" role="group" aria-label=text::chosen_targets()>
            <h3 prop:textContent=content(text::chosen_targets())/>
            <Show
                when=Signal::derive(move || !form.targets.with(TargetSelection::is_empty))
                fallback=|| view! { <p class="quiet" prop:textContent=content(text::chosen_targets_empty())/> }
            >
                <p prop:textContent=content(counts)/>
                <ul class="chips">{dynamic(chips)}</ul>
                <p class="quiet" prop:textContent=content(more)/>
                <p class="quiet" prop:textContent=content(hidden)/>
                <Button
                    label=text::chosen_targets_clear()
                    look=Look::Quiet
                    on_press=Callback::new(move |()| form.targets.set(TargetSelection::default()))
                />
            </Show>
        </div>
    }
}
