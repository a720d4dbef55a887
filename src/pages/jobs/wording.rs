//! A job as text: its state, what that means, what happened.

use crate::pages::error_text::failure_text;
use crate::state::{Entry, Jobs};
use crate::text::{Word, count, count_and, fill, locale, t};
use crate::ui::{LogLine, StepState as Mark, StepperPoint, Tone};
use crate::web::time::{epoch_ms, local_day};
use curfew_core::ids::{MachineId, SessionId, TaskId};
use curfew_core::job::{
    BigIqTask, End, Event, Failure, Finding, Job, Lost, NotSent, Observation, Phase, ProgressStep,
    Refusal, Search, Source, Stage, Status, Step, StepState, TaskResult, TaskSnapshot, Verdict,
};
use curfew_core::plan::{Batch, KillRequest, Kind};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::WithUntracked;
use std::collections::BTreeSet;

/// What the job does.
pub(super) fn title(job: &Job) -> String {
    match job.request() {
        KillRequest::ByUser { user_name, .. } => fill(Word::JobOfUser, &[("user", user_name)]),
        KillRequest::All { .. } => t(Word::JobOfEverybody),
        KillRequest::Listed { .. } => t(Word::JobOfListed),
    }
}

/// What the jobs of one plan do together.
pub(super) fn batch_title(entries: &[Entry]) -> String {
    let user = |entry: &Entry| {
        entry.job.with_untracked(|job| match job.request() {
            KillRequest::ByUser { user_name, .. } => Some(user_name.clone()),
            KillRequest::All { .. } | KillRequest::Listed { .. } => None,
        })
    };
    // One user has several jobs if a device is sent separately.
    match entries.iter().filter_map(user).collect::<BTreeSet<_>>().len() {
        0 | 1 => entries.first().map(|entry| entry.job.with_untracked(title)).unwrap_or_default(),
        users => count(Word::JobOfUsers, users),
    }
}

/// The names of its targets; for listed sessions, the names of their devices.
pub(super) fn targets(batch: &Batch) -> Vec<String> {
    if batch.kind == Kind::Listed {
        return batch.reached.iter().map(|device| device.name.clone()).collect();
    }
    let named = batch.targets.groups.iter().chain(&batch.targets.clusters).cloned();
    let devices = batch
        .targets
        .devices
        .iter()
        .map(|reference| device(batch, &MachineId::new(reference.machine_id())));
    named.chain(devices).collect()
}

fn task_list(ids: &[TaskId]) -> String {
    ids.iter().map(TaskId::as_str).collect::<Vec<_>>().join(", ")
}

/// The display name of a device.
pub(super) fn device(batch: &Batch, id: &MachineId) -> String {
    let known = batch.reached.iter().find(|device| device.id == *id);
    known.map_or_else(|| id.to_string(), |device| device.name.clone())
}

/// The state of a job: tone, heading, and what it means.
pub(super) struct JobHeadline {
    pub(super) tone: Tone,
    pub(super) heading: String,
    pub(super) help: Vec<String>,
}

fn both(one: Word, other: Word) -> String {
    [t(one), t(other)].join(" ")
}

/// A heading and its meaning, as one text.
pub(super) fn in_a_row(heading: &str, help: &[String]) -> String {
    [heading, ". ", &help.join(" ")].concat()
}

/// The text for the state of a job. Tracks whether its plan is paused.
pub(super) fn headline(job: &Job, operator: &str, jobs: Jobs) -> JobHeadline {
    let stands =
        |tone, heading: Word, help: Vec<String>| JobHeadline { tone, heading: t(heading), help };
    match job.phase() {
        Phase::Confirmed if jobs.is_held(job) => stands(Tone::Info, Word::HeadHeld, vec![]),
        Phase::Confirmed => stands(Tone::Info, Word::HeadConfirmed, vec![]),
        Phase::Sending => stands(Tone::Info, Word::HeadSending, vec![]),
        Phase::NotSent(why) => {
            let next = |why: Word| vec![both(why, Word::HelpNewPlan)];
            let help = match why {
                NotSent::Failed(failure) => {
                    let mut help = failure_help(failure, operator);
                    help.push(t(Word::HelpNewPlan));
                    help
                }
                NotSent::Reloaded => next(Word::HelpNotSentReload),
                NotSent::SignedOut => next(Word::HelpNotSentOut),
                NotSent::Dropped => next(Word::HelpNotSentDropped),
                NotSent::NotStored => next(Word::HelpNotSentKept),
            };
            stands(Tone::Warning, Word::HeadNotSent, help)
        }
        Phase::Rejected(failure) => {
            let mut help = failure_help(failure, operator);
            help.push(both(Word::HelpUntouched, Word::HelpNewPlan));
            stands(Tone::Error, Word::HeadRejected, help)
        }
        Phase::Unknown { lost, search } => {
            let what = match lost {
                Lost::Failure(failure) => failure_text(failure, operator).what,
                Lost::Reload => t(Word::EvReloaded),
            };
            let mut help = vec![[&what, "."].concat()];
            help.push(match search {
                Search::Running => t(Word::HelpUnknown),
                Search::Several(ids) => fill(Word::HelpUnknownSeveral, &[("ids", &task_list(ids))]),
                Search::NoneFound => t(Word::HelpUnknownNone),
            });
            if let Some(lost) = job.lost_contact() {
                let since = time(lost.since);
                help.push(fill(Word::HelpUnlisted, &[("time", &since)]));
                help.extend(lost_help(&lost.failure, operator));
            }
            stands(Tone::Warning, Word::HeadUnknown, help)
        }
        Phase::Watched { status, .. } => {
            if let Some(lost) = job.lost_contact() {
                let since = time(lost.since);
                return JobHeadline {
                    tone: Tone::Warning,
                    heading: fill(Word::HeadLost, &[("time", &since)]),
                    help: lost_help(&lost.failure, operator),
                };
            }
            let heading = match status {
                Some(Status::CancelRequested) => Word::HeadCancelling,
                _ => Word::HeadWatched,
            };
            let odd = match status {
                Some(Status::Other(word)) => vec![fill(Word::OddStatus, &[("status", word)])],
                _ => vec![],
            };
            stands(Tone::Info, heading, odd)
        }
        Phase::Ended(end) => ended(job, end),
    }
}

fn ended(job: &Job, end: &End) -> JobHeadline {
    let snapshot = job.snapshot();
    let message = snapshot
        .and_then(|snapshot| snapshot.error.as_deref())
        .map(|message| fill(Word::BigiqSays, &[("message", message)]));
    let proof = job.verdict().map(proof).unwrap_or_default();
    // If all devices were read before and there were no sessions, don't say that sessions may have ended.
    let nobody = job.verdict().is_some_and(|v| v.finding() == Finding::NothingToVerify);
    let unknown = match snapshot {
        _ if nobody => vec![],
        Some(snapshot) if !snapshot.failures.is_empty() => {
            vec![both(Word::HelpPartly, Word::HelpLook)]
        }
        _ => vec![both(Word::HelpFailed, Word::HelpLook)],
    };
    let (tone, heading, help) = match end {
        End::Success => return success(job.verdict(), proof),
        End::Incomplete(result) => {
            let help = result.as_ref().map_or_else(
                || t(Word::HelpIncompleteBare),
                |result| fill(Word::HelpIncomplete, &[("result", result.as_str())]),
            );
            (Tone::Warning, Word::HeadIncomplete, vec![help])
        }
        // Also if it failed at its first step: what that step did before is unknown, so don't say that nothing was
        // done.
        End::Failed => (Tone::Error, Word::HeadFailed, unknown),
        End::Cancelled => (Tone::Warning, Word::HeadCancelled, unknown),
        End::Gone => (Tone::Warning, Word::HeadGone, vec![both(Word::HelpGone, Word::HelpLook)]),
    };
    let mut all: Vec<String> = message.into_iter().collect();
    all.extend(help);
    all.extend(proof);
    JobHeadline { tone, heading: t(heading), help: all }
}

fn success(verdict: Option<&Verdict>, proof: Vec<String>) -> JobHeadline {
    let bigiq = t(Word::HeadSuccess);
    let filled = |word: Word| fill(word, &[("bigiq", &bigiq)]);
    let (tone, heading, first) = match verdict.map(|verdict| (verdict.finding(), verdict)) {
        Some((Finding::Verified, verdict)) => {
            (Tone::Good, count(Word::HeadVerified, verdict.gone), filled(Word::HelpVerified))
        }
        Some((Finding::NotVerified, verdict)) => (
            Tone::Warning,
            count(Word::HeadRemaining, verdict.remaining),
            filled(Word::HelpRemaining),
        ),
        // Neutral: BIG-IQ's report is not proof.
        _ => (Tone::Info, bigiq.clone(), t(Word::HelpSuccess)),
    };
    // The heading of a verified result has the number of ended sessions.
    let in_heading = usize::from(tone == Tone::Good);
    let help = [first].into_iter().chain(proof.into_iter().skip(in_heading)).collect();
    JobHeadline { tone, heading, help }
}

/// What live sessions show, in sentences.
fn proof(verdict: &Verdict) -> Vec<String> {
    let counts = [
        (verdict.gone, Word::HelpGoneAll),
        (verdict.remaining, Word::HelpLeft),
        (verdict.unreadable, Word::HelpUnreadable),
        (verdict.blind, Word::HelpBlind),
        (verdict.came_back, Word::HelpBack),
    ];
    let mut lines: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*word, *n)).collect();
    if verdict.finding() == Finding::NothingToVerify {
        lines.insert(0, t(Word::HelpNothing));
    }
    lines
}

/// The same in a few words.
pub(super) fn verdict(verdict: &Verdict) -> String {
    let counts = [
        (verdict.gone, Word::VerGone),
        (verdict.remaining, Word::VerRemaining),
        (verdict.unreadable, Word::VerUnreadable),
        (verdict.came_back, Word::VerBack),
    ];
    let mut parts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*word, *n)).collect();
    if verdict.blind > 0 {
        parts.push(t(Word::VerBlind));
    } else if verdict.before() == 0 {
        parts.insert(0, t(Word::VerNothing));
    }
    parts.join(", ")
}

fn failure_help(failure: &Failure, operator: &str) -> Vec<String> {
    let text = failure_text(failure, operator);
    [Some([text.what.as_str(), ". ", text.next.as_str()].concat()), text.bigiq]
        .into_iter()
        .flatten()
        .collect()
}

/// Why a poll failed, and what happens next. It must not read as a reason to kill again: Curfew polls again by itself,
/// unless only the operator can fix the cause.
fn lost_help(failure: &Failure, operator: &str) -> Vec<String> {
    let text = failure_text(failure, operator);
    let by_people = match failure {
        Failure::SignInNeeded => true,
        Failure::Refused { refusal, .. } => {
            matches!(refusal, Refusal::TokenExpired | Refusal::WrongAddress | Refusal::NotPermitted)
        }
        _ => false,
    };
    let mut help = vec![[&text.what, "."].concat()];
    help.extend(text.bigiq);
    help.push(if by_people { text.next } else { t(Word::HelpGoesOn) });
    help
}

/// What is happening now; empty when nothing is.
pub(super) fn now(job: &Job, jobs: Jobs) -> String {
    let word = match job.phase() {
        Phase::Confirmed if jobs.is_held(job) => Word::NowHeld,
        Phase::Confirmed => Word::NowWaits,
        Phase::Sending => Word::NowSending,
        Phase::Unknown { search: Search::Running, .. } => Word::NowSearch,
        Phase::Watched { step, .. } => match step {
            Some(Step::ResolveDevices) => Word::NowResolve,
            Some(Step::Kill) => Word::NowKill,
            Some(Step::Done) => Word::NowDone,
            Some(Step::Other(_)) | None => Word::NowAccepted,
        },
        Phase::Unknown { .. } | Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_) => {
            return String::new();
        }
    };
    t(word)
}

/// How often its task was polled.
pub(super) fn polls(job: &Job) -> usize {
    let is_look = |event: &&Event| matches!(event.source, Source::Poll | Source::Collection);
    // What BIG-IQ resolved came with a poll that has its own line.
    let own = |event: &&Event| !matches!(event.what, Observation::Resolved(_));
    job.events().iter().filter(is_look).filter(own).map(|event| event.times as usize).sum()
}

/// What BIG-IQ reports as failed, one line for each device. `name` gives the display name of a device.
pub(super) fn failures(
    snapshot: &TaskSnapshot,
    name: &dyn Fn(&MachineId) -> String,
) -> Vec<String> {
    snapshot
        .failures
        .iter()
        .map(|failure| {
            let host = match (&failure.host, &failure.device) {
                (Some(host), _) => host.clone(),
                (None, Some(id)) => name(id),
                (None, None) => String::new(),
            };
            let ids =
                [failure.failed_ids.iter().map(SessionId::as_str).collect::<Vec<_>>().join(", ")]
                    .into_iter()
                    .chain(failure.code.clone())
                    .chain(failure.error.clone())
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · ");
            fill(Word::TroubleIds, &[("host", &host), ("ids", &ids)])
        })
        .collect()
}

/// The progress of a job as points.
pub(super) fn progress(job: &Job) -> Vec<StepperPoint> {
    let error = job.snapshot().and_then(|snapshot| snapshot.error.as_deref());
    let proof = job.verdict().map(verdict);
    points(&job.progress(), error, proof.as_deref())
}

/// Steps as points, with remarks where one failed and where sessions were compared.
pub(super) fn points(
    steps: &[ProgressStep],
    error: Option<&str>,
    proof: Option<&str>,
) -> Vec<StepperPoint> {
    let point = |step: &ProgressStep| {
        let label = match step.stage {
            Stage::Sent => Word::StageSent,
            Stage::Accepted => Word::StageAccepted,
            Stage::ResolveDevices => Word::StageResolve,
            Stage::Kill => Word::StageKill,
            Stage::Done => Word::StageDone,
            Stage::Verified => Word::StageVerified,
        };
        let (state, status) = match step.state {
            StepState::Pending => (Mark::Pending, Word::StatePending),
            StepState::Current => (Mark::Current, Word::StateCurrent),
            StepState::Done => (Mark::Done, Word::StateDone),
            StepState::Failed => (Mark::Failed, Word::StateFailed),
            StepState::Unknown => (Mark::Unknown, Word::StateUnknown),
        };
        // A failed task ends without reaching its last steps.
        let at = step.at.filter(|_| state != Mark::Pending);
        // Steps seen in the same poll have no time between them.
        let span = step.span.filter(|span| at.is_some() && !span.is_zero()).map(|span| {
            let span = locale().duration(span.as_secs_f64() * 1000.0);
            fill(Word::SpanAfter, &[("span", &span)])
        });
        let note = match (step.stage, state) {
            (Stage::Verified, _) => proof,
            (_, Mark::Failed) => error,
            _ => None,
        };
        StepperPoint {
            state,
            status: t(status),
            label: t(label),
            when: at.map(time).unwrap_or_default(),
            span: span.unwrap_or_default(),
            note: note.unwrap_or_default().to_owned(),
        }
    };
    steps.iter().map(point).collect()
}

/// The time of day, with date and zone if it is not today's.
fn time(at: Timestamp) -> String {
    if local_day(at.0) == local_day(epoch_ms()) {
        locale().clock(at.0)
    } else {
        locale().exact(at.0)
    }
}

/// One line of the timeline.
pub(super) fn event(event: &Event, operator: &str) -> LogLine {
    let mut text = match &event.what {
        Observation::Confirmed => fill(Word::EvConfirmed, &[("operator", operator)]),
        Observation::Sent => t(Word::EvSent),
        Observation::NotSent(_) => t(Word::EvNotSent),
        Observation::Rejected(failure) => failure_line(Word::EvRejected, failure, operator),
        Observation::Lost(failure) => failure_line(Word::EvLost, failure, operator),
        Observation::Accepted(snapshot) => with_task(Word::EvAccepted, snapshot),
        Observation::Adopted(snapshot) => with_task(Word::EvAdopted, snapshot),
        Observation::Several(ids) => fill(Word::EvSeveral, &[("ids", &task_list(ids))]),
        Observation::NotListed => t(Word::EvNotListed),
        Observation::NoneFound => t(Word::EvNoneFound),
        Observation::Seen(snapshot) => fill(Word::EvSeen, &[("state", &state(snapshot))]),
        Observation::Resolved(devices) => count(Word::EvResolved, devices.len()),
        Observation::NotReached(failure) => {
            fill(Word::EvNotReached, &[("what", &failure_text(failure, operator).what)])
        }
        Observation::Missing(_) => t(Word::EvMissing),
        Observation::Reloaded => t(Word::EvReloaded),
        Observation::SignedOut => t(Word::EvSignedOut),
        Observation::CancelAsked => t(Word::EvCancelAsked),
        Observation::CancelRefused(failure) => {
            failure_line(Word::EvCancelRefused, failure, operator)
        }
        Observation::CancelLost(failure) => failure_line(Word::EvCancelLost, failure, operator),
        Observation::Checked(found) => fill(Word::EvChecked, &[("what", &verdict(found))]),
    };
    if event.times > 1 {
        let last = time(event.last_at);
        text = count_and(Word::EvTimes, event.times as usize, &[("text", &text), ("time", &last)]);
    }
    if event.odd {
        text = fill(Word::EvOdd, &[("text", &text)]);
    }
    LogLine { at_ms: event.at.0, time: time(event.at), exact: locale().exact(event.at.0), text }
}

fn failure_line(word: Word, failure: &Failure, operator: &str) -> String {
    let what = failure_text(failure, operator).what;
    let message = failure.message().map(|m| fill(Word::BigiqSays, &[("message", m)]));
    let parts: Vec<String> = [Some(t(word)), Some(what), message].into_iter().flatten().collect();
    parts.join(": ")
}

fn with_task(word: Word, snapshot: &TaskSnapshot) -> String {
    fill(word, &[("id", snapshot.task.as_ref().map_or("", TaskId::as_str))])
}

/// A task's state in BIG-IQ's own words.
pub(super) fn state(snapshot: &TaskSnapshot) -> String {
    let parts = [
        snapshot.status.as_ref().map(Status::as_str),
        snapshot.step.as_ref().map(Step::as_str),
        snapshot.result.as_ref().map(TaskResult::as_str),
        snapshot.error.as_deref(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What a task of BIG-IQ's list does.
pub(super) fn task_title(task: &BigIqTask) -> String {
    match (task.kind, &task.user, &task.action) {
        (Some(Kind::Users), Some(user), _) => fill(Word::JobOfUser, &[("user", user.as_str())]),
        (Some(Kind::Everybody), ..) => t(Word::JobOfEverybody),
        (Some(Kind::Listed), ..) => t(Word::JobOfListed),
        (None, _, Some(action)) => fill(Word::TaskOfOther, &[("action", action)]),
        (Some(Kind::Users) | None, ..) => t(Word::TaskOf),
    }
}

/// The state of a task in BIG-IQ's list: its own report, so never better than neutral.
pub(super) fn task_headline(task: &BigIqTask) -> JobHeadline {
    let (tone, word) = match task.end() {
        None => (Tone::Info, Word::StandingRunning),
        Some(End::Success) => (Tone::Info, Word::StandingFinished),
        Some(End::Incomplete(_) | End::Gone) => (Tone::Warning, Word::HeadIncomplete),
        Some(End::Failed) => (Tone::Error, Word::StandingFailed),
        Some(End::Cancelled) => (Tone::Warning, Word::StandingCancelled),
    };
    JobHeadline { tone, heading: t(word), help: Vec::new() }
}
