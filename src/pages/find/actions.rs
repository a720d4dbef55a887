//! What can be done with the found sessions: select some by a rule, kill the selected ones, save the table.

use super::search::Search;
use crate::pages::options::Offered;
use crate::ui::{Banner, Button, Look, Select, Show, Tone, content};
use curfew_core::find::{Rule, RuleProblem};
use leptos::prelude::*;
use std::time::Duration;
use text::{Name, list_of_names};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The rules, in the order in which they are offered.
const RULES: [Offered<Rule>; 8] = [
    Offered::new("all", text::rule_all, Rule::All),
    Offered::new("1h", text::rule_older_1h, Rule::OlderThan(HOUR)),
    Offered::new("8h", text::rule_older_8h, Rule::OlderThan(HOUR.saturating_mul(8))),
    Offered::new("24h", text::rule_older_24h, Rule::OlderThan(HOUR.saturating_mul(24))),
    Offered::new("oldest10", text::rule_oldest_10, Rule::Oldest(10)),
    Offered::new("oldest100", text::rule_oldest_100, Rule::Oldest(100)),
    Offered::new("newest", text::rule_but_newest, Rule::AllButNewest),
    Offered::new("own", text::rule_but_own, Rule::AllButOwn),
];

/// The tools below the table.
#[component]
pub(super) fn Actions(search: Search) -> impl IntoView {
    let rule = RwSignal::new(Rule::All);
    let result = RwSignal::new(String::new());
    let any = Memo::new(move |_| search.found.with(|found| !found.is_empty()));
    let selected = Memo::new(move |_| search.selection.with(|selection| selection.len()));
    // How many were selected then.
    let selected_then = RwSignal::new(0);
    // How many clusters and devices a rule that needs all of them could choose from, if some are not read.
    let read = RwSignal::new(0);
    let select_from = Callback::new(move |from_read: bool| {
        let chosen = search.select_by(rule.get_untracked(), from_read);
        let is_part = chosen == Err(RuleProblem::NotAllRead);
        let known = search.coverage.with_untracked(|coverage| coverage.known);
        // The button stays after its press: without it, the focus would be lost.
        // guard: rule-button-stays
        if !from_read {
            read.set(if is_part { known } else { 0 });
        }
        selected_then.set(selected.get_untracked());
        result.set(match chosen {
            Ok(number) => text::rule_selected(number),
            Err(RuleProblem::NotAllRead) => not_all_read(&untrack(|| search.unread())),
            Err(RuleProblem::StartUnknown(number)) => text::rule_start_unknown(number),
        });
    });
    let clear = Callback::new(move |()| search.select(|selection| *selection = Default::default()));
    let on_change = Callback::new(move |name: String| {
        if let Some(value) = Offered::value_of(&RULES, &name) {
            rule.set(value);
            read.set(0);
            result.set(String::new());
        }
    });
    view! {
        <Show when=any>
            <div class="row">
                <Select
                    id="find-rule"
                    label=text::rule_label()
                    value=Signal::derive(move || Offered::name_of(&RULES, rule.get()))
                    on_change=on_change
                    options=Signal::derive(|| Offered::options(&RULES))
                />
                <Button
                    label=text::rule_select()
                    look=Look::Plain
                    on_press=Callback::new(move |()| select_from.run(false))
                />
                <Button
                    label=text::find_save()
                    look=Look::Quiet
                    on_press=Callback::new(move |()| search.save())
                />
            </div>
            <p role="status" prop:textContent=content(move || {
                // guard: rule-result-of-now
                if selected.get() == selected_then.get() { result.get() } else { String::new() }
            })/>
            <Show when=Signal::derive(move || read.get() > 0)>
                <Button
                    label=Signal::derive(move || text::rule_use_read(read.get()))
                    look=Look::Plain
                    on_press=Callback::new(move |()| select_from.run(true))
                />
            </Show>
        </Show>
        <Show when=Signal::derive(move || selected.get() > 0)>
            <div class="row">
                <Button
                    label=Signal::derive(move || text::find_kill_selected(selected.get()))
                    look=Look::Danger
                    busy=search.is_reviewing
                    on_press=Callback::new(move |()| search.review_selected())
                />
                <Button label=text::chosen_targets_clear() look=Look::Quiet on_press=clear/>
            </div>
        </Show>
    }
}

/// Why a rule that needs all devices selects nothing, with what is not read.
fn not_all_read(unread: &[String]) -> String {
    let reason = text::rule_not_all_read();
    if unread.is_empty() {
        return reason;
    }
    let names = text::find_unread(&list_of_names(unread.iter().map(String::as_str)));
    text::two_sentences(&reason, &names)
}

/// Asks which is meant, if the typed name is also that of a device, a cluster or a group. Tracked.
pub(super) fn choice(search: Search) -> Option<AnyView> {
    let user = search.ambiguous.get()?;
    let name = Name(user.as_str());
    let heading = text::find_ambiguous(name);
    let label = text::find_as_user(name);
    let press = Callback::new(move |()| search.review_user(&user));
    let banner = view! {
        <Banner tone=Tone::Warning heading=heading>
            <p prop:textContent=content(text::find_as_place())/>
            <Button label=label look=Look::Plain on_press=press/>
        </Banner>
    };
    Some(banner.into_any())
}
