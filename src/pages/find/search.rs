//! What the search page knows: the query, the table, what of it matches and is selected, and the reviews that it starts.

use crate::pages::kill::{PlanMaker, Remedy};
use crate::state::{CurrentRoute, Form, InventoryStore, LiveSessions, SignIn};
use crate::ui::announce;
use crate::web::{Latest, download, effect, rest, sleep, time};
use curfew_core::app::Route;
use curfew_core::count::Count;
use curfew_core::find::{
    By, FoundSession, Overview, Query, Ranking, Rule, RuleProblem, SessionTable, SortBy, is_place,
    is_session,
};
use curfew_core::ids::{MachineId, UserName};
use curfew_core::input::{SessionSelection, as_pasted, recognised_list};
use curfew_core::inventory::{Changes, Inventory, Live, SessionCounts, UnitId};
use curfew_core::plan::{Draft, Plan};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use text::sentences;

/// The search field, which a sign-in leads to.
pub(in crate::pages) const QUERY: &str = "find-query";
/// How often the table is made again while answers arrive.
const REDRAW: Duration = Duration::from_millis(200);
/// How many names of each kind the overview shows.
const TOP: usize = 8;

/// The sessions of the whole estate in numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Numbers {
    pub(super) rankings: Vec<Ranking>,
    pub(super) changes: Changes,
}

/// The search, and what it finds.
#[derive(Clone, Copy)]
pub(super) struct Search {
    pub(super) text: RwSignal<String>,
    /// What was pasted in several lines, which the field joins to one.
    pub(super) pasted: RwSignal<String>,
    /// How the text is recognised as a list of sessions, in words; empty for a search. A list is not searched for.
    pub(super) list: Memo<String>,
    pub(super) query: Memo<Query>,
    pub(super) sort: RwSignal<(SortBy, bool)>,
    pub(super) selection: RwSignal<SessionSelection>,
    /// The clusters and devices that were not read when a rule selected from the others.
    left_by_rule: RwSignal<Vec<String>>,
    pub(super) table: RwSignal<Arc<SessionTable>>,
    /// The rows that match, as indexes into the table.
    pub(super) found: Memo<Arc<Vec<usize>>>,
    /// How much of the estate was read.
    pub(super) coverage: Memo<SessionCounts>,
    /// Whether readings that have arrived are not shown yet.
    pub(super) is_redrawing: ReadSignal<bool>,
    /// The overview, made while the search is empty.
    pub(super) numbers: RwSignal<Numbers>,
    devices: Memo<Arc<[MachineId]>>,
    /// How many sessions were read and not kept.
    pub(super) left_out: Memo<usize>,
    pub(super) maker: PlanMaker,
    pub(super) frozen: RwSignal<Option<Plan>>,
    /// The draft of the frozen plan.
    reviewed: StoredValue<Draft>,
    /// A user's name that is also the name of a device, a cluster or an access group.
    pub(super) ambiguous: RwSignal<Option<UserName>>,
    /// What keeps the kill from being reviewed.
    pub(super) notice: RwSignal<String>,
    /// The text whose review waits for the inventory.
    waiting: RwSignal<Option<String>>,
    reviewing: Latest,
    pub(super) is_reviewing: RwSignal<bool>,
    pub(super) inventory_store: InventoryStore,
    live_sessions: LiveSessions,
    form: Form,
    current_route: CurrentRoute,
}

impl Search {
    pub(super) fn new() -> Self {
        let (inventory_store, live_sessions) = (InventoryStore::get(), LiveSessions::get());
        let form = Form::get();
        let text = RwSignal::new(form.take_search());
        effect(move || {
            if form.has_search() {
                text.set(form.take_search());
            }
        });
        let pasted = RwSignal::new(String::new());
        let list = Memo::new(move |_| {
            let format = recognised_list(as_pasted(&text.read(), &pasted.read()));
            format.as_ref().map(sentences::pasted::format).unwrap_or_default()
        });
        let query = Memo::new(move |_| {
            let searched = text.read();
            Query::parse(if list.with(String::is_empty) { &searched } else { "" })
        });
        let sort = RwSignal::new((SortBy::default(), false));
        let devices = Memo::new(move |_| -> Arc<[MachineId]> {
            let inventory = inventory_store.inventory();
            let devices = inventory.iter().flat_map(|inventory| inventory.devices());
            devices.map(|device| device.id.clone()).collect()
        });
        let made = move || {
            let inventory = untrack(move || inventory_store.inventory());
            let live = live_sessions.known().read_untracked();
            let table = |inventory: Arc<Inventory>| {
                SessionTable::of(&live, &inventory, &devices.read_untracked())
            };
            Arc::new(inventory.map(table).unwrap_or_default())
        };
        let table = RwSignal::new(made());
        let (counted, ready) = (RwSignal::new(()), StoredValue::new(None));
        let is_empty = Memo::new(move |_| query.with(Query::is_empty));
        let numbers = RwSignal::new(Numbers::default());
        let changed = Signal::derive(move || {
            live_sessions.known().track();
            inventory_store.inventory();
            is_empty.track();
        });
        let is_redrawing = redraws(changed, async move || {
            let new = made();
            rest().await;
            ready.set_value(Some(Found::of(&new, &query.read_untracked(), sort.get_untracked())));
            table.set(Arc::clone(&new));
            rest().await;
            counted.set(());
            let inventory = untrack(move || inventory_store.inventory());
            if let Some(inventory) = inventory.filter(|_| is_empty.get_untracked()) {
                rest().await;
                let devices = devices.get_untracked();
                let overview = {
                    let live = live_sessions.known().read_untracked();
                    Overview::of(&live, &inventory, &devices)
                };
                let mut rankings = Vec::new();
                for by in By::ALL {
                    rest().await;
                    rankings.push(overview.ranking(by, &new, TOP));
                }
                numbers.set(Numbers { rankings, changes: overview.changes() });
            }
        });
        let coverage = Memo::new(move |_| {
            counted.track();
            let Some(inventory) = inventory_store.inventory() else {
                return SessionCounts::default();
            };
            let live = live_sessions.known().read_untracked();
            let mut counts = query.with(|query| {
                let covers = query.covers();
                SessionCounts::coverage_of_search(&live, &inventory, &devices.read(), &covers)
            });
            counts.may_lack_units = !inventory.knows_members();
            counts
        });
        let left_out = Memo::new(move |_| {
            counted.track();
            live_sessions.known().with_untracked(Live::left_out)
        });
        let found = Memo::new(move |_| {
            let (table, query, sort) = (table.read(), query.read(), sort.get());
            ready.with_value(|ready: &Option<Found>| {
                let fits = ready.as_ref().filter(|ready| ready.is_of(&table, &query, sort));
                fits.map_or_else(
                    || Found::of(&table, &query, sort).rows,
                    |ready| ready.rows.clone(),
                )
            })
        });
        let names = Callback::new(move |()| query.with(Query::user).into_iter().collect());
        Self {
            text,
            pasted,
            list,
            query,
            sort,
            selection: RwSignal::default(),
            left_by_rule: RwSignal::default(),
            table,
            found,
            coverage,
            is_redrawing,
            numbers,
            devices,
            left_out,
            maker: PlanMaker::get(Signal::derive(move || query.track()), names),
            frozen: RwSignal::new(None),
            reviewed: StoredValue::default(),
            ambiguous: RwSignal::new(None),
            notice: RwSignal::default(),
            waiting: RwSignal::default(),
            reviewing: Latest::new(),
            is_reviewing: RwSignal::new(false),
            inventory_store,
            live_sessions,
            form,
            current_route: CurrentRoute::get(),
        }
    }

    /// Continues the review that waited for the inventory, unless another text was typed since.
    pub(super) fn continue_review(self) {
        if self.inventory_store.inventory().is_none() {
            return;
        }
        let waited = untrack(|| self.waiting.get());
        if waited.is_some() && waited == Some(self.text.get_untracked()) {
            self.review_typed();
        }
        self.waiting.set(None);
    }

    /// The number of sessions of exactly the typed user: what the kill of this user reaches. Tracked.
    pub(super) fn of_user(self, user: &UserName) -> Count {
        let found = self.table.with(|table| table.of_user(user));
        // A search that is narrower than the user may have kept only a part of the sessions.
        let is_all = self.left_out.get() == 0 || self.query.with(Query::finds_all_of_user);
        self.coverage.with(|coverage| Count::of(found, is_all && coverage.is_complete()))
    }

    /// The names of the clusters and devices that are not read completely. Tracked.
    pub(super) fn unread(self) -> Vec<String> {
        let Some(inventory) = self.inventory_store.inventory() else { return Vec::new() };
        let name = |unit: &UnitId| unit.name(&inventory).to_owned();
        self.coverage.with(|coverage| coverage.unknown.iter().map(name).collect())
    }

    /// The number of sessions that match. Tracked.
    pub(super) fn number(self) -> Count {
        let found = self.found.with(|found| found.len());
        self.coverage.with(|coverage| coverage.counted(found))
    }

    /// What `look` finds at a row.
    pub(super) fn at<T>(self, row: usize, look: impl FnOnce(FoundSession<'_>) -> T) -> Option<T> {
        let place = self.found.with_untracked(|found| found.get(row).copied())?;
        self.table.with_untracked(|table| table.row(place).map(look))
    }

    /// Reviews the kill of the typed user's sessions everywhere. A pasted list leads to the form for listed sessions.
    pub(super) fn review_typed(self) {
        if !self.list.with_untracked(String::is_empty) {
            let (text, pasted) = (self.text.read_untracked(), self.pasted.read_untracked());
            let text = as_pasted(&text, &pasted);
            self.form.list_sessions(self.table.with_untracked(|table| table.with_devices(text)));
            return self.current_route.go(&Route::kill());
        }
        let Some(user) = self.query.with_untracked(Query::user) else {
            self.notice.set(text::find_no_user());
            return;
        };
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else {
            self.waiting.set(Some(self.text.get_untracked()));
            self.notice.set(text::find_waiting());
            return;
        };
        self.notice.set(String::new());
        let is_session = self.table.with_untracked(|table| is_session(user.as_str(), table));
        if is_session || is_place(user.as_str(), &inventory) {
            self.ambiguous.set(Some(user));
        } else {
            self.review_user(&user);
        }
    }

    pub(super) fn review_user(self, user: &UserName) {
        self.ambiguous.set(None);
        self.review(Draft::of_user_everywhere(user));
    }

    /// Reviews the kill of the selected sessions. Old lists are read again first.
    pub(super) fn review_selected(self) {
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else { return };
        let sessions = self.selection.get_untracked();
        let devices: Vec<MachineId> = sessions.devices().cloned().collect();
        self.is_reviewing.set(true);
        self.reviewing.run(async move {
            self.live_sessions.read_outdated(&inventory, devices).await;
            self.is_reviewing.set(false);
            let known = self.live_sessions.known();
            let draft = known.with_untracked(|live| Draft::of_selected(sessions, live, &inventory));
            self.review(Draft { unread: self.left_by_rule.get_untracked(), ..draft });
        });
    }

    fn review(self, draft: Draft) {
        match untrack(|| self.maker.make(&draft)) {
            Some(Ok(plan)) => {
                self.reviewed.set_value(draft);
                self.frozen.set(Some(plan));
            }
            // No device is known, or the operator is signed out.
            Some(Err(_)) | None => self.notice.set(text::find_not_ready()),
        }
    }

    /// Applies a remedy to the draft of the frozen plan, and freezes the plan that results. If nothing is left to end, the gate closes,
    /// and the page says why.
    pub(super) fn amend(self, remedy: &Remedy, reason: String) {
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else { return };
        let mut draft = Draft { reason, ..self.reviewed.get_value() };
        let known = self.live_sessions.known();
        known.with_untracked(|live| remedy.apply(&mut draft, &inventory, live));
        if let Some(Err(errors)) = untrack(|| self.maker.make(&draft)) {
            self.frozen.set(None);
            let why = errors.first().map(sentences::plan::draft_error);
            return self.notice.set(why.unwrap_or_default());
        }
        self.review(draft);
    }

    /// Changes the selection. An empty one remembers nothing of the rule that made it.
    pub(super) fn select(self, change: impl FnOnce(&mut SessionSelection)) {
        self.selection.update(change);
        if self.selection.with_untracked(SessionSelection::is_empty) {
            self.left_by_rule.set(Vec::new());
        }
    }

    /// Selects what a rule chooses, in addition to what is selected. Announces why it can't, or how many it chose. `from_read`: also a
    /// rule that needs all devices chooses from those that were read; the plan then names the others.
    pub(super) fn select_by(self, rule: Rule, from_read: bool) -> Result<usize, RuleProblem> {
        let is_complete =
            from_read || self.coverage.with_untracked(|coverage| coverage.is_complete());
        // guard: rule-part-noted
        if from_read {
            self.left_by_rule.set(untrack(|| self.unread()));
        }
        let operator = untrack(|| SignIn::get().operator()).unwrap_or_default();
        let now = Timestamp(time::epoch_ms());
        self.table.with_untracked(|table| {
            let rows: Vec<FoundSession<'_>> = self
                .found
                .with_untracked(|found| found.iter().filter_map(|at| table.row(*at)).collect());
            let chosen = rule.choose(&rows, is_complete, &operator, now)?;
            self.select(|selection| {
                for row in chosen.iter().filter_map(|place| rows.get(*place)) {
                    selection.insert(&row.device.id, &row.session.id, Some(&row.session.user));
                }
            });
            Ok(chosen.len())
        })
    }

    /// Selects every found session.
    pub(super) fn select_all(self) {
        _ = self.select_by(Rule::All, false);
    }

    /// Saves the found sessions as CSV.
    pub(super) fn save(self) {
        let csv = self.table.with_untracked(|table| {
            self.found.with_untracked(|found| {
                SessionTable::to_csv(found.iter().filter_map(|place| table.row(*place)))
            })
        });
        save_csv("sessions.csv", &csv);
    }

    /// Saves the overview as CSV, with all names.
    pub(super) fn save_overview(self) {
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else { return };
        let (devices, live) = (self.devices.get_untracked(), self.live_sessions.known());
        let overview = Overview::of(&live.read_untracked(), &inventory, &devices);
        save_csv("overview.csv", &self.table.with_untracked(|table| overview.to_csv(table)));
    }
}

fn save_csv(name: &str, csv: &str) {
    let saved = download::save_text(name, "text/csv", csv);
    announce(if saved { text::record_saved() } else { text::record_not_saved() });
}

/// The rows of a table that a search finds, in one order.
struct Found {
    table: Arc<SessionTable>,
    query: Query,
    sort: (SortBy, bool),
    rows: Arc<Vec<usize>>,
}

impl Found {
    fn of(table: &Arc<SessionTable>, query: &Query, sort: (SortBy, bool)) -> Self {
        let rows = Arc::new(table.matching(query, sort.0, sort.1));
        Self { table: Arc::clone(table), query: query.clone(), sort, rows }
    }

    fn is_of(&self, table: &Arc<SessionTable>, query: &Query, sort: (SortBy, bool)) -> bool {
        Arc::ptr_eq(&self.table, table) && self.query == *query && self.sort == sort
    }
}

/// Calls `redraw` after `changed` notifies, because readings or another inventory have arrived, at most every [`REDRAW`]. It makes the
/// table, searches it, and counts with a rest after each: in a large estate, all at once would delay a key press. Counts that are older
/// than the table claim too little, never too much. The result is whether something that has arrived is not shown yet.
fn redraws(changed: Signal<()>, redraw: impl AsyncFn() + Copy + 'static) -> ReadSignal<bool> {
    let is_due = StoredValue::new(false);
    let (is_running, set_running) = signal(false);
    let redrawing = Latest::new();
    effect(move || {
        changed.get();
        is_due.set_value(true);
        if is_running.get_untracked() {
            return;
        }
        set_running.set(true);
        redrawing.run(async move {
            while is_due.get_value() {
                sleep(REDRAW).await;
                is_due.set_value(false);
                redraw().await;
            }
            set_running.set(false);
        });
    });
    is_running
}
