//! The page of a task of BIG-IQ's list: what it does, its progress, and BIG-IQ's full answer. It may be anybody's.

use super::full_answer::full_answer;
use super::next_steps::{Over, later_steps};
use super::timeline;
use crate::pages::call_error::{Operation, call_error, not_read};
use crate::pages::error_text::{bigiq_words, paragraph};
use crate::state::{Entry, InventoryStore, Jobs, LiveSessions, SignIn, Tasks};
use crate::ui::{Banner, Button, Look, Skeleton, Stepper, content, dynamic};
use crate::web::{effect, time};
use curfew_core::app::Route;
use curfew_core::ids::{MachineId, TaskId};
use curfew_core::inventory::Inventory;
use curfew_core::job::BigIqTask;
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::Later;
use leptos::prelude::*;
use std::sync::Arc;
use text::sentences::bigiq_task;
use text::sentences::error::{Sentence, bigiq_says};
use text::sentences::job::{self as sentences, Headline};
use text::{Name, exact, list_of_names};

/// The page.
#[component]
pub fn TaskPage(id: TaskId) -> impl IntoView {
    let (sign_in, inventory_store) = (SignIn::get(), InventoryStore::get());
    let tasks = Tasks::new(sign_in);
    let reading = tasks.reading();
    let title = text::job_task(Name(id.as_str()));
    let answer = full_answer(id.clone());
    let id = StoredValue::new(id);
    let read = Callback::new(move |()| tasks.read_one(id.get_value()));
    read.run(());
    let busy = Memo::new(move |_| reading.with(|reading| reading.is_loading()));
    let failed = move || {
        let error = reading.with(|reading| reading.error().cloned())?;
        let operator = sign_in.operator().unwrap_or_default();
        let text = call_error(&error, Operation::ReadTask, &operator);
        Some(not_read(text::tasks_failed(), text))
    };
    let later = LaterView::new(tasks, inventory_store);
    let shown = move || {
        let inventory = inventory_store.inventory();
        reading.with(|reading| match reading.data().and_then(|pages| pages.tasks.first()) {
            Some(task) => details(task, inventory.as_deref(), later),
            None if reading.is_loading() => view! { <Skeleton lines=3/> }.into_any(),
            None => ().into_any(),
        })
    };
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(title)/>
        <div class="collapse-empty" role="alert">{dynamic(failed)}</div>
        {dynamic(shown)}
        <div class="job-actions">
            <Button label=text::refresh() look=Look::Plain busy=busy on_press=read/>
            {answer}
        </div>
    }
}

/// What is known now about the task, if no job of this tab has it.
#[derive(Clone, Copy)]
struct LaterView {
    tasks: Tasks,
    inventory_store: InventoryStore,
    live_sessions: LiveSessions,
    /// When the page was opened. What was read before is not "now".
    opened: Timestamp,
}

impl LaterView {
    fn new(tasks: Tasks, inventory_store: InventoryStore) -> Self {
        let (live_sessions, opened) = (LiveSessions::get(), Timestamp(time::epoch_ms()));
        let view = Self { tasks, inventory_store, live_sessions, opened };
        let asked = StoredValue::new(false);
        // A few devices are read at once, many on request.
        effect(move || {
            if let Some(later) = view.get().filter(|_| !asked.get_value()) {
                asked.set_value(true);
                if later.devices.len() <= LiveSessions::UNASKED {
                    view.read();
                }
            }
        });
        view
    }

    /// Once the task has ended. Tracked.
    fn get(self) -> Option<Later> {
        let inventory = self.inventory_store.inventory()?;
        let live = self.live_sessions.known().with(|live| live.since(self.opened));
        let later = self.tasks.reading().with(|reading| {
            let task = reading.data()?.tasks.first()?;
            let is_own = own_job(&task.id).is_some();
            if is_own { None } else { Later::of(task, &inventory, &live) }
        });
        later.filter(|later| later.job.is_over())
    }

    /// Reads the devices.
    fn read(self) {
        let later = untrack(|| self.get().zip(self.inventory_store.inventory()));
        if let Some((later, inventory)) = later {
            self.live_sessions.read_again(inventory, later.devices);
        }
    }

    /// The state of the task, and the next steps. Tracked.
    fn banner(self, task: &BigIqTask) -> AnyView {
        let inventory = self.inventory_store.inventory();
        let name = |id: &MachineId| device_name(id, inventory.as_deref());
        let later = self.get();
        let Headline { tone, heading, mut help } = match &later {
            Some(later) => sentences::later(later, &name),
            None => sentences::of_task(task),
        };
        let reported = later.is_none().then(|| reported(task, &name));
        let busy = self.live_sessions.busy().get();
        if busy && later.is_some() {
            help.push(Sentence::Own(text::comparing()));
        } else if later.is_some_and(|later| !later.sessions.is_exact()) {
            help.push(Sentence::Own(text::later_not_read()));
        }
        let help = help.iter().map(paragraph).collect_view();
        view! { <Banner tone=timeline::tone(tone) heading=heading>{help} {reported}</Banner> }
            .into_any()
    }

    fn steps(self, user: Option<String>) -> AnyView {
        let summary = Callback::new(move |()| self.get().map(|later| Later::summary(&later)));
        let over = Callback::new(move |()| {
            let later = untrack(|| self.get());
            let over = |Later { job, batch, .. }| Over { batch: Arc::new(batch), job, check: None };
            later.map(over).into_iter().collect()
        });
        let read = Callback::new(move |()| self.read());
        let reads = move || {
            self.get().is_some().then(|| {
                let busy = self.live_sessions.busy();
                view! { <Button label=text::read_sessions_now() look=Look::Plain busy=busy on_press=read/> }
            })
        };
        view! { {later_steps(summary, over, user)} {dynamic(reads)} }.into_any()
    }
}

/// BIG-IQ's message and the failures that it reports.
fn reported(task: &BigIqTask, name: &dyn Fn(&MachineId) -> String) -> Vec<AnyView> {
    let message = task.snapshot.error.as_deref();
    let message = message.map(|error| bigiq_words(&bigiq_says(error)));
    let failures = bigiq_task::failures(&task.snapshot, name).into_iter();
    let failures =
        failures.map(|line| view! { <p lang="en" prop:textContent=content(line)/> }.into_any());
    message.into_iter().chain(failures).collect()
}

fn details(task: &BigIqTask, inventory: Option<&Inventory>, later: LaterView) -> AnyView {
    let snapshot = &task.snapshot;
    let name = |id: &MachineId| device_name(id, inventory);
    let started = snapshot.started.map(exact).unwrap_or_default();
    let by = match &task.operator {
        Some(operator) => text::task_by(Name(operator), &started),
        None => text::task_by_unknown(&started),
    };
    let targets = target_names(task, inventory);
    let own = own_job(&task.id).map(|entry| {
        let href = Route::Job(entry.id()).href();
        view! { <p><a href=href prop:textContent=content(text::task_of_this_tab())/></p> }
    });
    // A newer BIG-IQ may report values without a text here.
    let state = snapshot.error.is_none().then(|| bigiq_task::state(snapshot));
    let points = timeline::points(&task.progress(), None, None);
    let user = task.user.as_ref().map(ToString::to_string);
    let on = (!snapshot.devices.is_empty() && task.named().next().is_some()).then(|| {
        let devices: Vec<String> = snapshot.devices.iter().map(&name).collect();
        let names = list_of_names(devices.iter().map(String::as_str)).into_text();
        view! { <p prop:textContent=content(text::labelled(&text::job_devices(), &names))/> }
    });
    view! {
        <div class="job-facts">
            <p prop:textContent=content(bigiq_task::title(task))/>
            <p prop:textContent=content(list_of_names(targets.iter().map(String::as_str)).into_text())/>
            <p class="quiet" prop:textContent=content(by)/>
            {own}
        </div>
        {dynamic({
            let task = task.clone();
            move || later.banner(&task)
        })}
        <div class="job-actions">{later.steps(user)}</div>
        <section class="panel" aria-labelledby="progress-heading">
            <h2 id="progress-heading" prop:textContent=content(text::job_progress())/>
            <Stepper label=text::job_progress() steps=points/>
            {on}
            <p class="mono quiet" lang="en" prop:textContent=content(state)/>
        </section>
    }
    .into_any()
}

fn device_name(id: &MachineId, inventory: Option<&Inventory>) -> String {
    let known = inventory.and_then(|inventory| inventory.device(id));
    known.map_or_else(|| id.to_string(), |device| device.name.clone())
}

/// The targets of a task. BIG-IQ also lists the devices of named targets: they are left out.
pub(super) fn target_names(task: &BigIqTask, inventory: Option<&Inventory>) -> Vec<String> {
    let single = task.single_devices(inventory);
    let mut targets = task.named().cloned().collect::<Vec<String>>();
    targets.extend(single.iter().map(|id| device_name(id, inventory)));
    // Listed sessions are addressed by device only.
    if targets.is_empty() {
        targets.extend(task.sessions.iter().map(|(id, _)| device_name(id, inventory)));
    }
    targets
}

/// The job of this tab that has a task.
fn own_job(task: &TaskId) -> Option<Entry> {
    let jobs = untrack(|| Jobs::get().all());
    jobs.into_iter().find(|entry| entry.job.with_untracked(|job| job.task_id() == Some(task)))
}
