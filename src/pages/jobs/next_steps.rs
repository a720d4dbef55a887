//! What a job, or all jobs of a plan, led to, and the next step as a button. A new plan goes through the form and its gate.

use super::export::jobs_of;
use super::timeline;
use crate::pages::kill::similar_names;
use crate::state::{CurrentRoute, Entry, Form, LiveSessions};
use crate::ui::{Banner, Button, Look, dynamic};
use curfew_core::app::Route;
use curfew_core::find::Query;
use curfew_core::ids::UserName;
use curfew_core::job::{Conclusion, Job, NextStep, Summary, standby_clusters};
use curfew_core::plan::Draft;
use curfew_core::sorted::SortedSet;
use leptos::prelude::*;
use text::sentences::job as sentences;
use text::{Name, list_of_names};

/// How many similar names are offered.
const SIMILAR: usize = 3;

/// What one job, or all jobs of a plan, led to. `None` while one of them is not over. Tracked.
fn summarized(entries: &[Entry]) -> Option<Summary> {
    if entries.iter().any(|entry| entry.job.with(|job| !job.is_over() && !job.is_lost())) {
        return None;
    }
    let each = entries.iter().map(|e| e.job.with_untracked(|job| Summary::of(job, &e.batch)));
    Summary::of_all(each)
}

/// The users of these jobs.
pub(super) fn users_of(entries: &[Entry]) -> SortedSet<String> {
    let user =
        |entry: &Entry| entry.job.with_untracked(|job| sentences::user_of(job).map(str::to_owned));
    SortedSet::from_iter(entries.iter().filter_map(user))
}

/// The only user of these jobs.
fn only_user(entries: &[Entry]) -> Option<String> {
    let mut users = users_of(entries).into_iter();
    users.next().filter(|_| users.next().is_none())
}

/// What a button does.
#[derive(Clone)]
enum Act {
    Step(Summary, NextStep),
    /// Plans the same for another user.
    Instead(String),
    /// Plans the same.
    Again,
}

/// The jobs, and what their next step needs.
#[derive(Clone, Copy)]
struct Jobs {
    entries: StoredValue<Vec<Entry>>,
    user: StoredValue<String>,
    form: Form,
    current_route: CurrentRoute,
}

impl Jobs {
    fn label(self, step: NextStep) -> String {
        match step {
            NextStep::FindTask => text::look_for_task(),
            NextStep::SearchEverywhere => text::search_everywhere(),
            NextStep::Retry => text::retry_failed(),
            NextStep::PlanLeft => text::plan_again(),
            NextStep::UseClusters => self.entries.with_value(|entries| {
                let batch = entries.first().map(|entry| entry.batch.clone());
                let clusters = batch.iter().flat_map(|batch| standby_clusters(batch));
                text::plan_on_clusters(&list_of_names(clusters))
            }),
        }
    }

    fn run(self, act: &Act) {
        let draft = self.entries.with_value(|entries| {
            let (batch, jobs) = (&entries.first()?.batch, jobs_of(entries));
            let jobs: Vec<&Job> = jobs.iter().collect();
            match act {
                Act::Step(summary, _) => summary.draft(batch, &jobs),
                Act::Instead(name) => {
                    Draft::of_other_user(batch, &jobs, &UserName::new(name.as_str()))
                }
                Act::Again => Draft::retry(batch, &jobs, |_| true),
            }
        });
        let route = match (draft, act) {
            (Some(draft), _) => {
                self.form.fill_with(draft);
                Route::kill()
            }
            (None, Act::Step(_, NextStep::SearchEverywhere)) => {
                self.form.search_for(self.user.with_value(|user| Query::text_of_user(user)));
                Route::Find
            }
            // BIG-IQ's list of all kills is on that page.
            (None, Act::Step(..) | Act::Instead(_) | Act::Again) => Route::Jobs,
        };
        self.current_route.go(&route);
    }

    fn button(self, label: String, act: Act) -> AnyView {
        let press = Callback::new(move |()| self.run(&act));
        view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
    }
}

/// The button that plans the same kill again: a new plan with a new gate.
pub(super) fn kill_again(entries: StoredValue<Vec<Entry>>) -> AnyView {
    let (form, current_route) = (Form::get(), CurrentRoute::get());
    let jobs = Jobs { user: StoredValue::default(), entries, form, current_route };
    jobs.button(text::kill_again(), Act::Again)
}

/// The buttons of the next step; for several jobs, after their common outcome. Without a session of the user, also similar names
/// that have some.
pub(super) fn next_steps(entries: Vec<Entry>) -> AnyView {
    let is_many = entries.len() > 1;
    let user = StoredValue::new(only_user(&entries).unwrap_or_default());
    let entries = StoredValue::new(entries);
    let (form, current_route) = (Form::get(), CurrentRoute::get());
    let jobs = Jobs { user, entries, form, current_route };
    let summary = move || entries.with_value(|entries| summarized(entries));
    let is_missed = |summary: &Summary| summary.conclusion == Conclusion::NoSession;
    let names = Callback::new(move |()| {
        let missed = untrack(summary).filter(is_missed);
        let user = missed.map(|_| user.get_value()).filter(|user| !user.is_empty());
        user.map(UserName::new).into_iter().collect()
    });
    let changed = Signal::derive(move || _ = summary());
    let similar = similar_names(changed, names, LiveSessions::get());
    let views = move || -> Vec<AnyView> {
        let Some(summary) = summary() else { return Vec::new() };
        let found = similar.get();
        let similar = user.with_value(|user| found.get(user).cloned()).unwrap_or_default();
        let similar = similar.into_iter().filter(|_| is_missed(&summary)).take(SIMILAR);
        let step = summary.next_step().map(|step| (jobs.label(step), Act::Step(summary, step)));
        let similar = similar
            .map(|similar| (text::did_you_mean(Name(&similar.name)), Act::Instead(similar.name)));
        // Similar names arrive later, and must not move the step under the pointer.
        let buttons = step.into_iter().chain(similar).map(|(label, act)| jobs.button(label, act));
        let user = user.get_value();
        let outcome = sentences::summary(&summary, Some(&*user).filter(|user| !user.is_empty()));
        let banner = outcome.filter(|_| is_many).map(|(tone, heading)| {
            view! { <Banner tone=timeline::tone(tone) heading=heading/> }.into_any()
        });
        banner.into_iter().chain(buttons).collect()
    };
    view! { <div class="actions collapse-empty">{dynamic(views)}</div> }.into_any()
}
