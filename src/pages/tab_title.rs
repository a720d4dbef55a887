//! The state of the jobs in the tab, for an operator who is elsewhere: title, icon, and a notification if wanted.

use crate::state::{Jobs, Preferences, TabIndicator, TabStatus};
use crate::ui::alert;
use crate::web::{dom, effect, effect_since, notify, visibility};
use curfew_core::job::Job;
use leptos::prelude::*;
use text::Label;

/// Updates the tab's title and icon with the state of the jobs; `page` is the name of the current page.
pub(super) fn update_tab(page: Signal<String>) {
    let (tab_status, preferences) = (TabStatus::get(), Preferences::get());
    effect(move || {
        let title = super::document::title(&page.get());
        dom::set_title(&match tab_status.indicator() {
            TabIndicator::Quiet => title,
            TabIndicator::Running(n) => text::title_running(n, &title),
            TabIndicator::Ended => text::title_ended(&title),
            TabIndicator::Trouble => text::title_problem(&title),
        });
    });
    let jobs = Jobs::get();
    // Somebody signed in again after a kill: that is news on every page.
    effect_since(move |before: Option<(usize, u32)>| {
        let all = jobs.all();
        let returns: u32 = all.iter().map(|entry| entry.job.with(Job::returns)).sum();
        // Jobs that are restored after a reload bring theirs along.
        let is_new = before.is_some_and(|(jobs, before)| jobs == all.len() && returns > before);
        // guard: return-reported
        if is_new {
            alert(text::notify_return());
            if preferences.notify().get_untracked() && visibility::is_hidden() {
                notify_end(text::notify_return);
            }
        }
        (all.len(), returns)
    });
    effect_since(move |before: Option<TabIndicator>| {
        let sign = tab_status.indicator();
        dom::set_favicon(match sign {
            TabIndicator::Quiet => dom::Favicon::Plain,
            TabIndicator::Running(_) => dom::Favicon::Running,
            TabIndicator::Ended => dom::Favicon::Done,
            TabIndicator::Trouble => dom::Favicon::Failed,
        });
        let wanted = preferences.notify().get_untracked() && visibility::is_hidden();
        if wanted && before.is_some_and(|before| before != sign) {
            match sign {
                TabIndicator::Ended => notify_end(text::notify_ended),
                TabIndicator::Trouble => notify_end(text::notify_problem),
                TabIndicator::Quiet | TabIndicator::Running(_) => {}
            }
        }
        sign
    });
}

/// It names no user and no device: anyone who sees the screen can read a notification.
fn notify_end(word: Label) {
    notify::notify(&text::curfew(), &word(), "curfew:jobs");
}
