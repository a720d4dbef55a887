//! What the tab says of its jobs to those who look elsewhere: title, icon, and a notification if wanted. It must not
//! decide what there is to say.

use crate::state::{Preferences, Sign, TabStatus};
use crate::text::{Word, count_and, fill, t};
use crate::web::{dom, notify, visibility};
use leptos::prelude::*;

/// Keeps the tab's title and icon as the jobs stand, with `page` as the name of what is shown.
pub(super) fn light(page: Signal<String>) {
    let (beacon, preferences) = (TabStatus::get(), Preferences::get());
    Effect::new(move |_| {
        let title = super::document::title(&page.get());
        dom::set_title(&match beacon.sign() {
            Sign::Quiet => title,
            Sign::Running(n) => count_and(Word::TitleRunning, n, &[("title", &title)]),
            Sign::Ended => fill(Word::TitleEnded, &[("title", &title)]),
            Sign::Trouble => fill(Word::TitleTrouble, &[("title", &title)]),
        });
    });
    Effect::new(move |before: Option<Sign>| {
        let sign = beacon.sign();
        dom::set_favicon(match sign {
            Sign::Quiet => dom::Favicon::Plain,
            Sign::Running(_) => dom::Favicon::Running,
            Sign::Ended => dom::Favicon::Done,
            Sign::Trouble => dom::Favicon::Failed,
        });
        let wanted = preferences.notify().get_untracked() && visibility::is_hidden();
        if wanted && before.is_some_and(|before| before != sign) {
            match sign {
                Sign::Ended => tell(Word::NotifyEnded),
                Sign::Trouble => tell(Word::NotifyTrouble),
                Sign::Quiet | Sign::Running(_) => {}
            }
        }
        sign
    });
}

/// Names no user and no device: a notification is seen by whoever sees the screen.
fn tell(word: Word) {
    notify::notify(&t(Word::Curfew), &t(word), "curfew:jobs");
}
