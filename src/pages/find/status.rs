//! How many sessions were found, how much of the estate was read, and the buttons that stop and continue the reading.

use super::search::Search;
use crate::state::EstateReader;
use crate::ui::{Button, Look, announce, content, dynamic};
use crate::web::effect_since;
use curfew_core::count::Count;
use curfew_core::find::Reader;
use curfew_core::inventory::MOST_KEPT;
use leptos::prelude::*;
use text::sentences::{amount, count};
use text::{Label, list_of_names};

/// The state of the reading.
#[component]
pub(super) fn ReadingStatus(search: Search) -> impl IntoView {
    let reader = EstateReader::get();
    let is_reading = Memo::new(move |_| reader.with(Reader::is_reading));
    let summary = Memo::new(move |_| summary(search, is_reading.get()));
    // The result is announced when it is complete and shown, not with each answer.
    effect_since(move |is_due: Option<bool>| {
        let is_reading = is_reading.get();
        // guard: announced-when-shown
        if is_reading || search.is_redrawing.get() {
            return is_reading || is_due == Some(true);
        }
        if is_due == Some(true) {
            announce(summary.get_untracked());
        }
        false
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

/// "Sessions found: 8", "Sessions found: at least 2 · 19 of 116 clusters and devices read"; empty before anything is read, and for a
/// pasted list, which is no search.
fn summary(search: Search, is_reading: bool) -> String {
    let is_list = !search.list.with(String::is_empty);
    search.coverage.with(|coverage| {
        if coverage.as_of.is_none() || is_list {
            let reads = is_reading && !is_list;
            return if reads { text::find_reading() } else { String::new() };
        }
        let found = match search.number() {
            Count::Unknown => text::sessions_none_yet(),
            number => text::labelled(&text::find_results(), &amount::number(number)),
        };
        let parts = [Some(found), count::units_read(coverage)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
    let names = search.unread();
    if names.is_empty() || search.coverage.with(|coverage| coverage.as_of.is_none()) {
        return String::new();
    }
    text::find_unread(&list_of_names(names.iter().map(String::as_str)))
}
