//! What a job, or all jobs of a plan, led to, and the next step as a button. A new plan goes through the form and its gate.

use super::headline::device_name;
use super::timeline;
use crate::pages::kill::similar_names;
use crate::state::{CurrentRoute, Entry, Form, InventoryStore, LiveSessions, Verifications};
use crate::ui::{Banner, Button, Look, dynamic};
use curfew_core::app::Route;
use curfew_core::find::Query;
use curfew_core::ids::{MachineId, UserName};
use curfew_core::job::{
    Compared, Conclusion, DevicesDone, Job, NextStep, Summary, standby_clusters,
};
use curfew_core::plan::{Batch, Draft};
use curfew_core::sorted::SortedSet;
use curfew_core::verify::Check;
use leptos::prelude::*;
use std::sync::Arc;
use text::sentences::job as sentences;
use text::{Name, list_of_names};

/// How many similar names are offered.
const SIMILAR: usize = 3;

/// A job that is over, and what is known about it.
pub(super) struct Over {
    pub(super) batch: Arc<Batch>,
    pub(super) job: Job,
    pub(super) check: Option<Arc<Check>>,
}

impl Over {
    fn of(entry: &Entry) -> Self {
        let check = untrack(|| Verifications::get().of(&entry.id()));
        Self { batch: entry.batch.clone(), job: entry.job.get_untracked(), check }
    }

    fn compared(&self) -> Compared<'_> {
        (&self.job, units_of(self.check.as_deref()))
    }
}

/// The units of a comparison; none before it.
pub(super) fn units_of(check: Option<&Check>) -> &[curfew_core::job::CheckedUnit] {
    check.map(|check| check.units.as_slice()).unwrap_or_default()
}

/// What one job, or all jobs of a plan, led to. `None` while one of them is not over. Tracked.
fn summarized(entries: &[Entry], verifications: Verifications) -> Option<Summary> {
    if entries.iter().any(|entry| entry.job.with(|job| !job.is_over() && !job.is_lost())) {
        return None;
    }
    Summary::of_all(entries.iter().map(|entry| summary_of(entry, verifications)))
}

/// What a job led to. Tracked, except for changes within the job.
pub(super) fn summary_of(entry: &Entry, verifications: Verifications) -> Summary {
    let check = verifications.of(&entry.id());
    let units = units_of(check.as_deref());
    entry.job.with_untracked(|job| Summary::of((job, units), &entry.batch))
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
    over: Callback<(), Vec<Over>>,
    user: StoredValue<String>,
    form: Form,
    current_route: CurrentRoute,
    inventory_store: InventoryStore,
}

impl Jobs {
    fn new(over: Callback<(), Vec<Over>>, user: Option<String>) -> Self {
        Self {
            over,
            user: StoredValue::new(user.unwrap_or_default()),
            form: Form::get(),
            current_route: CurrentRoute::get(),
            inventory_store: InventoryStore::get(),
        }
    }

    fn label(self, summary: &Summary, step: NextStep) -> String {
        match step {
            NextStep::FindTask => text::look_for_task(),
            NextStep::SearchEverywhere => text::search_everywhere(),
            NextStep::PlanLeft => text::plan_again(),
            NextStep::Again => text::kill_again(),
            NextStep::Retry => self.with(|batch, jobs| {
                let name = |id: &MachineId| device_name(id, batch, self.inventory_store);
                sentences::retry(summary.draft(batch, jobs).as_ref(), &name)
            }),
            NextStep::UseClusters => self.with(|batch, _| {
                text::plan_on_clusters(&list_of_names(standby_clusters(batch).into_iter()))
            }),
        }
    }

    /// Reads the jobs. Without any, there is nothing to read.
    fn with<T: Default>(self, read: impl FnOnce(&Batch, &[Compared<'_>]) -> T) -> T {
        let over = self.over.run(());
        let jobs: Vec<Compared<'_>> = over.iter().map(Over::compared).collect();
        over.first().map(|first| read(&first.batch, &jobs)).unwrap_or_default()
    }

    fn run(self, act: &Act) {
        let draft = self.with(|batch, jobs| match act {
            Act::Step(summary, _) => summary.draft(batch, jobs),
            Act::Instead(name) => Draft::of_other_user(batch, jobs, &UserName::new(name.as_str())),
            Act::Again => Draft::retry(batch, jobs, |_| true),
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

    /// The buttons of the next step, below `before`. Without a session of the user, also similar names that have some.
    fn buttons(
        self,
        summary: Callback<(), Option<Summary>>,
        before: Callback<Summary, Option<AnyView>>,
    ) -> AnyView {
        let is_missed = |summary: &Summary| {
            matches!(summary.conclusion, Conclusion::NoSession | Conclusion::NoneNow)
        };
        let user = self.user;
        let names = Callback::new(move |()| {
            let missed = untrack(|| summary.run(())).filter(is_missed);
            let user = missed.map(|_| user.get_value()).filter(|user| !user.is_empty());
            user.map(UserName::new).into_iter().collect()
        });
        let changed = Signal::derive(move || _ = summary.run(()));
        let similar = similar_names(changed, names, LiveSessions::get());
        let views = move || -> Vec<AnyView> {
            let Some(summary) = summary.run(()) else { return Vec::new() };
            let found = similar.get();
            let similar = user.with_value(|user| found.get(user).cloned()).unwrap_or_default();
            let similar = similar.into_iter().filter(|_| is_missed(&summary)).take(SIMILAR);
            let step = summary
                .next_step()
                .map(|step| (self.label(&summary, step), Act::Step(summary, step)));
            let similar = similar.map(|similar| {
                (text::did_you_mean(Name(&similar.name)), Act::Instead(similar.name))
            });
            // Similar names arrive later, and must not move the step under the pointer.
            let buttons =
                step.into_iter().chain(similar).map(|(label, act)| self.button(label, act));
            before.run(summary).into_iter().chain(buttons).collect()
        };
        view! { <div class="actions collapse-empty">{dynamic(views)}</div> }.into_any()
    }
}

/// The button that plans the same kill again: a new plan with a new gate.
pub(super) fn kill_again(entries: StoredValue<Vec<Entry>>) -> AnyView {
    let over = move |()| entries.with_value(|entries| entries.iter().map(Over::of).collect());
    Jobs::new(Callback::new(over), None).button(text::kill_again(), Act::Again)
}

/// The buttons of the next step; for several jobs, after their common outcome.
pub(super) fn next_steps(entries: Vec<Entry>) -> AnyView {
    let is_many = entries.len() > 1;
    let user = only_user(&entries);
    let entries = StoredValue::new(entries);
    let verifications = Verifications::get();
    let over = move |()| entries.with_value(|entries| entries.iter().map(Over::of).collect());
    let jobs = Jobs::new(Callback::new(over), user);
    let summary = Callback::new(move |()| entries.with_value(|all| summarized(all, verifications)));
    let banner = Callback::new(move |summary: Summary| {
        if !is_many {
            return None;
        }
        let user = jobs.user.get_value();
        let user = Some(&*user).filter(|user| !user.is_empty());
        let is_partly = matches!(summary.conclusion, Conclusion::Failed | Conclusion::Incomplete);
        let outcome = if is_partly {
            jobs.with(|batch, over| {
                let done = DevicesDone::of(over.iter().copied(), batch);
                let name = |id: &MachineId| device_name(id, batch, jobs.inventory_store);
                sentences::summary(&summary, user, Some((&done, &name)))
            })
        } else {
            sentences::summary(&summary, user, None)
        };
        let (tone, heading) = outcome?;
        Some(view! { <Banner tone=timeline::tone(tone) heading=heading/> }.into_any())
    });
    jobs.buttons(summary, banner)
}

/// The same for a kill that this tab did not make.
pub(super) fn later_steps(
    summary: Callback<(), Option<Summary>>,
    over: Callback<(), Vec<Over>>,
    user: Option<String>,
) -> AnyView {
    Jobs::new(over, user).buttons(summary, Callback::new(|_| None))
}
