//! Single sessions, pasted as a list: what was recognised in each line, and the device for lines that name none. Long
//! lists are read in pieces, so that the page stays responsive.

use super::expandable_text::ExpandableText;
use super::long_text_field::LongTextField;
use super::paste_reading::{PasteReading, Reading, Values};
use crate::pages::options::ListText;
use crate::state::{Form, InventoryStore, LiveSessions};
use crate::ui::{Show, TextField, content, dynamic};
use crate::web::{Latest, effect, rest, time};
use curfew_core::ids::MachineId;
use curfew_core::input::{
    IdShapes, SessionListReader, SessionListReport, SessionSelection, SkipReason, SkippedLine,
};
use curfew_core::inventory::{DeviceIndex, DeviceMatch, Inventory};
use leptos::prelude::*;
use std::sync::Arc;
use text::sentences::pasted;
use text::{List, Name, list_of_names, list_of_numbers};

/// Bytes read at a time: a few milliseconds' work.
const PIECE: usize = 64 * 1024;
/// Milliseconds of reading after which the page may handle events: short enough even on a slow machine.
const STINT: f64 = 15.0;
/// How many line numbers are shown for one problem, and how many unknown devices.
const SHOWN: usize = 5;

/// A line of the report.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// Whether it is about sessions that will not be killed.
    is_problem: bool,
    text: String,
}

/// The field and its report.
#[component]
pub(super) fn SessionPaste(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let (inventory_store, form) = (InventoryStore::get(), Form::get());
    let live_sessions = LiveSessions::get();
    let report = RwSignal::new(Vec::<Line>::new());
    let reading_of = RwSignal::new(Reading::default());
    let device_error = RwSignal::new(None::<String>);
    let reading = Latest::new();
    effect(move || {
        let (text, of) = (form.pasted.get(), form.pasted_of.get());
        let answers = form.paste_answers.get();
        let Some(inventory) = inventory_store.readable() else {
            let line = Line { is_problem: false, text: text::reading() };
            report.set(if text.is_empty() { Vec::new() } else { vec![line] });
            return;
        };
        if text.is_empty() && !of.is_empty() {
            // The next list may be from another device.
            form.pasted_of.set(String::new());
        }
        // Until a long list is read, its predecessor must not be used in its place.
        form.reading.set(text.len() > PIECE);
        if form.reading.get_untracked() {
            form.pasted_sessions.set(SessionSelection::default());
            report.set(vec![Line { is_problem: false, text: text::paste_reading() }]);
        }
        reading.run(async move {
            let index = DeviceIndex::of(&inventory);
            let found = meant(&index, &inventory, &of);
            device_error.set(found.clone().err());
            let shapes = live_sessions.known().with_untracked(IdShapes::of_live);
            let mut paste = SessionListReader::new(index, found.unwrap_or_default().as_ref())
                .answered(answers)
                .knowing(shapes);
            let mut left = text.as_str();
            let mut rested = time::monotonic_ms();
            while !left.is_empty() {
                let (piece, after) = left.split_at(left.ceil_char_boundary(PIECE.min(left.len())));
                paste.feed(piece);
                left = after;
                // A list of one piece is read at once, however slow the machine: no "reading" message.
                if !left.is_empty() && time::monotonic_ms() - rested >= STINT {
                    rest().await;
                    rested = time::monotonic_ms();
                }
            }
            let mut result = paste.finish();
            report.set(report_lines(&result, &of));
            let unasked = of.is_empty() && !form.asks_device.get_untracked();
            if unasked && !result.no_device.is_empty() {
                // The only selected device is a reasonable guess: made once, and visible in the field.
                let devices = form.targets.with_untracked(|targets| targets.reached(&inventory));
                if let [only] = devices.as_slice() {
                    let name = inventory.device(only).map_or(only.as_str(), |device| &device.name);
                    form.pasted_of.set(name.to_owned());
                }
            }
            form.asks_device.set(!result.no_device.is_empty() || result.unnamed > 0);
            form.unrecognised.set(result.left_of(&text));
            form.unused_lines.set(result.unused());
            form.pasted_sessions.set(std::mem::take(&mut result.sessions));
            reading_of.set(reading_of_sessions(result, !text.is_empty()));
            form.reading.set(false);
        });
    });
    let left = Signal::derive(move || {
        if form.unrecognised.with(String::is_empty) { String::new() } else { text::paste_unused() }
    });
    let lines = move || {
        let lines = report.get().into_iter().map(|Line { is_problem, text }| {
            view! { <li class:problem=is_problem prop:textContent=content(text)/> }.into_any()
        });
        lines.collect::<Vec<AnyView>>()
    };
    view! {
        <LongTextField error=error/>
        <Show when=form.asks_device>
            <TextField
                id="paste-device"
                label=text::paste_of()
                hint=text::paste_of_hint()
                value=form.pasted_of
                mono=true
                error=device_error
            />
        </Show>
        <div role="status">
            <ul class="field-note">{dynamic(lines)}</ul>
        </div>
        <PasteReading
            values=Values::Sessions
            reading=reading_of
            answers=form.paste_answers
        />
        <ExpandableText label=left text=form.unrecognised exact=true/>
    }
}

/// How a list was read. `has_text`: there is one.
fn reading_of_sessions(read: SessionListReport, has_text: bool) -> Reading {
    let is_changed = |line: &SkippedLine| line.reason == SkipReason::ChangedNumber;
    Reading {
        format: has_text.then(|| read.format.clone()),
        question: read.question.clone(),
        has_broken_quotes: read.open_quote.is_some(),
        has_changed_numbers: read.skipped.iter().any(is_changed),
        report: Some(Arc::new(move |text| pasted::report(&read.report(text)))),
    }
}

/// The machine id of the device that a text means; `None` for an empty text.
///
/// # Errors
/// Why it means no device, as text.
fn meant(
    index: &DeviceIndex,
    inventory: &Inventory,
    text: &str,
) -> Result<Option<MachineId>, String> {
    let text = text.trim();
    match index.find(text) {
        _ if text.is_empty() => Ok(None),
        DeviceMatch::One(id) => Ok(Some(id.clone())),
        DeviceMatch::Nobody => Err(text::nothing_matches(Name(text))),
        DeviceMatch::Several(ids) => {
            let names = ids.iter().filter_map(|id| Some(inventory.device(id)?.name.as_str()));
            Err(text::paste_several(&list_of_names(names)))
        }
    }
}

/// What was recognised, then each problem with its first lines.
fn report_lines(report: &SessionListReport, of: &str) -> Vec<Line> {
    let mut entries = Vec::new();
    let number = report.sessions.len();
    if number > 0 {
        let devices = text::device_count(report.sessions.devices().count());
        entries.push(Line { is_problem: false, text: text::paste_understood(number, &devices) });
    }
    if report.unnamed > 0 {
        let text = text::paste_unnamed(report.unnamed, Name(of.trim()));
        entries.push(Line { is_problem: false, text });
    }
    let mut problem = |text: String| entries.push(Line { is_problem: true, text });
    for (device, at) in report.unknown_devices.iter().take(SHOWN) {
        problem(text::paste_unknown_device(Name(device), &lines(at)));
    }
    for (device, at) in report.ambiguous_devices.iter().take(SHOWN) {
        problem(text::paste_ambiguous_device(Name(device), &lines(at)));
    }
    let devices = [report.unknown_devices.len(), report.ambiguous_devices.len()];
    let hidden: usize = devices.into_iter().map(|all| all.saturating_sub(SHOWN)).sum();
    let with = |wanted: &[SkipReason]| -> Vec<usize> {
        let lines = report.skipped.iter().filter(|skipped| wanted.contains(&skipped.reason));
        lines.map(|skipped| skipped.line).collect()
    };
    let mut not_understood = report.not_understood.clone();
    let mut is_explained = vec![false; report.lines + 1];
    for line in with(&[SkipReason::ChangedNumber, SkipReason::SeveralIds]) {
        if let Some(is_explained) = is_explained.get_mut(line) {
            *is_explained = true;
        }
    }
    not_understood.retain(|line| is_explained.get(*line) != Some(&true));
    let kinds: [(ListText, _); 6] = [
        (text::paste_no_device, &report.no_device),
        (text::paste_blank_ids, &report.blank_ids),
        (text::paste_changed_numbers, &with(&[SkipReason::ChangedNumber])),
        (text::paste_several_ids, &with(&[SkipReason::SeveralIds])),
        (text::paste_not_understood, &not_understood),
        (text::paste_unusual, &report.unusual_ids),
    ];
    for (kind, at) in kinds.into_iter().filter(|(_, at)| !at.is_empty()) {
        problem(kind(&lines(at)));
    }
    if let Some(line) = report.open_quote {
        problem(text::paste_open_quote(line));
    }
    if hidden > 0 {
        problem(text::paste_more_devices(hidden));
    }
    if !report.repeated.is_empty() {
        let text = text::paste_repeated(&lines(&report.repeated));
        entries.push(Line { is_problem: false, text });
    }
    entries
}

fn lines(at: &[usize]) -> List {
    list_of_numbers(at, at.len())
}
