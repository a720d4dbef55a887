//! The plan beside the form, live: what would be sent and whom it reaches, at every choice. Its button freezes the plan
//! and opens the gate. It must not send anything.

use super::warnings::warnings;
use super::wording;
use crate::state::{Clock, Estate, Lookout};
use crate::text::{Word, count, count_and, fill, listing, locale, t};
use crate::ui::{Button, CodeBlock, Disclosure, Icon, Look};
use curfew_core::{Census, DraftError, HaRole, KillRequest, Kind, Live, Plan, Reached};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// What the draft amounts to.
pub(super) type Judged = Result<Plan, Vec<DraftError>>;

/// The panel "Plan".
#[component]
pub(super) fn PlanPanel(
    /// The draft, judged; `None` until an inventory is there.
    judged: Signal<Option<Judged>>,
    /// Called when the operator wants to go on.
    on_review: Callback<()>,
) -> impl IntoView {
    let part = move |of: fn(&Plan) -> AnyView| move || judged.with(|judged| made(judged).map(of));
    let planned = Memo::new(move |_| judged.with(|judged| made(judged).is_some()));
    let label = move || {
        judged.with(|judged| match judged {
            Some(Ok(plan)) => wording::review(plan),
            Some(Err(_)) | None => t(Word::ReviewEmpty),
        })
    };
    view! {
        <section class="panel plan" aria-labelledby="plan-heading">
            <div class="plan-body">
                <h2 id="plan-heading">{t(Word::Plan)}</h2>
                <Show
                    when=move || planned.get()
                    fallback=|| view! { <p class="quiet">{t(Word::PlanEmpty)}</p> }
                >
                    {part(summary)}
                    <WhatDevicesSay judged=judged/>
                    {part(caveats)}
                    <Exact judged=judged/>
                </Show>
            </div>
            <div class="plan-actions">
                <Button
                    label=Signal::derive(label)
                    look=Look::Danger
                    icon=Icon::Stop
                    on_press=on_review
                />
                <ReadAgo/>
            </div>
        </section>
    }
}

/// How old the inventory is, and a way to read it anew.
#[component]
fn ReadAgo() -> impl IntoView {
    let (estate, clock) = (Estate::get(), Clock::get());
    let read = move || {
        estate.inventory().map(|inventory| {
            let at = inventory.read_at().0;
            let ago =
                move || fill(Word::ReadAgo, &[("ago", &locale().relative(at, clock.now().get()))]);
            view! { <span title=locale().exact(at)>{ago}</span> }
        })
    };
    let loading = Signal::derive(move || estate.reading().with(|reading| reading.is_loading()));
    view! {
        <p class="read-ago quiet">
            {read}
            <Button
                label=Signal::derive(move || {
                    t(if loading.get() { Word::Refreshing } else { Word::Refresh })
                })
                look=Look::Quiet
                busy=loading
                on_press=Callback::new(move |()| estate.read())
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
    let users: Vec<AnyView> = plan.users().map(|user| user_line(plan, user)).collect();
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
        {reach(plan)}
    }
    .into_any()
}

/// What to beware of, and what does not end.
fn caveats(plan: &Plan) -> AnyView {
    view! {
        {warnings(plan, true)}
        <p class="quiet">{t(Word::WhatStays)}</p>
    }
    .into_any()
}

/// How much the devices have told of themselves, how old that is, and a way to ask all of them anew.
#[component]
fn WhatDevicesSay(judged: Signal<Option<Judged>>) -> impl IntoView {
    let (estate, lookout, clock) = (Estate::get(), Lookout::get(), Clock::get());
    let reached = Memo::new(move |_| {
        judged.with(|judged| made(judged).map(|plan| plan.reached().len()).unwrap_or_default())
    });
    let lines = move || {
        let now = clock.now().get();
        let lines = judged.with(|judged| {
            let Some(plan) = made(judged) else { return Vec::new() };
            let roles = lookout.known().with(|live| roles_note(plan, live, now));
            let census =
                plan.census().into_iter().flat_map(|census| census_note(plan, census, now));
            roles.into_iter().chain(census).collect()
        });
        lines.into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect::<Vec<_>>()
    };
    let beyond = move || {
        (reached.get() > Lookout::UNASKED).then(|| {
            view! { <p>{count(Word::AskedFirst, Lookout::UNASKED)}</p> }
        })
    };
    let ask = Callback::new(move |()| {
        let Some(inventory) = untrack(|| estate.inventory()) else { return };
        let ids = judged.with_untracked(|judged| {
            made(judged).map(|plan| plan.reached().iter().map(|d| d.id.clone()).collect())
        });
        lookout.learn_anew(inventory, ids.unwrap_or_default());
    });
    view! {
        <Show when=move || { reached.get() > 0 }>
            <div class="quiet">
                {lines}
                {beyond}
                <Button
                    label=Signal::derive(move || count(Word::AskDevices, reached.get()))
                    look=Look::Quiet
                    busy=lookout.busy()
                    on_press=ask
                />
            </div>
        </Show>
    }
}

/// Of how many members of clusters the role is known, and since when.
fn roles_note(plan: &Plan, live: &Live, now: i64) -> Option<String> {
    let members = || plan.reached().iter().filter(|device| device.cluster.is_some());
    let oldest = members().filter_map(|device| live.role_at(&device.id)).min()?;
    let known = members().filter(|device| live.role(&device.id) != HaRole::Unknown).count();
    let number = |n: usize| locale().integer(n as u64);
    let (known, all) = (number(known), number(members().count()));
    let ago = locale().relative(oldest.0, now);
    Some(fill(Word::RolesKnown, &[("ago", &ago), ("known", &known), ("all", &all)]))
}

/// A user, with the sessions of exactly this name where they are known.
fn user_line(plan: &Plan, user: &str) -> AnyView {
    let counted = plan.census().filter(|census| census.known > 0);
    let counted = counted.and_then(|census| census.users.iter().find(|count| count.user == user));
    let now = counted.map(|counted| {
        let number = count(Word::SessionsNow, counted.sessions);
        let places = wording::places(plan, &counted.devices);
        view! { <span class="quiet">" "{number}</span> <span class="quiet">{places}</span> }
    });
    view! { <li><span class="mono">{user.to_owned()}</span>{now}</li> }.into_any()
}

/// How far the numbers of sessions can be trusted, and whose are not known.
fn census_note(plan: &Plan, census: &Census, now: i64) -> Vec<String> {
    let Some(at) = census.as_of.filter(|_| census.known > 0) else {
        return vec![t(Word::SessionsUnknown)];
    };
    let ago = locale().relative(at.0, now);
    let known = locale().integer(census.known as u64);
    let all = census.known + census.unknown.len();
    let read = count_and(Word::SessionsKnown, all, &[("ago", &ago), ("known", &known)]);
    let silent = (!census.unknown.is_empty()).then(|| {
        let names = listing(census.unknown.iter().map(|unit| wording::name_of(plan, unit)));
        fill(Word::SessionsNotOf, &[("names", &names)])
    });
    [Some(read), silent].into_iter().flatten().collect()
}

/// The devices, by cluster.
fn reach(plan: &Plan) -> AnyView {
    let clusters: Vec<String> = plan.reached_clusters().into_iter().map(str::to_owned).collect();
    let clustered = clusters.into_iter().map(|cluster| {
        let members = names(plan, |device| device.cluster.as_deref() == Some(cluster.as_str()));
        row(cluster, &members)
    });
    let alone = names(plan, |device| device.cluster.is_none());
    let alone = (!alone.is_empty()).then(|| row(t(Word::ReachStandalone), &alone));
    let rows: Vec<AnyView> = clustered.chain(alone).collect();
    let as_of = locale().exact(plan.as_of().0);
    view! {
        <Disclosure summary=t(Word::DevicesReached) open=plan.reached().len() <= 12>
            <dl class="reach">{rows}</dl>
            <p class="quiet">{fill(Word::ReachAsOf, &[("time", &as_of)])}</p>
        </Disclosure>
    }
    .into_any()
}

fn names(plan: &Plan, wanted: impl Fn(&Reached) -> bool) -> Vec<String> {
    plan.reached().iter().filter(|device| wanted(device)).map(called).collect()
}

/// A device's name, and its place in its cluster where that is told.
fn called(device: &Reached) -> String {
    let role = if device.cluster.is_some() { device.role } else { HaRole::Unknown };
    wording::with_role(&device.name, role)
}

fn row(term: String, members: &[String]) -> AnyView {
    let number = count(Word::DeviceCount, members.len());
    view! {
        <dt>{term} <span class="quiet">{number}</span></dt>
        <dd>{listing(members.iter().map(String::as_str))}</dd>
    }
    .into_any()
}

/// The requests to the letter, and the same for a shell.
#[component]
fn Exact(judged: Signal<Option<Judged>>) -> impl IntoView {
    let request = Signal::derive(move || {
        let many = judged.with(|judged| made(judged).is_some_and(|p| p.requests().len() > 1));
        t(if many { Word::RequestsMany } else { Word::Request })
    });
    view! {
        <Written judged=judged label=request write=KillRequest::to_pretty_json/>
        <Written judged=judged label=t(Word::AsCurl) write=curfew_core::curl/>
    }
}

/// The requests, written one way; only while they are shown, for they may be thousands.
#[component]
fn Written(
    judged: Signal<Option<Judged>>,
    #[prop(into)] label: Signal<String>,
    write: fn(&KillRequest) -> String,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = Signal::derive(move || {
        judged.with(|judged| {
            let requests = made(judged).map_or(&[][..], Plan::requests);
            requests.iter().map(write).collect::<Vec<_>>().join("\n\n")
        })
    });
    let press = move |event: MouseEvent| {
        event.prevent_default();
        open.update(|open| *open = !*open);
    };
    view! {
        <details class="disclosure" open=open>
            <summary on:click=press>{label}</summary>
            <div class="disclosure-body">
                <Show when=move || open.get()>
                    <CodeBlock
                        label=label
                        text=text
                        copy_label=t(Word::Copy)
                        copied_label=t(Word::Copied)
                        failed_label=t(Word::CopyFailed)
                    />
                </Show>
            </div>
        </details>
    }
}

fn made(judged: &Option<Judged>) -> Option<&Plan> {
    judged.as_ref()?.as_ref().ok()
}
