//! The kill page: who, where and why on the left, the plan on the right, and the gate. Only the gate sends, after the
//! operator has confirmed.

mod copy_link;
mod expandable_text;
mod filters;
mod gate;
mod live_list;
mod long_text_field;
mod odd_names;
mod paste_reading;
mod plan_maker;
mod plan_panel;
mod proof;
mod reach;
mod saved_targets;
mod session_paste;
mod similar;
mod suggestions;
mod target_paste;
mod targets;
mod warnings;
mod who;

use crate::pages::call_error::{Operation, call_error};
use crate::pages::error_text::bigiq_words;
use crate::pages::options::ListText;
use crate::state::{Clock, Form, InventoryStore, LiveSessions, SignIn, TargetStore};
use crate::ui::{
    Banner, Button, ErrorSummary, FieldError, Look, Show, TextField, Tone, announce, content,
    dynamic,
};
use crate::web::{dom, effect, keys};
use curfew_core::app::Prefill;
use curfew_core::ids::MachineId;
use curfew_core::inventory::Gap;
use curfew_core::plan::{DraftError, Kind, Plan};
use curfew_core::timestamp::Timestamp;
pub(super) use gate::GateDialog;
use leptos::prelude::*;
use live_list::LiveSessionList;
pub(super) use live_list::user_name;
use long_text_field::SESSIONS;
pub(super) use plan_maker::PlanMaker;
use plan_panel::{CheckedDraft, PlanPanel};
pub(super) use saved_targets::saved_offers;
pub(super) use similar::similar_names;
use targets::{TARGETS, Targets};
use text::Label;
use text::sentences::plan;
use text::{list_of_names, relative};
pub(super) use warnings::Remedy;
use who::{USERS, Who};

/// The summary of the draft's errors.
const ERRORS: &str = "kill-errors";

/// Checks the draft with what is known.
#[derive(Clone, Copy)]
struct DraftCheck {
    form: Form,
    maker: PlanMaker,
    inventory_store: InventoryStore,
    live_sessions: LiveSessions,
}

impl DraftCheck {
    fn get() -> Self {
        let form = Form::get();
        let changed = Signal::derive(move || {
            form.users.track();
            _ = form.user_answers.get();
        });
        let names = Callback::new(move |()| form.draft().user_list().names);
        let maker = PlanMaker::get(changed, names);
        let PlanMaker { inventory_store, live_sessions, .. } = maker;
        Self { form, maker, inventory_store, live_sessions }
    }

    /// The draft, checked now; `None` without an inventory, and while a list is still being read. Tracked.
    fn run(self) -> Option<CheckedDraft> {
        if self.form.is_reading() { None } else { self.maker.make(&self.form.draft()) }
    }

    /// The draft, checked after each change.
    fn memo(self) -> Memo<Option<CheckedDraft>> {
        let clock = Clock::get();
        // Time alone changes the result only once.
        let stale = Memo::new(move |_| {
            let now = Timestamp(clock.now().get());
            self.inventory_store.inventory().is_some_and(|inventory| inventory.is_stale(now))
        });
        Memo::new(move |_| {
            _ = stale.get();
            self.run()
        })
    }

    /// The devices that the plan reaches. Without a plan those of the targets: the user's name may be typed later. Tracked.
    fn reached(self, checked: &Option<CheckedDraft>) -> Vec<MachineId> {
        match (checked, self.inventory_store.inventory()) {
            (Some(Ok(plan)), _) => plan.reached().iter().map(|device| device.id.clone()).collect(),
            (Some(Err(_)), Some(inventory)) if self.form.kind() != Kind::Listed => {
                self.form.targets.with(|targets| targets.reached(&inventory))
            }
            _ => Vec::new(),
        }
    }

    /// Reads the devices that a plan reaches as soon as it reaches them, but not while the gate is open: new lists must
    /// not change the plan that it shows.
    fn read_devices(self, reached: Memo<Vec<MachineId>>, frozen: RwSignal<Option<Plan>>) {
        let gate_open = Memo::new(move |_| frozen.with(Option::is_some));
        effect(move || {
            let devices = reached.get();
            self.live_sessions.track_outdated();
            if gate_open.get() {
                return;
            }
            if let (Some(inventory), false) = (self.inventory_store.inventory(), devices.is_empty())
            {
                self.live_sessions.read_missing(inventory, devices);
            }
        });
    }

    /// Opens the gate with the plan. If there is none, says why: in `asked`, whether the operator has tried.
    fn review(
        self,
        reached: Memo<Vec<MachineId>>,
        frozen: RwSignal<Option<Plan>>,
        asked: RwSignal<bool>,
    ) {
        // Checked again: the form may have been open for an hour.
        match untrack(move || self.run()) {
            Some(Ok(plan)) => {
                // The sessions before the kill are read while the operator reads: the kill never waits for them.
                let inventory = untrack(move || self.inventory_store.inventory());
                let asking = self.live_sessions.busy().get_untracked();
                if let (Some(inventory), false) = (inventory, asking) {
                    self.live_sessions.read_missing(inventory, reached.get_untracked());
                }
                frozen.set(Some(plan.because(&self.form.reason.read_untracked())));
            }
            Some(Err(_)) => {
                asked.set(true);
                // When it first appears, the summary takes the focus by itself.
                dom::focus(ERRORS);
            }
            None if untrack(move || self.form.is_reading()) => announce(text::paste_reading()),
            // The button's label says why.
            None => {}
        }
    }
}

/// The page.
#[component]
pub fn KillPage() -> impl IntoView {
    let check = DraftCheck::get();
    let form = check.form;
    effect(move || {
        if let Some(inventory) = check.inventory_store.inventory() {
            form.take_suggestion(&inventory);
        }
    });
    let checked = check.memo();
    let reached = Memo::new(move |_| checked.with(|checked| check.reached(checked)));
    let frozen = RwSignal::new(None::<Plan>);
    check.read_devices(reached, frozen);
    // Errors appear after the operator tried to continue, and disappear as they are corrected.
    let asked = RwSignal::new(false);
    let errors = Memo::new(move |_| match checked.get() {
        Some(Err(errors)) if asked.get() => errors,
        _ => Vec::new(),
    });
    // The title reports errors too, for users of screen readers.
    effect(move || form.has_errors.set(!errors.with(Vec::is_empty)));
    on_cleanup(move || form.has_errors.set(false));
    let error_at = move |id: &'static str| {
        Signal::derive(move || {
            errors.with(|errors| errors.iter().find(|e| field(e) == id).map(plan::draft_error))
        })
    };
    let review = Callback::new(move |()| check.review(reached, frozen, asked));
    keys::on_review(review);
    let summary = Signal::derive(move || {
        errors.with(|errors| {
            errors
                .iter()
                .map(|e| FieldError { field: field(e).to_owned(), text: plan::draft_error(e) })
                .collect::<Vec<_>>()
        })
    });
    // The region exists before it has content.
    let unknown = view! { <div class="collapse-empty" role="alert">
        {dynamic(move || {
                let mut notes = suggestions::notes(form, check.inventory_store);
                notes.extend(unknown_from_link(form));
                notes
            })}
    </div> };
    let store = TargetStore::get();
    let sent = Callback::new(move |()| {
        check.live_sessions.skip_due();
        let draft = untrack(move || form.draft());
        // Listed sessions have no targets.
        if draft.kind != Kind::Listed {
            let targets = Prefill::targets_of(&draft);
            store.change(&mut |saved| saved.note_recent(&targets));
        }
        form.clear_sent();
    });
    let clear = Callback::new(move |()| {
        asked.set(false);
        form.clear();
    });
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::kill_title())/>
        <ErrorSummary id=ERRORS heading=text::there_is_a_problem() items=summary/>
        {unknown}
        <div class="collapse-empty" role="alert"><InventoryStatus/></div>
        <form
            class="columns kill-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                review.run(());
            }
        >
            <div class="stack">
                <Who user_error=error_at(USERS) session_error=error_at(SESSIONS)/>
                <Targets error=error_at(TARGETS)/>
                <Show when=Signal::derive(move || form.kind() == Kind::Listed)>
                    <LiveSessionList/>
                </Show>
                {why(form)}
                <p><Button label=text::clear_form() look=Look::Quiet on_press=clear/></p>
            </div>
            <PlanPanel checked=checked.into() on_review=review/>
        </form>
        <GateDialog frozen=frozen on_sent=sent/>
    }
}

/// The names from a link that could not be used. Tracked.
fn unknown_from_link(form: Form) -> Vec<AnyView> {
    let lists: [(ListText, _); 2] =
        [(text::unknown_from_link, form.unknown), (text::paste_several, form.ambiguous)];
    let banners = lists.into_iter().filter_map(|(heading, names)| {
        let names = names.get();
        (!names.is_empty()).then(|| {
            let heading = heading(&list_of_names(names.iter().map(String::as_str)));
            view! { <Banner tone=Tone::Warning heading=heading/> }.into_any()
        })
    });
    banners.collect()
}

/// The section "Why".
fn why(form: Form) -> AnyView {
    view! {
        <section class="panel" aria-labelledby="why-heading">
            <h2 id="why-heading" prop:textContent=content(text::section_why())/>
            <TextField
                id="kill-reason"
                label=text::reason()
                hint=text::reason_hint()
                value=form.reason
            />
        </section>
    }
    .into_any()
}

fn field(error: &DraftError) -> &'static str {
    match error {
        DraftError::NoUser | DraftError::UsersInDoubt(_) | DraftError::UnreadableUsers(_) => USERS,
        DraftError::NoSession => SESSIONS,
        DraftError::NoTarget | DraftError::Vanished(_) => TARGETS,
    }
}

/// The state of the inventory's reading: loading, failed, empty.
#[component]
fn InventoryStatus() -> impl IntoView {
    let (inventory_store, sign_in, clock) = (InventoryStore::get(), SignIn::get(), Clock::get());
    // The list itself announces how many entries there are.
    effect(move || {
        if inventory_store
            .reading()
            .with(|reading| reading.data().is_none() && reading.error().is_none())
        {
            announce(text::reading());
        }
    });
    let again = move |label: Label| {
        let read = Callback::new(move |()| inventory_store.read());
        view! { <Button label=label() look=Look::Plain on_press=read/> }
    };
    move || {
        inventory_store.reading().with(|reading| {
            if let Some(error) = reading.error() {
                let text = call_error(
                    error,
                    Operation::ReadDevices,
                    &sign_in.operator().unwrap_or_default(),
                );
                let listed =
                    reading.data().filter(|inventory| !inventory.gaps().contains(&Gap::Lists));
                let stale = listed.map(|inventory| {
                    let (read, now) = (inventory.read_at(), clock.now());
                    let ago = move || relative(read, Timestamp(now.get()));
                    view! { <p prop:textContent=content(move || text::inventory_stale(&ago()))/> }
                });
                // An older inventory can still be used.
                let tone = if stale.is_some() { Tone::Warning } else { Tone::Error };
                return view! {
                    <Banner tone=tone heading=text::inventory_failed()>
                        <p prop:textContent=content(text.what_and_next())/>
                        {text.bigiq.as_deref().map(bigiq_words)}
                        {stale}
                        <p prop:textContent=content(text::inventory_typed())/>
                        {again(text::retry)}
                    </Banner>
                }
                .into_any();
            }
            match reading.data() {
                Some(inventory) if inventory.devices().is_empty() => view! {
                    <Banner tone=Tone::Info heading=text::inventory_empty()>
                        <p prop:textContent=content(text::inventory_empty_help())/>
                        {again(text::refresh)}
                    </Banner>
                }
                .into_any(),
                // The lists' own placeholders show that they are loading.
                None | Some(_) => ().into_any(),
            }
        })
    }
}
