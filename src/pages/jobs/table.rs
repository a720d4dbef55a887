//! All kills in one table: the plans of this tab, and BIG-IQ's own list, which is read every few seconds while it is visible. A
//! task of someone else must not look like a job of this tab, and an update must not replace a row that has the focus.

use super::headline::headline_of;
use super::job::batch_title;
use super::next_steps::summary_of;
use super::progress::done_of;
use super::task::target_names;
use super::timeline;
use crate::pages::call_error::{Operation, call_error, not_read};
use crate::pages::options::Offered;
use crate::state::{Clock, Entry, InventoryStore, Jobs, SignIn, TaskPages, Tasks, Verifications};
use crate::ui::{
    Badge, Button, FieldKind, Look, Select, Skeleton, TextField, Tone, announce, content, dynamic,
};
use crate::web::{dom, download, effect, effect_since, hash, time, visibility};
use curfew_core::app::Route;
use curfew_core::job::{
    BigIqTask, BigIqTaskState, Job, JobFacts, JobFilter, JobRow, JobsCsv, ListedPlan, Summary,
    job_rows,
};
use curfew_core::timestamp::Timestamp;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::{bigiq_task, job as sentences};
use text::{LISTED, Label, exact, isolated, list_of_names, relative};
use wasm_bindgen::JsCast;
use web_sys::Element;

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

/// A click beside a row's link opens it, too. A link as large as its row would do, but Safari doesn't position table rows: there it would be
/// as large as the page.
fn open_row(event: &MouseEvent) -> Option<()> {
    let clicked = event.target()?.dyn_into::<Element>().ok()?;
    // guard: whole-row-opens
    if clicked.closest("a").ok()?.is_none() {
        let link = clicked.closest("tr").ok()??.query_selector(".row-link").ok()??;
        hash::go(link.get_attribute("href")?.trim_start_matches('#'));
    }
    Some(())
}

/// The columns, in their order.
const COLUMNS: [Label; 5] = [
    text::filter_state,
    text::column_kill,
    text::gate_targets,
    text::filter_operator,
    text::filter_within,
];

/// What the selects of the filter are set to. One value: each type of signal is code of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Selected {
    state: Option<BigIqTaskState>,
    within: Option<Duration>,
}

/// The list and its filter.
#[derive(Clone, Copy)]
struct List {
    jobs: Jobs,
    tasks: Tasks,
    clock: Clock,
    filter: Memo<JobFilter>,
    inventory_store: InventoryStore,
    verifications: Verifications,
}

/// The page's content below its heading.
#[component]
pub(super) fn JobsTable() -> impl IntoView {
    let (sign_in, clock) = (SignIn::get(), Clock::get());
    let tasks = Tasks::new(sign_in);
    tasks.read();
    let paused = RwSignal::new(false);
    read_regularly(tasks, sign_in, clock, paused);
    let reading = tasks.reading();
    let busy = Memo::new(move |_| reading.with(|reading| reading.is_loading()));
    let text = || RwSignal::new(String::new());
    let (operator, user) = (text(), text());
    let selected = RwSignal::new(Selected::default());
    let filter = Memo::new(move |_| JobFilter {
        operator: operator.get(),
        user: user.get(),
        state: selected.get().state,
        within: selected.get().within,
    });
    let list = List {
        jobs: Jobs::get(),
        tasks,
        clock,
        filter,
        inventory_store: InventoryStore::get(),
        verifications: Verifications::get(),
    };
    let counted = Memo::new(move |_| list.counted());
    // Only when the numbers change.
    effect_since(move |before: Option<String>| {
        let now = counted.get();
        if before.is_some_and(|before| !before.is_empty() && before != now) {
            announce(now.clone());
        }
        now
    });
    let more = move || {
        let more = reading.with(|reading| reading.data().is_some_and(|pages| pages.more));
        more.then(|| {
            let on_press = Callback::new(move |()| tasks.read_more());
            view! { <Button label=text::tasks_more() look=Look::Plain busy=busy on_press=on_press/> }
        })
    };
    let loading = move || {
        let first = reading.with(|reading| reading.is_loading() && reading.data().is_none());
        first.then(|| {
            view! { <p class="visually-hidden" prop:textContent=content(text::tasks_reading())/> <Skeleton lines=3/> }
        })
    };
    let none_here = move || {
        let is_empty = list.jobs.all().is_empty();
        is_empty.then(|| text::two_sentences(&text::jobs_empty(), &text::jobs_empty_help()))
    };
    view! {
        <section class="panel" aria-labelledby="page-heading">
            <p class="quiet" prop:textContent=content(none_here)/>
            <div class="filters">
                <TextField id="by-operator" label=text::filter_operator() value=operator kind=FieldKind::Search/>
                <TextField id="by-user" label=text::filter_user() value=user kind=FieldKind::Search/>
                {selects(selected)}
            </div>
            <div class="read-ago quiet">
                <span prop:textContent=content(move || counted.get())/>
                <span prop:textContent=content(move || updated(tasks, clock))/>
                <Button
                    label=Signal::derive(move || {
                        if paused.get() { text::tasks_resume() } else { text::tasks_pause() }
                    })
                    look=Look::Quiet
                    on_press=Callback::new(move |()| paused.update(|paused| *paused = !*paused))
                />
                <Button
                    label=text::refresh()
                    look=Look::Quiet
                    busy=busy
                    on_press=Callback::new(move |()| tasks.read())
                />
            </div>
            <div class="collapse-empty" role="alert">{dynamic(move || failed(tasks, sign_in))}</div>
            {dynamic(move || list.table())}
            {dynamic(loading)}
            <div class="actions">
                {dynamic(more)}
                <Button
                    label=text::find_save()
                    look=Look::Quiet
                    on_press=Callback::new(move |()| list.save())
                />
            </div>
        </section>
    }
}

/// Reads the first page every few seconds, while the list is visible, nobody is on a row, and the operator has not paused it.
fn read_regularly(tasks: Tasks, sign_in: SignIn, clock: Clock, paused: RwSignal<bool>) {
    let asked = StoredValue::new(clock.now().get_untracked());
    effect(move || {
        let now = clock.now().get();
        // guard: updates-pause
        if paused.get() || now - asked.get_value() < EVERY {
            return;
        }
        asked.set_value(now);
        // An update would rebuild a row that is focused.
        let in_use = dom::exists(".job-table :focus-visible");
        if !in_use && !visibility::is_hidden() && sign_in.client().is_some() {
            tasks.renew();
        }
    });
}

/// The age of the list. Tracked.
fn updated(tasks: Tasks, clock: Clock) -> Option<String> {
    let (at, failed) = tasks
        .reading()
        .with(|reading| reading.data().map(|pages| (pages.read_at, reading.error().is_some())))?;
    let ago = relative(at, Timestamp(clock.now().get()));
    Some(if failed { text::inventory_stale(&ago) } else { text::tasks_updated(&ago) })
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

/// What was read of BIG-IQ's list, the plans of this tab, and the rows of both that match a filter.
struct Rows {
    pages: TaskPages,
    plans: Vec<Vec<Entry>>,
    all: usize,
    shown: Vec<JobRow>,
}

impl List {
    /// Tracked, except for the states of jobs while the filter does not ask for one.
    fn rows(self) -> Rows {
        let pages =
            self.tasks.reading().with(|reading| reading.data().cloned()).unwrap_or_default();
        let all = self.jobs.all();
        let plans = all.chunk_by(|one, other| one.batch.id == other.batch.id);
        let plans: Vec<Vec<Entry>> = plans.map(<[Entry]>::to_vec).collect();
        let filter = self.filter.read();
        for entry in &all {
            // A task that is not known yet may be in BIG-IQ's list.
            let lacks_task =
                entry.job.with_untracked(|job| job.task_id().is_none() && !job.is_over());
            if lacks_task || filter.state.is_some() {
                entry.job.track();
            }
        }
        let listed = |plan: &Vec<Entry>| ListedPlan {
            confirmed_at: plan.first().map(|entry| entry.batch.confirmed_at).unwrap_or_default(),
            tasks: plan
                .iter()
                .filter_map(|e| e.job.with_untracked(|j| j.task_id().cloned()))
                .collect(),
        };
        let listed: Vec<ListedPlan> = plans.iter().map(listed).collect();
        let rows = job_rows(&listed, &pages.tasks, pages.ahead);
        let now = Timestamp(time::epoch_ms());
        let is_wanted = |entry: &Entry| {
            entry.job.with_untracked(|job| filter.wants(&JobFacts::of_job(job, &entry.batch), now))
        };
        let wants = |row: &&JobRow| match row {
            JobRow::Plan(place) => plans.get(*place).is_some_and(|p| p.iter().any(is_wanted)),
            JobRow::Task(place) => pages
                .tasks
                .get(*place)
                .is_some_and(|task| filter.wants(&JobFacts::of_task(task, pages.ahead), now)),
        };
        let shown = rows.iter().filter(wants).copied().collect();
        Rows { all: rows.len(), shown, plans, pages }
    }

    /// The numbers of rows, once BIG-IQ's list was read. Tracked.
    fn counted(self) -> String {
        let rows = self.rows();
        match (rows.all, rows.shown.len()) {
            _ if self.tasks.reading().with(|reading| reading.data().is_none()) => String::new(),
            (0, _) => text::tasks_empty(),
            (all, 0) => text::tasks_none(all),
            (all, shown) => text::tasks_shown(shown, all),
        }
    }

    /// The table. Tracked.
    fn table(self) -> Option<AnyView> {
        let Rows { pages, plans, shown, .. } = self.rows();
        let inventory = untrack(|| self.inventory_store.inventory());
        let head = COLUMNS.map(|label| {
            view! { <th role="columnheader" scope="col" prop:textContent=content(label())/> }
                .into_any()
        });
        let row = |row: &JobRow| match row {
            JobRow::Plan(place) => plans.get(*place).and_then(|plan| self.plan_row(plan)),
            JobRow::Task(place) => pages.tasks.get(*place).map(|task| {
                let Some(started) = task.snapshot.started else {
                    return self.task_row(task, None, &target_names(task, inventory.as_deref()));
                };
                let at = Some((task.began(pages.ahead), started));
                self.task_row(task, at, &target_names(task, inventory.as_deref()))
            }),
        };
        let rows: Vec<AnyView> = shown.iter().filter_map(row).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <table class="job-table" role="table" aria-labelledby="page-heading">
                    <thead role="rowgroup"><tr role="row">{head.into_iter().collect::<Vec<_>>()}</tr></thead>
                    <tbody role="rowgroup" on:click=|event| _ = open_row(&event)>{rows}</tbody>
                </table>
            }
            .into_any()
        })
    }

    /// The jobs of a plan.
    fn plan_row(self, plan: &[Entry]) -> Option<AnyView> {
        let first = plan.first()?;
        let at = first.batch.confirmed_at;
        let is_many = plan.len() > 1;
        let route =
            if is_many { Route::Batch(first.batch.id.clone()) } else { Route::Job(first.id()) };
        let entries = plan.to_vec();
        let badge = dynamic(move || {
            let (tone, heading) = self.state_of(&entries);
            view! { <Badge tone=tone label=heading/> }
        });
        Some(self.row(Cells {
            badge,
            title: batch_title(plan),
            route,
            targets: sentences::targets(&first.batch, LISTED).into_text(),
            operator: isolated(&first.batch.account.operator),
            at: Some((at, at)),
            is_own: true,
        }))
    }

    /// The state of a plan: of its only job, or what all jobs led to. Tracked.
    fn state_of(self, entries: &[Entry]) -> (Tone, String) {
        if let [only] = entries {
            let (tone, heading, _) = only.job.with(|job| {
                headline_of(job, &only.batch, self.jobs, self.inventory_store, self.verifications)
            });
            return (tone, heading);
        }
        let summary = |entry: &Entry| {
            entry.job.track();
            summary_of(entry, self.verifications)
        };
        let summary = Summary::of_all(entries.iter().map(summary));
        let is_open =
            |entry: &&Entry| entry.job.with_untracked(|job| !job.is_over() && !job.is_lost());
        let over = entries.iter().filter(|entry| entry.job.with_untracked(Job::is_over)).count();
        let concluded = summary.filter(|_| !entries.iter().any(|entry| is_open(&entry)));
        let concluded = concluded.and_then(|summary| sentences::summary(&summary, None, None));
        match concluded {
            Some((tone, heading)) => (timeline::tone(tone), heading),
            None => (Tone::Info, done_of(over, entries.len())),
        }
    }

    fn task_row(
        self,
        task: &BigIqTask,
        at: Option<(Timestamp, Timestamp)>,
        targets: &[String],
    ) -> AnyView {
        let headline = sentences::of_task(task);
        let (tone, label) = (timeline::tone(headline.tone), headline.heading);
        self.row(Cells {
            badge: view! { <Badge tone=tone label=label/> }.into_any(),
            title: bigiq_task::title(task),
            route: Route::Task(task.id.clone()),
            targets: list_of_names(targets.iter().map(String::as_str)).into_text(),
            operator: task.operator.as_deref().map(isolated).unwrap_or_default(),
            at,
            is_own: false,
        })
    }

    fn row(self, cells: Cells) -> AnyView {
        let Cells { badge, title, route, targets, operator, at, is_own } = cells;
        let clock = self.clock;
        let ago = move || at.map(|(at, _)| relative(at, Timestamp(clock.now().get())).into_text());
        let exactly = at.map(|(_, at)| exact(at).into_text());
        let own = is_own.then(|| view! { <Badge label=text::this_tab()/> });
        view! {
            <tr role="row">
                <td role="cell"><div>{badge}</div></td>
                <td role="cell">
                    <a class="row-link" href=route.href() title=exactly prop:textContent=content(title)/>
                    {own}
                </td>
                <td role="cell" prop:textContent=content(targets)/>
                <td role="cell" prop:textContent=content(operator)/>
                <td role="cell" prop:textContent=content(ago)/>
            </tr>
        }
        .into_any()
    }

    /// Saves the rows that are shown, one for each kill.
    fn save(self) {
        let Rows { pages, plans, shown, .. } = untrack(|| self.rows());
        let inventory = untrack(|| self.inventory_store.inventory());
        let mut csv = JobsCsv::default();
        for row in shown {
            match row {
                JobRow::Plan(place) => {
                    for entry in plans.get(place).into_iter().flatten() {
                        let targets = entry.batch.target_names();
                        entry.job.with_untracked(|job| {
                            csv.add(&JobFacts::of_job(job, &entry.batch), &targets);
                        });
                    }
                }
                JobRow::Task(place) => {
                    if let Some(task) = pages.tasks.get(place) {
                        let targets = target_names(task, inventory.as_deref());
                        csv.add(&JobFacts::of_task(task, pages.ahead), &targets);
                    }
                }
            }
        }
        let saved = download::save_text("jobs.csv", "text/csv", &csv.into_text());
        announce(if saved { text::record_saved() } else { text::record_not_saved() });
    }
}

/// The content of a row.
struct Cells {
    badge: AnyView,
    title: String,
    route: Route,
    targets: String,
    operator: String,
    /// When it started, by the browser's clock and by the clock that reported it.
    at: Option<(Timestamp, Timestamp)>,
    is_own: bool,
}
