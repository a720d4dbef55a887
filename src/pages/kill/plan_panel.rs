//! The plan next to the form, live: what would be sent and whom it affects, after every change. Its button freezes the
//! plan and opens the gate.

use super::copy_link::CopyLink;
use super::expandable_text::ExpandableText;
use super::reach::{all_devices, all_label, apart, reach, unimported};
use super::warnings::{Applied, warnings};
use crate::state::{Clock, Form, InventoryStore, LiveSessions};
use crate::ui::{Button, Disclosure, Icon, Look, Show, When, content, dynamic};
use curfew_core::count::Count;
use curfew_core::inventory::{HaRole, Live, SessionCounts};
use curfew_core::plan::{DraftError, KillRequest, Plan};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use text::sentences::{amount, count, plan};
use text::{exact, isolated, relative};

/// The result of checking the draft.
pub(in crate::pages) type CheckedDraft = Result<Plan, Vec<DraftError>>;

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
            Some(Ok(plan)) => plan::review(plan),
            Some(Err(_)) | None => text::review_empty(),
        })
    };
    let text = move |of: fn(&Plan) -> String| {
        Signal::derive(move || checked.with(|checked| plan_of(checked).map(of).unwrap_or_default()))
    };
    let (form, inventory_store) = (Form::get(), InventoryStore::get());
    let empty = Signal::derive(move || {
        checked.with(|checked| match checked {
            Some(Err(errors)) if let [only] = errors.as_slice() => plan::draft_error(only),
            None if form.is_reading() => text::paste_reading(),
            _ => text::plan_empty(),
        })
    });
    let blocked = Signal::derive(move || {
        inventory_store.reading().with(|reading| match (reading.data(), reading.error()) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(text::inventory_failed()),
            (None, None) => Some(text::reading()),
        })
    });
    view! {
        <section class="panel plan" aria-labelledby="plan-heading">
            <h2 id="plan-heading" prop:textContent=content(text::plan())/>
            <div class="plan-body">
                <Show
                    when=planned
                    fallback=move || view! { <p class="quiet" prop:textContent=content(empty)/> }
                >
                    {part(summary)}
                    {part(warnings_and_limits)}
                    <DeviceReadings checked=checked/>
                    <div class="plan-details">
                        <ExpandableText label=text(all_users_label) text=text(all_users)/>
                        <Disclosure summary=text::devices_reached()>{part(reach)}</Disclosure>
                        <ExpandableText label=text(all_label) text=text(all_devices)/>
                        <ExactRequests checked=checked/>
                        <CopyLink/>
                    </div>
                </Show>
            </div>
            <div class="plan-actions">
                <p class="plan-counts" prop:textContent=content(text(plan::counts))/>
                <Button
                    label=Signal::derive(label)
                    look=Look::Danger
                    icon=Icon::Stop
                    blocked=blocked
                    on_press=on_review
                />
            </div>
        </section>
    }
}

/// How many users have a line of their own. With hundreds, every change of the form would take a long time to draw.
const FIRST_USERS: usize = 50;

/// Who, how many sessions now, and where.
fn summary(plan: &Plan) -> AnyView {
    let mut users: Vec<AnyView> = counted_users(plan).take(FIRST_USERS).map(user_line).collect();
    let more = plan.users().count().saturating_sub(FIRST_USERS);
    if more > 0 {
        users.push(
            view! { <li class="quiet" prop:textContent=content(text::and_more(more))/> }.into_any(),
        );
    }
    for session in plan.named() {
        users.push(
            view! { <li class="mono" prop:textContent=content(plan::named_session(session))/> }
                .into_any(),
        );
    }
    let everybody = count::everybody_now(plan)
        .map(|now| view! { <p class="quiet" prop:textContent=content(now)/> });
    view! {
        <p class="plan-lead" prop:textContent=content(plan::lead(plan))/>
        {everybody}
        <ul class="plan-users">{users}</ul>
        <p prop:textContent=content(apart(plan))/>
    }
    .into_any()
}

/// What the kill does not end, and the warnings.
fn warnings_and_limits(plan: &Plan) -> AnyView {
    view! {
        <p class="quiet" prop:textContent=content(text::what_stays())/>
        <p class="quiet" prop:textContent=content(unimported(plan))/>
        {warnings(plan, Some(Applied::to_form()))}
    }
    .into_any()
}

/// How many devices have reported roles and sessions, when, and a button that reads all of them again.
#[component]
fn DeviceReadings(checked: Signal<Option<CheckedDraft>>) -> impl IntoView {
    let (inventory_store, live_sessions, clock) =
        (InventoryStore::get(), LiveSessions::get(), Clock::get());
    let count = Memo::new(move |_| {
        checked.with(|checked| {
            plan_of(checked).map_or(Count::Exactly(0), |plan| {
                Count::of(plan.reached().len(), plan.device_count().is_exact())
            })
        })
    });
    let reached = move || count.get().found();
    let lines = Memo::new(move |_| {
        let now = Timestamp(clock.now().get());
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
        let line = |(line, read_at): (String, Option<Timestamp>)| match read_at {
            Some(at) => {
                let exact = exact(at).into_text();
                view! { <p><When at_ms=at.0 shown=line exact=exact/></p> }.into_any()
            }
            None => view! { <p prop:textContent=content(line)/> }.into_any(),
        };
        lines.get().into_iter().map(line).collect::<Vec<_>>()
    };
    let unasked = Memo::new(move |_| {
        let few = reached() <= LiveSessions::UNASKED;
        !few && checked.with(|checked| {
            let mut devices = plan_of(checked).map_or(&[][..], Plan::reached).iter();
            devices.any(|device| !live_sessions.has_asked(&device.id))
        })
    });
    let beyond = move || {
        unasked.get().then(|| {
            view! { <p prop:textContent=content(text::checked_first(LiveSessions::UNASKED))/> }
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
        <Show when=Signal::derive(move || reached() > 0)>
            <div class="quiet">
                {dynamic(note)}
                {dynamic(beyond)}
                <Button
                    label=Signal::derive(move || {
                        if lines.with(Vec::is_empty) && live_sessions.is_asking() {
                            text::checking_devices()
                        } else {
                            let again = text::check_devices_again;
                            amount::on_button(count.get(), again, text::check_these_devices_again)
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
fn roles_note(plan: &Plan, live: &Live, now: Timestamp) -> Option<(String, Option<Timestamp>)> {
    let members = || plan.reached().iter().filter(|device| device.cluster.is_some());
    let oldest = members().filter_map(|device| live.role_at(&device.id)).min()?;
    let known = members().filter(|device| live.role(&device.id) != HaRole::Unknown).count();
    let all = Count::of(members().count(), plan.device_count().is_exact());
    Some((text::roles_known(known, &amount::number(all), &relative(oldest, now)), Some(oldest)))
}

/// A user, and where sessions of exactly this name are, if that is known.
struct CountedUser<'p> {
    name: &'p str,
    /// The number of sessions and the devices that they are on.
    sessions: Option<(String, String)>,
}

/// The plan's users with their sessions.
fn counted_users(plan: &Plan) -> impl Iterator<Item = CountedUser<'_>> {
    let counts = plan.session_counts().filter(|counts| has_counts(counts));
    plan.users().enumerate().map(move |(place, user)| {
        let of_user = counts.and_then(|counts| {
            let of_user = counts.users.get(place).filter(|count| count.user == *user)?;
            let number = count::sessions_now(counts.counted(of_user.sessions));
            Some((number, count::places(plan, &of_user.devices).into_text()))
        });
        CountedUser { name: user.as_str(), sessions: of_user }
    })
}

fn user_line(user: CountedUser<'_>) -> AnyView {
    let sessions = user.sessions.map(|(number, places)| {
        let number = [" ", &number].concat();
        view! { <span class="quiet" prop:textContent=content(number)/> <span class="quiet" prop:textContent=content(places)/> }
    });
    view! { <li><span class="mono" prop:textContent=content(isolated(user.name))/>{sessions}</li> }
        .into_any()
}

/// The label of [`all_users`]; empty if each user has a line.
fn all_users_label(plan: &Plan) -> String {
    let number = plan.users().count();
    if number > FIRST_USERS { text::all_users(number) } else { String::new() }
}

/// Every user, one per line, with the sessions.
fn all_users(plan: &Plan) -> String {
    let mut all = String::new();
    for user in counted_users(plan) {
        all.push_str(&isolated(user.name));
        for part in user.sessions.into_iter().flat_map(<[String; 2]>::from) {
            all.push_str(" · ");
            all.push_str(&part);
        }
        all.push('\n');
    }
    all
}

/// Whether sessions of any device were read.
fn has_counts(counts: &SessionCounts) -> bool {
    counts.as_of.is_some()
}

/// How certain the numbers of sessions are, and since when, and which are unknown.
fn session_counts_note(
    plan: &Plan,
    counts: &SessionCounts,
    now: Timestamp,
) -> Vec<(String, Option<Timestamp>)> {
    let Some(at) = counts.as_of.filter(|_| has_counts(counts)) else {
        return vec![(text::sessions_unknown(), None)];
    };
    let all = amount::number(counts.units());
    let read = text::sessions_known(counts.known, &all, &relative(at, now));
    let unread = count::unread(plan).map(|unread| (unread, None));
    [Some((read, Some(at))), unread].into_iter().flatten().collect()
}

/// The exact requests, also for a shell.
#[component]
fn ExactRequests(checked: Signal<Option<CheckedDraft>>) -> impl IntoView {
    let text = move |of: fn(&Plan) -> String| {
        Signal::derive(move || checked.with(|checked| plan_of(checked).map(of).unwrap_or_default()))
    };
    view! {
        <ExpandableText label=text(exact_label) text=text(|plan| each(plan, KillRequest::to_pretty_json)) exact=true/>
        <ExpandableText label=text::as_curl() text=text(|plan| each(plan, curfew_core::plan::curl)) exact=true/>
    }
}

fn exact_label(plan: &Plan) -> String {
    match plan.requests().len() {
        1 => text::exact_request(),
        many => text::exact_requests(many),
    }
}

fn each(plan: &Plan, write: fn(&KillRequest) -> String) -> String {
    plan.requests().iter().map(write).collect::<Vec<_>>().join("\n\n")
}

fn plan_of(checked: &Option<CheckedDraft>) -> Option<&Plan> {
    checked.as_ref()?.as_ref().ok()
}
