//! The plan beside the form, live: what would be sent and whom it reaches, at every choice. Its button freezes the plan
//! and opens the gate. It must not send anything.

use super::wording;
use crate::state::{Clock, Estate, Form, TargetKind};
use crate::text::{Word, count, fill, locale, t};
use crate::ui::{Banner, Button, CodeBlock, Disclosure, Icon, Look, Tone};
use curfew_core::{DraftError, Kind, Plan, Reached, Warning};
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
            Some(Ok(plan)) => view! { <Summary plan=plan.clone()/> }.into_any(),
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

/// A plan, whole: for the panel and, with the same words, for the gate.
#[component]
pub(super) fn Summary(plan: Plan) -> impl IntoView {
    let lead = match plan.kind() {
        Kind::Users => t(Word::PlanUsers),
        Kind::Everybody => t(Word::PlanEverybody),
        Kind::Listed => count(Word::PlanListed, plan.session_count()),
    };
    let users = plan.users().map(|user| view! { <li class="mono">{user.to_owned()}</li> });
    let users = users.collect_view();
    let reached = if plan.reached().is_empty() {
        t(Word::PlanOnUnknown)
    } else {
        count(Word::PlanOn, plan.reached().len())
    };
    view! {
        <p class="plan-lead">{lead}</p>
        <ul class="plan-users">{users}</ul>
        <p class="plan-lead">{reached}</p>
        <Reach plan=plan.clone()/>
        <Warnings warnings=plan.warnings().to_vec()/>
        <p class="quiet">{t(Word::WhatStays)}</p>
        <Exact plan=plan/>
    }
}

/// The devices, by cluster.
#[component]
fn Reach(plan: Plan) -> impl IntoView {
    let clusters: Vec<String> = plan.reached_clusters().into_iter().map(str::to_owned).collect();
    let clustered = clusters.into_iter().map(|cluster| {
        let members = names(&plan, |device| device.cluster.as_deref() == Some(cluster.as_str()));
        row(cluster, &members)
    });
    let alone = names(&plan, |device| device.cluster.is_none());
    let alone = (!alone.is_empty()).then(|| row(t(Word::ReachStandalone), &alone));
    let rows: Vec<AnyView> = clustered.chain(alone).collect();
    let as_of = locale().clock(plan.as_of().0);
    view! {
        <Disclosure summary=t(Word::DevicesReached) open=plan.reached().len() <= 12>
            <dl class="reach">{rows}</dl>
            <p class="quiet">{fill(Word::ReachAsOf, &[("time", &as_of)])}</p>
        </Disclosure>
    }
}

fn names(plan: &Plan, wanted: impl Fn(&Reached) -> bool) -> Vec<String> {
    plan.reached().iter().filter(|device| wanted(device)).map(|d| d.name.clone()).collect()
}

fn row(term: String, members: &[String]) -> AnyView {
    let number = count(Word::DeviceCount, members.len());
    view! {
        <dt>{term} <span class="quiet">{number}</span></dt>
        <dd>{crate::text::listing(members.iter().map(String::as_str))}</dd>
    }
    .into_any()
}

/// What to beware of, each with its remedy where there is one.
#[component]
pub(super) fn Warnings(
    warnings: Vec<Warning>,
    /// Whether to offer remedies: a frozen plan can't be mended.
    #[prop(default = true)]
    remedies: bool,
) -> impl IntoView {
    let form = Form::get();
    let items: Vec<AnyView> = warnings
        .into_iter()
        .map(|warning| {
            let remedy = match &warning {
                Warning::DeviceInCluster { device, cluster, .. } if remedies => {
                    let (device, name) = (device.clone(), cluster.clone());
                    let label = fill(Word::UseCluster, &[("cluster", cluster)]);
                    let swap = Callback::new(move |()| {
                        form.chosen.update(|chosen| {
                            chosen.of_mut(TargetKind::Device).remove(&device);
                            chosen.of_mut(TargetKind::Cluster).insert(name.clone());
                        });
                    });
                    Some(view! { <Button label=label look=Look::Plain on_press=swap/> })
                }
                _ => None,
            };
            view! {
                <Banner tone=Tone::Warning heading=wording::warning(&warning)>
                    {remedy}
                </Banner>
            }
            .into_any()
        })
        .collect();
    view! { <div class="warnings">{items}</div> }
}

/// The requests to the letter, and the same for a shell.
#[component]
fn Exact(plan: Plan) -> impl IntoView {
    let many = plan.requests().len() > 1;
    let json = move |plan: &Plan| {
        let bodies: Vec<String> = plan.requests().iter().map(|r| r.to_pretty_json()).collect();
        bodies.join("\n\n")
    };
    let curl = |plan: &Plan| {
        let commands: Vec<String> = plan.requests().iter().map(curfew_core::curl).collect();
        commands.join("\n\n")
    };
    let request = if many { Word::RequestsMany } else { Word::Request };
    let block = |label: Word, text: String| {
        view! {
            <Disclosure summary=t(label)>
                <CodeBlock
                    label=t(label)
                    text=text
                    copy_label=t(Word::Copy)
                    copied_label=t(Word::Copied)
                    failed_label=t(Word::CopyFailed)
                />
            </Disclosure>
        }
    };
    view! {
        {block(request, json(&plan))}
        {block(Word::AsCurl, curl(&plan))}
    }
}
