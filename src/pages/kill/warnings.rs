//! Warnings before a kill, by cause, each with its remedies as buttons.

use crate::state::{Form, InventoryStore, LiveSessions};
use crate::ui::{Banner, Button, Look, Tone, content};
use curfew_core::ids::{MachineId, UserName};
use curfew_core::inventory::{Gap, Inventory, Live, Missing};
use curfew_core::plan::{self, Draft, Kind, Plan, Warning};
use curfew_core::sorted::SortedSet;
use leptos::prelude::*;
use text::sentences::warning::{self as sentences, gone, subject};
use text::{Name, list_of_names};

/// How many names are suggested.
const MOST_SUGGESTIONS: usize = 10;

/// A change that fixes the draft.
#[derive(Debug, Clone)]
pub(in crate::pages) enum Remedy {
    /// Replace the members by these clusters.
    Clusters(Vec<String>),
    /// For listed sessions, replace the other members by the active ones.
    Active,
    /// Remove these devices.
    LeaveOut(SortedSet<MachineId>),
    /// Select these devices, too.
    Add(SortedSet<MachineId>),
    /// Send each of these devices separately.
    Apart(SortedSet<MachineId>),
    /// Replace the given names.
    Names(Vec<Renaming>),
    /// Remove these users.
    Without(SortedSet<UserName>),
    /// Address the listed sessions of the first device that are on the second now to that.
    Follow(MachineId, MachineId),
    /// Remove the listed sessions that no longer exist.
    WithoutGone,
    /// Remove these access groups, which have no devices.
    WithoutGroups(Vec<String>),
    /// Read the inventory again.
    Read,
}

/// A name and the one to send instead.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Renaming {
    given: UserName,
    meant: UserName,
}

impl Remedy {
    /// Changes the draft with what is known now.
    pub(in crate::pages) fn apply(&self, draft: &mut Draft, inventory: &Inventory, live: &Live) {
        let mut names: SortedSet<&str> = SortedSet::new();
        if let Self::Clusters(given) = self {
            for name in given {
                names.insert(name);
            }
        }
        match self {
            Self::Clusters(_) => draft.use_clusters(&names, inventory),
            Self::Active => _ = draft.sessions.address_to_active(live, inventory),
            Self::LeaveOut(devices) => draft.leave_out(devices, inventory),
            Self::Add(devices) => draft.devices.extend(devices.iter().cloned()),
            Self::Apart(devices) => draft.send_apart(devices, inventory),
            Self::Names(all) => {
                for Renaming { given, meant } in all {
                    draft.edit_users(given, Some(meant));
                }
            }
            Self::Without(users) => draft.leave_out_users(users, live),
            Self::Follow(from, to) => draft.follow_moved(from, to, live, inventory),
            Self::WithoutGone => draft.leave_out_gone(live, inventory),
            Self::WithoutGroups(groups) => {
                for name in groups {
                    draft.groups.remove(name);
                }
            }
            Self::Read => {}
        }
    }
}

/// How remedies are applied.
#[derive(Clone, Copy)]
pub(super) struct Applied {
    by: Callback<Remedy>,
    /// Why none can be applied now.
    blocked: Signal<Option<String>>,
    /// Whether reading the inventory again changes the plan.
    reads: bool,
}

impl Applied {
    /// To the form, from which the next plan is made.
    pub(super) fn to_form() -> Self {
        let form = Form::get();
        let (inventory_store, live_sessions) = (InventoryStore::get(), LiveSessions::get());
        let by = Callback::new(move |remedy: Remedy| {
            if matches!(remedy, Remedy::Read) {
                return inventory_store.read();
            }
            let Some(inventory) = untrack(move || inventory_store.inventory()) else { return };
            live_sessions.known().with_untracked(|live| {
                form.change_draft(&|draft| remedy.apply(draft, &inventory, live));
            });
        });
        Self { by, blocked: Signal::default(), reads: true }
    }

    /// To the draft of a frozen plan, of which another plan is made and frozen. That one is made of the inventory there is.
    pub(super) fn to_frozen(by: Callback<Remedy>, blocked: Signal<Option<String>>) -> Self {
        Self { by, blocked, reads: false }
    }
}

/// All warnings of a plan, with their remedies if they can be applied.
pub(super) fn warnings(plan: &Plan, applied: Option<Applied>) -> AnyView {
    let groups = plan.warnings().chunk_by(Warning::is_like);
    let items = groups.map(|alike| {
        let offered = applied.map(|applied| buttons(offers(plan, alike), applied));
        let content = view! { {about(alike)} {offered} }.into_any();
        view! { <Banner tone=Tone::Warning heading=sentences::warnings(alike)>{content}</Banner> }
            .into_any()
    });
    let items: Vec<AnyView> = items.collect();
    view! { <div class="warnings">{items}</div> }.into_any()
}

/// What is unusual about names in the form, drawn with their marks, and buttons that correct it.
pub(super) fn odd_name_notes(odd: &[Warning]) -> AnyView {
    let form = Applied::to_form();
    let notes = odd.chunk_by(Warning::is_like).map(|alike| {
        let offered = mending(alike).into_iter().collect();
        view! {
            <p prop:textContent=content(sentences::warnings(alike))/>
            {about(alike)}
            {buttons(offered, form)}
        }
        .into_any()
    });
    let notes: Vec<AnyView> = notes.collect();
    notes.into_any()
}

/// The names that several warnings of one cause are about.
fn about(alike: &[Warning]) -> Option<AnyView> {
    (alike.len() > 1).then(|| {
        let names = list_of_names(alike.iter().filter_map(subject)).into_text();
        view! { <p prop:textContent=content(names)/> }.into_any()
    })
}

/// The buttons of remedies.
fn buttons(offered: Vec<(String, Remedy)>, applied: Applied) -> Vec<AnyView> {
    let Applied { by, blocked, reads } = applied;
    let fits = |(_, remedy): &(String, Remedy)| reads || !matches!(remedy, Remedy::Read);
    let button = |(label, remedy): (String, Remedy)| {
        let press = Callback::new(move |()| by.run(remedy.clone()));
        view! { <Button label=label look=Look::Plain blocked=blocked on_press=press/> }.into_any()
    };
    offered.into_iter().filter(fits).map(button).collect()
}

/// The remedies for warnings of one cause, with their labels.
fn offers(plan: &Plan, alike: &[Warning]) -> Vec<(String, Remedy)> {
    let many = alike.len() > 1;
    // The ids or names that the warnings are about.
    let all = |of: fn(&Warning) -> Option<&String>| -> Vec<String> {
        alike.iter().filter_map(of).cloned().collect()
    };
    let out_many = |n: usize| text::leave_out_number(n);
    let out = |name: &str| {
        if many { out_many(alike.len()) } else { text::leave_out(Name(name)) }
    };
    match alike.first() {
        Some(Warning::DeviceInCluster { cluster, .. }) if plan.kind() != Kind::Listed => {
            let label = if many { text::use_clusters() } else { text::use_cluster(Name(cluster)) };
            let clusters = all(|warning| match warning {
                Warning::DeviceInCluster { cluster, .. } => Some(cluster),
                _ => None,
            });
            vec![(label, Remedy::Clusters(clusters))]
        }
        Some(Warning::DeviceInCluster { .. }) => {
            let known = |w: &Warning| matches!(w, Warning::DeviceInCluster { active: Some(_), .. });
            let offer = alike.iter().any(known).then(|| (text::use_active(), Remedy::Active));
            offer.into_iter().collect()
        }
        Some(Warning::NotReady { name, missing, .. }) => {
            let devices = alike.iter().filter_map(|warning| match warning {
                Warning::NotReady { device, .. } => Some(device.clone()),
                _ => None,
            });
            let mut offers = vec![(out(name), Remedy::LeaveOut(SortedSet::from_iter(devices)))];
            let together = alike.iter().filter_map(|warning| match warning {
                Warning::NotReady { device, apart: false, .. } => Some(device.clone()),
                _ => None,
            });
            let together: SortedSet<MachineId> = SortedSet::from_iter(together);
            if *missing == Missing::Reach && !together.is_empty() {
                let apart = if many {
                    text::send_all_separately(alike.len())
                } else {
                    text::send_separately(Name(name))
                };
                offers.push((apart, Remedy::Apart(together)));
            }
            offers
        }
        Some(Warning::NotCovered { name, obstacle: None, .. }) => {
            let devices = alike.iter().filter_map(|warning| match warning {
                Warning::NotCovered { device, .. } => Some(device.clone()),
                _ => None,
            });
            let label =
                if many { text::add_devices(alike.len()) } else { text::add_device(Name(name)) };
            vec![(label, Remedy::Add(SortedSet::from_iter(devices)))]
        }
        Some(Warning::NobodyNow { user: name, .. }) => {
            let mut offers = suggestions(alike);
            // The only user can't be removed.
            if plan.users().count() > alike.len() {
                offers.push((out(name.as_str()), Remedy::Without(users(alike))));
            }
            offers
        }
        Some(Warning::OwnSessions(name)) => {
            vec![(out(name.as_str()), Remedy::Without(users(alike)))]
        }
        Some(Warning::Odd { .. }) => mending(alike).into_iter().collect(),
        Some(Warning::Elsewhere { .. }) => {
            let follow = alike.iter().filter_map(|warning| match warning {
                Warning::Elsewhere { device, now, there, .. } => {
                    let remedy = Remedy::Follow(device.clone(), now.clone());
                    Some((text::use_device(Name(there)), remedy))
                }
                _ => None,
            });
            follow.take(MOST_SUGGESTIONS).collect()
        }
        Some(Warning::NotThere { .. }) => {
            vec![(out_many(gone(alike)), Remedy::WithoutGone)]
        }
        Some(Warning::NobodyIn(name)) => vec![(out(name), Remedy::WithoutGroups(subjects(alike)))],
        Some(Warning::Stale(_) | Warning::Partial(_)) => {
            // BIG-IQ would list an entry without an id again.
            let nameless = |w: &Warning| matches!(w, Warning::Partial(Gap::Nameless(_)));
            let read = (text::refresh(), Remedy::Read);
            (!alike.iter().all(nameless)).then_some(read).into_iter().collect()
        }
        // It is sent only once anyway, is too long, is corrected in its list or in BIG-IQ, or is intended; or both names exist.
        Some(
            Warning::NotCovered { obstacle: Some(_), .. }
            | Warning::LooksLike { .. }
            | Warning::NotRead(_)
            | Warning::Repeated(..)
            | Warning::LongList(_)
            | Warning::UnusualIds(_)
            | Warning::UnusedLines(_)
            | Warning::Unchecked(_)
            | Warning::Everybody,
        )
        | None => Vec::new(),
    }
}

/// Other names for those that the warnings are about.
fn suggestions(alike: &[Warning]) -> Vec<(String, Remedy)> {
    // With more buttons, nobody would find the rest of the plan.
    let pairs = plan::suggestions(alike, MOST_SUGGESTIONS).into_iter();
    let offer = |(given, meant): (&UserName, &UserName)| {
        let label = text::replace_name(Name(meant.as_str()), Name(given.as_str()));
        let renaming = Renaming { given: given.clone(), meant: meant.clone() };
        (label, Remedy::Names(vec![renaming]))
    };
    pairs.map(offer).collect()
}

/// Replaces odd names by those without what is unusual, if there are any.
fn mending(alike: &[Warning]) -> Option<(String, Remedy)> {
    let (mut names, mut label) = (Vec::new(), String::new());
    for warning in alike {
        if let Warning::Odd { user, oddity, meant: Some(meant) } = warning {
            names.push(Renaming { given: user.clone(), meant: meant.clone() });
            label = sentences::mend(*oddity, names.len());
        }
    }
    (!names.is_empty()).then_some((label, Remedy::Names(names)))
}

/// The users that the warnings are about.
fn users(alike: &[Warning]) -> SortedSet<UserName> {
    let users = alike.iter().filter_map(|warning| match warning {
        Warning::NobodyNow { user, .. } => Some(user),
        Warning::OwnSessions(name) => Some(name),
        _ => None,
    });
    SortedSet::from_iter(users.cloned())
}

/// The names that warnings are about.
fn subjects(alike: &[Warning]) -> Vec<String> {
    alike.iter().filter_map(subject).map(str::to_owned).collect()
}
