//! How many sessions were found, how much of the estate was read, and the buttons that stop and continue the reading.

use super::search::Search;
use crate::state::EstateReader;
use crate::ui::{Button, Look, announce, content, dynamic};
use crate::web::effect_since;
use curfew_core::find::Reader;
use curfew_core::inventory::{MOST_KEPT, UnitId};
use leptos::prelude::*;
use text::sentences::count;
use text::{LISTED, Label, first_names};

/// The state of the reading.
#[component]
pub(super) fn ReadingStatus(search: Search) -> impl IntoView {
    let reader = EstateReader::get();
    let is_reading = Memo::new(move |_| reader.with(Reader::is_reading));
    let summary = Memo::new(move |_| summary(search, is_reading.get()));
    // The result is announced when it is complete, not with each answer.
    effect_since(move |before: Option<bool>| {
        let reading = is_reading.get();
        if before == Some(true) && !reading {
            announce(summary.get_untracked());
        }
        reading
    });
    let silent = move || match reader.with(Reader::rest) {
        _ if is_reading.get() => String::new(),
        0 => unread(search),
        rest => text::find_rest_unread(rest),
    };
    let left_out = move || match search.left_out.get() {
        0 => String::new(),
        count => text::find_left_out(count, MOST_KEPT),
    };
    view! {
        <div class="row">
            <p class="find-summary" prop:textContent=content(move || summary.get())/>
            {dynamic(move || buttons(reader, is_reading.get()))}
        </div>
        <p class="quiet" prop:textContent=content(silent)/>
        <p class="quiet" prop:textContent=content(left_out)/>
    }
}

/// "8 sessions now", "at least 2 (19 of 116 checked)"; empty before anything is read.
fn summary(search: Search, is_reading: bool) -> String {
    search.coverage.with(|coverage| {
        if coverage.as_of.is_none() {
            return if is_reading { text::find_reading() } else { String::new() };
        }
        let found = search.number().found();
        count::sessions_now(coverage, found)
    })
}

fn buttons(reader: EstateReader, is_reading: bool) -> Vec<AnyView> {
    let button = |label: Label, change: fn(&mut Reader)| {
        let press = Callback::new(move |()| reader.change(change));
        view! { <Button label=label() look=Look::Quiet on_press=press/> }.into_any()
    };
    if is_reading {
        vec![button(text::find_stop, Reader::stop)]
    } else if reader.with(Reader::is_stopped) {
        vec![button(text::find_continue, Reader::resume)]
    } else if reader.with(|reader| reader.rest() > 0) {
        vec![button(text::find_read_rest, Reader::read_rest)]
    } else {
        Vec::new()
    }
}

/// Which units could not be read completely, once nothing is being read. Empty if all were.
fn unread(search: Search) -> String {
    let inventory = search.inventory_store.inventory();
    search.coverage.with(|coverage| {
        if coverage.as_of.is_none() || coverage.unknown.is_empty() {
            return String::new();
        }
        let name = |unit: &UnitId| match unit {
            UnitId::Cluster(name) => name.clone(),
            UnitId::Device(id) => {
                let known = inventory.as_ref().and_then(|inventory| inventory.device(id));
                known.map_or_else(|| id.to_string(), |device| device.name.clone())
            }
        };
        let first: Vec<String> = coverage.unknown.iter().take(LISTED).map(name).collect();
        let names: Vec<&str> = first.iter().map(String::as_str).collect();
        text::find_unread(&first_names(&names, coverage.unknown.len()))
    })
}
