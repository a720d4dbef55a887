//! The found sessions as a table that can be sorted and selected from.

use super::search::Search;
use crate::pages::kill::user_name;
use crate::ui::{Badge, Button, Look, Show, Tone, VirtualList, content, dynamic};
use crate::web::effect;
use curfew_core::count::Count;
use curfew_core::find::{FoundSession, Query, SortBy};
use curfew_core::inventory::Addressed;
use leptos::prelude::*;
use text::{Label, Name, exact, isolated};

/// Height of a row in CSS pixels; the style sheet uses the same.
const ROW: f64 = 40.0;

/// How many users, and how many client addresses, are shown with their number of sessions.
const CHIPS: usize = 8;

/// Makes a search of the present one and a value.
type MakeQuery = fn(&str, &str) -> String;
/// What the search is narrowed by: its name, its value in a row, and the search for it.
type Facet = (Label, fn(FoundSession<'_>) -> &str, MakeQuery);
/// What the search can be narrowed by.
const FACETS: [Facet; 2] = [
    (text::column_user, |found| found.session.user.as_str(), user_query),
    (
        text::column_client,
        |found| found.session.client.as_deref().unwrap_or_default(),
        client_query,
    ),
];

/// The columns, in their order.
const COLUMNS: [(SortBy, Label); 6] = [
    (SortBy::User, text::column_user),
    (SortBy::Client, text::column_client),
    (SortBy::Started, text::column_started),
    (SortBy::Session, text::column_session),
    (SortBy::Device, text::column_device),
    (SortBy::Group, text::column_group),
];

/// The table.
#[component]
pub(super) fn Results(search: Search) -> impl IntoView {
    // Some versions of BIG-IP report no start: an empty column would look like a fault.
    let has_starts = Memo::new(move |_| search.table.with(|table| table.has_starts()));
    effect(move || {
        if !has_starts.get() && search.sort.get_untracked().0 == SortBy::Started {
            search.sort.set(Default::default());
        }
    });
    let columns = move || {
        let is_shown = |(by, _): &(SortBy, Label)| *by != SortBy::Started || has_starts.get();
        let columns = COLUMNS.into_iter().filter(is_shown);
        columns.map(|(by, label)| heading(search, by, label)).collect::<Vec<_>>()
    };
    let row = Callback::new(move |row: usize| {
        let entry = |found: FoundSession<'_>| entry(found, has_starts.get_untracked());
        search.at(row, entry).unwrap_or_else(|| ().into_any())
    });
    let number = Signal::derive(move || search.found.with(|found| found.len()));
    let any = Memo::new(move |_| number.get() > 0);
    let checked = Callback::new(move |row: usize| {
        let is_selected = |found: FoundSession<'_>| {
            let FoundSession { session, device, .. } = found;
            search.selection.with(|selection| selection.contains(&device.id, &session.id))
        };
        search.at(row, is_selected).unwrap_or_default()
    });
    let toggle = Callback::new(move |row: usize| {
        search.at(row, |FoundSession { session, device, .. }| {
            search.select(|selection| {
                if !selection.remove(&device.id, &session.id) {
                    selection.insert(&device.id, &session.id, Some(&session.user));
                }
            });
        });
    });
    let version = Signal::derive(move || {
        search.table.track();
        search.found.track();
    });
    let facets = move || {
        let table = search.table.get();
        let mut rows = Vec::new();
        // The overview has the same numbers.
        if search.query.with(Query::is_empty) {
            return rows;
        }
        search.found.with(|found| {
            for (label, value_of, query) in FACETS {
                let counts = table.counts(found, value_of);
                // A single value narrows nothing.
                if counts.len() < 2 {
                    continue;
                }
                let chip = |(value, number): (&str, usize)| {
                    let number = search.coverage.with(|coverage| coverage.counted(number));
                    chip(search, value, number, query)
                };
                let chips: Vec<AnyView> = counts.into_iter().take(CHIPS).map(chip).collect();
                rows.push(
                    view! {
                        <div class="actions">
                            <p class="quiet" prop:textContent=content(label())/>
                            {chips}
                        </div>
                    }
                    .into_any(),
                );
            }
        });
        rows
    };
    view! {
        <Show when=any>
            <div class="facets">{dynamic(facets)}</div>
            <div class:no-starts=move || !has_starts.get()>
                <VirtualList
                    label=text::find_results()
                    count=number
                    row_height=ROW
                    version=version
                    head=Callback::new(move |()| dynamic(columns))
                    row=row
                    checked=checked
                    on_toggle=toggle
                    on_all=Callback::new(move |()| search.select_all())
                />
            </div>
        </Show>
    }
}

/// A button that narrows the search to a value.
pub(super) fn chip(search: Search, value: &str, number: Count, query: MakeQuery) -> AnyView {
    let label = match number {
        Count::Exactly(number) => text::sessions_of_user(Name(value), number),
        Count::AtLeast(_) | Count::Unknown => isolated(value),
    };
    let value = value.to_owned();
    let press = Callback::new(move |()| search.text.update(|text| *text = query(text, &value)));
    view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
}

/// The search for exactly this user.
pub(super) fn user_query(_: &str, user: &str) -> String {
    ["user:\"", user, "\""].concat()
}

/// The same search, from this client only.
fn client_query(text: &str, client: &str) -> String {
    [text.trim_end(), client].join(" ")
}

/// A column's heading: a button that sorts by it, and in the other direction if it already does.
fn heading(search: Search, by: SortBy, label: Label) -> AnyView {
    let press = move |_| {
        search.sort.update(|(now, descending)| {
            *descending = *now == by && !*descending;
            *now = by;
        });
    };
    let order = move |descending: &str, ascending: &str, other: &str| {
        let (now, is_descending) = search.sort.get();
        let order = match (now == by, is_descending) {
            (false, _) => other,
            (true, true) => descending,
            (true, false) => ascending,
        };
        order.to_owned()
    };
    let sorted = Signal::derive(move || order("descending", "ascending", "none"));
    view! {
        <div role="columnheader" aria-sort=sorted>
            <button type="button" class="column-head" on:click=press>
                <span prop:textContent=content(label())/>
                <span aria-hidden="true" prop:textContent=content(move || order("↓", "↑", ""))/>
            </button>
        </div>
    }
    .into_any()
}

/// The cells of one row.
fn entry(found: FoundSession<'_>, has_starts: bool) -> AnyView {
    let FoundSession { session, device, addressed } = found;
    let started = session.began().map_or_else(
        || session.since.as_deref().map(isolated).unwrap_or_default(),
        |began| exact(began).into_text(),
    );
    let uncertain = (addressed == Addressed::Perhaps).then(|| {
        let badge = view! { <Badge tone=Tone::Warning label=text::role_unknown()/> };
        view! { <div role="gridcell">{badge}</div> }
    });
    let cell = |class: &'static str, value: String| {
        view! { <span role="gridcell" class=class dir="auto" prop:textContent=content(value)/> }
            .into_any()
    };
    let or_empty = |text: &Option<String>| text.as_deref().map(isolated).unwrap_or_default();
    view! {
        {cell("row-name", user_name(&session.user))}
        {cell("row-more", or_empty(&session.client))}
        {has_starts.then(|| cell("row-more", started))}
        {cell("row-id", isolated(session.id.as_str()))}
        {cell("row-aside", isolated(&device.name))}
        {cell("row-group", or_empty(&device.group))}
        {uncertain}
    }
    .into_any()
}
