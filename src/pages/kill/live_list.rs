//! Live sessions of the selected targets, to select from, if BIG-IQ passes on its devices' lists. Each list shows its
//! age and completeness.

use super::expandable_text::ExpandableText;
use crate::state::{Clock, Form, InventoryStore, LiveSessions, SignIn};
use crate::ui::{
    Badge, Button, FieldKind, Look, Show, TextField, Tone, VirtualList, announce, content, dynamic,
};
use crate::web::effect_since;
use curfew_core::count::Count;
use curfew_core::ids::{MachineId, SessionId, UserName};
use curfew_core::input::{SelectedSession, SessionSelection};
use curfew_core::inventory::{
    Addressed, Extent, Inventory, Live, SessionCounts, SessionRow, all_but_newest, all_but_own,
    session_rows,
};
use curfew_core::names::in_latin;
use curfew_core::sorted::SortedMap;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use text::sentences::amount;
use text::sentences::job::in_sequence;
use text::sentences::plan::with_role;
use text::sentences::refusal::{Operation, failure};
use text::{Name, exact, isolated, list_of_texts, relative};

/// Height of a row in CSS pixels; the style sheet uses the same, and more where a row takes several lines.
const ROW: f64 = 40.0;
/// How many users are named with their number of sessions; the others are shown on request.
const SHOWN: usize = 5;

/// A session that can be selected.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    device: MachineId,
    device_name: String,
    id: SessionId,
    user: UserName,
    client: String,
    since: String,
    /// Whether it may be addressed to a standby.
    uncertain: bool,
}

impl Line {
    fn of(row: &SessionRow<'_>, name: &str) -> Self {
        Self {
            device: row.device.clone(),
            device_name: name.to_owned(),
            id: row.session.id.clone(),
            user: row.session.user.clone(),
            client: row.session.client.clone().unwrap_or_default(),
            since: row.session.began().map_or_else(
                || row.session.since.as_deref().map(isolated).unwrap_or_default(),
                |began| exact(began).into_text(),
            ),
            uncertain: row.addressed == Addressed::Perhaps,
        }
    }

    /// Selects the session, or removes it from the selection.
    fn toggle(&self, selection: &mut SessionSelection) {
        if !selection.remove(&self.device, &self.id) {
            selection.insert(&self.device, &self.id, Some(&self.user));
        }
    }

    fn holds(&self, words: &[&str]) -> bool {
        words.iter().all(|word| {
            [self.user.as_str(), &self.client, self.id.as_str(), &self.device_name]
                .iter()
                .any(|text| text.to_lowercase().contains(word))
        })
    }
}

/// How many sessions of the lists are one user's.
#[derive(Debug, Clone, PartialEq)]
struct SessionsOfUser {
    user: UserName,
    number: usize,
}

/// The content of the lists, and what each "select" button would select.
#[derive(Debug, Clone, Default, PartialEq)]
struct Shown {
    all: usize,
    /// Of which devices they are, if they come from live lists.
    coverage: SessionCounts,
    lines: Vec<Line>,
    /// Indices in `lines`; `None` if the start of a session is unknown.
    but_newest: Option<Vec<usize>>,
    but_own: Vec<usize>,
    /// The users and their numbers of sessions, largest number first.
    users: Vec<SessionsOfUser>,
}

impl Shown {
    /// The sessions on these devices that match a filter.
    fn of(
        live: &Live,
        inventory: &Inventory,
        devices: &[MachineId],
        filter: &str,
        operator: &str,
    ) -> Self {
        let rows = session_rows(live, inventory, devices);
        let lower = filter.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let line = |row: &SessionRow<'_>| {
            let name = inventory.device(row.device).map_or(row.device.as_str(), |d| &d.name);
            Line::of(row, name)
        };
        let all = rows.len();
        let (rows, lines): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .map(|row| (line(&row), row))
            .filter(|(line, _)| line.holds(&words))
            .map(|(line, row)| (row, line))
            .unzip();
        let mut coverage = SessionCounts::coverage(live, inventory, devices);
        coverage.may_lack_units = !inventory.knows_members();
        Self {
            all,
            coverage,
            but_newest: all_but_newest(&rows),
            but_own: all_but_own(&rows, operator),
            users: by_user(&lines),
            lines,
        }
    }

    /// The index of each shown session.
    fn each(&self) -> Vec<usize> {
        (0..self.lines.len()).collect()
    }

    /// The users with the most sessions, in a sentence; empty without users.
    fn most_sessions(&self) -> String {
        let most: Vec<String> = self.users.iter().take(SHOWN).map(user_and_count).collect();
        if most.is_empty() {
            return String::new();
        }
        let counts = list_of_texts(&most);
        if self.coverage.is_complete() {
            text::most_sessions(&counts)
        } else {
            let units = amount::number(self.coverage.units());
            text::most_sessions_found(self.coverage.known, &units, &counts)
        }
    }
}

/// Announces the lists' state when they have arrived, and not again with each minute of their age.
fn announce_when_read(live_sessions: LiveSessions, lines: Memo<Vec<String>>) {
    effect_since(move |asked: Option<bool>| {
        let busy = live_sessions.busy().get();
        if asked == Some(true) && !busy {
            announce(text::labelled(
                &text::live_heading(),
                &in_sequence(lines.get_untracked().iter().map(String::as_str)),
            ));
        }
        busy
    });
}

/// The section "Live sessions".
#[component]
pub(super) fn LiveSessionList() -> impl IntoView {
    let (inventory_store, form, live_sessions) =
        (InventoryStore::get(), Form::get(), LiveSessions::get());
    let sign_in = SignIn::get();
    let filter = RwSignal::new(String::new());
    let devices = Memo::new(move |_| {
        inventory_store
            .inventory()
            .map(|inventory| form.targets.read().reached(&inventory))
            .unwrap_or_default()
    });
    let shown = Memo::new(move |_| -> Arc<Shown> {
        let Some(inventory) = inventory_store.inventory() else { return Arc::default() };
        let live = live_sessions.known().read();
        let operator = sign_in.operator().unwrap_or_default();
        Arc::new(Shown::of(&live, &inventory, &devices.read(), &filter.read(), &operator))
    });
    let any = Memo::new(move |_| shown.with(|shown| shown.all > 0));
    let selected = Memo::new(move |_| form.selected_sessions.with(|selection| selection.len()));
    view! {
        <section class="panel live" aria-labelledby="live-heading">
            <h2 id="live-heading" prop:textContent=content(text::live_heading())/>
            <p class="quiet" prop:textContent=content(text::live_hint())/>
            <Readings devices=devices/>
            <Show when=any>
                <SessionList shown=shown filter=filter/>
            </Show>
            <Show when=Signal::derive(move || selected.get() != 0)>
                <SelectedSessions/>
            </Show>
        </section>
    }
}

/// The button that reads the devices' lists, and the state of each list.
#[component]
fn Readings(devices: Memo<Vec<MachineId>>) -> impl IntoView {
    let (inventory_store, live_sessions) = (InventoryStore::get(), LiveSessions::get());
    let (sign_in, clock) = (SignIn::get(), Clock::get());
    let read = Callback::new(move |()| {
        if let Some(inventory) = untrack(move || inventory_store.inventory()) {
            live_sessions.read_again(inventory, devices.get_untracked());
        }
    });
    let no_targets =
        Signal::derive(move || devices.with(Vec::is_empty).then(text::live_needs_targets));
    let lines = Memo::new(move |_| {
        let (now, operator) =
            (Timestamp(clock.now().get()), sign_in.operator().unwrap_or_default());
        devices.with(|devices| extents(&inventory_store, &live_sessions, devices, &operator, now))
    });
    announce_when_read(live_sessions, lines);
    let items = move || {
        let lines = lines.get().into_iter();
        lines
            .map(|line| view! { <li prop:textContent=content(line)/> }.into_any())
            .collect::<Vec<_>>()
    };
    view! {
        <Button
            label=Signal::derive(move || {
                let is_all = inventory_store.inventory().is_none_or(|i| i.knows_members());
                let devices = Count::of(devices.with(Vec::len), is_all);
                amount::on_button(devices, text::live_read, text::live_read_these)
            })
            look=Look::Plain
            busy=live_sessions.busy()
            blocked=no_targets
            on_press=read
        />
        <ul class="field-note">{dynamic(items)}</ul>
    }
}

/// The sessions, with the filter and the buttons that select several of them.
#[component]
fn SessionList(shown: Memo<Arc<Shown>>, filter: RwSignal<String>) -> impl IntoView {
    let form = Form::get();
    let checked = Callback::new(move |row: usize| {
        line_at(shown, row).is_some_and(|line| {
            form.selected_sessions.with(|selection| selection.contains(&line.device, &line.id))
        })
    });
    let toggle = Callback::new(move |row: usize| {
        if let Some(line) = line_at(shown, row) {
            form.selected_sessions.update(|selection| line.toggle(selection));
        }
    });
    let users = move || shown.with(|shown| shown.most_sessions());
    let all_users = Signal::derive(move || match shown.with(|shown| shown.users.len()) {
        few if few <= SHOWN => String::new(),
        number => text::sessions_by_user(number),
    });
    let each_user = Signal::derive(move || {
        shown.with(|shown| shown.users.iter().map(user_and_count).collect::<Vec<_>>().join("\n"))
    });
    view! {
        {tools(shown, filter)}
        <p class="quiet" prop:textContent=content(users)/>
        <ExpandableText label=all_users text=each_user/>
        <VirtualList
            label=text::live_heading()
            count=Signal::derive(move || number(shown))
            row_height=ROW
            version=Signal::derive(move || shown.track())
            row=Callback::new(move |row: usize| entry(shown, row))
            checked=checked
            on_toggle=toggle
            on_all=Callback::new(move |()| select(form, shown, Shown::each))
        />
    }
}

/// The filter, how many sessions match it, and the buttons that select several.
fn tools(shown: Memo<Arc<Shown>>, filter: RwSignal<String>) -> AnyView {
    let status = move || text::shown(number(shown), shown.with(|shown| shown.all));
    // Without sessions of the operator it would equal "all".
    let owned = Memo::new(move |_| shown.with(|shown| shown.but_own.len() < shown.lines.len()));
    let ordered = Memo::new(move |_| shown.with(|shown| shown.but_newest.is_some()));
    view! {
        <div class="list-tools">
            <TextField
                id="filter-sessions"
                label=text::filter_sessions()
                value=filter
                kind=FieldKind::Search
            />
            <p class="quiet" role="status" prop:textContent=content(status)/>
            {select_button(shown, text::select_shown, Shown::each)}
            <Show when=owned>
                {select_button(shown, text::select_but_own, |shown| shown.but_own.clone())}
            </Show>
            <Show when=ordered>
                {select_button(shown, text::select_but_newest, |shown| {
                    shown.but_newest.clone().unwrap_or_default()
                })}
            </Show>
        </div>
    }
    .into_any()
}

/// A button that selects some of the shown sessions, by their indices.
fn select_button(
    shown: Memo<Arc<Shown>>,
    label: fn(usize) -> String,
    indices: fn(&Shown) -> Vec<usize>,
) -> AnyView {
    let form = Form::get();
    let press = Callback::new(move |()| select(form, shown, indices));
    let label = move || label(shown.with(|shown| indices(shown).len()));
    view! { <Button label=Signal::derive(label) look=Look::Quiet on_press=press/> }.into_any()
}

/// Selects some of the shown sessions, by their indices, and keeps those already selected.
fn select(form: Form, shown: Memo<Arc<Shown>>, indices: fn(&Shown) -> Vec<usize>) {
    shown.with_untracked(|shown| {
        form.selected_sessions.update(|selection| {
            for line in indices(shown).into_iter().filter_map(|index| shown.lines.get(index)) {
                selection.insert(&line.device, &line.id, Some(&line.user));
            }
        });
    });
}

fn line_at(shown: Memo<Arc<Shown>>, row: usize) -> Option<Line> {
    shown.with_untracked(|shown| shown.lines.get(row).cloned())
}

/// How many sessions are shown. Tracked.
fn number(shown: Memo<Arc<Shown>>) -> usize {
    shown.with(|shown| shown.lines.len())
}

/// All selected sessions, whatever the lists show now, so that they can be removed.
#[component]
fn SelectedSessions() -> impl IntoView {
    let (inventory_store, form) = (InventoryStore::get(), Form::get());
    // A row is drawn from what it shows, and removed by it too.
    let shown = Memo::new(move |_| -> Arc<Shown> {
        let inventory = inventory_store.inventory();
        let name = |device: &MachineId| {
            let known = inventory.as_ref().and_then(|inventory| inventory.device(device));
            known.map_or_else(|| device.to_string(), |device| device.name.clone())
        };
        let line = |SelectedSession { device, id, user }: SelectedSession<'_>| Line {
            device: device.clone(),
            device_name: name(device),
            id: id.clone(),
            user: user.cloned().unwrap_or_else(|| UserName::new("")),
            client: String::new(),
            since: String::new(),
            uncertain: false,
        };
        let lines = form.selected_sessions.with(|selection| selection.iter().map(line).collect());
        Arc::new(Shown { lines, ..Shown::default() })
    });
    let label = Signal::derive(move || text::sessions_selected(number(shown)));
    let remove = Callback::new(move |row: usize| {
        if let Some(line) = line_at(shown, row) {
            form.selected_sessions.update(|selection| _ = selection.remove(&line.device, &line.id));
        }
    });
    view! {
        <h3 prop:textContent=content(label)/>
        <p class="hint" prop:textContent=content(text::sessions_selected_hint())/>
        <VirtualList
            label=label
            count=Signal::derive(move || number(shown))
            row_height=ROW
            version=Signal::derive(move || shown.track())
            row=Callback::new(move |row: usize| entry(shown, row))
            checked=Callback::new(|_| true)
            on_toggle=remove
        />
        <Button
            label=text::chosen_targets_clear()
            look=Look::Quiet
            on_press=Callback::new(move |()| form.selected_sessions.set(Default::default()))
        />
    }
}

/// The text of one row.
fn entry(shown: Memo<Arc<Shown>>, row: usize) -> AnyView {
    let Some(line) = line_at(shown, row) else { return ().into_any() };
    let client = (!line.client.is_empty()).then(|| isolated(&line.client));
    let since = (!line.since.is_empty()).then_some(line.since);
    let more = client.into_iter().chain(since).collect::<Vec<_>>().join(" · ");
    let uncertain = line.uncertain.then(|| {
        view! { <Badge tone=Tone::Warning label=text::role_unknown()/> }
    });
    // guard: twin-marked
    let twin = in_latin(line.user.as_str()).filter(|twin| {
        let twin = UserName::new(&**twin);
        LiveSessions::get().known().with_untracked(|live| live.has_user(&twin))
    });
    let twin = twin.map(|twin| {
        view! { <Badge tone=Tone::Warning label=text::looks_like(Name(&twin))/> }
    });
    view! {
        <span class="row-name" dir="auto" prop:textContent=content(user_name(&line.user))/>
        <span class="row-more" prop:textContent=content(more)/>
        <span class="row-aside row-id mono" dir="auto" prop:textContent=content(isolated(line.id.as_str()))/>
        <span class="row-aside" dir="auto" prop:textContent=content(isolated(&line.device_name))/>
        {twin}
        {uncertain}
    }
    .into_any()
}

fn by_user(lines: &[Line]) -> Vec<SessionsOfUser> {
    let mut counted: FxHashMap<&UserName, usize> = FxHashMap::default();
    for line in lines {
        *counted.entry(&line.user).or_default() += 1;
    }
    let numbers: SortedMap<&UserName, usize> = counted.into_iter().collect();
    // Few different numbers, however many users.
    let mut different: Vec<usize> = Vec::new();
    for number in numbers.values() {
        let index = different.partition_point(|other| other > number);
        if different.get(index) != Some(number) {
            different.insert(index, *number);
        }
    }
    let mut users = Vec::with_capacity(numbers.len());
    for number in different {
        let of_number = numbers.iter().filter(|(_, other)| **other == number);
        users.extend(of_number.map(|(user, _)| SessionsOfUser { user: (*user).clone(), number }));
    }
    users
}

fn user_and_count(sessions: &SessionsOfUser) -> String {
    match sessions.user.as_str() {
        "" => text::sessions_of_nobody(sessions.number),
        user => text::sessions_of_user(Name(user), sessions.number),
    }
}

/// The user of a session as its row shows it.
pub(in crate::pages) fn user_name(user: &UserName) -> String {
    match user.as_str() {
        "" => text::no_user_name(),
        user => isolated(user),
    }
}

/// The state of each device's list, one sentence each.
fn extents(
    inventory_store: &InventoryStore,
    live_sessions: &LiveSessions,
    devices: &[MachineId],
    operator: &str,
    now: Timestamp,
) -> Vec<String> {
    let Some(inventory) = inventory_store.inventory() else { return Vec::new() };
    let live = live_sessions.known().read();
    let mut lines = Vec::new();
    // Devices without a list, by reason.
    let mut silent: Vec<(String, Vec<String>)> = Vec::new();
    for id in devices {
        let device = inventory.device(id);
        let name = device.map_or(id.as_str(), |device| &device.name);
        let name = match device.and_then(|device| device.cluster.as_ref()) {
            Some(_) if live.role_at(id).is_some() => with_role(name, live.role(id)),
            _ => isolated(name),
        };
        let Some(reading) = live.reading(id) else {
            let why = live_sessions
                .why_unread(id)
                .map(|unread| failure(&unread, Operation::ReadSessions, operator));
            let why = why.map(|text| text.what_and_next()).unwrap_or_default();
            match silent.iter_mut().find(|(other, _)| *other == why) {
                Some((_, names)) => names.push(name),
                None => silent.push((why, vec![name])),
            }
            continue;
        };
        let ago = relative(reading.read_at(), now);
        lines.push(match reading.extent() {
            Extent::Complete => text::live_complete(&name, reading.sessions().len(), &ago),
            Extent::CutAt(most) => text::live_cut_off(&name, most, &ago),
            Extent::LeftOut(count) => text::live_left_out(&name, count, &ago),
        });
        if reading.nameless() > 0 {
            lines.push(text::live_without_id(&name, reading.nameless()));
        }
    }
    if !lines.is_empty() || !live_sessions.busy().get() {
        lines.extend(silent.into_iter().map(|(why, names)| {
            let which = text::live_unanswered(&list_of_texts(&names));
            if why.is_empty() { which } else { text::two_sentences(&which, &why) }
        }));
    }
    lines
}
