//! What the live sessions before and after a kill show.

use crate::{List, list_of_texts};
use curfew_core::job::{Finding, Verdict};

/// A text with a count.
type Counted = fn(usize) -> String;

/// The counts that are not zero, each as a text.
fn counted(counts: &[(usize, Counted)]) -> Vec<String> {
    counts.iter().filter(|(n, _)| *n > 0).map(|(n, text)| text(*n)).collect()
}

/// In sentences.
pub fn sentences(verdict: &Verdict) -> Vec<String> {
    let mut lines = counted(&[
        (verdict.gone, crate::help_gone_sessions),
        (verdict.remaining, crate::help_remaining_sessions),
        (verdict.unreadable, crate::help_unreadable),
        (verdict.blind, crate::help_not_read),
        (verdict.came_back, crate::help_back),
    ]);
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
