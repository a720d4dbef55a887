//! All kills in BIG-IQ's own list, read every few seconds while the list is visible. The task of someone else must not
//! look like a job of this tab, and an update must not replace a row that is being read.

use super::wording;
use super::wording::JobHeadline;
use crate::pages::error_text::error_text;
use crate::pages::options::Offered;
use crate::state::{Clock, Entry, InventoryStore, Jobs, SignIn, TaskPages, Tasks};
use crate::text::{Word, count, count_and, fill, listing, locale, t};
use crate::ui::{
    Badge, Banner, Button, Disclosure, FieldKind, Look, Select, Skeleton, Stepper, TextField, Tone,
    announce,
};
use crate::web::{dom, visibility};
use curfew_core::app::Route;
use curfew_core::ids::MachineId;
use curfew_core::inventory::Inventory;
use curfew_core::job::{BigIqTask, BigIqTaskState, TaskFilter};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// How often the first page is read, in milliseconds.
const EVERY: i64 = 15_000;

/// The options of the filter by state.
const STATES: [Offered<Option<BigIqTaskState>>; 5] = [
    Offered::new("", Word::StandingAny, None),
    Offered::new("running", Word::StandingRunning, Some(BigIqTaskState::Running)),
    Offered::new("finished", Word::StandingFinished, Some(BigIqTaskState::Finished)),
    Offered::new("failed", Word::StandingFailed, Some(BigIqTaskState::Failed)),
    Offered::new("cancelled", Word::StandingCancelled, Some(BigIqTaskState::Cancelled)),
];

const HOUR: Duration = Duration::from_secs(3600);

/// The options of the filter by time.
const WITHIN: [Offered<Option<Duration>>; 4] = [
    Offered::new("", Word::WithinAny, None),
    Offered::new("1", Word::WithinHour, Some(HOUR)),
    Offered::new("24", Word::WithinDay, Some(HOUR.saturating_mul(24))),
    Offered::new("168", Word::WithinWeek, Some(HOUR.saturating_mul(168))),
];

/// What the selects of the filter are set to. One value: each type of signal is code of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Selected {
    state: Option<BigIqTaskState>,
    within: Option<Duration>,
}

/// The section "All kills on BIG-IQ".
#[component]
pub(super) fn TaskList() -> impl IntoView {
    let (sign_in, clock) = (SignIn::get(), Clock::get());
    let tasks = Tasks::new(sign_in);
    tasks.read();
    read_regularly(tasks, sign_in, clock);
    let reading = tasks.reading();
    let busy = Memo::new(move |_| reading.with(|reading| reading.is_loading()));
    let text = || RwSignal::new(String::new());
    let (operator, user) = (text(), text());
    let selected = RwSignal::new(Selected::default());
    let filter = Memo::new(move |_| TaskFilter {
        operator: operator.get(),
        user: user.get(),
        state: selected.get().state,
        within: selected.get().within,
    });
    announce_numbers(tasks, filter);
    let list = move || {
        reading.with(|reading| match reading.data() {
            Some(pages) => filter.with(|filter| listed(pages, filter)),
            None if reading.is_loading() => {
                view! { <p class="visually-hidden">{t(Word::TasksReading)}</p> <Skeleton lines=3/> }
                    .into_any()
            }
            None => ().into_any(),
        })
    };
    let more = move || {
        let more = reading.with(|reading| reading.data().is_some_and(|pages| pages.more));
        more.then(|| {
            let on_press = Callback::new(move |()| tasks.read_more());
            view! { <Button label=t(Word::TasksMore) look=Look::Plain busy=busy on_press=on_press/> }
        })
    };
    view! {
        <section class="panel" aria-labelledby="all-tasks">
            <h2 id="all-tasks">{t(Word::TasksTitle)}</h2>
            <p class="hint">{t(Word::TasksHint)}</p>
            <div class="read-ago quiet">
                {move || updated(tasks, clock)}
                <Button
                    label=t(Word::Refresh)
                    look=Look::Quiet
                    busy=busy
                    on_press=Callback::new(move |()| tasks.read())
                />
            </div>
            <div class="filters">
                <TextField id="by-operator" label=t(Word::FilterOperator) value=operator kind=FieldKind::Search/>
                <TextField id="by-user" label=t(Word::FilterUser) value=user kind=FieldKind::Search/>
                {selects(selected)}
            </div>
            <div class="collapse-empty" role="alert">{move || failed(tasks, sign_in)}</div>
            {list}
            {more}
        </section>
    }
}

/// Reads the first page every few seconds, while the list is visible and nobody uses a row.
fn read_regularly(tasks: Tasks, sign_in: SignIn, clock: Clock) {
    let asked = StoredValue::new(clock.now().get_untracked());
    Effect::new(move |_: Option<()>| {
        let now = clock.now().get();
        if now - asked.get_value() < EVERY {
            return;
        }
        asked.set_value(now);
        // An update would rebuild a row that is open or focused.
        let in_use = dom::exists(".task-row:is(:focus-within,:has([open]))");
        if !in_use && !visibility::is_hidden() && sign_in.client().is_some() {
            tasks.renew();
        }
    });
}

/// Announces how many tasks there are, and how many match, only when the numbers change.
fn announce_numbers(tasks: Tasks, filter: Memo<TaskFilter>) {
    let reading = tasks.reading();
    Effect::new(move |before: Option<String>| {
        let filter = filter.get();
        let now = reading.with(|reading| reading.data().map(|pages| shown(pages, &filter).1));
        let now = now.unwrap_or_default();
        if before.is_some_and(|before| !before.is_empty() && before != now) {
            announce(now.clone());
        }
        now
    });
}

/// The age of the list. Tracked.
fn updated(tasks: Tasks, clock: Clock) -> Option<AnyView> {
    let (at, failed) = tasks
        .reading()
        .with(|reading| reading.data().map(|pages| (pages.read_at, reading.error().is_some())))?;
    let ago = locale().relative(at.0, clock.now().get());
    let word = if failed { Word::InventoryStale } else { Word::TasksUpdated };
    Some(view! { <span>{fill(word, &[("ago", &ago)])}</span> }.into_any())
}

/// Why the list could not be read, if so. Tracked.
fn failed(tasks: Tasks, sign_in: SignIn) -> Option<AnyView> {
    let error = tasks.reading().with(|reading| reading.error().cloned())?;
    let text = error_text(&error, &sign_in.operator().unwrap_or_default());
    let banner = view! {
        <Banner tone=Tone::Warning heading=t(Word::TasksFailed)>
            <p>{text.what}". "{text.next}</p>
            {text.bigiq.map(|message| view! { <p>{message}</p> })}
        </Banner>
    };
    Some(banner.into_any())
}

/// The filters by state and by time.
fn selects(selected: RwSignal<Selected>) -> AnyView {
    view! {
        <Select
            id="by-state"
            label=t(Word::FilterStanding)
            value=Signal::derive(move || Offered::name_of(&STATES, selected.get().state))
            on_change=Callback::new(move |name: String| {
                let state = Offered::value_of(&STATES, &name).flatten();
                selected.update(|selected| selected.state = state);
            })
            options=Offered::options(&STATES)
        />
        <Select
            id="by-time"
            label=t(Word::FilterWithin)
            value=Signal::derive(move || Offered::name_of(&WITHIN, selected.get().within))
            on_change=Callback::new(move |name: String| {
                let within = Offered::value_of(&WITHIN, &name).flatten();
                selected.update(|selected| selected.within = within);
            })
            options=Offered::options(&WITHIN)
        />
    }
    .into_any()
}

/// The tasks that match a filter, and their number as text.
fn shown<'a>(pages: &'a TaskPages, filter: &TaskFilter) -> (Vec<&'a BigIqTask>, String) {
    let now = Timestamp(crate::web::time::epoch_ms() + pages.ahead);
    let tasks: Vec<&BigIqTask> =
        pages.tasks.iter().filter(|task| filter.wants(task, now)).collect();
    let all = locale().integer(pages.tasks.len() as u64);
    let count_text = match (pages.tasks.len(), tasks.len()) {
        (0, _) => t(Word::TasksEmpty),
        (read, 0) => count(Word::TasksNone, read),
        (_, fit) => count_and(Word::TasksShown, fit, &[("all", &all)]),
    };
    (tasks, count_text)
}

fn listed(pages: &TaskPages, filter: &TaskFilter) -> AnyView {
    let (tasks, count_text) = shown(pages, filter);
    let inventory = untrack(|| InventoryStore::get().inventory());
    let mine = untrack(|| Jobs::get().all());
    let rows: Vec<AnyView> =
        tasks.into_iter().map(|task| row(task, inventory.as_deref(), &mine)).collect();
    let rows = (!rows.is_empty()).then(|| view! { <ul class="job-list task-list">{rows}</ul> });
    view! { <p class="quiet">{count_text}</p> {rows} }.into_any()
}

fn row(task: &BigIqTask, inventory: Option<&Inventory>, mine: &[Entry]) -> AnyView {
    let snapshot = &task.snapshot;
    let name = |id: &MachineId| {
        let known = inventory.and_then(|inventory| inventory.device(id));
        known.map_or_else(|| id.to_string(), |device| device.name.clone())
    };
    let devices: Vec<String> = snapshot.devices.iter().map(&name).collect();
    // BIG-IQ also lists the devices of named targets: show only what those names do not say.
    let is_named = |name: &Option<String>| name.as_ref().is_some_and(|n| task.named.contains(n));
    let mut targets = task.named.clone();
    for id in &snapshot.devices {
        match inventory.and_then(|inventory| inventory.device(id)) {
            Some(device) if is_named(&device.cluster) || is_named(&device.group) => {}
            None if !task.named.is_empty() => {}
            _ => targets.push(name(id)),
        }
    }
    let operator = task.operator.clone().unwrap_or_else(|| t(Word::TaskNobody));
    let time = snapshot.started.map(|at| locale().exact(at.0)).unwrap_or_default();
    let by = fill(Word::TaskBy, &[("operator", &operator), ("time", &time)]);
    let JobHeadline { tone, heading, .. } = wording::task_headline(task);
    let is_it = |entry: &&Entry| entry.job.with_untracked(|job| job.task_id() == Some(&task.id));
    let own = mine.iter().find(is_it).map(|entry| {
        let href = Route::Job(entry.id()).href();
        view! { <p><a href=href>{t(Word::TaskMine)}</a></p> }
    });
    let id = fill(Word::JobTask, &[("id", task.id.as_str())]);
    // A newer BIG-IQ may report values without a text here.
    let id = match snapshot.error {
        None => [&id, " · ", &wording::state(snapshot)].concat(),
        Some(_) => id,
    };
    let points = wording::points(&task.progress(), None, None);
    let message =
        snapshot.error.as_deref().map(|error| fill(Word::BigiqSays, &[("message", error)]));
    let lines: Vec<AnyView> = message
        .into_iter()
        .chain(wording::failures(snapshot, &name))
        .map(|line| view! { <p>{line}</p> }.into_any())
        .collect();
    let on = (!devices.is_empty() && !task.named.is_empty()).then(|| {
        let names = listing(devices.iter().map(String::as_str));
        view! { <p>{t(Word::JobDevices)}": "{names}</p> }
    });
    view! {
        <li class="job-row task-row">
            <span class="job-title">{wording::task_title(task)}</span>
            <span class="quiet">{by}</span>
            <Badge tone=tone label=heading/>
            <span class="quiet">{listing(targets.iter().map(String::as_str))}</span>
            <Disclosure summary=t(Word::TaskDetails)>
                <Stepper label=t(Word::JobProgress) steps=points/>
                {lines}
                {on}
                <p class="mono quiet">{id}</p>
                {own}
            </Disclosure>
        </li>
    }
    .into_any()
}
