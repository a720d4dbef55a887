//! What can be done with a job, or all jobs of a plan: save, copy or print the record, or plan the remaining targets
//! again. A new plan goes through the form and its gate.

use crate::state::{CurrentRoute, Entry, Form, Jobs, Verifications};
use crate::ui::{Button, Look, Show, content};
use crate::web::{Latest, clipboard, download, print, time, time_zone};
use curfew_core::app::Route;
use curfew_core::job::{Job, TargetStatus};
use curfew_core::plan::{Batch, Draft};
use curfew_core::record::{About, Record, RecordedJob, Zone};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// The buttons under a job, or under all jobs of a plan.
#[component]
pub(super) fn ExportButtons(entries: Vec<Entry>) -> impl IntoView {
    let (form, current_route) = (Form::get(), CurrentRoute::get());
    let (jobs, verifications) = (Jobs::get(), Verifications::get());
    let entries = StoredValue::new(entries);
    // The result of the last action, shown and announced.
    let result = RwSignal::new(String::new());
    let many = entries.with_value(|entries| entries.len() > 1);
    let save = move |format: Format| {
        Callback::new(move |()| {
            let saved = entries.with_value(|entries| save(entries, jobs, verifications, format));
            result.set(if saved { text::record_saved() } else { text::record_not_saved() });
        })
    };
    let copying = Latest::new();
    let copy = Callback::new(move |()| {
        copying.run(async move {
            let file =
                entries.with_value(|entries| record(entries, jobs, verifications, Format::Json));
            let Some((_, _, text)) = file else { return };
            let copied = clipboard::copy(&text).await.is_ok();
            result.set(if copied { text::record_copied() } else { text::copy_failed() });
        });
    });
    let (json, csv, copied) = if many {
        (text::save_records_json(), text::save_records_csv(), text::copy_records())
    } else {
        (text::save_record_json(), text::save_record_csv(), text::copy_record())
    };
    // A job that is not over may still fail. A change of one job checks only that job: there may be hundreds.
    let can_again: Vec<Memo<bool>> = entries.with_value(|entries| {
        let can = |entry: &Entry| {
            let entry = entry.clone();
            Memo::new(move |_| entry.job.with(|job| again(&entry.batch, [job]).is_some()))
        };
        entries.iter().map(can).collect()
    });
    let can_again = Memo::new(move |_| can_again.iter().any(Memo::get));
    let plan_again = Callback::new(move |()| {
        let jobs = entries.with_value(|entries| jobs_of(entries));
        let batch = entries.with_value(|entries| entries.first().map(|e| Arc::clone(&e.batch)));
        if let Some(draft) = batch.and_then(|batch| again(&batch, &jobs)) {
            form.fill_with(draft);
            current_route.go(&Route::home());
        }
    });
    let outdated = move || {
        let outdated = entries.with_value(|entries| jobs.is_saved_outdated(entries));
        outdated.then(text::record_outdated)
    };
    view! {
        <div class="actions">
            <Button label=json look=Look::Plain on_press=save(Format::Json)/>
            <Button label=csv look=Look::Plain on_press=save(Format::Csv)/>
            <Button label=copied look=Look::Plain on_press=copy/>
            <Button label=text::print_record() look=Look::Plain on_press=Callback::new(|()| print())/>
            <Show when=can_again>
                <Button label=text::plan_again() look=Look::Plain on_press=plan_again/>
            </Show>
        </div>
        <p class="quiet actions" role="status" prop:textContent=content(result)/>
        <p class="quiet actions" role="status" prop:textContent=content(outdated)/>
    }
}

/// The failed or unsent parts of these jobs, as a draft.
fn again<'a>(batch: &Batch, jobs: impl IntoIterator<Item = &'a Job>) -> Option<Draft> {
    Draft::retry(batch, jobs, |status| {
        matches!(status, TargetStatus::Failed | TargetStatus::Untouched)
    })
}

fn jobs_of(entries: &[Entry]) -> Vec<Job> {
    entries.iter().map(|entry| entry.job.get_untracked()).collect()
}

/// Saves the records of all jobs of the signed-in operator, one file for each plan.
pub fn save_records(jobs: Jobs, verifications: Verifications) -> bool {
    let mut all = untrack(|| jobs.all());
    // In the order of the plans.
    all.reverse();
    let plans = all.chunk_by(|one, other| one.batch.id == other.batch.id);
    // All of them, even if the browser refuses one.
    let saved: Vec<bool> =
        plans.map(|plan| save(plan, jobs, verifications, Format::Json)).collect();
    saved.iter().all(|saved| *saved)
}

fn save(entries: &[Entry], jobs: Jobs, verifications: Verifications, format: Format) -> bool {
    let file = record(entries, jobs, verifications, format);
    let saved = file.is_some_and(|(name, media, text)| download::save_text(&name, media, &text));
    if saved {
        jobs.note_saved(entries);
    }
    saved
}

/// The current record of these jobs: the file's name, type and text.
fn record(
    entries: &[Entry],
    all_jobs: Jobs,
    verifications: Verifications,
    format: Format,
) -> Option<(String, &'static str, String)> {
    let first = entries.first()?;
    let jobs = jobs_of(entries);
    let name = time_zone();
    let offset = |at: Timestamp| i32::try_from(time::zone_offset_minutes(at.0)).unwrap_or(0);
    let about = About {
        app: env!("CARGO_PKG_VERSION"),
        made_at: Timestamp(time::epoch_ms()),
        zone: Zone { name: &name, offset: &offset },
    };
    let compared: Vec<_> = untrack(|| jobs.iter().map(|job| verifications.of(job.id())).collect());
    let answers = all_jobs.full_answers();
    let read: Vec<_> =
        jobs.iter().map(|job| job.task_id().and_then(|task| answers.of(task).answer)).collect();
    let all = jobs.iter().zip(&compared).zip(&read).map(|((job, check), answer)| RecordedJob {
        job,
        check: check.as_deref(),
        answer: answer.as_deref(),
    });
    let record = Record::of(&first.batch, all, &about);
    let (ending, media, text) = match format {
        Format::Json => ("json", "application/json", record.to_json()),
        Format::Csv => ("csv", "text/csv", record.to_csv()),
    };
    Some((["curfew-", first.batch.id.as_str(), ".", ending].concat(), media, text))
}
