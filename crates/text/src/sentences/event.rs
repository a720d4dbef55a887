//! What happened to a job: the lines of its timeline.

use super::bigiq_task::state;
use super::error::{Sentence, bigiq_says};
use super::refusal::{Operation, failure};
use super::{job::task_ids, verification};
use crate::{Name, short};
use curfew_core::ids::TaskId;
use curfew_core::job::{Event, Failure, Observation, Source, TaskSnapshot};

/// One line of the timeline, and BIG-IQ's message if there is one.
pub fn event(event: &Event, operator: &str) -> Vec<Sentence> {
    let mut text = observation(&event.what, event.source, operator);
    if event.times > 1 {
        text = crate::event_times(&text, event.times as usize, &short(event.last_at));
    }
    if event.odd {
        text = crate::event_inconsistent(&text);
    }
    let message = cause(&event.what).and_then(Failure::message);
    let message = message.map(|message| Sentence::BigIq(bigiq_says(message)));
    [Sentence::Own(text)].into_iter().chain(message).collect()
}

/// The failure that a line shows with BIG-IQ's message.
fn cause(what: &Observation) -> Option<&Failure> {
    match what {
        Observation::Rejected(cause)
        | Observation::Lost(cause)
        | Observation::CancelRefused(cause)
        | Observation::CancelLost(cause) => Some(cause),
        _ => None,
    }
}

fn observation(what: &Observation, source: Source, operator: &str) -> String {
    let operation = operation(what, source);
    let why = |cause: &Failure| failure(cause, operation, operator).what;
    let with_cause = |text: String, cause: &Failure| crate::labelled(&text, &why(cause));
    match what {
        Observation::Confirmed => crate::event_confirmed(Name(operator)),
        Observation::Sent => crate::event_sent(),
        Observation::NotSent(_) => crate::event_not_sent(),
        Observation::Rejected(cause) => with_cause(crate::event_rejected(), cause),
        Observation::Lost(cause) => with_cause(crate::event_lost(), cause),
        Observation::Accepted(snapshot) => crate::event_accepted(task(snapshot)),
        Observation::Adopted(snapshot) => crate::event_adopted(task(snapshot)),
        Observation::Several(ids) => crate::event_several(&task_ids(ids)),
        Observation::NotListed => crate::event_not_listed(),
        Observation::NoneFound => crate::event_none_found(),
        Observation::Seen(snapshot) => crate::event_seen(&state(snapshot)),
        Observation::Resolved(devices) => crate::event_resolved(devices.len()),
        Observation::NotReached(cause) => crate::event_not_reached(&why(cause)),
        Observation::Missing(_) => crate::event_missing(),
        Observation::Reloaded => crate::event_reloaded(),
        Observation::SignedOut => crate::event_signed_out(),
        Observation::CancelAsked => crate::event_cancel_asked(),
        Observation::CancelRefused(cause) => with_cause(crate::event_cancel_refused(), cause),
        Observation::CancelLost(cause) => with_cause(crate::event_cancel_lost(), cause),
        Observation::Checked(found) => crate::event_checked(&verification::summary(found)),
        Observation::WatchStarted(minutes) => crate::event_watch_started(*minutes as usize),
        Observation::Returned(one) => verification::returned(one),
        Observation::WatchEnded => crate::event_watch_ended(),
    }
}

/// The call that was observed.
fn operation(what: &Observation, source: Source) -> Operation {
    match (what, source) {
        (Observation::CancelRefused(_) | Observation::CancelLost(_), _) => Operation::Cancel,
        (Observation::NotReached(_), Source::Poll) => Operation::ReadTask,
        (Observation::NotReached(_), _) => Operation::ReadTasks,
        _ => Operation::Kill,
    }
}

fn task(snapshot: &TaskSnapshot) -> Name<'_> {
    Name(snapshot.task.as_ref().map_or("", TaskId::as_str))
}
