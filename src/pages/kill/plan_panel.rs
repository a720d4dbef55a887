//! The plan next to the form, live: what would be sent and whom it affects, after every change. Its button freezes the
//! plan and opens the gate.

use super::expandable_text::ExpandableText;
use super::reach::{all_devices, all_label, apart, reach, unimported};
use super::warnings::warnings;
use super::wording;
use crate::state::{Clock, Form, InventoryStore, LiveSessions};
use crate::text::{LISTED, Word, count, count_and, fill, listing_of, locale, t};
use crate::ui::{Button, Icon, Look};
use curfew_core::ids::UserName;
use curfew_core::inventory::{HaRole, Live, SessionCounts, UnitId};
use curfew_core::plan::{DraftError, KillRequest, Kind, Plan};
use leptos::prelude::*;

/// The result of checking the draft.
pub(super) type CheckedDraft = Result<Plan, Vec<DraftError>>;

/// The panel "Plan".
#[component]
pub(super) fn PlanPanel(
    /// The checked draft; `None` until there is an inventory.
    checked: Signal<Option<CheckedDraft>>,
    /// Called when the operator wants to continue.
    on_review: Callback<()>,
) -> impl IntoView {
    let part =
        move |of: fn(&Plan) -> AnyView| move || checked.with(|checked| plan_of(checked).map(of));
    let planned = Memo::new(move |_| checked.with(|checked| plan_of(checked).is_some()));
    let label = move || {
        checked.with(|checked| match checked {
            Some(Ok(plan)) => wording::review(plan),
            Some(Err(_)) | None => t(Word::ReviewEmpty),
        })
    };
    let text = move |of: fn(&Plan) -> String| {
        Signal::derive(move || checked.with(|checked| plan_of(checked).map(of).unwrap_or_default()))
    };
    let (form, inventory_store) = (Form::get(), InventoryStore::get());
    let empty = Signal::derive(move || {
        checked.with(|checked| match checked {
            Some(Err(errors)) if let [only] = errors.as_slice() => wording::error(only),
            None if form.is_reading() => t(Word::PasteReading),
            _ => t(Word::PlanEmpty),
        })
    });
    let blocked = Signal::derive(move || {
        inventory_store.reading().with(|reading| match (reading.data(), reading.error()) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(t(Word::InventoryFailed)),
            (None, None) => Some(t(Word::Reading)),
        })
    });
    view! {
        <section class="panel plan" aria-labelledby="plan-heading">
            <div class="plan-body">
                <h2 id="plan-heading">{t(Word::Plan)}</h2>
                <Show
                    when=move || planned.get()
                    fallback=move || view! { <p class="quiet">{empty}</p> }
                >
                    {part(summary)}
                    <ExpandableText label=text(all_label) text=text(all_devices)/>
                    <DeviceReadings checked=checked/>
                    {part(warnings_and_limits)}
                    <ExactRequests checked=checked/>
                </Show>
            </div>
            <div class="plan-actions">
                <Button
                    label=Signal::derive(label)
                    look=Look::Danger
                    icon=Icon::Stop
                    blocked=blocked
                    on_press=on_review
                />
                <InventoryAge/>
            </div>
        </section>
    }
}

/// The age of the inventory, and a button that reads it again; nothing before there is one.
#[component]
fn InventoryAge() -> impl IntoView {
    let (inventory_store, clock) = (InventoryStore::get(), Clock::get());
    let read = move || {
        inventory_store.inventory().map(|inventory| {
            let at = inventory.read_at().0;
            let ago =
                move || fill(Word::ReadAgo, &[("ago", &locale().relative(at, clock.now().get()))]);
            view! { <span title=locale().exact(at)>{ago}</span> }
        })
    };
    let loading =
        Signal::derive(move || inventory_store.reading().with(|reading| reading.is_loading()));
    view! {
        <p class="read-ago quiet" hidden=move || inventory_store.inventory().is_none()>
            {read}
            <Button
                label=Signal::derive(move || {
                    t(if loading.get() { Word::Refreshing } else { Word::Refresh })
                })
                look=Look::Quiet
                busy=loading
                on_press=Callback::new(move |()| inventory_store.read())
            />
        </p>
    }
}

/// Who, how many sessions now, and where.
fn summary(plan: &Plan) -> AnyView {
    let lead = match plan.kind() {
        Kind::Users => t(Word::PlanUsers),
        Kind::Everybody => t(Word::PlanEverybody),
        Kind::Listed => count(Word::PlanListed, plan.session_count()),
    };
    let mut users: Vec<AnyView> = plan.users().map(|user| user_line(plan, user)).collect();
    for session in plan.named() {
        users.push(view! { <li class="mono">{wording::named(session)}</li> }.into_any());
    }
    let everybody = wording::everybody_now(plan).map(|now| view! { <p class="quiet">{now}</p> });
    let reached = if plan.reached().is_empty() {
        t(Word::PlanOnUnknown)
    } else {
        count(Word::PlanOn, plan.reached().len())
    };
    view! {
        <p class="plan-lead">{lead}</p>
        {everybody}
        <ul class="plan-users">{users}</ul>
        <p class="plan-lead">{reached}</p>
        <p>{apart(plan)}</p>
        {reach(plan)}
    }
    .into_any()
}

/// The warnings, and what the kill does not end.
fn warnings_and_limits(plan: &Plan) -> AnyView {
    view! {
        {warnings(plan, true)}
        <p class="quiet">{unimported(plan)}</p>
        <p class="quiet">{t(Word::WhatStays)}</p>
    }
    .into_any()
}

/// How many devices have reported roles and sessions, when, and a button that reads all of them again.
#[component]
fn DeviceReadings(checked: Signal<Option<CheckedDraft>>) -> impl IntoView {
    let (inventory_store, live_sessions, clock) =
        (InventoryStore::get(), LiveSessions::get(), Clock::get());
    let reached = Memo::new(move |_| {
        checked
            .with(|checked| plan_of(checked).map(|plan| plan.reached().len()).unwrap_or_default())
    });
    let lines = Memo::new(move |_| {
        let now = clock.now().get();
        checked.with(|checked| {
            let Some(plan) = plan_of(checked) else { return Vec::new() };
            let roles = live_sessions.known().with(|live| roles_note(plan, live, now));
            let mut lines = Vec::from_iter(roles);
            // Numbers of devices not read yet are not called unknown.
            let counts =
                plan.session_counts().filter(|c| has_counts(c) || !live_sessions.is_asking());
            if let Some(counts) = counts {
                lines.extend(session_counts_note(plan, counts, now));
            }
            lines
        })
    });
    let note = move || {
        let lines = lines.get().into_iter();
        lines.map(|line| view! { <p>{line}</p> }.into_any()).collect::<Vec<_>>()
    };
    let unasked = Memo::new(move |_| {
        let few = reached.get() <= LiveSessions::UNASKED;
        !few && checked.with(|checked| {
            let mut devices = plan_of(checked).map_or(&[][..], Plan::reached).iter();
            devices.any(|device| !live_sessions.has_asked(&device.id))
        })
    });
    let beyond = move || {
        unasked.get().then(|| {
            view! { <p>{count(Word::AskedFirst, LiveSessions::UNASKED)}</p> }
        })
    };
    let ask = Callback::new(move |()| {
        let Some(inventory) = untrack(|| inventory_store.inventory()) else { return };
        let ids = checked.with_untracked(|checked| {
            plan_of(checked).map(|plan| plan.reached().iter().map(|d| d.id.clone()).collect())
        });
        live_sessions.read_again(inventory, ids.unwrap_or_default());
    });
    view! {
        <Show when=move || { reached.get() > 0 }>
            <div class="quiet">
                {note}
                {beyond}
                <Button
                    label=Signal::derive(move || {
                        if lines.with(Vec::is_empty) && live_sessions.is_asking() {
                            t(Word::AskingDevices)
                        } else {
                            count(Word::AskDevices, reached.get())
                        }
                    })
                    look=Look::Quiet
                    busy=live_sessions.busy()
                    on_press=ask
                />
            </div>
        </Show>
    }
}

/// For how many members of clusters the role is known, and since when.
fn roles_note(plan: &Plan, live: &Live, now: i64) -> Option<String> {
    let members = || plan.reached().iter().filter(|device| device.cluster.is_some());
    let oldest = members().filter_map(|device| live.role_at(&device.id)).min()?;
    let known = members().filter(|device| live.role(&device.id) != HaRole::Unknown).count();
    let number = |n: usize| locale().integer(n as u64);
    let (known, all) = (number(known), number(members().count()));
    let ago = locale().relative(oldest.0, now);
    Some(fill(Word::RolesKnown, &[("ago", &ago), ("known", &known), ("all", &all)]))
}

/// A user, with the sessions of exactly this name if known.
fn user_line(plan: &Plan, user: &UserName) -> AnyView {
    let counts = plan.session_counts().filter(|counts| has_counts(counts));
    let counted = counts.and_then(|counts| {
        let of_user = counts.users.iter().find(|count| count.user == *user)?;
        Some((of_user, counts.counted(of_user.sessions)))
    });
    let now = counted.map(|(counted, number)| {
        let number = wording::sessions_now(number);
        let places = wording::places(plan, &counted.devices);
        view! { <span class="quiet">" "{number}</span> <span class="quiet">{places}</span> }
    });
    view! { <li><span class="mono">{user.to_string()}</span>{now}</li> }.into_any()
}

/// Whether sessions of any device were read.
fn has_counts(counts: &SessionCounts) -> bool {
    counts.as_of.is_some()
}

/// How certain the numbers of sessions are, and which are unknown.
fn session_counts_note(plan: &Plan, counts: &SessionCounts, now: i64) -> Vec<String> {
    let Some(at) = counts.as_of.filter(|_| has_counts(counts)) else {
        return vec![t(Word::SessionsUnknown)];
    };
    let ago = locale().relative(at.0, now);
    let known = locale().integer(counts.known as u64);
    let all = counts.known + counts.unknown.len();
    let read = count_and(Word::SessionsKnown, all, &[("ago", &ago), ("known", &known)]);
    let silent = (!counts.unknown.is_empty()).then(|| {
        let units = counts.unknown.iter().take(LISTED);
        let names: Vec<&str> = units
            .map(|unit| match unit {
                UnitId::Cluster(name) => name,
                UnitId::Device(id) => wording::name_of(plan, id),
            })
            .collect();
        fill(Word::SessionsNotOf, &[("names", &listing_of(&names, counts.unknown.len()))])
    });
    [Some(read), silent].into_iter().flatten().collect()
}

/// The exact requests, also for a shell.
#[component]
fn ExactRequests(checked: Signal<Option<CheckedDraft>>) -> impl IntoView {
    let text = move |of: fn(&Plan) -> String| {
        Signal::derive(move || checked.with(|checked| plan_of(checked).map(of).unwrap_or_default()))
    };
    view! {
        <ExpandableText label=text(exact_label) text=text(|plan| each(plan, KillRequest::to_pretty_json))/>
        <ExpandableText label=t(Word::AsCurl) text=text(|plan| each(plan, curfew_core::plan::curl))/>
    }
}

fn exact_label(plan: &Plan) -> String {
    match plan.requests().len() {
        1 => t(Word::Request),
        many => count(Word::RequestsMany, many),
    }
}

fn each(plan: &Plan, write: fn(&KillRequest) -> String) -> String {
    plan.requests().iter().map(write).collect::<Vec<_>>().join("\n\n")
}

fn plan_of(checked: &Option<CheckedDraft>) -> Option<&Plan> {
    checked.as_ref()?.as_ref().ok()
}
