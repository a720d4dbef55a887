//! The sessions from before a kill, and what their devices list afterwards. It says no more about a missing session
//! than the comparison does.

use super::rows::{Shape, rows};
use crate::state::{Entry, Verifications};
use crate::ui::{Badge, Button, Look, Show, Tone, content, dynamic};
use curfew_core::ids::SessionId;
use curfew_core::job::{CheckedSession, CheckedUnit, Finding, Now};
use curfew_core::sorted::SortedMap;

use leptos::prelude::*;
use text::sentences::{job as sentences, verification};
use text::{Name, isolated, list_of_names, list_of_texts};

/// The section "Live sessions, before and after"; nothing while there is nothing to report.
#[component]
pub(super) fn Verification(entry: Entry) -> impl IntoView {
    let verifications = Verifications::get();
    let entry = StoredValue::new(entry);
    let id = move || entry.with_value(Entry::id);
    let busy = Memo::new(move |_| verifications.is_reading(&id()));
    let verdict = move || entry.with_value(|e| e.job.with(|job| job.verdict().copied()));
    let compared = Memo::new(move |_| verdict().is_some() || busy.get());
    // Without sessions before the kill, there is nothing to look for.
    let comparable = Memo::new(move |_| verdict().is_some_and(|verdict| verdict.before() > 0));
    let as_of = move || {
        // It is known as soon as there is a comparison.
        compared.track();
        match verifications.as_of(&id()) {
            Some(at) => text::compared_before(&text::time_of_day(at)),
            None => String::new(),
        }
    };
    let again = Callback::new(move |()| {
        entry.with_value(|e| verifications.compare(std::slice::from_ref(e)));
    });
    let known = move || verifications.knows(&id());
    view! {
        <Show when=compared>
            <section class="panel" aria-labelledby="compared-heading">
                <h2 id="compared-heading" prop:textContent=content(text::compared())/>
                <p class="quiet" prop:textContent=content(as_of)/>
                {units(entry, false)}
                {dynamic(move || match (known(), comparable.get()) {
                    (false, _) => {
                        view! { <p class="quiet" prop:textContent=content(text::compared_unknown())/> }.into_any()
                    }
                    (true, true) => view! {
                        <Button label=text::compare_again() look=Look::Quiet busy=busy on_press=again/>
                    }
                    .into_any(),
                    (true, false) => ().into_any(),
                })}
            </section>
        </Show>
    }
}

/// The comparison for each cluster and standalone device, problems first.
pub(super) fn units(entry: StoredValue<Entry>, on_paper: bool) -> AnyView {
    let verifications = Verifications::get();
    let ordered = Memo::new(move |_| {
        let check = verifications.of(&entry.with_value(Entry::id));
        check.map(|check| check.problems_first()).unwrap_or_default()
    });
    let shape = Signal::derive(move || {
        ordered.with(|(places, problems)| Shape { rows: places.len(), problems: *problems })
    });
    let one = Callback::new(move |place: usize| {
        let check = untrack(|| verifications.of(&entry.with_value(Entry::id)));
        let place = ordered.with_untracked(|(places, _)| places.get(place).copied());
        let unit = check.as_ref().zip(place).and_then(|(check, place)| check.units.get(place));
        let view =
            |unit: &CheckedUnit| entry.with_value(|entry| row(unit, &unit_name(entry, unit)));
        unit.map(view).into_any()
    });
    rows(text::compared(), shape, one, on_paper)
}

fn unit_name(entry: &Entry, unit: &CheckedUnit) -> String {
    unit.cluster.clone().unwrap_or_else(|| {
        unit.members.first().map(|id| sentences::device(&entry.batch, id)).unwrap_or_default()
    })
}

fn row(unit: &CheckedUnit, name: &str) -> AnyView {
    let tone = match unit.verdict.finding() {
        Finding::Verified if unit.verdict.came_back == 0 => Tone::Good,
        // Gone, and signed in again: after a theft, that is what matters.
        Finding::Verified => Tone::Warning,
        Finding::NotVerified | Finding::NotVerifiable => Tone::Warning,
        Finding::NothingToVerify => Tone::Info,
    };
    let left = unit.sessions.iter().filter(|session| session.now != Now::Gone);
    view! {
        <span class="job-title" prop:textContent=content(isolated(name))/>
        <Badge tone=tone label=verification::summary(&unit.verdict)/>
        <span class="quiet mono" prop:textContent=content(by_user(left))/>
    }
    .into_any()
}

/// Session ids, user by user.
fn by_user<'a>(sessions: impl Iterator<Item = &'a CheckedSession>) -> String {
    let mut users = SortedMap::new();
    let ids = sessions.map(|session| (&session.user, vec![&session.id]));
    users.merge(ids, |ids: &mut Vec<&SessionId>, more| ids.extend(more));
    let lines: Vec<String> = users
        .into_iter()
        .map(|(user, ids)| {
            let ids = list_of_names(ids.into_iter().map(SessionId::as_str));
            text::verification_remaining_of(&ids, Name(user.as_str()))
        })
        .collect();
    list_of_texts(&lines).into_text()
}
