//! What can be done with the record of a job, or of all jobs of a plan: save, copy or print it.

use crate::state::{Entry, Jobs, Verifications};
use crate::ui::{Button, Look, content};
use crate::web::{Latest, clipboard, download, print, time, time_zone};
use curfew_core::job::Job;
use curfew_core::record::{About, Record, RecordedJob, Zone};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use text::Label;

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// The buttons under a job, or under all jobs of a plan.
#[component]
pub(super) fn ExportButtons(entries: Vec<Entry>) -> impl IntoView {
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
    let copied = Callback::new(move |()| {
        let file = entries.with_value(|entries| record(entries, jobs, verifications, Format::Json));
        file.map(|(_, _, text)| text).unwrap_or_default()
    });
    let (json, csv, copy) = if many {
        (text::save_records_json(), text::save_records_csv(), text::copy_records())
    } else {
        (text::save_record_json(), text::save_record_csv(), text::copy_record())
    };
    let outdated = move || {
        let outdated = entries.with_value(|entries| jobs.is_saved_outdated(entries));
        outdated.then(text::record_outdated)
    };
    view! {
        <div class="actions">
            <Button label=json look=Look::Plain on_press=save(Format::Json)/>
            <Button label=csv look=Look::Plain on_press=save(Format::Csv)/>
            {copy_button(copy, copied, result, text::record_copied)}
            <Button label=text::print_record() look=Look::Plain on_press=Callback::new(|()| print())/>
        </div>
        <p class="quiet actions" role="status" prop:textContent=content(result)/>
        <p class="quiet actions" role="status" prop:textContent=content(outdated)/>
    }
}

/// A button that copies a text. `result` shows what became of it.
pub(super) fn copy_button(
    label: String,
    text: Callback<(), String>,
    result: RwSignal<String>,
    done: Label,
) -> AnyView {
    let copying = Latest::new();
    let copy = Callback::new(move |()| {
        copying.run(async move {
            let copied = clipboard::copy(&text.run(())).await.is_ok();
            result.set(if copied { done() } else { text::copy_failed() });
        });
    });
    view! { <Button label=label look=Look::Plain on_press=copy/> }.into_any()
}

pub(super) fn jobs_of(entries: &[Entry]) -> Vec<Job> {
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
