//! A job: what it does, its state, and what that means.

use super::amount::number;
use super::bigiq_task;
use super::error::{ErrorText, Sentence, bigiq_says};
use super::refusal::{Operation, failure};
use super::verification;
use crate::{LISTED, Label, List, Name, first_names, list_of_names, short};
use curfew_core::ids::{MachineId, TaskId};
use curfew_core::inventory::UnitId;
use curfew_core::job::{
    BigIqTask, Conclusion, DevicesDone, End, Failure, Finding, Job, Lost, NotSent, Outcomes, Phase,
    ReachDifference, Refusal, Search, Status, Step, Summary, Verdict,
};
use curfew_core::plan::{Batch, Draft, KillRequest, Kind, Targets};
use curfew_core::sorted::SortedSet;
use curfew_core::verify::{Check, Later, SoFar};

/// What the job does.
pub fn title(job: &Job) -> String {
    match job.request() {
        KillRequest::ByUser { user_name, .. } => crate::job_of_user(Name(user_name)),
        KillRequest::All { .. } => crate::job_of_everybody(),
        KillRequest::Listed { .. } => crate::job_of_listed(),
    }
}

/// What the jobs of one plan do together, given the first job and the users of all.
pub fn batch_title(first: &Job, users: &SortedSet<String>) -> String {
    // One user has several jobs if a device is sent separately.
    match users.len() {
        0 | 1 => title(first),
        users => crate::job_of_users(users),
    }
}

/// The names of the first targets of a plan, at most so many; for listed sessions, the names of their devices. There may be thousands.
pub fn targets(batch: &Batch, most: usize) -> List {
    if batch.kind == Kind::Listed {
        let names = batch.reached.iter().take(most).map(|device| device.name.clone());
        return list_of_first(names, batch.reached.len());
    }
    named_targets(&batch.targets, batch, most)
}

/// The same of one job: its plan may send some devices separately.
pub fn targets_of(job: &Job, batch: &Batch) -> List {
    match job.request() {
        KillRequest::ByUser { targets, .. } | KillRequest::All { targets } => {
            named_targets(targets, batch, NAMED)
        }
        KillRequest::Listed { sessions } => {
            let ids = sessions.iter().map(|listed| listed.device_reference.machine_id());
            let names = ids.take(NAMED).map(|id| device(batch, &MachineId::new(id)));
            list_of_first(names, sessions.len())
        }
    }
}

fn named_targets(named: &Targets, batch: &Batch, most: usize) -> List {
    let devices = named
        .devices
        .iter()
        .map(|reference| device(batch, &MachineId::new(reference.machine_id())));
    let names = named.groups.iter().chain(&named.clusters).cloned().chain(devices);
    let all = named.groups.len() + named.clusters.len() + named.devices.len();
    list_of_first(names.take(most), all)
}

fn list_of_first(first: impl Iterator<Item = String>, all: usize) -> List {
    let first: Vec<String> = first.collect();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    first_names(&first, all)
}

/// The display name of a device.
pub fn device(batch: &Batch, id: &MachineId) -> String {
    let known = batch.reached.iter().find(|device| device.id == *id);
    known.map_or_else(|| id.to_string(), |device| device.name.clone())
}

/// How good or bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neutral: BIG-IQ's report is not proof.
    Info,
    /// Proven by what the devices list.
    Good,
    /// Somebody should check.
    Warning,
    /// It failed.
    Error,
}

/// The state of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// How good or bad it is.
    pub tone: Tone,
    /// The state.
    pub heading: String,
    /// What it means and what to do, in sentences.
    pub help: Vec<Sentence>,
}

impl Headline {
    fn new(tone: Tone, heading: String, help: Vec<Sentence>) -> Self {
        Self { tone, heading, help }
    }
}

/// A heading and its meaning, as one text.
pub fn in_one_line(heading: &str, help: &[Sentence]) -> String {
    match in_sequence(help.iter().map(Sentence::as_str)) {
        help if help.is_empty() => crate::as_sentence(heading),
        help => crate::what_and_next(heading, &help),
    }
}

/// Sentences as one text.
pub fn in_sequence<'a>(sentences: impl IntoIterator<Item = &'a str>) -> String {
    let mut sequence = String::new();
    for sentence in sentences {
        sequence = match sequence.is_empty() {
            true => sentence.to_owned(),
            false => crate::two_sentences(&sequence, sentence),
        };
    }
    sequence
}

/// A heading, if it is new, and what of its meaning is: `known` was already said.
pub fn news(heading: Option<&String>, help: &[Sentence], known: &[Sentence]) -> String {
    // guard: said-once
    let new: Vec<Sentence> = help.iter().filter(|line| !known.contains(line)).cloned().collect();
    match heading {
        Some(heading) => in_one_line(heading, &new),
        None => in_sequence(new.iter().map(Sentence::as_str)),
    }
}

fn own(text: String) -> Vec<Sentence> {
    vec![Sentence::Own(text)]
}

/// The ids of tasks.
pub(super) fn task_ids(ids: &[TaskId]) -> List {
    list_of_names(ids.iter().map(TaskId::as_str))
}

/// What a device is called.
pub type DeviceName<'a> = &'a dyn Fn(&MachineId) -> String;

/// What the live sessions show about a job, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// While the kill runs.
    pub so_far: Option<&'a SoFar>,
    /// After it, with the devices that could not be verified.
    pub check: Option<&'a Check>,
}

/// The state of a job of this batch's operator. `is_paused`: the operator has paused the sending of its plan. If BIG-IQ named other
/// devices than planned, the heading says so.
pub fn headline(
    job: &Job,
    batch: &Batch,
    is_paused: bool,
    name: DeviceName<'_>,
    Shown { so_far, check }: Shown<'_>,
) -> Headline {
    let mut headline = state(job, batch, is_paused, (check, name));
    if let Some(so_far) = so_far {
        headline.help.extend(verification::so_far(so_far, name).into_iter().map(Sentence::Own));
    }
    let signed_in = check.and_then(|check| check.signed_in.as_ref());
    let signed_in =
        signed_in.map(|there| verification::signed_in(there, &|units| unit_names(units, name)));
    headline.help.extend(signed_in.into_iter().flatten().map(Sentence::Own));
    with_reach(headline, job, batch, name)
}

/// The same, with the devices that BIG-IQ left out or added.
fn with_reach(mut headline: Headline, job: &Job, batch: &Batch, name: DeviceName<'_>) -> Headline {
    let Some(difference) = ReachDifference::of(job, batch) else { return headline };
    type ListText = fn(&List) -> String;
    let [added, missed] = [
        (&difference.added, crate::headline_added as ListText, crate::outcome_added as ListText),
        (&difference.missed, crate::headline_missed, crate::outcome_missed),
    ];
    for (ids, heading, sentence) in [missed, added] {
        // guard: other-devices
        if !ids.is_empty() {
            let names: Vec<String> = ids.iter().take(LISTED).map(name).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let few = first_names(names.get(..2).unwrap_or(&names), ids.len());
            headline.heading = crate::what_and_next(&headline.heading, &heading(&few));
            headline.help.insert(0, Sentence::Own(sentence(&first_names(&names, ids.len()))));
            if headline.tone != Tone::Error {
                headline.tone = Tone::Warning;
            }
        }
    }
    headline
}

/// What the comparison of sessions shows, and what devices are called.
type Devices<'a> = (Option<&'a Check>, DeviceName<'a>);

/// The name of a cluster or a standalone device.
fn unit_name(unit: &UnitId, name: DeviceName<'_>) -> String {
    match unit {
        UnitId::Cluster(cluster) => cluster.clone(),
        UnitId::Device(id) => name(id),
    }
}

/// The names of the first of these clusters and devices.
fn unit_names(units: &[UnitId], name: DeviceName<'_>) -> List {
    list_of_first(units.iter().take(NAMED).map(|unit| unit_name(unit, name)), units.len())
}

fn state(job: &Job, batch: &Batch, is_paused: bool, devices: Devices<'_>) -> Headline {
    let operator = &batch.account.operator;
    match job.phase() {
        Phase::Confirmed if is_paused => {
            Headline::new(Tone::Info, crate::headline_paused(), vec![])
        }
        Phase::Confirmed => Headline::new(Tone::Info, crate::headline_confirmed(), vec![]),
        Phase::Sending => Headline::new(Tone::Info, crate::headline_sending(), vec![]),
        Phase::NotSent(why) => {
            Headline::new(Tone::Warning, crate::headline_not_sent(), not_sent(why, operator))
        }
        Phase::Rejected(failure) => {
            let mut help = failure_help(failure, operator);
            let known = if job.may_have_started() {
                crate::may_have_started()
            } else {
                crate::help_nothing_killed()
            };
            help.push(Sentence::Own(crate::two_sentences(&known, &crate::help_new_plan())));
            Headline::new(Tone::Error, crate::headline_rejected(), help)
        }
        Phase::Unknown { lost, search } => Headline::new(
            Tone::Warning,
            crate::headline_unknown(),
            unknown(job, lost, search, operator),
        ),
        Phase::Watched { status, .. } => watched(job, status.as_ref(), operator),
        Phase::Ended(end) => ended(job, batch, end, devices),
    }
}

fn not_sent(why: &NotSent, operator: &str) -> Vec<Sentence> {
    let why = match why {
        NotSent::Failed(failure) => {
            let mut help = failure_help(failure, operator);
            help.push(Sentence::Own(crate::help_new_plan()));
            return help;
        }
        NotSent::Reloaded => crate::help_not_sent_reload(),
        NotSent::SignedOut => crate::help_not_sent_out(),
        NotSent::Dropped => crate::help_not_sent_dropped(),
        NotSent::NotStored => crate::help_not_sent_not_stored(),
    };
    own(crate::two_sentences(&why, &crate::help_new_plan()))
}

/// Whether BIG-IQ has it is unknown: why, and whether its task was found.
fn unknown(job: &Job, lost: &Lost, search: &Search, operator: &str) -> Vec<Sentence> {
    let what = match lost {
        Lost::Failure(lost) => failure(lost, Operation::Kill, operator).what,
        Lost::Reload => crate::event_reloaded(),
    };
    let mut help = own(crate::as_sentence(&what));
    help.push(Sentence::Own(match search {
        Search::Running => crate::help_unknown(),
        Search::Several(ids) => crate::help_unknown_several(&task_ids(ids)),
        Search::NoneFound => crate::help_unknown_none(),
    }));
    if let Some(lost) = job.lost_contact() {
        help.push(Sentence::Own(crate::help_list_unreadable(&short(lost.since))));
        help.extend(lost_help(&lost.failure, Operation::ReadTasks, operator));
    }
    help
}

fn watched(job: &Job, status: Option<&Status>, operator: &str) -> Headline {
    if let Some(lost) = job.lost_contact() {
        let heading = crate::headline_connection_lost(&short(lost.since));
        return Headline::new(
            Tone::Warning,
            heading,
            lost_help(&lost.failure, Operation::ReadTask, operator),
        );
    }
    let heading = match status {
        Some(Status::CancelRequested) => crate::headline_cancelling(),
        _ => crate::headline_watched(),
    };
    let help = match status {
        Some(Status::Other(word)) => own(crate::unknown_status(Name(word))),
        _ => vec![],
    };
    Headline::new(Tone::Info, heading, help)
}

fn ended(job: &Job, batch: &Batch, end: &End, (check, name): Devices<'_>) -> Headline {
    let snapshot = job.snapshot();
    let units = check.map(|check| check.units.as_slice()).unwrap_or_default();
    let unread = check.map(|check| check.blind.as_slice()).unwrap_or_default();
    let unread: Vec<String> = unread.iter().map(|unit| unit_name(unit, name)).collect();
    let verified = check.map(Check::verified_units).unwrap_or_default();
    let proof = job.verdict().map(|verdict| verification::sentences(verdict, &unread, verified));
    let proof = proof.unwrap_or_default();
    let proof: Vec<Sentence> = proof.into_iter().map(Sentence::Own).collect();
    // If all devices were read before and there were no sessions, don't say that sessions may have ended.
    let nobody = job.verdict().is_some_and(|v| v.finding() == Finding::NothingToVerify);
    let then_check = |what: String| own(crate::two_sentences(&what, &crate::help_check_devices()));
    let ends_badly = matches!(end, End::Failed | End::Incomplete(_));
    let by_device = ends_badly.then(|| devices(&DevicesDone::of([(job, units)], batch), name));
    let by_device = by_device.flatten();
    let numbers = not_ended(job);
    let not_ended = numbers.filter(|(left, _)| *left > 0).map(|(left, all)| match all {
        1 => crate::session_not_ended(),
        all => crate::sessions_not_ended(left, all),
    });
    let unknown = || match snapshot {
        _ if nobody || matches!(numbers, Some((0, _))) => vec![],
        // The heading has the numbers, or the devices.
        _ if not_ended.is_some() && ends_badly && by_device.is_none() => {
            own(crate::help_check_devices())
        }
        _ if let Some(left) = &not_ended => then_check(crate::as_sentence(left)),
        Some(snapshot) if !snapshot.failures.is_empty() => then_check(crate::help_partly()),
        // The heading says on which devices something is known.
        _ if by_device.is_some() => own(crate::help_check_devices()),
        _ => then_check(crate::help_failed()),
    };
    let (tone, heading, help) = match end {
        End::Success => return success(job, batch, proof, (check, name)),
        End::Incomplete(result) => {
            let help = match result {
                None => crate::help_incomplete_bare(),
                Some(result) => crate::help_incomplete(Name(result.as_str())),
            };
            let heading = by_device.or(not_ended).unwrap_or_else(crate::headline_incomplete);
            (Tone::Warning, heading, own(help))
        }
        // Also if it failed at its first step: what that step did before is unknown, so don't say that nothing was
        // done.
        End::Failed => {
            let help = unknown();
            (Tone::Error, by_device.or(not_ended).unwrap_or_else(crate::headline_failed), help)
        }
        End::Cancelled => (Tone::Warning, crate::headline_cancelled(), unknown()),
        End::Gone => (Tone::Warning, crate::headline_task_gone(), then_check(crate::help_gone())),
    };
    let message = snapshot.and_then(|snapshot| snapshot.error.as_deref());
    let message = message.map(|message| Sentence::BigIq(bigiq_says(message)));
    let failures = snapshot.map(|snapshot| bigiq_task::first_failures(snapshot, name));
    let failures = failures.into_iter().flatten();
    let unnamed = unnamed_failure(job, batch, (check, name)).map(Sentence::Own);
    let help =
        message.into_iter().chain(failures).chain(unnamed).chain(help).chain(proof).collect();
    Headline::new(tone, heading, help)
}

/// How many sessions did not end, and of how many. `None` if one of the numbers is not known.
fn not_ended(job: &Job) -> Option<(usize, usize)> {
    if let Some(verdict) = job.verdict() {
        // guard: not-ended-needs-all
        let is_known = verdict.unreadable == 0 && verdict.blind == 0 && verdict.before() > 0;
        return is_known.then_some((verdict.remaining, verdict.before()));
    }
    let KillRequest::Listed { sessions } = job.request() else { return None };
    let failures = job.snapshot().map(|snapshot| snapshot.failures.as_slice())?;
    let has_ids = !failures.is_empty() && failures.iter().all(|f| !f.failed_ids.is_empty());
    let failed = failures.iter().map(|failure| failure.failed_ids.len()).sum();
    let all = sessions.iter().map(|listed| listed.session_ids.len()).sum();
    (has_ids && failed <= all).then_some((failed, all))
}

/// Which device failed, if BIG-IQ doesn't name it: as far as the others are known.
fn unnamed_failure(job: &Job, batch: &Batch, (check, name): Devices<'_>) -> Option<String> {
    let outcomes = Outcomes::of(job, batch);
    let units = check.map(|check| check.units.as_slice()).unwrap_or_default();
    let outcomes = outcomes.compared(units);
    let suspects = outcomes.suspects();
    if suspects.is_empty() {
        return None;
    }
    // Too many names say nothing.
    let is_narrowed = suspects.len() <= NAMED && !batch.may_reach_more;
    Some(match is_narrowed {
        true => crate::unnamed_failure_on(&device_names(&suspects, name)),
        false => crate::unnamed_failure(),
    })
}

/// How many devices are named.
const NAMED: usize = 3;

/// How many devices are done, and which are not. `None` if the devices have nothing to add to the state of the job.
fn devices(done: &DevicesDone, name: DeviceName<'_>) -> Option<String> {
    // guard: device-by-device
    if !done.is_mixed() {
        return None;
    }
    let finished = Some(done.done()).filter(|number| *number > 0);
    let finished = finished.map(|number| crate::devices_done(number, done.all));
    type ListText = fn(&List) -> String;
    let parts = [
        (&done.failed, crate::devices_failed as ListText),
        (&done.remaining, crate::devices_remaining),
        (&done.unknown, crate::devices_unknown),
    ];
    let parts = parts.into_iter().filter(|(ids, _)| !ids.is_empty());
    let named = parts.map(|(ids, text)| text(&device_names(ids, name)));
    finished.into_iter().chain(named).reduce(|all, part| crate::what_and_next(&all, &part))
}

/// The names of the first of these devices.
pub fn device_names(ids: &[MachineId], name: DeviceName<'_>) -> List {
    list_of_first(ids.iter().take(NAMED).map(name), ids.len())
}

/// What the button of a retry says: the targets of its draft, if there are only a few.
pub fn retry(draft: Option<&Draft>, name: DeviceName<'_>) -> String {
    let Some(draft) = draft.filter(|draft| (1..=NAMED).contains(&draft.target_count())) else {
        return crate::retry_failed();
    };
    let devices = draft.devices.iter().map(name);
    let names = draft.groups.iter().chain(draft.clusters.iter()).cloned().chain(devices);
    let names: Vec<String> = names.collect();
    crate::retry_on(&list_of_names(names.iter().map(String::as_str)))
}

/// The state of a task: BIG-IQ's own report, so never better than neutral.
pub fn of_task(task: &BigIqTask) -> Headline {
    let (tone, heading) = match task.end() {
        None => (Tone::Info, crate::task_state_running()),
        Some(End::Success) => (Tone::Info, crate::task_state_finished()),
        Some(End::Incomplete(_) | End::Gone) => (Tone::Warning, crate::headline_incomplete()),
        Some(End::Failed) => (Tone::Error, crate::task_state_failed()),
        Some(End::Cancelled) => (Tone::Warning, crate::task_state_cancelled()),
    };
    Headline::new(tone, heading, Vec::new())
}

/// A kill that this tab did not make: its state, and what is there now.
pub fn later(later: &Later, name: DeviceName<'_>) -> Headline {
    let Later { job, batch, .. } = later;
    let report = crate::headline_success();
    let user = user_of(job).map(Name);
    let (heading, help) = match later.summary().conclusion {
        Conclusion::OnlyStandby => (crate::later_only_standby(), crate::help_only_standby(&report)),
        Conclusion::Skipped => (crate::later_skipped(), crate::help_skipped(&report)),
        Conclusion::NoneNow => {
            let heading = user.map_or_else(crate::later_no_session, crate::later_no_session_of);
            (heading, crate::later_no_session_help(&report))
        }
        Conclusion::SomeNow => {
            let amount = number(later.sessions);
            let heading = match user {
                Some(user) => crate::later_sessions_of(user, &amount),
                None => crate::later_sessions(&amount),
            };
            (heading, crate::later_sessions_help(&report))
        }
        _ => return headline(job, batch, false, name, Shown::default()),
    };
    let mut help = own(help);
    if job.devices().is_empty() {
        help.push(Sentence::Own(crate::later_no_device()));
    }
    with_reach(Headline::new(Tone::Warning, heading, help), job, batch, name)
}

fn success(job: &Job, batch: &Batch, proof: Vec<Sentence>, devices: Devices<'_>) -> Headline {
    let report = crate::headline_success();
    let verdict = job.verdict().copied().unwrap_or_default();
    let conclusion = Summary::of((job, &[]), batch).conclusion;
    let (tone, heading, first) = match conclusion {
        Conclusion::Verified => (
            verified(&verdict),
            crate::headline_verified(verdict.gone),
            crate::help_verified(&report),
        ),
        Conclusion::Remaining => (
            Tone::Warning,
            crate::headline_remaining(verdict.remaining),
            crate::help_remaining(&report),
        ),
        Conclusion::NoSession => {
            (Tone::Warning, no_session(user_of(job)), crate::help_no_session(&report))
        }
        Conclusion::OnlyStandby => {
            (Tone::Warning, crate::headline_only_standby(), crate::help_only_standby(&report))
        }
        Conclusion::Skipped => {
            (Tone::Warning, crate::headline_skipped(), crate::help_skipped(&report))
        }
        Conclusion::Unproven if verdict.gone > 0 => {
            (Tone::Warning, gone_in_part(&verdict, devices), crate::as_sentence(&report))
        }
        // Neutral: BIG-IQ's report is not proof.
        _ => (Tone::Info, report, crate::help_success()),
    };
    // The heading has the number of sessions that are gone, or says that there was none.
    let is_in_heading = match conclusion {
        Conclusion::Verified | Conclusion::NoSession => true,
        // guard: unproven-says-why
        Conclusion::Unproven => verdict.gone > 0,
        _ => false,
    };
    let in_heading = usize::from(is_in_heading);
    let help = own(first).into_iter().chain(proof.into_iter().skip(in_heading)).collect();
    Headline::new(tone, heading, help)
}

/// Some sessions are proven to be gone, and the others can't be verified: how many, and where not.
fn gone_in_part(verdict: &Verdict, (check, name): Devices<'_>) -> String {
    match check.and_then(Check::not_verifiable) {
        Some(units) => crate::headline_gone_part(verdict.gone, &unit_names(&units, name)),
        None => crate::headline_gone_some(verdict.gone),
    }
}

/// The only user of a job.
pub fn user_of(job: &Job) -> Option<&str> {
    match job.request() {
        KillRequest::ByUser { user_name, .. } => Some(user_name),
        KillRequest::All { .. } | KillRequest::Listed { .. } => None,
    }
}

/// Good only if nobody has signed in again: after a theft, that is what matters.
fn verified(verdict: &Verdict) -> Tone {
    if verdict.came_back == 0 { Tone::Good } else { Tone::Warning }
}

fn no_session(user: Option<&str>) -> String {
    match user {
        Some(user) => crate::headline_no_session_of(Name(user)),
        None => crate::headline_no_session(),
    }
}

/// What all jobs of a plan led to; `user` is their only user. `done` are their devices, for jobs that did not succeed. `None` while
/// one of them is not over.
pub fn summary(
    summary: &Summary,
    user: Option<&str>,
    done: Option<(&DevicesDone, DeviceName<'_>)>,
) -> Option<(Tone, String)> {
    let Summary { conclusion, jobs, all, verdict, .. } = summary;
    let (tone, what): (Tone, Label) = match conclusion {
        Conclusion::Open => return None,
        Conclusion::Verified => {
            return Some((verified(verdict), crate::headline_verified(verdict.gone)));
        }
        Conclusion::Remaining => {
            return Some((Tone::Warning, crate::headline_remaining(verdict.remaining)));
        }
        Conclusion::NoSession => return Some((Tone::Warning, no_session(user))),
        Conclusion::Unproven if verdict.gone > 0 => {
            return Some((Tone::Warning, crate::headline_gone_some(verdict.gone)));
        }
        Conclusion::Unproven | Conclusion::SomeNow | Conclusion::NoneNow => {
            return Some((Tone::Info, crate::batch_unproven()));
        }
        Conclusion::Failed => (Tone::Error, crate::headline_failed),
        Conclusion::Rejected => (Tone::Error, crate::headline_rejected),
        Conclusion::Unknown => (Tone::Warning, crate::headline_unknown),
        Conclusion::TaskGone => (Tone::Warning, crate::headline_task_gone),
        Conclusion::Cancelled => (Tone::Warning, crate::headline_cancelled),
        Conclusion::Incomplete => (Tone::Warning, crate::headline_incomplete),
        Conclusion::NotSent => (Tone::Warning, crate::headline_not_sent),
        Conclusion::OnlyStandby => (Tone::Warning, crate::headline_only_standby),
        Conclusion::Skipped => (Tone::Warning, crate::headline_skipped),
    };
    let is_partly = matches!(conclusion, Conclusion::Failed | Conclusion::Incomplete);
    let done = done.filter(|(done, _)| is_partly && done.done() > 0);
    let by_device = done.and_then(|(done, name)| devices(done, name));
    Some((tone, by_device.unwrap_or_else(|| crate::batch_some(&what(), *jobs, *all))))
}

/// Why a kill was refused or not sent.
fn failure_help(failed: &Failure, operator: &str) -> Vec<Sentence> {
    let text = failure(failed, Operation::Kill, operator);
    own(text.what_and_next()).into_iter().chain(text.bigiq.map(Sentence::BigIq)).collect()
}

/// Why a poll failed, and what happens next. It must not read as a reason to kill again: Curfew polls again by itself,
/// unless only the operator can fix the cause.
fn lost_help(failed: &Failure, operation: Operation, operator: &str) -> Vec<Sentence> {
    let ErrorText { what, next, bigiq } = failure(failed, operation, operator);
    let by_people = match failed {
        Failure::SignInNeeded => true,
        Failure::Refused { refusal, .. } => {
            matches!(refusal, Refusal::TokenExpired | Refusal::WrongAddress | Refusal::NotPermitted)
        }
        _ => false,
    };
    let next = if by_people { next } else { crate::help_still_checking() };
    let bigiq = bigiq.map(Sentence::BigIq);
    own(crate::as_sentence(&what)).into_iter().chain(bigiq).chain(own(next)).collect()
}

/// What is happening now; empty when nothing is.
pub fn now(job: &Job, is_paused: bool) -> String {
    match job.phase() {
        Phase::Confirmed if is_paused => crate::now_paused(),
        Phase::Confirmed => crate::now_queued(),
        Phase::Sending => crate::now_sending(),
        Phase::Unknown { search: Search::Running, .. } => crate::now_search(),
        Phase::Watched { step, .. } => match step {
            Some(Step::ResolveDevices) => crate::now_resolve(),
            Some(Step::Kill) => crate::now_kill(),
            Some(Step::Done) => crate::now_done(),
            Some(Step::Other(_)) | None => crate::now_accepted(),
        },
        Phase::Unknown { .. } | Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_) => {
            String::new()
        }
    }
}
