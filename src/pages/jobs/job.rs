//! The page of one job, or of all jobs of one plan: state, progress, timeline, and the exact request.

use super::export::{ExportButtons, copy_button};
use super::full_answer::full_answer;
use super::headline::{device_name, headline_of};
use super::next_steps::{next_steps, users_of};
use super::outcome::Outcome;
use super::print::PrintDetails;
use super::progress::{announce_progress, done_of};
use super::timeline;
use super::verification::Verification;
use super::watch::Watch;
use crate::pages::by_hand;
use crate::pages::error_text::paragraph;
use crate::state::{Clock, ConfigStore, Entry, InventoryStore, Jobs, LiveSessions, Verifications};
use crate::ui::{
    Badge, Banner, Button, CodeBlock, Disclosure, LinkButton, Log, LogLine, Look, Progress, Quote,
    Show, Stepper, Tone, alert, announce, content, dynamic,
};
use crate::web::{effect_since, time};
use curfew_core::app::Route;
use curfew_core::ids::MachineId;
use curfew_core::job::{Job, Phase};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::error::Sentence;
use text::sentences::{job as sentences, verification};
use text::{LISTED, Name, exact, first_names, relative, span};

/// The page of a job, or of a plan with several jobs.
#[component]
pub fn JobPage(route: Route) -> impl IntoView {
    let jobs = Jobs::get();
    let entries = Memo::new(move |_| EntryList(entries_of(jobs, &route)));
    move || {
        let found = entries.get().0;
        match found.as_slice() {
            [] => view! {
                <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::job_unknown_title())/>
                <p prop:textContent=content(text::job_unknown_body())/>
                <LinkButton label=text::go_to_jobs() href=Route::Jobs.href() look=Look::Plain/>
            }
            .into_any(),
            [only] => view! { <SingleJob entry=only.clone()/> }.into_any(),
            [first, ..] => view! { <SeveralJobs first=first.clone() entries=found/> }.into_any(),
        }
    }
}

/// The title of the page of a job, or of a plan with several jobs: a short "who" and "where". Tracked.
pub fn job_name(route: &Route) -> String {
    let entries = entries_of(Jobs::get(), route);
    let Some(first) = entries.first() else { return text::job_unknown_title() };
    text::labelled(&batch_title(&entries), &sentences::targets(&first.batch, 2).into_text())
}

/// What the jobs of one plan do together.
pub(super) fn batch_title(entries: &[Entry]) -> String {
    let users = users_of(entries);
    let title = |first: &Entry| first.job.with_untracked(|job| sentences::batch_title(job, &users));
    entries.first().map(title).unwrap_or_default()
}

fn entries_of(jobs: Jobs, route: &Route) -> Vec<Entry> {
    match route {
        Route::Job(id) => jobs.find(id).into_iter().collect(),
        Route::Batch(id) => jobs.batch(id),
        Route::Kill(_)
        | Route::Find
        | Route::Jobs
        | Route::Task(_)
        | Route::Diagnostics
        | Route::NotFound(_) => Vec::new(),
    }
}

/// Entries compared by their ids: each entry's own signal reports its changes.
#[derive(Clone)]
struct EntryList(Vec<Entry>);

impl PartialEq for EntryList {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(Entry::id).eq(other.0.iter().map(Entry::id))
    }
}

#[component]
fn SingleJob(entry: Entry) -> impl IntoView {
    let (clock, jobs, inventory_store) = (Clock::get(), Jobs::get(), InventoryStore::get());
    let verifications = Verifications::get();
    let operator = entry.batch.account.operator.clone();
    let job = entry.job.clone();
    let title = job.with_untracked(sentences::title);
    let headline = {
        let Entry { batch, job } = entry.clone();
        // It is read twice, and takes some time for thousands of devices.
        Memo::new(move |_| {
            job.with(|job| headline_of(job, &batch, jobs, inventory_store, verifications))
        })
    };
    // Announce changes only, not polls with the same result.
    effect_since(move |before: Option<Headline>| {
        let now = headline.get();
        announce_change(before.as_ref(), &now);
        now
    });
    let progress = {
        let job = job.clone();
        Signal::derive(move || job.with(timeline::progress))
    };
    let events = {
        let job = job.clone();
        // Times without a date need one after midnight.
        let today = Memo::new(move |_| time::local_day(clock.now().get()));
        Signal::derive(move || {
            // Not `track`: an unread memo does not follow its clock.
            today.get();
            job.with(|job| {
                job.events().iter().map(|e| timeline::line(e, &operator)).collect::<Vec<_>>()
            })
        })
    };
    let shared = StoredValue::new(entry.clone());
    let task = {
        let job = job.clone();
        move || {
            job.with(|job| job.task_id().cloned()).map(|id| {
                view! { <p class="mono quiet" prop:textContent=content(text::job_task(Name(id.as_str())))/> }
            })
        }
    };
    let request = job.with_untracked(|job| job.request().to_pretty_json());
    let known_task = Memo::new(move |_| job.with(|job| job.task_id().cloned()));
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(title)/>
        <Facts entry=entry.clone() of_plan=true/>
        {dynamic(move || {
            let (tone, heading, help) = headline.get();
            let help = help.iter().map(paragraph).collect_view();
            view! { <Banner tone=tone heading=heading>{help}</Banner> }
        })}
        <div class="job-actions">
            {next_steps(vec![entry.clone()])}
            <ExportButtons entries=vec![entry.clone()]/>
            {dynamic(move || known_task.get().map(full_answer))}
        </div>
        <section class="panel" aria-labelledby="progress-heading">
            <h2 id="progress-heading" prop:textContent=content(text::job_progress())/>
            <Stepper label=text::job_progress() steps=progress/>
            {task}
            <CurrentActivity entry=entry.clone()/>
            <CancelButton entry=entry.clone()/>
        </section>
        <Watch entries=vec![entry.clone()]/>
        <div class="columns halves screen-only">
            <section class="panel" aria-labelledby="outcome-heading">
                <h2 id="outcome-heading" prop:textContent=content(text::outcome())/>
                <Outcome entry=entry.clone()/>
            </section>
            <Verification entry=entry.clone()/>
        </div>
        {dynamic(move || shared.with_value(by_hand_commands))}
        <div class="panel">
            {log(events)}
            {dynamic(move || shared.with_value(named))}
            {exact_request(request)}
        </div>
        <PrintDetails entries=vec![entry]/>
    }
}

/// What happened, line by line.
fn log(events: Signal<Vec<LogLine>>) -> AnyView {
    let result = RwSignal::new(String::new());
    let lines = Callback::new(move |()| {
        let line = |line: &LogLine| {
            let words = line.quote.as_ref().map(|quote| quote.words.as_str());
            let parts = [time::rfc3339(line.at_ms), line.text.clone()];
            let parts = parts.into_iter().chain(words.map(str::to_owned));
            parts.collect::<Vec<_>>().join("\t")
        };
        events.with_untracked(|events| events.iter().map(line).collect::<Vec<_>>().join("\n"))
    });
    view! {
        <Disclosure summary=text::job_timeline()>
            <Log label=text::job_timeline() entries=events/>
            <div class="row">
                {copy_button(text::copy(), lines, result, text::copied)}
                <p class="quiet" role="status" prop:textContent=content(result)/>
            </div>
        </Disclosure>
    }
    .into_any()
}

/// The exact request.
fn exact_request(request: String) -> AnyView {
    view! {
        <Disclosure summary=text::job_exact_request()>
            <CodeBlock
                label=text::job_exact_request()
                text=request
                exact=true
                copy_label=text::copy()
                copied_label=text::copied()
                failed_label=text::copy_failed()
            />
        </Disclosure>
    }
    .into_any()
}

/// The kill as commands, if BIG-IQ did not do all of it. Tracked.
fn by_hand_commands(entry: &Entry) -> Option<AnyView> {
    entry.job.with(|job| {
        let request = std::slice::from_ref(job.request());
        by_hand::is_left(job.phase()).then(|| by_hand::commands(request, &entry.batch.reached))?
    })
}

/// The devices that BIG-IQ resolved for the task. Tracked.
fn named(entry: &Entry) -> Option<AnyView> {
    let (names, all) = entry.job.with(|job| {
        // Before there is a task, there are no names.
        let named = if job.task_id().is_some() { job.devices() } else { Vec::new() };
        let name = |id: &MachineId| sentences::device(&entry.batch, id);
        (named.iter().take(LISTED).map(name).collect::<Vec<_>>(), named.len())
    });
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (all > 0).then(|| {
        view! {
            <dl class="facts">
                <dt prop:textContent=content(text::job_devices())/>
                <dd prop:textContent=content(first_names(&names, all).into_text())/>
            </dl>
        }
        .into_any()
    })
}

/// Tone, heading, and what it means.
type Headline = (Tone, String, Vec<Sentence>);

/// Announces a change of status to screen readers, without what was already announced. A failure is announced with all its details.
fn announce_change(before: Option<&Headline>, (tone, heading, help): &Headline) {
    let is_same = before.is_some_and(|(_, before, _)| before == heading);
    // Of a good or neutral state, only the heading was announced.
    let is_known = |tone: Tone| is_same || matches!(tone, Tone::Warning | Tone::Error);
    let known = before.filter(|(tone, ..)| is_known(*tone)).map(|(_, _, help)| help.as_slice());
    let news = sentences::news((!is_same).then_some(heading), help, known.unwrap_or_default());
    match tone {
        _ if news.is_empty() => {}
        _ if is_same => announce(news),
        Tone::Info | Tone::Good => announce(heading),
        Tone::Warning => announce(news),
        Tone::Error => alert(news),
    }
}

/// Who, where, why, when.
#[component]
fn Facts(
    entry: Entry,
    /// Whether it is a single job's page, which links to the other jobs of its plan.
    #[prop(optional)]
    of_plan: bool,
) -> impl IntoView {
    let batch = entry.batch;
    let plan = (of_plan && batch.items > 1).then(|| {
        let href = Route::Batch(batch.id.clone()).href();
        view! { <p><a href=href prop:textContent=content(text::job_batch())/></p> }
    });
    let by = text::job_by(Name(&batch.account.operator), &exact(batch.confirmed_at));
    let targets = sentences::targets(&batch, LISTED).into_text();
    let reason = (!batch.reason.is_empty())
        .then(|| view! { <p prop:textContent=content(text::job_reason(Name(&batch.reason)))/> });
    view! {
        <div class="job-facts">
            <p prop:textContent=content(targets)/>
            {reason}
            <p class="quiet" prop:textContent=content(by)/>
            {plan}
        </div>
    }
}

/// What is happening now, for how long, how often the task was polled, and a button that polls it now.
#[component]
fn CurrentActivity(entry: Entry) -> impl IntoView {
    let (clock, jobs, verifications) = (Clock::get(), Jobs::get(), Verifications::get());
    let (inventory_store, live_sessions) = (InventoryStore::get(), LiveSessions::get());
    let id = entry.id();
    let Entry { batch, job } = entry;
    // The page must not leave open which device takes so long.
    let waiting = {
        let (id, job) = (id.clone(), job.clone());
        move || {
            clock.now().track();
            let name = |id: &MachineId| device_name(id, &batch, inventory_store);
            let awaited = verifications.silent_devices(&id);
            if !awaited.is_empty() {
                return Some(text::waiting_for(&sentences::device_names(&awaited, &name)));
            }
            // The plan could not read them, so nobody reads them while the kill runs.
            let silent = live_sessions.silent_of(&batch.reached);
            let is_known =
                verifications.so_far(&id).is_some_and(|so_far| !so_far.silent.is_empty());
            let is_told = silent.is_empty() || is_known || !job.with(Job::is_killing);
            (!is_told).then(|| text::so_far_no_answer(&sentences::device_names(&silent, &name)))
        }
    };
    // A request that was not sent has no task to poll.
    let open = {
        let job = job.clone();
        Memo::new(move |_| job.with(|job| !job.is_over() && *job.phase() != Phase::Confirmed))
    };
    let now = {
        let job = job.clone();
        move || {
            let now = if verifications.is_reading(&id) {
                text::comparing()
            } else {
                job.with(|job| sentences::now(job, jobs.is_held(job)))
            };
            (!now.is_empty()).then(|| view! { <p prop:textContent=content(now)/> })
        }
    };
    let numbers = move || {
        let now = Timestamp(clock.now().get());
        job.with(|job| {
            let (sent, polls) = (job.sent_at()?, timeline::polls(job));
            if let Some(ended) = job.ended_at() {
                return Some(text::job_took(&span(ended.since(sent)), polls));
            }
            if job.is_over() {
                return None;
            }
            // The clock ticks once a second, so it can't show less than a second.
            let ago = |at| relative(at, now);
            let text = if now.since(sent) < Duration::from_secs(1) {
                text::job_just_sent()
            } else {
                text::job_sent(&ago(sent))
            };
            if polls == 0 {
                return Some(text);
            }
            Some(text::two_sentences(&text, &text::job_updated(polls, &ago(job.learnt_at()))))
        })
    };
    view! {
        {now}
        <p prop:textContent=content(waiting)/>
        <div class="read-ago quiet">
            {dynamic(move || numbers().map(|numbers| view! { <span prop:textContent=content(numbers)/> }))}
            <Show when=open>
                <Button
                    label=text::refresh()
                    look=Look::Quiet
                    on_press=Callback::new(move |()| jobs.poll_all())
                />
            </Show>
        </div>
    }
}

/// The button that asks BIG-IQ to cancel, if offered.
#[component]
fn CancelButton(entry: Entry) -> impl IntoView {
    let jobs = Jobs::get();
    let offered = ConfigStore::get().with(|config| config.cancel);
    let entry = StoredValue::new(entry);
    let open = Memo::new(move |_| offered && entry.with_value(|entry| jobs.may_cancel(entry)));
    let ask = Callback::new(move |()| entry.with_value(|entry| jobs.cancel(entry)));
    let answer = move || {
        let Entry { batch, job } = entry.get_value();
        let line = job.with(|job| timeline::cancel_answer(job, &batch.account.operator))?;
        let quote = line.quote.map(Quote::view);
        Some(view! { <p prop:textContent=content(line.text)/> {quote} })
    };
    view! {
        <div class="collapse-empty" role="status">{dynamic(answer)}</div>
        <Show when=open>
            <div class="job-facts">
                <Button label=text::ask_cancel() look=Look::Plain on_press=ask/>
                <p class="hint" prop:textContent=content(text::ask_cancel_hint())/>
            </div>
        </Show>
    }
}

#[component]
fn SeveralJobs(first: Entry, entries: Vec<Entry>) -> impl IntoView {
    let jobs = Jobs::get();
    let title = batch_title(&entries);
    let all = StoredValue::new(entries);
    let total = all.with_value(Vec::len);
    let done = Memo::new(move |_| {
        all.with_value(|all| all.iter().filter(|e| e.job.with(|job| job.is_over())).count())
    });
    let waiting = Memo::new(move |_| {
        all.with_value(|all| {
            all.iter().filter(|e| e.job.with(|job| *job.phase() == Phase::Confirmed)).count()
        })
    });
    let label = move || done_of(done.get(), total);
    announce_progress(Box::new(move || all.get_value()));
    let plan = StoredValue::new(first.clone());
    let controls = move || {
        (waiting.get() > 0).then(|| {
            let paused = plan.with_value(|entry| jobs.is_paused(&entry.batch.id));
            let notice = paused.then(|| {
                let heading = text::paused(waiting.get());
                view! { <Banner tone=Tone::Warning heading=heading/> }
            });
            view! {
                {notice}
                <p class="actions">
                    <Button
                        label=if paused { text::resume_sending() } else { text::pause_sending() }
                        look=Look::Plain
                        on_press=Callback::new(move |()| {
                            plan.with_value(|entry| jobs.pause(&entry.batch.id, !paused));
                        })
                    />
                    <Button
                        label=text::discard_unsent()
                        look=Look::Plain
                        on_press=Callback::new(move |()| {
                            plan.with_value(|entry| jobs.drop_rest(&entry.batch.id));
                        })
                    />
                </p>
            }
        })
    };
    let rows = all.get_value().into_iter().map(|entry| view! { <Row entry=entry/> });
    let (verifications, inventory_store) = (Verifications::get(), InventoryStore::get());
    let so_far = move || {
        let Some(so_far) = all.with_value(|all| verifications.so_far_of_plan(all)) else {
            // The numbers of a job that has ended come with its comparison.
            let is_reading = |entry: &Entry| verifications.is_reading(&entry.id());
            return all.with_value(|all| all.iter().any(is_reading)).then(text::comparing);
        };
        let batch = plan.with_value(|entry| entry.batch.clone());
        let name = |id: &MachineId| device_name(id, &batch, inventory_store);
        let lines = verification::so_far(&so_far, &name);
        Some(sentences::in_sequence(lines.iter().map(String::as_str)))
    };
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(title)/>
        <Facts entry=first/>
        <div class="job-actions">
            {next_steps(all.get_value())}
            <ExportButtons entries=all.get_value()/>
        </div>
        <Progress done=done total=Signal::stored(total) label=Signal::derive(label)/>
        <p class="quiet" prop:textContent=content(so_far)/>
        {dynamic(controls)}
        <Watch entries=all.get_value()/>
        <section class="panel" aria-labelledby="batch-heading">
            <h2 id="batch-heading" prop:textContent=content(text::job_batch())/>
            <ul class="job-list">{rows.collect_view()}</ul>
        </section>
        <PrintDetails entries=all.get_value()/>
    }
}

/// A job of a plan: what it does, its state, its progress in small.
#[component]
fn Row(entry: Entry) -> impl IntoView {
    let (jobs, inventory_store) = (Jobs::get(), InventoryStore::get());
    let verifications = Verifications::get();
    let id = entry.id();
    let Entry { batch, job } = entry;
    let title = job.with_untracked(sentences::title);
    let targets = job.with_untracked(|job| sentences::targets_of(job, &batch).into_text());
    let progress = {
        let job = job.clone();
        Signal::derive(move || job.with(timeline::progress))
    };
    let headline = move || {
        let (tone, heading, _) =
            job.with(|job| headline_of(job, &batch, jobs, inventory_store, verifications));
        view! { <Badge tone=tone label=heading/> }
    };
    view! {
        <li class="job-row">
            <div>
                <a class="job-title row-link" href=Route::Job(id).href() prop:textContent=content(title)/>
                <p class="quiet" prop:textContent=content(targets)/>
            </div>
            {dynamic(headline)}
            <Stepper label=text::job_progress() steps=progress small=true/>
        </li>
    }
}
