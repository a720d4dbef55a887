//! What the live sessions before and after a kill show.

use crate::{List, first_names, list_of_texts};
use curfew_core::job::{Finding, Verdict};

/// How many units are named.
const NAMED: usize = 3;

/// A text with a count.
type Counted = fn(usize) -> String;

/// The counts that are not zero, each as a text.
fn counted(counts: &[(usize, Counted)]) -> Vec<String> {
    counts.iter().filter(|(n, _)| *n > 0).map(|(n, text)| text(*n)).collect()
}

/// In sentences. `blind` has the names of the units that were not fully read before the kill, if they are known.
pub fn sentences(verdict: &Verdict, blind: &[String]) -> Vec<String> {
    let mut lines = counted(&[
        (verdict.gone, crate::help_gone_sessions),
        (verdict.remaining, crate::help_remaining_sessions),
        (verdict.unreadable, crate::help_unreadable),
    ]);
    // A name less would say that the other one was verified.
    // guard: all-unread-named
    if verdict.blind > 0 && blind.len() == verdict.blind {
        let first: Vec<&str> = blind.iter().take(NAMED).map(String::as_str).collect();
        lines.push(crate::help_not_read_named(&first_names(&first, blind.len())));
    } else {
        lines.extend(counted(&[(verdict.blind, crate::help_not_read)]));
    }
    lines.extend(counted(&[(verdict.came_back, crate::help_back)]));
    if verdict.finding() == Finding::NothingToVerify {
        lines.insert(0, crate::help_nothing());
    }
    lines
}

/// The same in a few words.
pub fn summary(verdict: &Verdict) -> String {
    let mut parts = counted(&[
        (verdict.gone, crate::verification_gone),
        (verdict.remaining, crate::verification_remaining),
        (verdict.unreadable, crate::verification_unreadable),
        (verdict.came_back, crate::verification_back),
    ]);
    if verdict.blind > 0 {
        parts.push(crate::verification_not_read());
    } else if verdict.before() == 0 {
        parts.insert(0, crate::verification_nothing());
    }
    List::into_text(list_of_texts(&parts))
}
