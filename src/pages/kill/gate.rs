//! The gate: repeats the frozen plan, asks what the plan's risk requires, and passes on the confirmed requests. It
//! stays open and busy until BIG-IQ has answered, and shows a rejection inside.

use super::expandable_text::ExpandableText;
use super::reach::{all_devices, all_label, apart};
use super::warnings::warnings;
use super::wording;
use crate::pages::error_text::{ErrorText, failure_text};
use crate::state::{CurrentRoute, Entry, Idle, Jobs, LiveSessions, SignIn, Storing};
use crate::text::{LISTED, Word, count, listing, listing_of, t};
use crate::ui::{Banner, Button, CodeBlock, Dialog, Look, TextField, Tone};
use crate::web::{dom, time, visibility};
use curfew_core::app::{Route, SERVICE_ACCOUNT};
use curfew_core::ids::MachineId;
use curfew_core::job::{Failure, NotSent, Phase, Refusal};
use curfew_core::plan::{Answer, GateError, Kind, Plan};
use leptos::prelude::*;

const PHRASE: &str = "gate-phrase";
const REASON: &str = "gate-reason";
/// In milliseconds. A press this soon after the gate appears, or after the page gets attention again, is a slip or a
/// trick: no one can have read the gate yet.
const TOO_SOON: f64 = 500.0;

/// A message in the gate.
#[derive(Debug, Clone, PartialEq)]
enum News {
    None,
    Wrong(GateError),
    /// The browser stores no record; sending anyway needs another press.
    Unstored,
    /// BIG-IQ rejected the request, or it could not be sent.
    Refused(Word, ErrorText, Option<Word>),
}

/// The dialog over the page; open while a plan is frozen.
#[component]
pub(super) fn GateDialog(frozen: RwSignal<Option<Plan>>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let open = Signal::derive(move || frozen.with(Option::is_some));
    let news = RwSignal::new(News::None);
    let refused = Signal::derive(move || matches!(news.get(), News::Refused(..)));
    let heading = move || {
        // After an answer, the heading is no longer a question.
        let named = if refused.get() { wording::act } else { wording::question };
        frozen.with(|plan| plan.as_ref().map(named).unwrap_or_default())
    };
    let close = Callback::new(move |()| {
        frozen.set(None);
        news.set(News::None);
    });
    view! {
        <Dialog open=open heading=Signal::derive(heading) on_close=close busy=busy>
            {move || {
                frozen.get().map(|plan| {
                    view! { <Questions plan=plan news=news refused=refused busy=busy close=close/> }
                })
            }}
        </Dialog>
    }
}

#[component]
fn Questions(
    plan: Plan,
    news: RwSignal<News>,
    refused: Signal<bool>,
    busy: RwSignal<bool>,
    close: Callback<()>,
) -> impl IntoView {
    let (jobs, sign_in, live_sessions) = (Jobs::get(), SignIn::get(), LiveSessions::get());
    let (current_route, idle) = (CurrentRoute::get(), Idle::get());
    let phrase = RwSignal::new(String::new());
    let reason = RwSignal::new(plan.reason().to_owned());
    let sent = RwSignal::new(None::<String>);
    let seen_since = StoredValue::new(time::monotonic_ms());
    visibility::on_attention(move || seen_since.set_value(time::monotonic_ms()));
    let by_proxy = (plan.binding().operator == SERVICE_ACCOUNT).then(|| t(Word::ByProxyBody));
    let asks_reason = plan.gate().wants_reason();
    let asked_phrase = plan.gate().phrase().map(wording::phrase);
    let label = wording::act(&plan);
    jobs.ask_tabs(&plan);
    let plan = StoredValue::new(plan);
    let elsewhere = move || {
        let n = plan.with_value(|plan| jobs.in_flight_elsewhere(plan));
        (n > 0 && !refused.get()).then(|| {
            view! {
                <Banner tone=Tone::Warning heading=count(Word::InFlightElsewhere, n)>
                    <p>{t(Word::InFlightElsewhereBody)}</p>
                </Banner>
            }
        })
    };

    let confirm = move || {
        if busy.get_untracked() || time::monotonic_ms() - seen_since.get_value() < TOO_SOON {
            return;
        }
        // The key that confirms may be the one that triggers the idle sign-out.
        if idle.end_if_over(false) || !sign_in.is_open_untracked() {
            return;
        }
        let answer = Answer { phrase: phrase.get_untracked(), reason: reason.get_untracked() };
        let storing = if news.get_untracked() == News::Unstored {
            Storing::IfPossible
        } else {
            Storing::Required
        };
        match plan.with_value(|plan| plan.confirm(&answer, wording::phrase)) {
            Err(missing) => {
                news.set(News::Wrong(missing));
                dom::focus(match missing {
                    GateError::Phrase => PHRASE,
                    GateError::Reason => REASON,
                });
            }
            Ok(confirmed) => match jobs.start(confirmed, storing) {
                Ok(batch) => {
                    live_sessions.outdate();
                    busy.set(true);
                    sent.set(Some(batch));
                }
                Err(_) => {
                    news.set(News::Unstored);
                    // The button has a new label: the second click of a double click must not count for it.
                    seen_since.set_value(time::monotonic_ms());
                }
            },
        }
    };
    // The answer leads to the job's page, or back here with the reason for the failure.
    Effect::new(move |_| {
        let Some(batch) = sent.get() else { return };
        let entries = jobs.batch(&batch);
        let go = match entries.as_slice() {
            [only] => match answered(only, &sign_in.operator().unwrap_or_default()) {
                None => return,
                Some(Ok(())) => Route::Job(only.id()),
                Some(Err(refused)) => {
                    busy.set(false);
                    sent.set(None);
                    news.set(refused);
                    return;
                }
            },
            // Several requests take a while: their page shows the progress.
            _ => Route::Job(batch),
        };
        busy.set(false);
        close.run(());
        current_route.go(&go);
    });

    let phrase_error = Signal::derive(move || {
        (news.get() == News::Wrong(GateError::Phrase)).then(|| t(Word::PhraseWrong))
    });
    let reason_error = Signal::derive(move || {
        (news.get() == News::Wrong(GateError::Reason)).then(|| t(Word::ReasonMissing))
    });
    let phrase_field = asked_phrase.map(|asked| {
        view! {
            <CodeBlock
                label=t(Word::GateType)
                text=asked
                copy_label=t(Word::Copy)
                copied_label=t(Word::Copied)
                failed_label=t(Word::CopyFailed)
            />
            <TextField
                id=PHRASE
                label=t(Word::GateType)
                value=phrase
                mono=true
                error=phrase_error
            />
        }
    });
    let reason_field = asks_reason.then(|| {
        view! { <TextField id=REASON label=t(Word::Reason) value=reason error=reason_error/> }
    });
    let message = move || match news.get() {
        News::None | News::Wrong(_) => ().into_any(),
        News::Unstored => view! {
            <Banner tone=Tone::Warning heading=t(Word::UnkeptHeading)>
                <p>{t(Word::UnkeptBody)}</p>
            </Banner>
        }
        .into_any(),
        News::Refused(heading, text, help) => view! {
            <Banner tone=Tone::Error heading=t(heading)>
                <p>{t(Word::NothingKilled)}</p>
                <p>{text.what}". "{text.next}</p>
                {text.bigiq.map(|words| view! { <p class="verbatim">{words}</p> })}
                <p>{help.map(t)}</p>
            </Banner>
        }
        .into_any(),
    };
    let act = {
        let label = StoredValue::new(label);
        Signal::derive(move || {
            if busy.get() {
                t(Word::Sending)
            } else if news.get() == News::Unstored {
                t(Word::SendUnkept)
            } else {
                label.get_value()
            }
        })
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                confirm();
            }
        >
            <p hidden=refused>{t(Word::GateConsequence)}</p>
            {plan.with_value(facts)}
            <div class="told" role="alert">{elsewhere}</div>
            <div class="told" role="alert">{message}</div>
            <div class="stack told" hidden=refused>
                {by_proxy.map(|text| view! { <p>{text}</p> })}
                {phrase_field}
                {reason_field}
            </div>
            <div class="dialog-actions">
                <Button
                    label=Signal::derive(move || {
                        t(if refused.get() { Word::BackToForm } else { Word::Cancel })
                    })
                    look=Look::Plain
                    blocked=Signal::derive(move || busy.get().then(|| t(Word::Sending)))
                    on_press=close
                />
                // A rejected plan is not sent again: the operator has to review it first.
                <Show when=move || !refused.get()>
                    <Button label=act look=Look::Danger submit=true busy=busy/>
                </Show>
            </div>
        </form>
    }
}

/// The plan's facts, repeated from the frozen plan.
fn facts(plan: &Plan) -> impl IntoView + use<> {
    let targets = plan.targets();
    let names = targets.groups.iter().chain(&targets.clusters).map(String::as_str);
    let ids: Vec<MachineId> = targets
        .devices
        .iter()
        .take(LISTED)
        .map(|device| MachineId::new(device.machine_id()))
        .collect();
    let devices = ids.iter().map(|id| wording::name_of(plan, id));
    let mut names: Vec<&str> = names.chain(devices).take(LISTED).collect();
    let mut all = targets.groups.len() + targets.clusters.len() + targets.devices.len();
    // Listed sessions are addressed by device only.
    if names.is_empty() {
        names.extend(plan.reached().iter().take(LISTED).map(|device| device.name.as_str()));
        all = plan.reached().len();
    }
    let names = listing_of(&names, all);
    let all = {
        let plan = plan.clone();
        Signal::derive(move || all_devices(&plan))
    };
    let sessions = plan.named().iter().map(wording::named);
    let (label, who): (Word, Vec<String>) = match plan.kind() {
        Kind::Listed => (Word::PasteSessions, sessions.collect()),
        Kind::Users | Kind::Everybody => {
            (Word::GateUsersList, plan.users().map(ToString::to_string).collect())
        }
    };
    // The question already names a single user.
    let is_told = who.len() > usize::from(plan.kind() == Kind::Users);
    let who = is_told.then(|| {
        // A plan that needs a phrase has too many names to read.
        let names = if plan.gate().wants_names() || plan.kind() == Kind::Listed {
            who.join(", ")
        } else {
            listing(who.iter().map(String::as_str))
        };
        view! {
            <dt>{t(label)}</dt>
            <dd class="mono">{names}</dd>
        }
    });
    let everybody = wording::everybody_now(plan).map(|now| {
        view! {
            <dt>{t(Word::LiveHeading)}</dt>
            <dd>{now}</dd>
        }
    });
    view! {
        <dl class="facts">
            {who}
            {everybody}
            <dt>{t(Word::GateTargets)}</dt>
            <dd>{names}</dd>
            <dt>{t(Word::DevicesReached)}</dt>
            <dd>{count(Word::DeviceCount, plan.reached().len())}</dd>
        </dl>
        <p>{apart(plan)}</p>
        <ExpandableText label=all_label(plan) text=all/>
        {warnings(plan, false)}
    }
}

/// The result of the only request: nothing yet, success, or the reason for the failure.
fn answered(entry: &Entry, operator: &str) -> Option<Result<(), News>> {
    entry.job.with(|job| match job.phase() {
        Phase::Confirmed | Phase::Sending => None,
        Phase::Unknown { .. } | Phase::Watched { .. } | Phase::Ended(_) => Some(Ok(())),
        Phase::Rejected(failure) => Some(Err(News::Refused(
            Word::RejectedHeading,
            failure_text(failure, operator),
            // Another plan helps only if this one was invalid.
            matches!(failure, Failure::Refused { refusal: Refusal::Invalid, .. })
                .then_some(Word::RejectedHelp),
        ))),
        Phase::NotSent(NotSent::Failed(failure)) => Some(Err(News::Refused(
            Word::NotSentHeading,
            failure_text(failure, operator),
            Some(Word::NotSentHelp),
        ))),
        Phase::NotSent(_) => Some(Err(News::Unstored)),
    })
}
