//! What can be done with a job, or all of a plan, once it is known: its record saved or printed, what failed planned
//! anew. It must not send anything: a new plan goes through the form and its gate.

use crate::rt::{download, print, time, time_zone};
use crate::state::{Entry, Form, Jobs, Place};
use crate::text::{Word, t};
use crate::ui::{Button, Look, announce};
use curfew_core::record::{About, Record, Zone};
use curfew_core::{Draft, Fate, Job, Moment, Route};
use leptos::prelude::*;

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// The buttons under a job, or under all jobs of a plan.
#[component]
pub(super) fn Keep(entries: Vec<Entry>) -> impl IntoView {
    let (form, place, jobs) = (Form::get(), Place::get(), Jobs::get());
    let entries = StoredValue::new(entries);
    let save = move |format: Format| {
        Callback::new(move |()| {
            let saved = entries.with_value(|entries| save(entries, jobs, format));
            announce(t(if saved { Word::RecordSaved } else { Word::RecordNotSaved }));
        })
    };
    let again = move || entries.with_value(|entries| again(entries));
    let can_again = Memo::new(move |_| again().is_some());
    let plan_again = Callback::new(move |()| {
        if let Some(draft) = again() {
            form.fill_with(draft);
            place.go(&Route::home());
        }
    });
    view! {
        <p class="actions">
            <Button label=t(Word::SaveJson) look=Look::Plain on_press=save(Format::Json)/>
            <Button label=t(Word::SaveCsv) look=Look::Plain on_press=save(Format::Csv)/>
            <Button label=t(Word::PrintRecord) look=Look::Plain on_press=Callback::new(|()| print())/>
            <Show when=move || can_again.get()>
                <Button label=t(Word::PlanAgain) look=Look::Plain on_press=plan_again/>
            </Show>
        </p>
    }
}

/// Tracked: what is not over may fail yet.
fn again(entries: &[Entry]) -> Option<Draft> {
    let jobs: Vec<Job> = entries.iter().map(|entry| entry.job.get()).collect();
    let batch = &entries.first()?.batch;
    Draft::again(batch, &jobs, |fate| matches!(fate, Fate::Failed | Fate::Untouched))
}

/// Saves the records of all jobs of whoever is signed in, one file for each plan.
pub fn save_records(jobs: Jobs) -> bool {
    let mut all = untrack(|| jobs.all());
    // In the order of the plans.
    all.reverse();
    let plans = all.chunk_by(|one, other| one.batch.id == other.batch.id);
    // All of them, also after one that the browser refuses.
    let saved: Vec<bool> = plans.map(|plan| save(plan, jobs, Format::Json)).collect();
    saved.iter().all(|saved| *saved)
}

fn save(entries: &[Entry], jobs: Jobs, format: Format) -> bool {
    let Some(first) = entries.first() else { return false };
    let of_plan: Vec<Job> = entries.iter().map(|entry| entry.job.get_untracked()).collect();
    let name = time_zone();
    let offset = |at: Moment| i32::try_from(time::zone_offset_minutes(at.0)).unwrap_or(0);
    let about = About {
        app: env!("CARGO_PKG_VERSION"),
        made_at: Moment(time::epoch_ms()),
        zone: Zone { name: &name, offset: &offset },
    };
    let record = Record::of(&first.batch, of_plan.iter().map(|job| (job, None)), &about);
    let (ending, media, text) = match format {
        Format::Json => ("json", "application/json", record.to_json()),
        Format::Csv => ("csv", "text/csv", record.to_csv()),
    };
    let file = ["curfew-", &first.batch.id, ".", ending].concat();
    let saved = download::save_text(&file, media, &text);
    if saved {
        jobs.note_saved(entries);
    }
    saved
}
