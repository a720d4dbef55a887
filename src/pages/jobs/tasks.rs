//! All kills in BIG-IQ's own list, read every few seconds while the list is visible. The task of someone else must not
//! look like a job of this tab, and an update must not replace a row that is being read.

use super::full_answer::full_answer;
use super::timeline;
use crate::pages::call_error::{Operation, call_error, not_read};
use crate::pages::error_text::bigiq_words;
use crate::pages::options::Offered;
use crate::state::{Clock, Entry, InventoryStore, Jobs, SignIn, TaskPages, Tasks};
use crate::ui::{
    Badge, Button, Disclosure, FieldKind, Look, Select, Skeleton, Stepper, TextField, announce,
    content, dynamic,
};
use crate::web::{dom, visibility};
use curfew_core::app::Route;
use curfew_core::ids::MachineId;
use curfew_core::inventory::Inventory;
use curfew_core::job::{BigIqTask, BigIqTaskState, TaskFilter};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::bigiq_task;
use text::sentences::error::bigiq_says;
use text::sentences::job::Headline;
use text::{Name, exact, list_of_names, relative};

/// How often the first page is read, in milliseconds.
const EVERY: i64 = 15_000;

/// The options of the filter by state.
const STATES: [Offered<Option<BigIqTaskState>>; 5] = [
    Offered::new("", text::task_state_any, None),
    Offered::new("running", text::task_state_running, Some(BigIqTaskState::Running)),
    Offered::new("finished", text::task_state_finished, Some(BigIqTaskState::Finished)),
    Offered::new("failed", text::task_state_failed, Some(BigIqTaskState::Failed)),
    Offered::new("cancelled", text::task_state_cancelled, Some(BigIqTaskState::Cancelled)),
];

const HOUR: Duration = Duration::from_secs(3600);

/// The options of the filter by time.
const WITHIN: [Offered<Option<Duration>>; 4] = [
    Offered::new("", text::within_any, None),
    Offered::new("1", text::within_hour, Some(HOUR)),
    Offered::new("24", text::within_day, Some(HOUR.saturating_mul(24))),
    Offered::new("168", text::within_week, Some(HOUR.saturating_mul(168))),
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
                view! { <p class="visually-hidden" prop:textContent=content(text::tasks_reading())/> <Skeleton lines=3/> }
                    .into_any()
            }
            None => ().into_any(),
        })
    };
    let more = move || {
        let more = reading.with(|reading| reading.data().is_some_and(|pages| pages.more));
        more.then(|| {
            let on_press = Callback::new(move |()| tasks.read_more());
            view! { <Button label=text::tasks_more() look=Look::Plain busy=busy on_press=on_press/> }
        })
    };
    view! {
        <section class="panel" aria-labelledby="all-tasks">
            <h2 id="all-tasks" prop:textContent=content(text::tasks_title())/>
            <p class="hint" prop:textContent=content(text::tasks_hint())/>
            <div class="read-ago quiet">
                {dynamic(move || updated(tasks, clock))}
                <Button
                    label=text::refresh()
                    look=Look::Quiet
                    busy=busy
                    on_press=Callback::new(move |()| tasks.read())
                />
            </div>
            <div class="filters">
                <TextField id="by-operator" label=text::filter_operator() value=operator kind=FieldKind::Search/>
                <TextField id="by-user" label=text::filter_user() value=user kind=FieldKind::Search/>
                {selects(selected)}
            </div>
            <div class="collapse-empty" role="alert">{dynamic(move || failed(tasks, sign_in))}</div>
            {dynamic(list)}
            {dynamic(more)}
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
    let ago = relative(at, Timestamp(clock.now().get()));
    let age = if failed { text::inventory_stale(&ago) } else { text::tasks_updated(&ago) };
    Some(view! { <span prop:textContent=content(age)/> }.into_any())
}

/// Why the list could not be read, if so. Tracked.
fn failed(tasks: Tasks, sign_in: SignIn) -> Option<AnyView> {
    let error = tasks.reading().with(|reading| reading.error().cloned())?;
    let text = call_error(&error, Operation::ReadTasks, &sign_in.operator().unwrap_or_default());
    Some(not_read(text::tasks_failed(), text))
}

/// The filters by state and by time.
fn selects(selected: RwSignal<Selected>) -> AnyView {
    view! {
        <Select
            id="by-state"
            label=text::filter_state()
            value=Signal::derive(move || Offered::name_of(&STATES, selected.get().state))
            on_change=Callback::new(move |name: String| {
                let state = Offered::value_of(&STATES, &name).flatten();
                selected.update(|selected| selected.state = state);
            })
            options=Offered::options(&STATES)
        />
        <Select
            id="by-time"
            label=text::filter_within()
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
    let count_text = match (pages.tasks.len(), tasks.len()) {
        (0, _) => text::tasks_empty(),
        (read, 0) => text::tasks_none(read),
        (read, fit) => text::tasks_shown(fit, read),
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
    view! { <p class="quiet" prop:textContent=content(count_text)/> {rows} }.into_any()
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
    let started = snapshot.started.map(exact).unwrap_or_default();
    let by = match &task.operator {
        Some(operator) => text::task_by(Name(operator), &started),
        None => text::task_by_unknown(&started),
    };
    let Headline { tone, heading, .. } = bigiq_task::headline(task);
    let is_it = |entry: &&Entry| entry.job.with_untracked(|job| job.task_id() == Some(&task.id));
    let own = mine.iter().find(is_it).map(|entry| {
        let href = Route::Job(entry.id()).href();
        view! { <p><a href=href prop:textContent=content(text::task_of_this_tab())/></p> }
    });
    let id = text::job_task(Name(task.id.as_str()));
    let answer = full_answer(task.id.clone());
    // A newer BIG-IQ may report values without a text here.
    let state = snapshot.error.is_none().then(|| {
        let state = [" · ", &bigiq_task::state(snapshot)].concat();
        view! { <span lang="en" prop:textContent=content(state)/> }
    });
    let points = timeline::points(&task.progress(), None, None);
    let message = snapshot.error.as_deref().map(|error| bigiq_words(&bigiq_says(error)));
    let failures = bigiq_task::failures(snapshot, &name).into_iter();
    let failures =
        failures.map(|line| view! { <p lang="en" prop:textContent=content(line)/> }.into_any());
    let lines: Vec<AnyView> = message.into_iter().chain(failures).collect();
    let on = (!devices.is_empty() && !task.named.is_empty()).then(|| {
        let names = list_of_names(devices.iter().map(String::as_str)).into_text();
        view! { <p prop:textContent=content(text::labelled(&text::job_devices(), &names))/> }
    });
    view! {
        <li class="job-row task-row">
            <span class="job-title" prop:textContent=content(bigiq_task::title(task))/>
            <span class="quiet" prop:textContent=content(by)/>
            <Badge tone=timeline::tone(tone) label=heading/>
            <span class="quiet" prop:textContent=content(list_of_names(targets.iter().map(String::as_str)).into_text())/>
            <Disclosure summary=text::task_details()>
                <Stepper label=text::job_progress() steps=points/>
                {lines}
                {on}
                <p class="mono quiet"><span prop:textContent=content(id)/>{state}</p>
                {own}
                {answer}
            </Disclosure>
        </li>
    }
    .into_any()
}
