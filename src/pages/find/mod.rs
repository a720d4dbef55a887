//! The search page: where users are signed in now, and the kill of what was found. Only the gate sends.

mod actions;
mod overview;
mod results;
mod search;
mod status;

use super::kill::GateDialog;
use crate::state::EstateReader;
use crate::ui::{Button, FieldKind, Look, TextField, content, dynamic};
use crate::web::{effect, keys};
use actions::{Actions, choice};
use curfew_core::count::Count;
use curfew_core::find::Query;
use curfew_core::input::SessionSelection;
use leptos::prelude::*;
use overview::OverviewPanel;
use results::{Results, chip, user_query};
pub(super) use search::QUERY;
use search::Search;
use status::ReadingStatus;
use text::sentences::count;
use text::{Name, isolated};
use web_sys::InputEvent;

/// Up to this many clusters and standalone devices, all are read as soon as the page opens.
const FEW: usize = 50;

/// The page.
#[component]
pub(super) fn FindPage() -> impl IntoView {
    let search = Search::new();
    let reader = EstateReader::get();
    // A large estate is read from the first character on.
    let wanted = Memo::new(move |_| {
        let few = search.coverage.with(|c| (1..=FEW).contains(&(c.known + c.unknown.len())));
        few || !search.query.with(Query::is_empty)
    });
    effect(move || {
        if wanted.get() && search.inventory_store.inventory().is_some() {
            search.query.with_untracked(|query| reader.start(query));
        }
    });
    effect(move || search.query.with(|query| reader.follow(query)));
    effect(move || search.continue_review());
    let submit = Callback::new(move |()| search.review_typed());
    // Selected rows are what would be killed.
    keys::on_review(Callback::new(move |()| {
        if search.selection.with_untracked(SessionSelection::is_empty) {
            search.review_typed();
        } else {
            search.review_selected();
        }
    }));
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::find_title())/>
        <form
            class="panel find-box"
            novalidate
            role="search"
            on:beforeinput=move |event: InputEvent| {
                if let Some(text) = event.data().filter(|text| text.contains('\n')) {
                    search.pasted.set(text);
                }
            }
            on:submit=move |event| {
                event.prevent_default();
                submit.run(());
            }
        >
            <TextField
                id=QUERY
                label=text::find_label()
                hint=text::find_hint()
                value=search.text
                kind=FieldKind::Search
            />
            <ReadingStatus search=search/>
            <p class="quiet" role="status" prop:textContent=content(move || search.notice.get())/>
            {dynamic(move || similar(search))}
            <div class="collapse-empty" role="alert">{dynamic(move || choice(search))}</div>
            {dynamic(move || offer(search))}
        </form>
        <OverviewPanel search=search few=FEW/>
        <section class="panel find-results" aria-label=text::find_results()>
            <Results search=search/>
            <Actions search=search/>
        </section>
        <GateDialog
            frozen=search.frozen
            on_remedy=Callback::new(move |(remedy, reason)| search.amend(&remedy, reason))
        />
    }
}

/// What the typed text leads to: the kill of a user's sessions, or the form for a pasted list. Tracked.
fn offer(search: Search) -> Option<AnyView> {
    let list = search.list.get();
    if !list.is_empty() {
        let note = text::find_list(&list);
        let label = text::find_open_list();
        let view = view! {
            <p role="status" prop:textContent=content(note)/>
            <Button label=label look=Look::Primary submit=true/>
        };
        return Some(view.into_any());
    }
    let user = search.query.with(Query::user)?;
    let name = Name(user.as_str());
    let count = search.of_user(&user);
    let is_read = search.coverage.with(|coverage| coverage.as_of.is_some());
    // Red is for what is known to end something.
    // guard: red-needs-a-session
    let look = if count.found() > 0 { Look::Danger } else { Look::Plain };
    let note = match count {
        Count::Exactly(0) => text::find_nobody(name),
        _ if is_read => text::labelled(&isolated(user.as_str()), &count::sessions_now(count)),
        _ => String::new(),
    };
    let label = text::find_kill_user(name);
    let view = view! {
        <div class="row">
            <Button label=label look=look submit=true/>
            <p class="quiet" prop:textContent=content(note)/>
        </div>
    };
    Some(view.into_any())
}

/// The users with sessions whose names are similar to the typed one, if nobody with exactly this name has any. Tracked.
fn similar(search: Search) -> Option<AnyView> {
    let user = search.query.with(Query::user)?;
    // guard: similar-for-nobody
    if search.of_user(&user).found() > 0 {
        return None;
    }
    let names = search.maker.similar_to(user.as_str());
    let chips = names.iter().map(|name| chip(search, name, Count::Unknown, user_query));
    let chips: Vec<AnyView> = chips.collect();
    (!chips.is_empty()).then(|| {
        view! {
            <div class="row">
                <p class="quiet" prop:textContent=content(text::find_similar())/>
                {chips}
            </div>
        }
        .into_any()
    })
}
