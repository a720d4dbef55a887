//! The overview: how many sessions there are by access group, cluster, device, user and client address, and what changed since the
//! readings before. It is shown while nothing is typed; each name is a search.

use super::search::{QUERY, Search};
use crate::state::{Clock, EstateReader};
use crate::ui::{Button, Look, Show, content, dynamic};
use crate::web::dom;
use curfew_core::count::Count;
use curfew_core::find::{By, Query, Ranking, Reader};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use text::isolated;
use text::sentences::{amount, count};

/// The overview. `few` is how many clusters and devices are read without a request.
#[component]
pub(super) fn OverviewPanel(search: Search, few: usize) -> impl IntoView {
    let reader = EstateReader::get();
    let clock = Clock::get();
    let units = Memo::new(move |_| search.coverage.with(|c| c.known + c.unknown.len()));
    let is_shown = Memo::new(move |_| units.get() > 0 && search.query.with(Query::is_empty));
    let is_reading = Memo::new(move |_| reader.with(Reader::is_reading));
    let is_read = Memo::new(move |_| search.coverage.with(|c| c.as_of.is_some()));
    let changes = move || {
        let now = Timestamp(clock.now().get());
        search.numbers.with(|numbers| count::changes(&numbers.changes, now))
    };
    let lists = move || {
        let lists = |ranking: &Ranking| list(search, ranking);
        search.numbers.with(|numbers| numbers.rankings.iter().map(lists).collect::<Vec<_>>())
    };
    let read = Callback::new(move |()| reader.start_again(&Query::default()));
    view! {
        <Show when=is_shown>
            <section class="panel" aria-labelledby="overview-heading">
                <h2 id="overview-heading" prop:textContent=content(text::find_overview())/>
                <p class="quiet" prop:textContent=content(changes)/>
                <Show when=is_read>
                    <div class="overview-lists">{dynamic(lists)}</div>
                    <div class="row">
                        <Button
                            label=text::find_read_again()
                            look=Look::Plain
                            busy=is_reading
                            on_press=read
                        />
                        <Button
                            label=text::find_save_overview()
                            look=Look::Quiet
                            on_press=Callback::new(move |()| search.save_overview())
                        />
                    </div>
                </Show>
                <Show when=Signal::derive(move || !is_read.get() && !is_reading.get() && units.get() > few)>
                    <p class="quiet" prop:textContent=content(text::find_read_on_request(few))/>
                    <Button
                        label=Signal::derive(move || text::find_read_first(units.get().min(Reader::FIRST)))
                        look=Look::Primary
                        on_press=read
                    />
                </Show>
            </section>
        </Show>
    }
}

/// The names of one kind, each with a bar for its share.
fn list(search: Search, ranking: &Ranking) -> AnyView {
    let Ranking { by, first, more } = ranking;
    let heading = match by {
        By::Group => text::groups(),
        By::Cluster => text::clusters(),
        By::Device => text::devices(),
        By::User => text::find_users(),
        By::Client => text::find_clients(),
    };
    let most = first.iter().map(|(_, number)| number.found()).max().unwrap_or_default();
    let bars = first.iter().map(|(name, number)| bar(search, *by, name, *number, most));
    let bars: Vec<AnyView> = bars.collect();
    let more = if *more > 0 { text::and_more(*more) } else { String::new() };
    view! {
        <div class="overview-list">
            <h3 prop:textContent=content(heading)/>
            <ul>{bars}</ul>
            <p class="quiet" prop:textContent=content(more)/>
        </div>
    }
    .into_any()
}

fn bar(search: Search, by: By, name: &str, number: Count, most: usize) -> AnyView {
    let query = by.query(name);
    let press = move |_| {
        search.text.set(query.clone());
        // The overview disappears.
        dom::focus(QUERY);
    };
    view! {
        <li>
            <button type="button" class="bar" on:click=press>
                <span dir="auto" prop:textContent=content(isolated(name))/>
                <span prop:textContent=content(amount::number(number))/>
                // Above zero: a bar of zero would be indeterminate.
                <progress
                    aria-hidden="true"
                    max=most.max(1).to_string()
                    value=number.found().to_string()
                ></progress>
            </button>
        </li>
    }
    .into_any()
}
