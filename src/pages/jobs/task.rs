//! The page of a task of BIG-IQ's list: what it does, its progress, and BIG-IQ's full answer. It may be anybody's.

use super::full_answer::full_answer;
use super::timeline;
use crate::pages::call_error::{Operation, call_error, not_read};
use crate::pages::error_text::bigiq_words;
use crate::state::{Entry, InventoryStore, Jobs, SignIn, Tasks};
use crate::ui::{Banner, Button, Look, Skeleton, Stepper, content, dynamic};
use curfew_core::app::Route;
use curfew_core::ids::{MachineId, TaskId};
use curfew_core::inventory::Inventory;
use curfew_core::job::BigIqTask;
use leptos::prelude::*;
use text::sentences::bigiq_task;
use text::sentences::error::bigiq_says;
use text::sentences::job::Headline;
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
    let shown = move || {
        let inventory = inventory_store.inventory();
        reading.with(|reading| match reading.data().and_then(|pages| pages.tasks.first()) {
            Some(task) => details(task, inventory.as_deref()),
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

fn details(task: &BigIqTask, inventory: Option<&Inventory>) -> AnyView {
    let snapshot = &task.snapshot;
    let name = |id: &MachineId| device_name(id, inventory);
    let Headline { tone, heading, .. } = bigiq_task::headline(task);
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
    let message = snapshot.error.as_deref().map(|error| bigiq_words(&bigiq_says(error)));
    let failures = bigiq_task::failures(snapshot, &name).into_iter();
    let failures =
        failures.map(|line| view! { <p lang="en" prop:textContent=content(line)/> }.into_any());
    let lines: Vec<AnyView> = message.into_iter().chain(failures).collect();
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
        <Banner tone=timeline::tone(tone) heading=heading>{lines}</Banner>
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
    let is_named =
        |name: &Option<String>| name.as_ref().is_some_and(|n| task.named().any(|named| named == n));
    let names_targets = task.named().next().is_some();
    let mut targets = task.named().cloned().collect::<Vec<String>>();
    for id in &task.snapshot.devices {
        match inventory.and_then(|inventory| inventory.device(id)) {
            Some(device) if is_named(&device.cluster) || is_named(&device.group) => {}
            None if names_targets => {}
            _ => targets.push(device_name(id, inventory)),
        }
    }
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
