//! Single sessions, pasted as a list: what was understood of it, line by line. It reads long lists in pieces, so that
//! the page stays usable, and must not choose a device that nobody named.

use crate::rt::{Latest, sleep};
use crate::state::{Estate, Form};
use crate::text::{Word, count, count_and, fill, locale, t};
use crate::ui::{FieldKind, TextField};
use curfew_core::{DeviceIndex, PasteReport, SessionPaste};
use leptos::prelude::*;
use std::time::Duration;

/// The field, which errors point to.
pub(super) const SESSIONS: &str = "kill-sessions";
/// Bytes read in one go: some ten milliseconds' work. The browser makes a rest of 4 ms between two.
const PIECE: usize = 256 * 1024;
/// Line numbers that are told of one trouble.
const TOLD: usize = 5;

/// The field and its report.
#[component]
pub(super) fn Listed(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let (estate, form) = (Estate::get(), Form::get());
    let report = RwSignal::new(Vec::<String>::new());
    let reading = Latest::new();
    Effect::new(move |_| {
        let text = form.pasted.get();
        let Some(inventory) = estate.inventory() else { return };
        reading.run(async move {
            let mut paste = SessionPaste::new(DeviceIndex::of(&inventory), None);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE.min(rest.len())));
                paste.feed(piece);
                rest = after;
                sleep(Duration::ZERO).await;
            }
            let read = paste.finish();
            report.set(told(&read));
            form.sessions.set(read.sessions);
        });
    });
    let lines = move || {
        let lines = report.get().into_iter().map(|line| view! { <li>{line}</li> }.into_any());
        lines.collect::<Vec<AnyView>>()
    };
    view! {
        <TextField
            id=SESSIONS
            label=t(Word::PasteSessions)
            hint=t(Word::PasteSessionsHint)
            value=form.pasted
            kind=FieldKind::Lines(6)
            mono=true
            error=error
        />
        <div role="status">
            <ul class="field-note">{lines}</ul>
        </div>
    }
}

/// What was understood, then each trouble with its first lines.
fn told(report: &PasteReport) -> Vec<String> {
    let mut told = Vec::new();
    let number = report.sessions.len();
    if number > 0 {
        let devices = count(Word::DeviceCount, report.sessions.devices().count());
        told.push(count_and(Word::PasteUnderstood, number, &[("devices", &devices)]));
    }
    let mut tell = |word: Word, device: &str, at: &[usize]| {
        if !at.is_empty() {
            told.push(fill(word, &[("device", device), ("lines", &lines(at))]));
        }
    };
    for (device, at) in &report.unknown_devices {
        tell(Word::PasteUnknownDevice, device, at);
    }
    for (device, at) in &report.ambiguous_devices {
        tell(Word::PasteAmbiguousDevice, device, at);
    }
    tell(Word::PasteNoDevice, "", &report.no_device);
    tell(Word::PasteBlankIds, "", &report.blank_ids);
    tell(Word::PasteRepeated, "", &report.repeated);
    tell(Word::PasteNotUnderstood, "", &report.not_understood);
    told
}

fn lines(at: &[usize]) -> String {
    let shown: Vec<String> =
        at.iter().take(TOLD).map(|line| locale().integer(*line as u64)).collect();
    let shown = shown.join(", ");
    match at.len().saturating_sub(TOLD) {
        0 => shown,
        more => count_and(Word::AndMore, more, &[("names", &shown)]),
    }
}
