//! The identifiers in records. They must not change when the interface or the code uses other words, because programs that
//! read records depend on them.

use crate::inventory::HaRole;
use crate::job::{
    Cancel, End, Failure, Finding, NotSent, Now, Observation, Phase, Search, Source, TargetStatus,
};

pub(super) fn target_status(status: TargetStatus) -> &'static str {
    match status {
        TargetStatus::Open => "open",
        TargetStatus::Untouched => "untouched",
        TargetStatus::Reported => "reported-done",
        TargetStatus::Failed => "failed",
        TargetStatus::Unknown => "unknown",
        TargetStatus::Remaining => "remaining",
        TargetStatus::Verified => "verified",
    }
}

pub(super) fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Confirmed => "waiting",
        Phase::Sending => "sending",
        Phase::NotSent(_) => "not-sent",
        Phase::Rejected(_) => "rejected",
        Phase::Unknown { .. } => "unknown",
        Phase::Watched { .. } => "running",
        Phase::Ended(_) => "ended",
    }
}

pub(super) fn end(end: &End) -> &'static str {
    match end {
        End::Success => "success",
        End::Incomplete(_) => "incomplete",
        End::Failed => "failed",
        End::Cancelled => "cancelled",
        End::Gone => "gone",
    }
}

pub(super) fn search(search: &Search) -> &'static str {
    match search {
        Search::Running => "looking",
        Search::Several(_) => "several",
        Search::NoneFound => "none-found",
    }
}

pub(super) fn not_sent(why: &NotSent) -> &'static str {
    match why {
        NotSent::Failed(_) => "failed",
        NotSent::NotStored => "not-kept",
        NotSent::Dropped => "dropped",
        NotSent::Reloaded => "reloaded",
        NotSent::SignedOut => "signed-out",
    }
}

pub(super) fn failure(failure: &Failure) -> &'static str {
    match failure {
        Failure::NoAnswer => "no-answer",
        Failure::Timeout { .. } => "timeout",
        Failure::Refused { .. } => "refused",
        Failure::Unreadable { html: true } => "web-page",
        Failure::Unreadable { html: false } => "unreadable",
        Failure::TooLarge => "too-large",
        Failure::SignInNeeded => "sign-in-needed",
    }
}

pub(super) fn cancel(cancel: Cancel) -> Option<&'static str> {
    match cancel {
        Cancel::NotAsked => None,
        Cancel::Asked => Some("asked"),
        Cancel::Refused => Some("refused"),
    }
}

pub(super) fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Verified => "verified",
        Finding::NotVerified => "not-verified",
        Finding::NothingToVerify => "nothing-to-verify",
        Finding::NotVerifiable => "not-verifiable",
    }
}

pub(super) fn now(now: Now) -> &'static str {
    match now {
        Now::Gone => "gone",
        Now::Remaining => "remaining",
        Now::Unreadable => "unreadable",
    }
}

pub(super) fn role(role: HaRole) -> &'static str {
    match role {
        HaRole::Active => "active",
        HaRole::Standby => "standby",
        HaRole::Unknown => "unknown",
    }
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::App => "app",
        Source::Answer => "answer",
        Source::Poll => "poll",
        Source::Collection => "collection",
        Source::Reconcile => "reconcile",
        Source::Reload => "reload",
        Source::Operator => "operator",
        Source::Sessions => "sessions",
    }
}

pub(super) fn observation(what: &Observation) -> &'static str {
    match what {
        Observation::Confirmed => "confirmed",
        Observation::Sent => "sent",
        Observation::NotSent(_) => "not-sent",
        Observation::Rejected(_) => "rejected",
        Observation::Lost(_) => "answer-lost",
        Observation::Accepted(_) => "accepted",
        Observation::Adopted(_) => "adopted",
        Observation::Several(_) => "several-candidates",
        Observation::NotListed => "not-listed",
        Observation::NoneFound => "none-found",
        Observation::Seen(_) => "seen",
        Observation::Resolved(_) => "resolved",
        Observation::NotReached(_) => "not-reached",
        Observation::Missing(_) => "missing",
        Observation::Reloaded => "reloaded",
        Observation::SignedOut => "signed-out",
        Observation::CancelAsked => "cancel-asked",
        Observation::CancelRefused(_) => "cancel-refused",
        Observation::CancelLost(_) => "cancel-lost",
        Observation::Checked(_) => "checked",
        Observation::WatchStarted(_) => "watch-started",
        Observation::Returned(_) => "returned",
        Observation::WatchEnded => "watch-ended",
    }
}
