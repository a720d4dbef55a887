//! The gate: repeats the frozen plan, asks what the plan's risk requires, and passes on the confirmed requests. It
//! stays open and busy until BIG-IQ has answered, and shows a rejection inside.

use super::expandable_text::ExpandableText;
use super::proof::proof;
use super::reach::{all_devices, all_label, apart};
use super::warnings::{Applied, Remedy, warnings};
use crate::pages::by_hand;
use crate::pages::call_error::{Operation, call_error};
use crate::pages::error_text::{ErrorText, bigiq_words};
use crate::pages::watch_select::watch_select;
use crate::state::{ApiError, CurrentRoute, Entry, Idle, Jobs, SignIn, Storing};
use crate::ui::{
    Banner, Button, Dialog, LinkButton, Look, Show, TextField, Tone, content, dynamic,
};
use crate::web::{Latest, dom, effect, portal, time, visibility};
use curfew_core::app::{Route, SERVICE_ACCOUNT, Sight};
use curfew_core::engine::Trace;
use curfew_core::ids::{MachineId, TaskId};
use curfew_core::job::{Failure, Job, NotSent, Phase, Refusal};
use curfew_core::plan::{Answer, GateError, Kind, Plan};
use leptos::prelude::*;
use text::sentences::{count, plan, refusal};
use text::{LISTED, Label, first_names, isolated, list_of_texts};

const PHRASE: &str = "gate-phrase";
const REASON: &str = "gate-reason";
/// The button that confirms.
const CONFIRM: &str = "gate-confirm";
/// The dialog, from within.
const DIALOG: &str = "dialog:has(#gate)";
/// The question.
const HEADING: &str = "dialog:has(#gate) .dialog-heading";
/// In milliseconds. A press this soon after the gate appears, or after the page gets attention again, is a slip or a
/// trick: no one can have read the gate yet.
const TOO_SOON: f64 = 500.0;
/// Tasks that are read after a refusal: the latest, of all operators.
const NEWEST: usize = 50;

/// A message in the gate.
#[derive(Debug, Clone, PartialEq)]
enum GateMessage {
    None,
    Wrong(GateError),
    /// The browser stores no record; sending anyway needs another press.
    Unstored,
    /// The request was refused, or not sent.
    Refused(Refused),
}

/// Why a request was refused or not sent, and what can be done.
#[derive(Debug, Clone, PartialEq)]
struct Refused {
    /// Whether there was only no valid token to send it with. Now there is one, unless it could not be renewed.
    again: bool,
    /// What failed.
    text: Option<ErrorText>,
    /// What to do.
    help: Option<String>,
    /// That the kill started or may have started, if it did.
    started: Option<String>,
}

/// The dialog over the page; open while a plan is frozen.
#[component]
pub(in crate::pages) fn GateDialog(
    frozen: RwSignal<Option<Plan>>,
    /// Called when the plan's requests are sent, or queued to be sent.
    #[prop(optional)]
    on_sent: Option<Callback<()>>,
    /// Applies a remedy to the draft of the frozen plan, and freezes the plan that results, with the reason typed so far. Without it,
    /// the page has a form with the remedies.
    #[prop(optional)]
    on_remedy: Option<Callback<(Remedy, String)>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let open = Signal::derive(move || frozen.with(Option::is_some));
    let message = RwSignal::new(GateMessage::None);
    let refused = Signal::derive(move || {
        matches!(message.get(), GateMessage::Refused(Refused { again: false, .. }))
    });
    let heading = move || {
        // After an answer, the heading is no longer a question.
        let named = if refused.get() { plan::confirm } else { plan::question };
        frozen.with(|plan| plan.as_ref().map(named).unwrap_or_default())
    };
    let watch = RwSignal::default();
    let close = Callback::new(move |()| {
        frozen.set(None);
        watch.set(String::new());
        message.set(GateMessage::None);
    });
    view! {
        <Dialog
            open=open
            heading=Signal::derive(heading)
            on_close=close
            busy=busy
            on_enter=Callback::new(|()| dom::press(CONFIRM))
        >
            {dynamic(move || {
                frozen.get().map(|plan| {
                    view! { <GateForm plan=plan message=message refused=refused busy=busy watch=watch close=close on_sent=on_sent on_remedy=on_remedy/> }
                })
            })}
        </Dialog>
    }
}

#[component]
fn GateForm(
    plan: Plan,
    message: RwSignal<GateMessage>,
    refused: Signal<bool>,
    busy: RwSignal<bool>,
    watch: RwSignal<String>,
    close: Callback<()>,
    on_sent: Option<Callback<()>>,
    on_remedy: Option<Callback<(Remedy, String)>>,
) -> impl IntoView {
    let gate = OpenGate::open(plan, message, busy, watch);
    let by_proxy = gate.plan.with_value(|plan| plan.account().operator == SERVICE_ACCOUNT);
    let by_proxy = by_proxy.then(text::by_proxy_body);
    let elsewhere = move || {
        let n = gate.plan.with_value(|plan| gate.jobs.in_flight_elsewhere(plan));
        (n > 0 && !refused.get()).then(|| elsewhere_banner(n))
    };
    // The answer leads to the job's page, or back here with the reason for the failure.
    let current_route = CurrentRoute::get();
    effect(move || {
        if let Some(route) = gate.answered() {
            close.run(());
            if let Some(on_sent) = on_sent {
                on_sent.run(());
            }
            current_route.go(&route);
        }
    });
    effect(move || gate.watch_sight());
    let label = StoredValue::new(gate.plan.with_value(plan::confirm));
    let act = Signal::derive(move || {
        if busy.get() {
            text::sending()
        } else {
            match message.get() {
                GateMessage::Unstored => text::not_stored_send(),
                GateMessage::Refused(_) => text::confirm_again(),
                _ => label.get_value(),
            }
        }
    });
    view! {
        <form
            id="gate"
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                gate.confirm();
            }
        >
            <p hidden=refused prop:textContent=content(text::two_sentences(&text::gate_consequence(), &text::what_stays()))/>
            {gate.plan.with_value(facts)}
            {gate.warnings(on_remedy)}
            <div class="collapse-empty" role="alert">{dynamic(elsewhere)}</div>
            <div class="collapse-empty" role="alert">{dynamic(move || banner(message.get(), gate.sign_in))}</div>
            {dynamic(move || refused.get().then(|| gate.by_hand()).flatten())}
            <div class="stack collapse-empty" hidden=refused>
                {by_proxy.map(|text| view! { <p prop:textContent=content(text)/> })}
                {gate.plan.with_value(proof)}
                {gate.phrase_field()}
                {gate.reason_field()}
                {watch_select(gate.watch.into(), Callback::new(move |minutes| gate.watch.set(minutes)))}
            </div>
            <p class="quiet" role="status" prop:textContent=content(move || {
                if gate.too_early.get() { text::gate_too_early() } else { String::new() }
            })/>
            <div class="dialog-actions">
                <Button
                    label=Signal::derive(move || {
                        if refused.get() { text::back_to_form() } else { text::cancel() }
                    })
                    look=Look::Plain
                    blocked=Signal::derive(move || busy.get().then(text::sending))
                    on_press=close
                />
                // A rejected plan is not sent again: the operator has to review it first.
                <Show when=Signal::derive(move || !refused.get())>
                    <Button
                        id=CONFIRM
                        label=act
                        look=Look::Danger
                        submit=true
                        busy=busy
                        blocked=Signal::derive(move || gate.is_hidden().then(text::gate_hidden))
                    />
                </Show>
            </div>
        </form>
    }
}

/// An open gate: its plan, the answers, and what became of the last press.
#[derive(Clone, Copy)]
struct OpenGate {
    plan: StoredValue<Plan>,
    phrase: RwSignal<String>,
    reason: RwSignal<String>,
    /// How many minutes to watch for return; empty for none.
    watch: RwSignal<String>,
    message: RwSignal<GateMessage>,
    busy: RwSignal<bool>,
    /// The batch that was started.
    sent: RwSignal<Vec<Entry>>,
    /// Since when the operator can have read it, by the monotonic clock.
    seen_since: StoredValue<f64>,
    /// Whether the operator can see it, as the browser reports; `None` outside of frames, and in browsers without such reports.
    in_sight: RwSignal<Option<bool>>,
    /// Whether the last press came too early.
    too_early: RwSignal<bool>,
    renewal: Latest,
    jobs: Jobs,
    sign_in: SignIn,
    idle: Idle,
}

impl OpenGate {
    fn open(
        plan: Plan,
        message: RwSignal<GateMessage>,
        busy: RwSignal<bool>,
        watch: RwSignal<String>,
    ) -> Self {
        let jobs = Jobs::get();
        jobs.ask_tabs(&plan);
        let seen_since = StoredValue::new(time::monotonic_ms());
        visibility::on_attention(move || seen_since.set_value(time::monotonic_ms()));
        let sign_in = SignIn::get();
        // The key that signs in again must not also confirm, when the focus returns to the button.
        effect(move || {
            sign_in.is_signed_in();
            // guard: sign-in-key-confirms-nothing
            seen_since.set_value(time::monotonic_ms());
        });
        Self {
            phrase: RwSignal::default(),
            watch,
            reason: RwSignal::new(plan.reason().to_owned()),
            plan: StoredValue::new(plan),
            message,
            busy,
            sent: RwSignal::default(),
            seen_since,
            in_sight: RwSignal::new(None),
            too_early: RwSignal::new(false),
            renewal: Latest::new(),
            jobs,
            sign_in,
            idle: Idle::get(),
        }
    }

    /// In a portal's frame, follows whether the operator can see the gate.
    fn watch_sight(self) {
        let dialog = document().query_selector(DIALOG).ok().flatten();
        let Some(dialog) = dialog.filter(|_| portal::is_framed()) else { return };
        let reports = visibility::on_sight(&dialog, move |uncovered, share| {
            self.in_sight.set(Some(Sight { uncovered, share }.is_whole()));
            // The operator can't have read it before.
            self.seen_since.set_value(time::monotonic_ms());
        });
        // Until the first report.
        self.in_sight.set(reports.then(|| Sight::default().is_whole()));
        // The frame may reach below the window.
        dialog.scroll_into_view();
    }

    /// Whether the page around the frame hides the gate, as far as the browser reports. Tracked.
    fn is_hidden(self) -> bool {
        self.in_sight.get() == Some(false)
    }

    /// Starts the jobs if the answers are right, and says what is wrong otherwise.
    fn confirm(self) {
        let seen_for = time::monotonic_ms() - self.seen_since.get_value();
        if self.busy.get_untracked() {
            return;
        }
        self.too_early.set(seen_for < TOO_SOON);
        if seen_for < TOO_SOON {
            return;
        }
        // guard: gate-in-sight
        if untrack(|| self.is_hidden()) {
            return;
        }
        // The key that confirms may be the one that triggers the idle sign-out.
        if self.idle.end_if_over(false) || !self.sign_in.is_open_untracked() {
            return;
        }
        let answer =
            Answer { phrase: self.phrase.get_untracked(), reason: self.reason.get_untracked() };
        let storing = if self.message.get_untracked() == GateMessage::Unstored {
            Storing::IfPossible
        } else {
            Storing::Required
        };
        match self.plan.with_value(|plan| plan.confirm(&answer, plan::phrase)) {
            Err(missing) => {
                self.message.set(GateMessage::Wrong(missing));
                dom::focus(match missing {
                    GateError::Phrase => PHRASE,
                    GateError::Reason => REASON,
                });
            }
            Ok(confirmed) => match self.jobs.start(confirmed, storing, self.watch_minutes()) {
                Ok(batch) => {
                    self.busy.set(true);
                    self.sent.set(untrack(|| self.jobs.batch(&batch)));
                }
                Err(_) => {
                    self.message.set(GateMessage::Unstored);
                    // The button has a new label: the second click of a double click must not count for it.
                    self.seen_since.set_value(time::monotonic_ms());
                }
            },
        }
    }

    fn watch_minutes(self) -> Option<u32> {
        self.watch.get_untracked().parse().ok()
    }

    /// Where to go once BIG-IQ has answered; a failure stays here with its reason. Tracked.
    fn answered(self) -> Option<Route> {
        let sent = self.sent.get();
        let route = match sent.as_slice() {
            [] => return None,
            [only] => match answered(only)? {
                Ok(()) => Route::Job(only.id()),
                Err(None) => {
                    self.sent.set(Vec::new());
                    self.show(GateMessage::Unstored);
                    return None;
                }
                Err(Some(refused)) => {
                    self.sent.set(Vec::new());
                    if refused.again || only.job.with_untracked(Job::may_have_started) {
                        self.look_and_show(refused, only.clone());
                    } else {
                        self.show(GateMessage::Refused(refused));
                    }
                    return None;
                }
            },
            // Several requests take a while: their page shows the progress.
            [first, ..] => Route::Batch(first.batch.id.clone()),
        };
        self.busy.set(false);
        Some(route)
    }

    /// Renews the sign-in, looks for the task of the request in BIG-IQ's list if it was sent, and then shows the result. Nothing
    /// is sent by itself. If BIG-IQ has ended the sign-in, the dialog to sign in again opens over the gate.
    fn look_and_show(self, mut refused: Refused, entry: Entry) {
        self.renewal.run(async move {
            let list = self.sign_in.ask(async |client| {
                client.renew().await?;
                Ok(client.tasks(0, NEWEST).await.ok())
            });
            let list = list.await;
            let operator = self.sign_in.operator().unwrap_or_default();
            // guard: refused-looked-up
            if entry.job.with_untracked(Job::may_have_started) {
                let page = list.as_ref().ok().and_then(Option::as_ref);
                let trace = page.map_or(Trace::Unclear, |page| {
                    entry
                        .job
                        .with_untracked(|job| page.trace_of(job, &operator, &self.known_tasks()))
                });
                refused.started = refusal::trace(&trace);
            }
            if refused.again {
                let failed = list.err().filter(|error| *error != ApiError::SignInNeeded);
                refused.text = failed.map(|error| call_error(&error, Operation::Kill, &operator));
            }
            self.show(GateMessage::Refused(refused));
        });
    }

    /// The kill as commands, for a request that BIG-IQ refused or never got.
    fn by_hand(self) -> Option<AnyView> {
        self.plan.with_value(|plan| by_hand::commands(plan.requests(), plan.reached()))
    }

    /// The warnings, with remedies where the page has no form for them. After an answer there is none: what it says is about this plan,
    /// which may have started.
    fn warnings(self, on_remedy: Option<Callback<(Remedy, String)>>) -> AnyView {
        let answered =
            Memo::new(move |_| self.message.with(|m| matches!(m, GateMessage::Refused(_))));
        let apply = move |on_remedy: Callback<(Remedy, String)>| {
            let by = Callback::new(move |remedy| {
                // The button is removed with its plan, and the question is another now.
                dom::focus_first(HEADING);
                self.message.set(GateMessage::None);
                on_remedy.run((remedy, self.reason.get_untracked()));
            });
            let busy = self.busy;
            // guard: sent-plan-stays
            Applied::to_frozen(by, Signal::derive(move || busy.get().then(text::sending)))
        };
        dynamic(move || {
            // guard: answered-plan-stays
            let applied = on_remedy.filter(|_| !answered.get()).map(apply);
            self.plan.with_value(|plan| warnings(plan, applied))
        })
    }

    /// The tasks of the operator's jobs.
    fn known_tasks(self) -> Vec<TaskId> {
        let jobs = untrack(|| self.jobs.all());
        let task = |entry: &Entry| entry.job.with_untracked(|job| job.task_id().cloned());
        jobs.iter().filter_map(task).collect()
    }

    /// Shows a message about the last press, and allows another one once it can have been read.
    fn show(self, message: GateMessage) {
        self.message.set(message);
        self.seen_since.set_value(time::monotonic_ms());
        self.busy.set(false);
    }

    /// The phrase and its field, if the gate asks for one.
    fn phrase_field(self) -> Option<AnyView> {
        let asked = self.plan.with_value(|plan| plan.gate().phrase().map(plan::phrase))?;
        let error = self.error(GateError::Phrase, text::phrase_wrong);
        let view = view! {
            // No button copies it: typing is the point.
            <div class="code"><pre><code translate="no" dir="auto" prop:textContent=content(asked)/></pre></div>
            <TextField id=PHRASE label=text::gate_type() value=self.phrase mono=true error=error/>
        };
        Some(view.into_any())
    }

    /// The field for the reason, if the gate asks for one.
    fn reason_field(self) -> Option<AnyView> {
        let error = self.error(GateError::Reason, text::reason_missing);
        let field =
            || view! { <TextField id=REASON label=text::reason() value=self.reason error=error/> };
        self.plan.with_value(|plan| plan.gate().wants_reason()).then(|| field().into_any())
    }

    fn error(self, which: GateError, text: Label) -> Signal<Option<String>> {
        Signal::derive(move || (self.message.get() == GateMessage::Wrong(which)).then(text))
    }
}

/// That other tabs have the same requests in flight.
fn elsewhere_banner(requests: usize) -> AnyView {
    view! {
        <Banner tone=Tone::Warning heading=text::in_flight_elsewhere(requests)>
            <p prop:textContent=content(text::in_flight_elsewhere_body())/>
        </Banner>
    }
    .into_any()
}

/// What became of the last press, if the fields don't show it.
fn banner(message: GateMessage, sign_in: SignIn) -> AnyView {
    match message {
        GateMessage::None | GateMessage::Wrong(_) => ().into_any(),
        GateMessage::Unstored => view! {
            <Banner tone=Tone::Warning heading=text::not_stored_heading()>
                <p prop:textContent=content(text::not_stored_body())/>
            </Banner>
        }
        .into_any(),
        // The dialog to sign in again is open.
        GateMessage::Refused(Refused { again: true, text: None, .. })
            if !sign_in.is_signed_in() =>
        {
            ().into_any()
        }
        GateMessage::Refused(refused) => refused.view(),
    }
}

impl Refused {
    fn view(self) -> AnyView {
        let Self { again, text, mut help, started } = self;
        let (tone, heading) = match (again, &text) {
            (true, None) => {
                help = Some(text::sign_in_renewed_body());
                (Tone::Warning, text::sign_in_renewed())
            }
            (true, Some(_)) => (Tone::Warning, text::sign_in_not_renewed()),
            (false, _) if started.is_some() => (Tone::Error, text::headline_rejected()),
            (false, _) => (Tone::Error, text::rejected_heading()),
        };
        let tasks = started.is_some().then(|| {
            let (label, href) = (text::tasks_title(), Route::Jobs.href());
            view! { <LinkButton label=label href=href look=Look::Plain/> }
        });
        let what = text.as_ref().map(ErrorText::what_and_next);
        let words = text.and_then(|text| text.bigiq.as_deref().map(bigiq_words));
        view! {
            <Banner tone=tone heading=heading>
                <p prop:textContent=content(started.unwrap_or_else(text::nothing_killed))/>
                <p prop:textContent=content(what)/>
                {words}
                <p prop:textContent=content(help)/>
                {tasks}
            </Banner>
        }
        .into_any()
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
    let devices = ids.iter().map(|id| plan::name_of(plan, id));
    let mut names: Vec<&str> = names.chain(devices).take(LISTED).collect();
    let mut all = targets.groups.len() + targets.clusters.len() + targets.devices.len();
    // Listed sessions are addressed by device only.
    if names.is_empty() {
        names.extend(plan.reached().iter().take(LISTED).map(|device| device.name.as_str()));
        all = plan.reached().len();
    }
    let names = first_names(&names, all).into_text();
    let names =
        if plan.is_everywhere() { text::labelled(&text::everywhere(), &names) } else { names };
    let all = {
        let plan = plan.clone();
        Signal::derive(move || all_devices(&plan))
    };
    let sessions = plan.named().iter().map(plan::named_session);
    let (label, who): (String, Vec<String>) = match plan.kind() {
        Kind::Listed => (text::paste_sessions(), sessions.collect()),
        Kind::Users | Kind::Everybody => {
            (text::gate_users_list(), plan.users().map(|user| isolated(user.as_str())).collect())
        }
    };
    // The question already names a single user.
    let shows_who = who.len() > usize::from(plan.kind() == Kind::Users);
    let who = shows_who.then(|| {
        // A plan that needs a phrase has too many names to read.
        let lines = if plan.gate().wants_names() || plan.kind() == Kind::Listed {
            who
        } else {
            vec![list_of_texts(&who).into_text()]
        };
        let line = |name: String| {
            view! { <span translate="no" prop:textContent=content(name)/> }.into_any()
        };
        let lines: Vec<AnyView> = lines.into_iter().map(line).collect();
        view! {
            <dt prop:textContent=content(label)/>
            <dd class="mono lines">{lines}</dd>
        }
    });
    let now = count::everybody_now(plan).or_else(|| count::user_now(plan));
    let live = now.map(|now| {
        // What was read, and what was not: a number alone doesn't say why it is a lower bound.
        let read = plan.session_counts().and_then(count::units_read);
        let lines = [Some(now), read, count::unread(plan)].into_iter().flatten();
        let line = |line: String| view! { <span prop:textContent=content(line)/> }.into_any();
        let lines: Vec<AnyView> = lines.map(line).collect();
        view! {
            <dt prop:textContent=content(text::live_heading())/>
            <dd class="lines">{lines}</dd>
        }
    });
    view! {
        <dl class="facts">
            {who}
            {live}
            <dt prop:textContent=content(text::gate_targets())/>
            <dd prop:textContent=content(names)/>
            <dt prop:textContent=content(text::devices_reached())/>
            <dd prop:textContent=content(plan::devices(plan))/>
        </dl>
        <p prop:textContent=content(apart(plan))/>
        <ExpandableText label=all_label(plan) text=all/>
    }
}

/// The result of the only request: nothing yet, success, or why it failed; `Err(None)` if its record can't be stored.
fn answered(entry: &Entry) -> Option<Result<(), Option<Refused>>> {
    let operator = &entry.batch.account.operator;
    entry.job.with(|job| match job.phase() {
        Phase::Confirmed | Phase::Sending => None,
        Phase::Unknown { .. } | Phase::Watched { .. } | Phase::Ended(_) => Some(Ok(())),
        // If the proxy signs in, it has refused its own token, and there is none to renew.
        Phase::NotSent(NotSent::Failed(_)) | Phase::Rejected(_)
            if job.lacked_token()
                && (operator != SERVICE_ACCOUNT || matches!(job.phase(), Phase::NotSent(_))) =>
        {
            Some(Err(Some(Refused { again: true, text: None, help: None, started: None })))
        }
        Phase::Rejected(failure) => Some(Err(Some(Refused {
            again: false,
            text: Some(refusal::failure(failure, Operation::Kill, operator)),
            // Another plan helps only if this one was invalid.
            help: matches!(failure, Failure::Refused { refusal: Refusal::Invalid, .. })
                .then(text::rejected_help),
            started: None,
        }))),
        Phase::NotSent(_) => Some(Err(None)),
    })
}
