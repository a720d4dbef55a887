//! Searches for names that are similar to those in a plan, among all user names that were read. It takes a few milliseconds
//! at a time, so that a long search delays no key press.

use crate::state::LiveSessions;
use crate::web::{Latest, effect, nfkc, rest, sleep, time};
use curfew_core::ids::UserName;
use curfew_core::names::{FoundSimilar, SimilarNames};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long names and readings must stay unchanged before the search.
const SETTLE: Duration = Duration::from_millis(300);
/// How long the search may take without a rest, in milliseconds.
const SLICE: f64 = 8.0;

/// What was found for the names that `names` returns, searched again whenever `changed` notifies. It ends with the page.
pub(in crate::pages) fn similar_names(
    changed: Signal<()>,
    names: Callback<(), Vec<UserName>>,
    live_sessions: LiveSessions,
) -> ReadSignal<Arc<FoundSimilar>> {
    let (found, set_found) = signal(Arc::default());
    let search = Latest::new();
    effect(move || {
        changed.track();
        live_sessions.known().track();
        search.run(async move {
            sleep(SETTLE).await;
            let wanted = untrack(|| names.run(()));
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
