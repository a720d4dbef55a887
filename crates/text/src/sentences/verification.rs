//! What the live sessions before, during and after a kill show, and how well it can be verified.

use super::amount::number;
use crate::{List, Name, first_names, list_of_texts, span};
use curfew_core::count::Count;
use curfew_core::ids::{MachineId, UserName};
use curfew_core::inventory::UnitId;
use curfew_core::job::{Finding, Return, Verdict};
use curfew_core::verify::{Proof, SessionsThere, SoFar};
use timestamp::Timestamp;

/// How many units are named.
const NAMED: usize = 3;

/// A text with a count.
type Counted = fn(usize) -> String;

/// The counts that are not zero, each as a text.
fn counted(counts: &[(usize, Counted)]) -> Vec<String> {
    counts.iter().filter(|(n, _)| *n > 0).map(|(n, text)| text(*n)).collect()
}

/// In sentences. `blind` has the names of the units that were not fully read before the kill, if they are known, and `verified` is
/// how many units are verified.
pub fn sentences(verdict: &Verdict, blind: &[String], verified: usize) -> Vec<String> {
    let mut lines = counted(&[
        (verdict.gone, crate::help_gone_sessions),
        (verdict.remaining, crate::help_remaining_sessions),
        (verdict.unreadable, crate::help_unreadable),
    ]);
    // One unread unit doesn't take the proof from the others.
    let is_mixed = matches!(verdict.finding(), Finding::NotVerified | Finding::NotVerifiable);
    lines.extend(counted(&[(verified, crate::help_verified_on)]).into_iter().filter(|_| is_mixed));
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

/// How many sessions are gone while the kill runs, and which devices do not answer.
pub fn so_far(so_far: &SoFar, name: &dyn Fn(&MachineId) -> String) -> Vec<String> {
    let SoFar { before, gone, left, silent } = so_far;
    let mut lines = vec![match before {
        // guard: all-gone-so-far
        Count::Exactly(_) if left.is_empty() => crate::so_far_all(),
        _ => crate::so_far(*gone, &number(*before)),
    }];
    if !silent.is_empty() {
        let names: Vec<String> = silent.iter().take(NAMED).map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        lines.push(crate::so_far_no_answer(&first_names(&names, silent.len())));
    }
    lines
}

/// Who is signed in where sessions were not fully read before the kill, and where that is not known. Empty if nothing is.
pub(super) fn signed_in(
    signed_in: &SessionsThere,
    names_of: &dyn Fn(&[UnitId]) -> List,
) -> Vec<String> {
    let SessionsThere { sessions, users, places, unread } = signed_in;
    let first: Vec<&str> = users.iter().take(NAMED).map(UserName::as_str).collect();
    // No device may report them.
    let first = if first.is_empty() { vec!["?"] } else { first };
    let names = first_names(&first, users.len().max(1));
    let there = match sessions {
        Count::Unknown => None,
        Count::Exactly(0) => Some(crate::signed_in_nobody()),
        some => Some(crate::signed_in_there(&names_of(places), &names, &number(*some))),
    };
    // guard: unread-now-named
    let unread = (!unread.is_empty()).then(|| crate::signed_in_unread(&names_of(unread)));
    there.into_iter().chain(unread).collect()
}

/// Who signed in again after a kill, where, and from where.
pub fn returned(one: &Return) -> String {
    let (user, device) = (Name(one.user.as_str()), Name(&one.name));
    match &one.client {
        Some(client) => crate::returned_from(user, device, Name(client)),
        None => crate::returned(user, device),
    }
}

/// The same, and how long after the kill's end. Without a start after it, the time when it
/// was seen is the latest possible one.
pub fn returned_after(one: &Return, seen_at: Timestamp, ended_at: Timestamp) -> String {
    let what = returned(one);
    match one.started.filter(|at| *at > ended_at) {
        Some(at) => crate::returned_after(&what, &span(at.since(ended_at))),
        None => crate::returned_within(&what, &span(seen_at.since(ended_at))),
    }
}

/// How well a kill can be verified if it is confirmed now.
pub fn proof(proof: Proof) -> String {
    match proof {
        Proof::Complete => crate::proof_complete(),
        Proof::Reading { known, units, wait: Some(wait) } => {
            crate::proof_reading_wait(known, &number(units), &span(wait))
        }
        Proof::Reading { known, units, wait: None } => crate::proof_reading(known, &number(units)),
        Proof::Partial { known, units } => crate::proof_partial(known, &number(units)),
    }
}
