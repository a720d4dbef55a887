//! The plan beside the form, live: what would be sent and whom it reaches, at every choice. Its button freezes the plan
//! and opens the gate. It must not send anything.

use super::warnings::warnings;
use super::wording;
use crate::rt::time;
use crate::state::{Clock, Estate};
use crate::text::{Word, count, fill, listing, locale, t};
use crate::ui::{Button, CodeBlock, Disclosure, Icon, Look};
use curfew_core::{DraftError, HaRole, KillRequest, Kind, Plan, Reached};
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
    let body = move || {
        judged.with(|judged| match judged {
            Some(Ok(plan)) => summary(plan),
            Some(Err(_)) | None => view! { <p class="quiet">{t(Word::PlanEmpty)}</p> }.into_any(),
        })
    };
    let label = move || {
        judged.with(|judged| match judged {
            Some(Ok(plan)) => wording::review(plan),
            Some(Err(_)) | None => t(Word::ReviewEmpty),
        })
    };
    view! {
        <section class="panel plan" aria-labelledby="plan-heading">
            <h2 id="plan-heading">{t(Word::Plan)}</h2>
            {body}
            <Exact judged=judged/>
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

/// A plan, whole.
fn summary(plan: &Plan) -> AnyView {
    let lead = match plan.kind() {
        Kind::Users => t(Word::PlanUsers),
        Kind::Everybody => t(Word::PlanEverybody),
        Kind::Listed => count(Word::PlanListed, plan.session_count()),
    };
    let users: Vec<AnyView> = plan.users().map(|user| user_line(plan, user)).collect();
    let reached = if plan.reached().is_empty() {
        t(Word::PlanOnUnknown)
    } else {
        count(Word::PlanOn, plan.reached().len())
    };
    view! {
        <p class="plan-lead">{lead}</p>
        <ul class="plan-users">{users}</ul>
        {census_note(plan)}
        <p class="plan-lead">{reached}</p>
        {reach(plan)}
        {warnings(plan, true)}
        <p class="quiet">{t(Word::WhatStays)}</p>
    }
    .into_any()
}

/// A user, with the sessions of exactly this name where they are known.
fn user_line(plan: &Plan, user: &str) -> AnyView {
    let counted = plan.census().filter(|census| census.known > 0);
    let counted = counted.and_then(|census| census.users.iter().find(|count| count.user == user));
    let now = counted.map(|counted| {
        let places = counted.devices.iter().map(|(id, n)| {
            let number = locale().integer(*n as u64);
            fill(Word::SessionsOn, &[("device", name_of(plan, id)), ("number", &number)])
        });
        let places: Vec<String> = places.collect();
        let places = listing(places.iter().map(String::as_str));
        let number = count(Word::SessionsNow, counted.sessions);
        view! { <span class="quiet">" "{number}" "{places}</span> }
    });
    view! { <li><span class="mono">{user.to_owned()}</span>{now}</li> }.into_any()
}

fn name_of<'a>(plan: &'a Plan, id: &'a str) -> &'a str {
    plan.reached().iter().find(|device| device.id == id).map_or(id, |device| &device.name)
}

/// How far the numbers of sessions can be trusted.
fn census_note(plan: &Plan) -> Option<AnyView> {
    let census = plan.census()?;
    let note = match census.as_of {
        Some(at) if census.known > 0 => {
            let ago = locale().relative(at.0, time::epoch_ms());
            let known = locale().integer(census.known as u64);
            let all = locale().integer((census.known + census.unknown) as u64);
            fill(Word::SessionsKnown, &[("ago", &ago), ("known", &known), ("all", &all)])
        }
        Some(_) | None => t(Word::SessionsUnknown),
    };
    Some(view! { <p class="quiet">{note}</p> }.into_any())
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
    let planned = Memo::new(move |_| judged.with(|judged| made(judged).is_some()));
    view! {
        <Show when=move || planned.get()>
            <Written judged=judged label=request write=KillRequest::to_pretty_json/>
            <Written judged=judged label=t(Word::AsCurl) write=curfew_core::curl/>
        </Show>
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
