//! Searches for names that are similar to those in the form, among all user names that were read. It takes a few milliseconds
//! at a time, so that a long search delays no key press.

use crate::state::{Form, LiveSessions};
use crate::web::{Latest, nfkc, rest, sleep, time};
use curfew_core::names::{FoundSimilar, SimilarNames};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long names and readings must stay unchanged before the search.
const SETTLE: Duration = Duration::from_millis(300);
/// How long the search may take without a rest, in milliseconds.
const SLICE: f64 = 8.0;

/// What was found for the names in the form. It ends with the page.
pub(super) fn similar_names(
    form: Form,
    live_sessions: LiveSessions,
) -> ReadSignal<Arc<FoundSimilar>> {
    let (found, set_found) = signal(Arc::default());
    let search = Latest::new();
    Effect::new(move |_| {
        form.users.track();
        _ = form.user_answers.get();
        live_sessions.known().track();
        search.run(async move {
            sleep(SETTLE).await;
            let wanted = untrack(move || form.draft()).user_list().names;
            let live = live_sessions.known().get_untracked();
            let mut similar = SimilarNames::default();
            let mut since = time::monotonic_ms();
            for name in &wanted {
                similar.add(name.as_str(), &nfkc);
                pause(&mut since).await;
            }
            for name in live.users() {
                similar.read(name.as_str(), &nfkc);
                pause(&mut since).await;
            }
            let mut found = FoundSimilar::default();
            for (name, names) in wanted.iter().zip(similar.finish()) {
                if !names.is_empty() {
                    found.insert(name.to_string(), names);
                }
            }
            set_found.set(Arc::new(found));
        });
    });
    found
}

/// Rests if the slice is over.
async fn pause(since: &mut f64) {
    // guard: similar-names-rest
    if time::monotonic_ms() - *since > SLICE {
        rest().await;
        *since = time::monotonic_ms();
    }
}
