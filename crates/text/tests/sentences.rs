//! Sentences about jobs, plans, errors and counts, in English and in made-up Polish: the host injects the locale.

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use bigiq::access_info::{AccessInfo, LiveSession};
use bigiq::device::{AccessDevice, AccessProperties};
use curfew_core::app::AccountKey;
use curfew_core::count::Count;
use curfew_core::ids::{BatchId, MachineId, SessionId, TaskId, UserName};
use curfew_core::inventory::{
    Changes, DeviceList, Gap, HaRole, Inventory, Live, Missing, Reading, SessionCounts, UnitId,
};
use curfew_core::job::{
    BigIqTask, CheckedUnit, DeviceFailure, DevicesDone, Failure, Job, NotSent, Observation,
    Refusal, Return, Source, Started, StartedJob, Status, Step, Summary, TaskResult, TaskSnapshot,
    Verdict,
};
use curfew_core::names::{Oddity, Script};
use curfew_core::plan::{Answer, Batch, Draft, Kind, Phrase, Plan, PlanInputs, Warning};
use curfew_core::timestamp::Timestamp;
use curfew_core::verify::{Check, Later, Proof, SessionsThere, SoFar};
use rstest::rstest;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;
use text::sentences::error::Sentence;
use text::sentences::job::{Headline, Shown, Tone, headline, in_one_line, now, summary};
use text::sentences::refusal::{self, Operation};
use text::sentences::{amount, bigiq_task, count, error, event, plan, verification, warning};
use text::{Locale, Plural, Times, list_of_names};

fn made(draft: &Draft) -> Plan {
    made_with(draft, &[])
}

fn inventory(gaps: &[Gap]) -> Inventory {
    let device = |id: &'static str, cluster: Option<&'static str>| AccessDevice {
        machine_id: Some(id.into()),
        hostname: Some(format!("{id}.example.test").into()),
        properties: AccessProperties {
            cluster_name: cluster.map(Into::into),
            ..AccessProperties::default()
        },
        ..AccessDevice::default()
    };
    let devices = [device("m1", Some("Blue")), device("m2", None)];
    DeviceList::of(devices).inventory(&[], gaps.to_vec(), Timestamp(0))
}

fn made_with(draft: &Draft, gaps: &[Gap]) -> Plan {
    let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
    Plan::make(draft, &inventory(gaps), account, Timestamp(0)).unwrap()
}

fn draft(users: &str, devices: &[&str]) -> Draft {
    let mut draft = Draft { users: users.into(), ..Draft::default() };
    draft.devices.extend(devices.iter().map(|id| MachineId::new(*id)));
    draft
}

fn started() -> Started {
    let plan = made(&draft("user2", &["m2"]));
    let confirmed = plan.confirm(&Answer::default(), |_| String::new()).unwrap();
    confirmed.start(&BatchId::new("b1"), Timestamp(1))
}

fn batch() -> Batch {
    started().batch
}

fn in_short(id: &MachineId) -> String {
    format!("device {id}")
}

fn state_of(observed: &[Observation], is_paused: bool) -> Headline {
    headline(&job(observed), &batch(), is_paused, &in_short, Shown::default())
}

/// A job that was sent and then observed like this; without observations it was not sent.
fn job(observed: &[Observation]) -> Job {
    let StartedJob { mut job, queued } = started().items.pop().unwrap();
    let stays = matches!(observed, [] | [Observation::NotSent(_)]);
    if !stays {
        assert!(job.start_sending(Timestamp(2), queued).is_some());
    }
    for what in observed {
        job.observe(Timestamp(3), Source::Answer, what.clone());
    }
    job
}

fn snapshot() -> TaskSnapshot {
    TaskSnapshot { task: Some(TaskId::new("7c")), ..TaskSnapshot::default() }
}

fn ended(status: Status, step: Step, result: Option<TaskResult>) -> [Observation; 2] {
    let end = TaskSnapshot { status: Some(status), step: Some(step), result, ..snapshot() };
    [Observation::Accepted(snapshot()), Observation::Seen(end)]
}

/// Names stand between ‹ and ›, so that they can be seen here.
fn visible(text: &str) -> String {
    text.replace('\u{2068}', "‹").replace('\u{2069}', "›")
}

#[rstest]
#[case::confirmed(&[], false, Tone::Info, "Waiting to be sent.")]
#[case::paused(&[], true, Tone::Info, "Sending is paused.")]
#[case::running(&[Observation::Accepted(snapshot())], false, Tone::Info, "Running on BIG-IQ.")]
#[case::lost(
    &[Observation::Lost(Failure::NoAnswer)], false, Tone::Warning,
    "Unknown whether BIG-IQ started it. No answer from BIG-IQ. The answer was lost. Curfew is looking for the task in BIG-IQ’s list; it won’t send again."
)]
#[case::rejected(
    &[Observation::Rejected(Failure::Refused { status: 400, refusal: Refusal::Invalid, message: Some("No such group".into()) })],
    false, Tone::Error,
    "Rejected by BIG-IQ. BIG-IQ didn’t accept the request (400). BIG-IQ’s message says why. BIG-IQ says: “‹No such group›” Nothing was killed. To send it, make a new plan."
)]
#[case::rejected_for_the_token(
    &[Observation::Rejected(Failure::Refused { status: 401, refusal: Refusal::TokenExpired, message: None })],
    false, Tone::Error,
    "Rejected by BIG-IQ. BIG-IQ didn’t accept the sign-in of this request. It may have expired. Sign in again if asked, then try again. The kill may have started anyway. Check “All kills on BIG-IQ” before you send it again. To send it, make a new plan."
)]
#[case::not_sent(
    &[Observation::NotSent(NotSent::SignedOut)], false, Tone::Warning,
    "Not sent. You were signed out before it was sent. To send it, make a new plan."
)]
#[case::complete(
    &ended(Status::Finished, Step::Done, Some(TaskResult::Complete)), false, Tone::Info,
    "Finished. BIG-IQ doesn’t report how many sessions ended. BIG-IQ also reports success for a misspelt user or a standby device."
)]
#[case::failed(
    &ended(Status::Failed, Step::Kill, None), false, Tone::Error,
    "Failed on BIG-IQ. It’s unknown what was done on which device. Sessions may have ended. Check the devices before you plan another kill."
)]
fn a_headline_says_what_is_known_and_what_to_do(
    #[case] observed: &[Observation],
    #[case] is_paused: bool,
    #[case] tone: Tone,
    #[case] text: &str,
) {
    text::learn_rest();
    let headline = state_of(observed, is_paused);
    assert_eq!(visible(&in_one_line(&headline.heading, &headline.help)), text);
    assert_eq!(headline.tone, tone);
}

#[rstest]
#[case::as_planned(&["m2"], false, Tone::Info, "Finished. BIG-IQ doesn’t report how many sessions ended", "")]
#[case::added(
    &["m2", "m1"], false, Tone::Warning,
    "Finished. BIG-IQ doesn’t report how many sessions ended. Not in the plan: ‹device m1›",
    "BIG-IQ named devices that weren’t in the plan: ‹device m1›."
)]
#[case::left_out(
    &[], true, Tone::Error,
    "Failed on BIG-IQ",
    "It’s unknown what was done on which device."
)]
#[case::another(
    &["m1"], true, Tone::Error,
    "Failed on BIG-IQ. Left out by BIG-IQ: ‹device m2›. Not in the plan: ‹device m1›",
    "BIG-IQ named devices that weren’t in the plan: ‹device m1›."
)]
#[case::several(
    &["m1", "m3", "m4", "m2"], false, Tone::Warning,
    "Finished. BIG-IQ doesn’t report how many sessions ended. Not in the plan: ‹device m1›, ‹device m3›, 1 more",
    "BIG-IQ named devices that weren’t in the plan: ‹device m1›, ‹device m3›, ‹device m4›."
)]
fn a_headline_names_the_devices_that_were_not_planned(
    #[case] named: &[&str],
    #[case] fails: bool,
    #[case] tone: Tone,
    #[case] heading: &str,
    #[case] first: &str,
) {
    text::learn_rest();
    let devices: Vec<MachineId> = named.iter().map(|id| MachineId::new(*id)).collect();
    let [accepted, end] = match fails {
        true => ended(Status::Failed, Step::Kill, None),
        false => ended(Status::Finished, Step::Done, Some(TaskResult::Complete)),
    };
    let Observation::Seen(end) = end else { panic!("{end:?}") };
    let end = Observation::Seen(TaskSnapshot { devices, ..end });
    let headline = state_of(&[accepted, end], false);
    assert_eq!((headline.tone, visible(&headline.heading)), (tone, heading.to_owned()));
    let help = headline.help.first().map(Sentence::as_str).unwrap_or_default();
    assert!(visible(help).starts_with(first), "{help}");
}

#[rstest]
#[case::verified(
    Status::Finished, Verdict { gone: 2, ..Verdict::default() },
    "Verified: 2 sessions are gone. Finished. BIG-IQ doesn’t report how many sessions ended. None of the sessions seen before the kill is still listed."
)]
#[case::back(
    Status::Finished, Verdict { gone: 2, came_back: 2, ..Verdict::default() },
    "Verified: 2 sessions are gone. Finished. BIG-IQ doesn’t report how many sessions ended. None of the sessions seen before the kill is still listed. 2 new sessions of the same users: they signed in again."
)]
#[case::nothing(
    Status::Finished,
    Verdict::default(),
    "No session ended: ‹user2› had none on these devices. Finished. BIG-IQ doesn’t report how many sessions ended. It also reports success for a misspelt user."
)]
#[case::unreadable(
    Status::Finished, Verdict { unreadable: 2, ..Verdict::default() },
    "Finished. BIG-IQ doesn’t report how many sessions ended. BIG-IQ also reports success for a misspelt user or a standby device. 2 sessions seen before can’t be checked: a device gave no complete list."
)]
#[case::cancelled_without_sessions(
    Status::Cancelled,
    Verdict::default(),
    "Cancelled on BIG-IQ. No matching sessions were found on these devices before the kill."
)]
#[case::failed_with_remaining(
    Status::Failed, Verdict { remaining: 1, ..Verdict::default() },
    "The session didn’t end. Check the devices before you plan another kill. 1 session seen before is still there."
)]
#[case::failed_with_one_of_two(
    Status::Failed, Verdict { gone: 1, remaining: 1, ..Verdict::default() },
    "1 of 2 sessions didn’t end. Check the devices before you plan another kill. 1 session seen before is gone. 1 session seen before is still there."
)]
#[case::failed_and_all_are_gone(
    Status::Failed, Verdict { gone: 2, ..Verdict::default() },
    "Failed on BIG-IQ. 2 sessions seen before are gone."
)]
#[case::failed_and_not_all_known(
    Status::Failed, Verdict { remaining: 1, blind: 1, ..Verdict::default() },
    "Failed on BIG-IQ. It’s unknown what was done on which device. Sessions may have ended. Check the devices before you plan another kill. 1 session seen before is still there. Couldn’t verify 1 device or cluster: its sessions weren’t fully read before the kill."
)]
#[case::cancelled_with_remaining(
    Status::Cancelled, Verdict { gone: 1, remaining: 1, ..Verdict::default() },
    "Cancelled on BIG-IQ. 1 of 2 sessions didn’t end. Check the devices before you plan another kill. 1 session seen before is gone. 1 session seen before is still there."
)]
fn a_headline_says_what_the_comparison_of_sessions_showed(
    #[case] status: Status,
    #[case] verdict: Verdict,
    #[case] text: &str,
) {
    text::learn_rest();
    let [accepted, end] = ended(status, Step::Done, Some(TaskResult::Complete));
    let headline = state_of(&[accepted, end, Observation::Checked(verdict)], false);
    assert_eq!(visible(&in_one_line(&headline.heading, &headline.help)), text);
}

/// A plan that sends a device separately: each of its jobs has its own targets.
#[test]
fn jobs_of_a_plan_are_told_apart_by_their_targets() {
    text::learn_rest();
    let mut draft = draft("user2", &["m1", "m2"]);
    draft.apart.insert(MachineId::new("m2"));
    let confirmed = made(&draft).confirm(&Answer::default(), |_| String::new()).unwrap();
    let Started { batch, items } = confirmed.start(&BatchId::new("b1"), Timestamp(1));
    let named = items.iter().map(|started| {
        visible(&text::sentences::job::targets_of(&started.job, &batch).into_text())
    });
    assert_eq!(named.collect::<Vec<_>>(), ["‹m1.example.test›", "‹m2.example.test›"]);
}

#[test]
fn what_was_announced_is_not_announced_again() {
    text::learn_rest();
    let lines = |lines: &[&str]| -> Vec<Sentence> {
        lines.iter().map(|line| Sentence::Own((*line).to_owned())).collect()
    };
    let (known, help) = (lines(&["A failed."]), lines(&["A failed.", "B is done."]));
    let news = |heading: Option<&str>, known: &[Sentence]| {
        text::sentences::job::news(heading.map(str::to_owned).as_ref(), &help, known)
    };
    assert_eq!(news(None, &known), "B is done.");
    assert_eq!(news(None, &help), "");
    assert_eq!(news(Some("1 of 2 is done"), &known), "1 of 2 is done. B is done.");
    assert_eq!(news(Some("Failed"), &[]), "Failed. A failed. B is done.");
}

/// A failure whose device BIG-IQ doesn't name, on two devices.
#[rstest]
#[case::nothing_known(
    false,
    false,
    "BIG-IQ doesn’t name the device that failed. Possible: ‹device m1›, ‹device m2›."
)]
#[case::the_other_is_done(
    true,
    false,
    "BIG-IQ doesn’t name the device that failed. Possible: ‹device m2›."
)]
#[case::there_may_be_others(
    true,
    true,
    "BIG-IQ doesn’t name the device that failed. See the full answer, or compare the sessions."
)]
fn a_device_that_bigiq_does_not_name_is_narrowed_down(
    #[case] is_gone: bool,
    #[case] may_reach_more: bool,
    #[case] expected: &str,
) {
    text::learn_rest();
    let plan = made(&draft("user2", &["m1", "m2"]));
    let confirmed = plan.confirm(&Answer::default(), |_| String::new()).unwrap();
    let Started { mut batch, mut items } = confirmed.start(&BatchId::new("b1"), Timestamp(1));
    batch.may_reach_more = may_reach_more;
    let StartedJob { mut job, queued } = items.pop().unwrap();
    assert!(job.start_sending(Timestamp(2), queued).is_some());
    let failure = DeviceFailure { error: Some("status:400".into()), ..DeviceFailure::default() };
    let failed =
        TaskSnapshot { status: Some(Status::Failed), failures: vec![failure], ..snapshot() };
    for what in [Observation::Accepted(snapshot()), Observation::Seen(failed)] {
        job.observe(Timestamp(3), Source::Answer, what);
    }
    let unit = CheckedUnit {
        cluster: Some("Blue".to_owned()),
        members: vec![MachineId::new("m1")],
        sessions: Vec::new(),
        verdict: Verdict { gone: 1, ..Verdict::default() },
    };
    let check = Check { units: if is_gone { vec![unit] } else { vec![] }, ..Check::default() };
    let shown = Shown { check: Some(&check), so_far: None };
    let help = headline(&job, &batch, false, &in_short, shown).help;
    let help: Vec<String> = help.iter().map(|line| visible(line.as_str())).collect();
    assert_eq!(help[..2], ["BIG-IQ says: “‹status:400›”".to_owned(), expected.to_owned()]);
}

#[rstest]
#[case::gone(
    Observation::Missing(Failure::Refused { status: 404, refusal: Refusal::NotFound, message: None }),
    "BIG-IQ no longer knows the task. It was removed, or BIG-IQ was reset. It’s unknown whether sessions ended. Check the devices before you plan another kill."
)]
#[case::without_a_result(
    ended(Status::Finished, Step::Done, None)[1].clone(),
    "BIG-IQ finished without a complete result. It gave no result. Sessions may be left: check the devices."
)]
fn what_is_seen_twice_in_a_row_is_believed(#[case] seen: Observation, #[case] text: &str) {
    text::learn_rest();
    let accepted = Observation::Accepted(snapshot());
    let headline = state_of(&[accepted, seen.clone(), seen], false);
    assert_eq!(visible(&in_one_line(&headline.heading, &headline.help)), text);
}

#[test]
fn a_status_that_goes_backwards_is_marked_in_the_timeline() {
    text::learn_rest();
    let seen = |status, step| {
        Observation::Seen(TaskSnapshot { status: Some(status), step: Some(step), ..snapshot() })
    };
    let back = [
        Observation::Accepted(snapshot()),
        seen(Status::Started, Step::Kill),
        seen(Status::Created, Step::ResolveDevices),
    ];
    let job = job(&back);
    let line = event::event(job.events().last().unwrap(), "operator");
    let line = line.first().unwrap().as_str().to_owned();
    assert!(line.ends_with("(doesn’t match earlier information)"), "{line}");
}

#[test]
fn what_happens_now_ends_with_the_job() {
    text::learn_rest();
    let running = job(&[Observation::Accepted(snapshot())]);
    assert_eq!(now(&running, false), "BIG-IQ has the task; its current step is unknown.");
    assert_eq!(now(&job(&ended(Status::Failed, Step::Kill, None)), false), "");
}

#[test]
fn a_plan_is_one_sentence_and_the_gate_agrees_with_it() {
    text::learn_rest();
    let one = made(&draft("user2", &["m1", "m2"]));
    assert_eq!(visible(&plan::lead(&one)), "Ends all sessions of ‹user2› on 2 devices");
    assert_eq!(visible(&plan::question(&one)), "Kill all sessions of ‹user2› on 2 devices?");
    let two = made(&draft("user2\nuser3", &["m2"]));
    assert_eq!(plan::lead(&two), "Ends all sessions of 2 users on 1 device");
    assert_eq!(plan::confirm(&two), "Kill all sessions of 2 users on 1 device");
    let in_cluster = one.warnings().iter().map(|one| visible(&warning::warning(one)));
    let expected = "‹m1.example.test› is in cluster ‹Blue›. If it’s the standby, BIG-IQ reports success but no session ends.";
    assert!(in_cluster.collect::<Vec<_>>().contains(&expected.to_owned()));
}

#[rstest]
#[case::exactly(1, 116, 116, false, "1 session now", None)]
#[case::none(0, 116, 116, false, "0 sessions now", None)]
#[case::at_least(8, 115, 116, false, "at least 8 sessions", Some("115 of 116"))]
#[case::none_yet(0, 19, 116, false, "none found so far", Some("19 of 116"))]
#[case::more_devices(8, 2, 2, true, "at least 8 sessions", Some("2 of at least 2"))]
#[case::none_and_more_devices(0, 2, 2, true, "none found so far", Some("2 of at least 2"))]
fn a_count_claims_no_more_than_is_known(
    #[case] found: usize,
    #[case] known: usize,
    #[case] units: usize,
    #[case] may_lack_units: bool,
    #[case] text: &str,
    #[case] read: Option<&str>,
) {
    text::learn_rest();
    let unknown = vec![UnitId::Cluster("Blue".into()); units - known];
    let counts = SessionCounts { known, unknown, may_lack_units, ..SessionCounts::default() };
    assert_eq!(count::sessions_now(counts.counted(found)), text);
    let read = read.map(|read| format!("{read} clusters and devices read"));
    assert_eq!(count::units_read(&counts), read);
}

#[test]
fn what_a_rule_left_out_is_named() {
    text::learn_rest();
    let left_out = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        visible(&warning::warning(&Warning::NotRead(names)))
    };
    assert_eq!(
        left_out(&["silent-a"]),
        "1 cluster or device was not read, so the rule left it out: ‹silent-a›."
    );
    assert!(left_out(&["a", "b"]).starts_with("2 clusters and devices were not read"));
}

#[rstest]
#[case::all(3, "Since the previous reading (0 ms ago): 4 new, 1 ended.")]
#[case::a_part(
    5,
    "Since the previous reading (0 ms ago): 4 new, 1 ended. 3 of 5 clusters and devices were read twice."
)]
fn changes_of_a_part_of_the_estate_say_so(#[case] units: usize, #[case] text: &str) {
    text::learn_rest();
    let now = Timestamp(1_000);
    let changes = Changes { opened: 4, ended: 1, compared: 3, units, since: Some(now) };
    assert_eq!(count::changes(&changes, now), text);
    assert_eq!(count::changes(&Changes { since: None, ..changes }, now), "");
}

#[rstest]
#[case(Count::Exactly(1), "1", "1 device", "Devices 1")]
#[case(Count::Exactly(0), "0", "0 devices", "Devices 0")]
#[case(Count::AtLeast(1), "at least 1", "at least 1 device", "Devices: at least 1")]
#[case(Count::AtLeast(1200), "at least 1200", "at least 1200 devices", "Devices: at least 1200")]
#[case(Count::Unknown, "unknown", "devices that BIG-IQ will resolve", "Devices: unknown")]
fn a_number_says_how_certain_it_is(
    #[case] number: Count,
    #[case] alone: &str,
    #[case] devices: &str,
    #[case] tab: &str,
) {
    text::learn_rest();
    assert_eq!(amount::number(number), alone);
    assert_eq!(amount::devices(number), devices);
    assert_eq!(amount::tab("Devices", number), tab);
    // The phrase to type ends with the same words.
    for phrase in
        [Phrase::Everybody { devices: number }, Phrase::Users { users: 12, devices: number }]
    {
        assert!(plan::phrase(&phrase).ends_with(&[" on ", devices].concat()), "{phrase:?}");
    }
}

#[rstest]
#[case(Count::Exactly(1), "1 device", "Check 1 device again")]
#[case(Count::AtLeast(2), "the devices listed", "Check the devices again")]
#[case(Count::Unknown, "the devices listed", "Check the devices again")]
fn a_button_has_a_number_only_if_it_is_exact(
    #[case] number: Count,
    #[case] devices: &str,
    #[case] check: &str,
) {
    text::learn_rest();
    assert_eq!(amount::devices_on_button(number), devices);
    let again = text::check_devices_again;
    assert_eq!(amount::on_button(number, again, text::check_these_devices_again), check);
}

/// Heading, question, button and phrase of a plan whose devices are not all known.
#[test]
fn field_plan_and_gate_say_at_least() {
    text::learn_rest();
    let mut everybody = Draft { kind: Kind::Everybody, ..Draft::default() };
    everybody.clusters.insert("Blue".to_owned());
    let plan = made_with(&everybody, &[Gap::Devices]);
    let phrase = plan.gate().phrase().unwrap();
    for text in [plan::lead(&plan), plan::question(&plan), plan::phrase(phrase)] {
        assert!(text.contains("on at least 1 device"), "{text}");
    }
    // A button has no number that may be too small.
    assert!(plan::confirm(&plan).ends_with(" on the devices listed"));
    let total = Gap::OtherTotal { reported: 300, listed: 100 };
    assert_eq!(warning::gap(total), "BIG-IQ reports 300 devices, but listed 100.");
}

/// The state of a task in BIG-IQ's list, and a line for each reason.
fn shown_failures(task: &str) -> Vec<String> {
    text::learn_rest();
    let snapshot = TaskSnapshot::of(&bigiq::decode(task).unwrap());
    let lines = bigiq_task::failures(&snapshot, &in_short);
    [bigiq_task::state(&snapshot)].iter().chain(&lines).map(|line| visible(line)).collect()
}

#[test]
fn field_each_failed_session_has_its_reason_beside_it() {
    let shown = shown_failures(
        r#"{"status":"FAILED","resultDetails":[{"host":"red-a","failedIds":[
            {"id":"2hjj234","errorCode":404,"error":"not found"},
            {"id":"9as3323","errorCode":500,"error":"busy"}, "7"], "error":"some failed"}]}"#,
    );
    let expected = [
        "‹FAILED›",
        "‹red-a›: ‹2hjj234› · ‹404› · ‹not found›",
        "‹red-a›: ‹9as3323› · ‹500› · ‹busy›",
        "‹red-a›: ‹7› · ‹some failed›",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn field_an_error_with_a_body_is_its_message_once() {
    let shown = shown_failures(
        r#"{"status":"FAILED",
            "errorMessage":"status:400, body:{\"code\":400,\"message\":\"No such session\"}",
            "resultDetails":[{"host":"red-a","failedIds":["2hjj234"],
            "error":"status:400, body:{\"code\":400,\"message\":\"No such session\"}"}]}"#,
    );
    assert_eq!(shown, ["‹FAILED› · ‹No such session›", "‹red-a›: ‹2hjj234› · ‹400›"]);
}

#[test]
fn a_name_in_an_error_or_an_event_is_isolated() {
    text::learn_rest();
    let refused = Failure::Refused { status: 403, refusal: Refusal::NotPermitted, message: None };
    let text = refusal::failure(&refused, Operation::Kill, "evil\u{202e}name");
    assert_eq!(
        visible(&text.what),
        "Your account (‹evil[U+202E]name›) isn’t allowed to kill sessions"
    );
    let job = job(&[Observation::Accepted(snapshot())]);
    let lines: Vec<String> = job
        .events()
        .iter()
        .flat_map(|one| event::event(one, "operator"))
        .map(|sentence| visible(sentence.as_str()))
        .collect();
    assert_eq!(lines, ["Confirmed by ‹operator›", "Request sent", "Accepted as task ‹7c›"]);
}

const OPERATIONS: [Operation; 7] = [
    Operation::ReadDevices,
    Operation::ReadSessions,
    Operation::ReadTasks,
    Operation::ReadTask,
    Operation::Kill,
    Operation::Cancel,
    Operation::Named,
];

/// What is shown about an operation that was answered with this status and message.
fn shown(operation: Operation, status: u16, message: Option<&str>) -> String {
    let refusal = Refusal::of(status, message);
    let refused = Failure::Refused { status, refusal, message: None };
    visible(&refusal::failure(&refused, operation, "viewer").what_and_next())
}

/// A refusal names what was refused, whichever status BIG-IQ uses for it.
#[rstest]
#[case(
    Operation::ReadDevices,
    "Your account (‹viewer›) isn’t allowed to read BIG-IQ’s lists of devices and access groups. Ask"
)]
#[case(
    Operation::ReadSessions,
    "BIG-IQ or the device doesn’t let your account (‹viewer›) read live sessions. You can kill"
)]
#[case(
    Operation::ReadTasks,
    "Your account (‹viewer›) isn’t allowed to read BIG-IQ’s list of kills. Ask"
)]
#[case(Operation::ReadTask, "Your account (‹viewer›) isn’t allowed to read this task. Ask")]
#[case(
    Operation::Kill,
    "Your account (‹viewer›) isn’t allowed to kill sessions. Only the BIG-IQ roles Access Manager"
)]
#[case(Operation::Cancel, "Your account (‹viewer›) isn’t allowed to cancel this task. Ask")]
#[case(Operation::Named, "Your account doesn’t have permission for this. Ask")]
fn a_refusal_names_what_was_refused(#[case] operation: Operation, #[case] start: &str) {
    text::learn_rest();
    let by_401 = shown(operation, 401, Some("Authorization failed: user=viewer verb=GET"));
    assert!(by_401.starts_with(start), "{by_401}");
    assert_eq!(shown(operation, 403, None), by_401);
    // Only a kill needs the role that may kill.
    assert_eq!(by_401.contains("Access Manager"), operation == Operation::Kill, "{by_401}");
}

#[rstest]
#[case(Operation::ReadDevices, "BIG-IQ doesn’t offer this")]
#[case(
    Operation::ReadSessions,
    "BIG-IQ doesn’t know this device, or the device doesn’t list its sessions"
)]
#[case(Operation::ReadTasks, "BIG-IQ doesn’t offer this")]
#[case(Operation::ReadTask, "BIG-IQ doesn’t know this task")]
#[case(Operation::Kill, "BIG-IQ doesn’t offer this")]
#[case(Operation::Cancel, "BIG-IQ doesn’t know this task")]
#[case(Operation::Named, "Not found on BIG-IQ")]
fn a_404_names_what_is_missing(#[case] operation: Operation, #[case] start: &str) {
    text::learn_rest();
    let text = shown(operation, 404, Some("no such thing"));
    assert!(text.starts_with(start), "{text}");
}

/// The answer to one request doesn't show that the sign-in has ended.
#[test]
fn a_refused_token_does_not_say_that_the_operator_is_signed_out() {
    text::learn_rest();
    for message in ["Invalid registered claims.", "Authentication failed."] {
        for operation in OPERATIONS {
            let text = shown(operation, 401, Some(message));
            let start = "BIG-IQ didn’t accept the sign-in of this request. It may have expired.";
            assert!(text.starts_with(start), "{operation:?}: {text}");
        }
    }
}

#[test]
fn a_line_of_the_timeline_names_the_call_that_was_refused() {
    text::learn_rest();
    let refused = Failure::Refused { status: 403, refusal: Refusal::NotPermitted, message: None };
    let says = |source: Source, what: Observation| {
        let mut job = job(&[Observation::Accepted(snapshot())]);
        job.observe(Timestamp(4), source, what);
        let line = job.events().last().map(|one| event::event(one, "viewer")).unwrap();
        visible(line[0].as_str())
    };
    for (source, what, named) in [
        (Source::Poll, Observation::NotReached(refused.clone()), "to read this task"),
        (Source::Collection, Observation::NotReached(refused.clone()), "read BIG-IQ’s list of"),
        (Source::Answer, Observation::CancelRefused(refused), "to cancel this task"),
    ] {
        let line = says(source, what);
        assert!(line.contains(named), "{line}");
    }
}

#[rstest]
#[case::one(&["m2"], 1, "Couldn’t verify ‹device m2›: not all sessions")]
#[case::three(&["m1", "m2", "m3"], 3, "Couldn’t verify ‹device m1›, ‹device m2›, ‹device m3›: not all")]
#[case::four(&["m1", "m2", "m3", "m4"], 4, "Couldn’t verify ‹device m1›, ‹device m2›, ‹device m3›, 1 more: not")]
// One whose name is not known: the count is right, and the names would be too few.
#[case::one_without_a_name(&["m2"], 2, "Couldn’t verify 2 devices or clusters:")]
#[case::after_a_reload(&[], 1, "Couldn’t verify 1 device or cluster:")]
fn a_device_that_can_not_be_verified_is_named(
    #[case] unread: &[&'static str],
    #[case] blind: usize,
    #[case] start: &str,
) {
    text::learn_rest();
    let verdict = Verdict { blind, ..Verdict::default() };
    let unread = unread.iter().map(|id| UnitId::Device(MachineId::new(*id))).collect();
    let check = Check { verdict, blind: unread, ..Check::default() };
    let done = TaskSnapshot {
        status: Some(Status::Finished),
        step: Some(Step::Done),
        result: Some(TaskResult::Complete),
        ..snapshot()
    };
    let job = job(&[
        Observation::Accepted(snapshot()),
        Observation::Seen(done),
        Observation::Checked(verdict),
    ]);
    let help =
        headline(&job, &batch(), false, &in_short, Shown { check: Some(&check), so_far: None })
            .help;
    let last = visible(help.last().unwrap().as_str());
    assert!(last.starts_with(start), "{last}");
}

fn so_far(before: Count, gone: usize, left: &[&'static str], silent: &[&'static str]) -> String {
    let ids = |ids: &[&'static str]| ids.iter().map(|id| MachineId::new(*id)).collect();
    let so_far = SoFar { before, gone, left: ids(left), silent: ids(silent) };
    let killing = TaskSnapshot { step: Some(Step::Kill), ..snapshot() };
    let job = job(&[Observation::Accepted(killing)]);
    let shown = Shown { so_far: Some(&so_far), check: None };
    let headline = headline(&job, &batch(), false, &in_short, shown);
    assert_eq!((headline.tone, &*headline.heading), (Tone::Info, "Running on BIG-IQ"));
    let help: Vec<&str> = headline.help.iter().map(Sentence::as_str).collect();
    visible(&help.join(" "))
}

#[rstest]
#[case::none(Count::Exactly(8), 0, &["m1"], &[], "Sessions gone so far: 0 of 8.")]
#[case::one_is_silent(
    Count::Exactly(8), 7, &["m1"], &["m1"],
    "Sessions gone so far: 7 of 8. No answer from ‹device m1›."
)]
#[case::at_least(Count::AtLeast(8), 8, &[], &[], "Sessions gone so far: 8 of at least 8.")]
#[case::all(
    Count::Exactly(8), 8, &[], &[],
    "All sessions seen before the kill are already gone. BIG-IQ is still working."
)]
fn a_kill_that_runs_shows_how_many_sessions_are_gone(
    #[case] before: Count,
    #[case] gone: usize,
    #[case] left: &[&'static str],
    #[case] silent: &[&'static str],
    #[case] expected: &str,
) {
    text::learn_rest();
    assert_eq!(so_far(before, gone, left, silent), expected);
}

#[rstest]
#[case::not_read(Count::Unknown, &[], "Couldn’t verify 1 device or cluster: its sessions weren’t fully read before the kill.")]
#[case::nobody(Count::Exactly(0), &[], "No matching session is there now.")]
#[case::one(Count::Exactly(1), &["user2"], "Signed in on ‹Blue›, ‹device m2› now: ‹user2›. Sessions: 1. It’s unknown whether they began before or after the kill.")]
#[case::at_least(
    Count::AtLeast(9), &["a", "b", "c", "d"],
    "Signed in on ‹Blue›, ‹device m2› now: ‹a›, ‹b›, ‹c›, 1 more. Sessions: at least 9. It’s unknown whether they began before or after the kill."
)]
fn without_sessions_before_it_says_who_is_signed_in_now(
    #[case] sessions: Count,
    #[case] users: &[&str],
    #[case] expected: &str,
) {
    text::learn_rest();
    let verdict = Verdict { blind: 1, ..Verdict::default() };
    let users = users.iter().map(|name| UserName::new(*name)).collect();
    let places = vec![UnitId::Cluster("Blue".to_owned()), UnitId::Device(MachineId::new("m2"))];
    let signed_in = Some(SessionsThere { sessions, users, places, unread: Vec::new() });
    let check = Check { verdict, signed_in, ..Check::default() };
    let [accepted, end] = ended(Status::Finished, Step::Done, Some(TaskResult::Complete));
    let job = job(&[accepted, end, Observation::Checked(verdict)]);
    let shown = Shown { check: Some(&check), so_far: None };
    let headline = headline(&job, &batch(), false, &in_short, shown);
    assert_eq!(visible(headline.help.last().unwrap().as_str()), expected);
}

/// Whether or not some are known, the devices that were not read now either are named.
#[rstest]
#[case::none_known(Count::Unknown)]
#[case::some_known(Count::AtLeast(1))]
fn devices_that_were_not_read_now_either_are_named(#[case] sessions: Count) {
    text::learn_rest();
    let verdict = Verdict { blind: 4, ..Verdict::default() };
    let unread = ["m1", "m2", "m3", "m4"].map(|id| UnitId::Device(MachineId::new(id))).to_vec();
    let there = SessionsThere { sessions, users: Vec::new(), places: Vec::new(), unread };
    let check = Check { verdict, signed_in: Some(there), ..Check::default() };
    let help = headline(
        &job(&compared(verdict)),
        &batch(),
        false,
        &in_short,
        Shown { check: Some(&check), so_far: None },
    )
    .help;
    assert_eq!(
        visible(help.last().unwrap().as_str()),
        "The current sessions on ‹device m1›, ‹device m2›, ‹device m3›, 1 more are unknown."
    );
}

/// A kill everywhere: one device was not read before it or does not answer after it, and the others prove what they prove.
#[rstest]
#[case::not_read_before(
    Verdict { gone: 5, blind: 1, ..Verdict::default() }, &["m2"], 4,
    "5 sessions are gone. Not verifiable on ‹device m2›. Finished. BIG-IQ doesn’t report how many sessions ended. Verified on 4 clusters and devices: no session seen there before the kill is still listed. Couldn’t verify ‹device m2›: not all sessions were read before the kill."
)]
#[case::two_of_which_one_has_no_name(
    Verdict { gone: 1, blind: 2, ..Verdict::default() }, &["m2"], 1,
    "1 session is gone. Not everything could be verified. Finished. BIG-IQ doesn’t report how many sessions ended. Verified on 1 cluster or device: no session seen there before the kill is still listed. Couldn’t verify 2 devices or clusters: their sessions weren’t fully read before the kill."
)]
#[case::none_is_gone(
    Verdict { blind: 1, ..Verdict::default() }, &["m2"], 2,
    "Finished. BIG-IQ doesn’t report how many sessions ended. BIG-IQ also reports success for a misspelt user or a standby device. Verified on 2 clusters and devices: no session seen there before the kill is still listed. Couldn’t verify ‹device m2›: not all sessions were read before the kill."
)]
#[case::some_are_left(
    Verdict { gone: 5, remaining: 1, blind: 1, ..Verdict::default() }, &["m2"], 4,
    "BIG-IQ finished, but 1 session is still there. Finished. BIG-IQ doesn’t report how many sessions ended. Devices may be slow to update. Compare again in a moment, then check the devices. 5 sessions seen before are gone. 1 session seen before is still there. Verified on 4 clusters and devices: no session seen there before the kill is still listed. Couldn’t verify ‹device m2›: not all sessions were read before the kill."
)]
fn one_device_does_not_take_the_proof_from_the_others(
    #[case] verdict: Verdict,
    #[case] blind: &[&'static str],
    #[case] verified: usize,
    #[case] expected: &str,
) {
    text::learn_rest();
    let unit =
        |verdict| CheckedUnit { cluster: None, members: Vec::new(), sessions: Vec::new(), verdict };
    let unread = unit(Verdict { blind: 1, ..Verdict::default() });
    let left = unit(Verdict { remaining: 1, ..Verdict::default() });
    let read = std::iter::repeat_n(unit(Verdict { gone: 1, ..Verdict::default() }), verified);
    let check = Check {
        units: read.chain([unread, left]).collect(),
        verdict,
        blind: blind.iter().map(|id| UnitId::Device(MachineId::new(*id))).collect(),
        signed_in: None,
    };
    let job = job(&compared(verdict));
    let shown = Shown { check: Some(&check), so_far: None };
    let headline = headline(&job, &batch(), false, &in_short, shown);
    assert_eq!(visible(&in_one_line(&headline.heading, &headline.help)), expected);
    assert_ne!(headline.tone, Tone::Good, "not all is proven");
}

#[rstest]
#[case::all_known(
    Some("198.51.100.7"),
    Some(44_000),
    "‹user2› signed in again on ‹lone› from ‹198.51.100.7›, 4000 ms after the kill"
)]
#[case::no_address(None, Some(44_000), "‹user2› signed in again on ‹lone›, 4000 ms after the kill")]
#[case::no_start(None, None, "‹user2› signed in again on ‹lone›, at most 20000 ms after the kill")]
#[case::it_began_before_the_end(
    None,
    Some(39_000),
    "‹user2› signed in again on ‹lone›, at most 20000 ms after the kill"
)]
fn a_return_says_who_from_where_and_after_how_long(
    #[case] client: Option<&str>,
    #[case] started: Option<i64>,
    #[case] expected: &str,
) {
    text::learn_rest();
    let one = Return {
        user: UserName::new("user2"),
        session: SessionId::new("s2"),
        client: client.map(str::to_owned),
        device: MachineId::new("m1"),
        name: "lone".to_owned(),
        started: started.map(Timestamp),
    };
    let text = verification::returned_after(&one, Timestamp(60_000), Timestamp(40_000));
    assert_eq!(visible(&text), expected);
}

#[rstest]
#[case::complete(
    Proof::Complete,
    "The sessions of this plan were read: the result can be verified."
)]
#[case::reading(
    Proof::Reading { known: 0, units: Count::Exactly(2), wait: None },
    "Reading sessions: 0 of 2. If you confirm now, the rest can’t be verified."
)]
#[case::reading_at_a_known_speed(
    Proof::Reading { known: 1, units: Count::AtLeast(2), wait: Some(Duration::from_secs(1)) },
    "Reading sessions: 1 of at least 2. If you confirm now, the rest can’t be verified. Wait about 1000 ms, and it can."
)]
#[case::partial(
    Proof::Partial { known: 1, units: Count::Exactly(2) },
    "Sessions read: 1 of 2 clusters and devices. What ends on the rest can’t be verified. If it answers afterwards, the job’s page shows who is signed in there."
)]
fn the_gate_says_how_well_a_kill_can_be_verified(#[case] proof: Proof, #[case] expected: &str) {
    text::learn_rest();
    assert_eq!(verification::proof(proof), expected);
}

/// A kill that ended nothing does not look like a success.
#[test]
fn a_kill_of_a_standby_says_so() {
    text::learn_rest();
    let plan = made(&draft("user2", &["m1"]));
    let confirmed = plan.confirm(&Answer::default(), |_| String::new()).unwrap();
    let Started { mut batch, mut items } = confirmed.start(&BatchId::new("b1"), Timestamp(1));
    batch.reached.iter_mut().for_each(|device| device.role = HaRole::Standby);
    let StartedJob { mut job, queued } = items.pop().unwrap();
    assert!(job.start_sending(Timestamp(2), queued).is_some());
    for what in ended(Status::Finished, Step::Done, Some(TaskResult::Complete)) {
        job.observe(Timestamp(3), Source::Answer, what);
    }
    let headline = headline(&job, &batch, false, &in_short, Shown::default());
    assert_eq!(headline.tone, Tone::Warning);
    assert_eq!(
        in_one_line(&headline.heading, &headline.help),
        "Sent only to a standby: almost certainly nothing ended. Finished. BIG-IQ doesn’t report how many sessions ended. The active member of the cluster holds the sessions."
    );
}

/// A request on two devices, one of which did not answer, by what BIG-IQ and the sessions show.
#[rstest]
#[case::nothing_known(
    false,
    false,
    "Failed on BIG-IQ. BIG-IQ says: “‹Internal Error occurred›” It’s unknown"
)]
#[case::the_other_is_done(
    true,
    false,
    "1 of 2 devices are done. Unknown on ‹device m2›. BIG-IQ says: “‹Internal Error occurred›” Check the devices"
)]
#[case::named(
    false,
    true,
    "Failed on ‹device m2›. Unknown on ‹device m1›. BIG-IQ says: “‹Internal Error occurred›” BIG-IQ says: “‹m2.example.test: timeout›” Some"
)]
#[case::named_and_the_other_is_done(
    true,
    true,
    "1 of 2 devices are done. Failed on ‹device m2›. BIG-IQ says: “‹Internal Error occurred›” BIG-IQ says: “‹m2.example.test: timeout›” Some"
)]
fn a_silent_device_does_not_hide_what_happened_on_the_others(
    #[case] is_gone: bool,
    #[case] is_named: bool,
    #[case] start: &str,
) {
    text::learn_rest();
    let plan = made(&draft("user2", &["m1", "m2"]));
    let confirmed = plan.confirm(&Answer::default(), |_| String::new()).unwrap();
    let Started { batch, mut items } = confirmed.start(&BatchId::new("b1"), Timestamp(1));
    let StartedJob { mut job, queued } = items.pop().unwrap();
    assert!(job.start_sending(Timestamp(2), queued).is_some());
    let failure = DeviceFailure {
        device: Some(MachineId::new("m2")),
        host: Some("m2.example.test".to_owned()),
        error: Some("timeout".to_owned()),
        ..DeviceFailure::default()
    };
    let failed = TaskSnapshot {
        status: Some(Status::Failed),
        error: Some("Internal Error occurred".to_owned()),
        failures: if is_named { vec![failure] } else { Vec::new() },
        ..snapshot()
    };
    for what in [Observation::Accepted(snapshot()), Observation::Seen(failed)] {
        job.observe(Timestamp(3), Source::Answer, what);
    }
    let unit = CheckedUnit {
        cluster: Some("Blue".to_owned()),
        members: vec![MachineId::new("m1")],
        sessions: Vec::new(),
        verdict: Verdict { gone: 1, ..Verdict::default() },
    };
    let check = Check { units: if is_gone { vec![unit] } else { vec![] }, ..Check::default() };
    let shown = Shown { check: Some(&check), so_far: None };
    let headline = headline(&job, &batch, false, &in_short, shown);
    assert_eq!(headline.tone, Tone::Error);
    let line = visible(&in_one_line(&headline.heading, &headline.help));
    assert!(line.starts_with(start), "{line}");
    // All jobs of a plan say the same, if something was done.
    let compared = (&job, check.units.as_slice());
    let done = DevicesDone::of([compared], &batch);
    let of_plan = summary(&Summary::of(compared, &batch), None, Some((&done, &in_short)));
    let expected = if is_gone { headline.heading } else { "Failed on BIG-IQ: 1 of 1 jobs".into() };
    assert_eq!(of_plan, Some((Tone::Error, expected)));
}

#[rstest]
#[case::one(&["m1"], "Retry on ‹device m1› …")]
#[case::three(&["m1", "m2", "m3"], "Retry on ‹device m1›, ‹device m2›, ‹device m3› …")]
#[case::many(&["m1", "m2", "m3", "m4"], "Retry what failed …")]
#[case::none(&[], "Retry what failed …")]
fn a_retry_names_its_targets(#[case] devices: &[&str], #[case] expected: &str) {
    text::learn_rest();
    let draft = draft("user2", devices);
    assert_eq!(visible(&text::sentences::job::retry(Some(&draft), &in_short)), expected);
}

/// A task of BIG-IQ's list, with these sessions on `m2` now.
#[rstest]
#[case::not_read(
    None,
    Tone::Info,
    "Finished. BIG-IQ doesn’t report how many sessions ended. BIG-IQ also reports success for a misspelt user or a standby device."
)]
#[case::none_now(
    Some("USER2"),
    Tone::Warning,
    "‹user2› has no session on these devices now. Finished. BIG-IQ doesn’t report how many sessions ended. The kill may have ended them, or there was none."
)]
#[case::two_now(
    Some("user2 user2"),
    Tone::Warning,
    "Sessions of ‹user2› on these devices now: 2. Finished. BIG-IQ doesn’t report how many sessions ended. It’s unknown whether they began before or after the kill."
)]
fn a_kill_of_yesterday_claims_only_what_is_known_now(
    #[case] users: Option<&str>,
    #[case] tone: Tone,
    #[case] expected: &str,
) {
    text::learn_rest();
    let task = r#"{"id":"t1","action":"KILL_BY_USER","userName":"user2","status":"FINISHED","currentStep":"DONE",
        "result":"COMPLETE","deviceReferences":[{"link":"https://localhost/x/m2"}]}"#;
    let task = BigIqTask::of(&bigiq::decode(task).unwrap()).unwrap();
    let mut live = Live::default();
    if let Some(users) = users {
        let session = |(place, user): (usize, &str)| LiveSession {
            id: place.to_string(),
            user: Some(user.to_owned()),
            ..LiveSession::default()
        };
        let entries = Some(users.split(' ').enumerate().map(session).collect());
        let reading = Reading::of(AccessInfo { entries }, 100, Timestamp(1)).unwrap();
        live.note_reading(&MachineId::new("m2"), reading);
    }
    let later = Later::of(&task, &inventory(&[]), &live).unwrap();
    let headline = text::sentences::job::later(&later, &in_short);
    let line = visible(&in_one_line(&headline.heading, &headline.help));
    assert_eq!((headline.tone, line.as_str()), (tone, expected));
}

/// Two jobs of a plan: this one, and one that was verified.
#[rstest]
#[case::failed(&ended(Status::Failed, Step::Kill, None), Some((Tone::Error, "Failed on BIG-IQ: 1 of 2 jobs")))]
#[case::refused(&[Observation::Rejected(Failure::NoAnswer)], Some((Tone::Error, "Rejected by BIG-IQ: 1 of 2 jobs")))]
#[case::unknown(&[Observation::Lost(Failure::NoAnswer)], Some((Tone::Warning, "Unknown whether BIG-IQ started it: 1 of 2 jobs")))]
#[case::cancelled(&ended(Status::Cancelled, Step::Kill, None), Some((Tone::Warning, "Cancelled on BIG-IQ: 1 of 2 jobs")))]
#[case::incomplete(
    &ended(Status::Finished, Step::Kill, Some(TaskResult::Complete)),
    Some((Tone::Warning, "BIG-IQ finished without a complete result: 1 of 2 jobs"))
)]
#[case::not_sent(&[Observation::NotSent(NotSent::Dropped)], Some((Tone::Warning, "Not sent: 1 of 2 jobs")))]
#[case::running(&[Observation::Accepted(snapshot())], None)]
#[case::unproven(
    &ended(Status::Finished, Step::Done, Some(TaskResult::Complete)),
    Some((Tone::Warning, "2 sessions are gone. Not everything could be verified"))
)]
#[case::some_not_verifiable(
    &compared(Verdict { gone: 3, blind: 1, ..Verdict::default() }),
    Some((Tone::Warning, "5 sessions are gone. Not everything could be verified"))
)]
#[case::remaining(
    &compared(Verdict { remaining: 1, ..Verdict::default() }),
    Some((Tone::Warning, "BIG-IQ finished, but 1 session is still there"))
)]
#[case::no_session(&compared(Verdict::default()), Some((Tone::Good, "Verified: 2 sessions are gone")))]
#[case::verified(&compared(GONE), Some((Tone::Good, "Verified: 4 sessions are gone")))]
#[case::signed_in_again(
    &compared(Verdict { came_back: 1, ..GONE }),
    Some((Tone::Warning, "Verified: 4 sessions are gone"))
)]
fn all_jobs_of_a_plan_have_one_sentence(
    #[case] observed: &[Observation],
    #[case] expected: Option<(Tone, &str)>,
) {
    text::learn_rest();
    let both = [observed, &compared(GONE)].map(|seen| Summary::of((&job(seen), &[]), &batch()));
    let both = Summary::of_all(both).unwrap();
    let shown = summary(&both, None, None);
    assert_eq!(shown.as_ref().map(|(tone, heading)| (*tone, &**heading)), expected);
}

#[test]
fn jobs_of_which_nothing_is_proven_claim_nothing() {
    text::learn_rest();
    let unread = compared(Verdict { blind: 1, ..Verdict::default() });
    let (tone, heading) =
        summary(&Summary::of((&job(&unread), &[]), &batch()), None, None).unwrap();
    let expected = "BIG-IQ finished all jobs. It doesn’t report how many sessions ended";
    assert_eq!((tone, &*heading), (Tone::Info, expected));
}

#[rstest]
#[case::of_one_user(Some("user2"), "No session ended: ‹user2› had none on these devices")]
#[case::of_several(None, "No session ended: there was none on these devices")]
fn jobs_without_sessions_have_one_sentence(#[case] user: Option<&str>, #[case] expected: &str) {
    text::learn_rest();
    let none = Summary::of((&job(&compared(Verdict::default())), &[]), &batch());
    let (tone, heading) = summary(&none, user, None).unwrap();
    assert_eq!((tone, visible(&heading)), (Tone::Warning, expected.to_owned()));
}

const GONE: Verdict = Verdict { gone: 2, remaining: 0, unreadable: 0, came_back: 0, blind: 0 };

/// A job that BIG-IQ finished and that was compared.
fn compared(verdict: Verdict) -> [Observation; 3] {
    let [accepted, end] = ended(Status::Finished, Step::Done, Some(TaskResult::Complete));
    [accepted, end, Observation::Checked(verdict)]
}

#[test]
fn bigiq_words_are_known_as_such() {
    text::learn_rest();
    let message = Some("No such group".to_owned());
    let refused = Failure::Refused { status: 400, refusal: Refusal::Invalid, message };
    let says = Sentence::BigIq(error::bigiq_says("No such group"));
    let rejected = job(&[Observation::Rejected(refused)]);
    assert!(headline(&rejected, &batch(), false, &in_short, Shown::default()).help.contains(&says));
    let last = rejected.events().last().map(|one| event::event(one, "operator"));
    assert_eq!(last.unwrap().last(), Some(&says));
    let error = Some("Disk full".to_owned());
    let failed = TaskSnapshot { status: Some(Status::Failed), error, ..snapshot() };
    let failed = job(&[Observation::Accepted(snapshot()), Observation::Seen(failed)]);
    let says = Sentence::BigIq(error::bigiq_says("Disk full"));
    assert_eq!(
        headline(&failed, &batch(), false, &in_short, Shown::default()).help.first(),
        Some(&says)
    );
}

struct Polish;

impl Locale for Polish {
    fn integer(&self, value: u64) -> String {
        value.to_string()
    }

    fn plural(&self, count: u64) -> Plural {
        match (count, count % 10, count % 100) {
            (1, ..) => Plural::One,
            (_, _, 12..=14) => Plural::Many,
            (_, 2..=4, _) => Plural::Few,
            _ => Plural::Many,
        }
    }

    fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} i {last}", first.join(", ")),
        }
    }
}

/// The catalogue with all keys in their order, the texts of the sign-in page first; only this text has placeholders.
fn catalogue(with: &str) -> String {
    let english: serde_json::Value =
        serde_json::from_str(include_str!("../../../languages/en.json")).unwrap();
    let key = |key: &String| {
        let plural = key.strip_suffix("_one").or_else(|| key.strip_suffix("_other"));
        plural.unwrap_or(key).to_owned()
    };
    let keys: BTreeSet<String> = english.as_object().unwrap().keys().map(key).collect();
    let first: BTreeSet<&str> = include_str!("../sign-in-page.txt").lines().collect();
    let (first, rest): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|key| first.contains(key.as_str()));
    let line = |key: String| if key == with { format!("#{key} n") } else { key };
    first.into_iter().chain(rest).map(line).collect::<Vec<_>>().join("\n")
}

#[rstest]
#[case(1, "1 urządzenie")]
#[case(3, "3 urządzenia")]
#[case(5, "5 urządzeń")]
#[case(12, "12 urządzeń")]
#[case(22, "22 urządzenia")]
fn another_language_has_its_own_plural_forms_and_lists(#[case] n: usize, #[case] text: &str) {
    text::learn_rest();
    let file = r#"{"device_count_one": "{n} urządzenie", "device_count_few": "{n} urządzenia", "device_count_many": "{n} urządzeń"}"#;
    let own = text::own_language(&catalogue("device_count"), file, &Polish).unwrap();
    text::set_language(Rc::new(Polish), own);
    assert_eq!(text::device_count(n), text);
    // What the file does not have is English.
    assert_eq!(text::sign_out(), "Sign out");
    let names = ["a", "b", "c"].into_iter();
    assert_eq!(visible(&list_of_names(names).into_text()), "‹a›, ‹b› i ‹c›");
}

#[rstest]
#[case::field_zero_width(
    "user2\u{200b}",
    Oddity::Invisible,
    "“‹user2[U+200B]›” has invisible characters, which are sent too."
)]
#[case::field_no_break_space(
    "user\u{a0}2",
    Oddity::OddSpaces,
    "“‹user[U+00A0]2›” has a special space, such as a no-break space. It is sent as it is."
)]
#[case::field_homoglyph(
    "us\u{435}r2",
    Oddity::MixedScripts(Script::Latin, Script::Cyrillic),
    "“‹us\u{435}[U+0435]r2›” mixes Latin and Cyrillic letters, which can look the same."
)]
fn odd_names(#[case] user: &str, #[case] oddity: Oddity, #[case] expected: &str) {
    text::learn_rest();
    let odd = Warning::Odd { user: UserName::new(user), oddity, meant: None };
    let shown = warning::warning(&odd).replace('\u{2068}', "‹").replace('\u{2069}', "›");
    assert_eq!(shown, expected);
}

#[rstest]
#[case::in_no_group(
    None,
    1,
    "‹new› is not covered: it is in none of the selected groups and clusters."
)]
#[case::several(
    None,
    2,
    "2 devices are not covered: they are in none of the selected groups and clusters."
)]
#[case::not_discovered(
    Some(Missing::Discovery),
    1,
    "Not covered: ‹new› (Access not discovered). Discover the device’s Access service in BIG-IQ first."
)]
fn a_device_that_is_not_covered_is_named_with_the_reason(
    #[case] obstacle: Option<Missing>,
    #[case] number: usize,
    #[case] expected: &str,
) {
    text::learn_rest();
    let device = MachineId::new("m9");
    let uncovered = Warning::NotCovered { device, name: "new".into(), obstacle };
    assert_eq!(visible(&warning::warnings(&vec![uncovered; number])), expected);
}

/// What m2 reports: two sessions of user2.
fn two_sessions() -> Live {
    let entry = |id: &str, client: &str| LiveSession {
        id: id.into(),
        user: Some("user2".into()),
        client_ip: Some(client.into()),
        started: None,
    };
    let entries = vec![entry("1", "198.51.100.7"), entry("2", "198.51.100.8")];
    let info = AccessInfo { entries: Some(entries) };
    let mut live = Live::default();
    live.note_reading(&MachineId::new("m2"), Reading::of(info, 10, Timestamp(0)).unwrap());
    live
}

fn plan_with(draft: &Draft, live: &Live) -> Plan {
    let inventory = inventory(&[]);
    let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
    let inputs = PlanInputs { live: Some(live), ..PlanInputs::from(&inventory) };
    Plan::make(draft, inputs, account, Timestamp(0)).unwrap()
}

#[test]
fn the_gate_says_where_a_single_user_is_signed_in_and_from_which_addresses() {
    text::learn_rest();
    let live = two_sessions();
    let of = |draft: &Draft, live: &Live| {
        count::user_now(&plan_with(draft, live)).map(|text| visible(&text))
    };
    let one = draft("user2", &["m2"]);
    let expected = "2 sessions now: ‹m2.example.test› 2, from ‹198.51.100.7›, ‹198.51.100.8›";
    assert_eq!(of(&one, &live).as_deref(), Some(expected));
    assert_eq!(of(&one, &Live::default()), None, "nothing is known");
    assert_eq!(of(&draft("user2\nuser3", &["m2"]), &live), None, "each user has a line");
}

#[rstest]
// Access is discovered on none of these devices: a warning.
#[case::all_known(&draft("user2", &["m2"]), &two_sessions(), "1 device · 2 sessions · 1 warning")]
#[case::one_unread(
    &draft("user2", &["m1", "m2"]), &two_sessions(),
    "2 devices · at least 2 sessions · 2 warnings"
)]
#[case::nothing_known(&draft("user2", &["m2"]), &Live::default(), "1 device · 1 warning")]
#[case::everybody(
    &Draft { kind: Kind::Everybody, ..draft("", &["m2"]) }, &two_sessions(),
    "1 device · 2 sessions · 2 warnings"
)]
fn a_plan_in_numbers_claims_no_more_than_is_known(
    #[case] draft: &Draft,
    #[case] live: &Live,
    #[case] text: &str,
) {
    text::learn_rest();
    assert_eq!(plan::counts(&plan_with(draft, live)), text);
}

#[test]
fn a_suggestion_is_not_said_of_several_names() {
    text::learn_rest();
    let nobody = |user: &str, near: &str| Warning::NobodyNow {
        user: UserName::new(user),
        near: vec![UserName::new(near)],
        unknown: 1,
    };
    let shown = warning::warnings(&[nobody("usr2", "user2"), nobody("usr3", "user3")]);
    assert!(shown.starts_with("2 names have no session") && !shown.contains("user2"), "{shown}");
}

#[test]
fn lines_of_a_message_are_not_drawn_as_marks() {
    let shown = error::bigiq_says("refused:\r\n\tby “user2\u{200b}”\n");
    assert!(shown.contains("refused:   by “user2[U+200B]”\u{2069}"), "{shown}");
}

/// A language that is read from right to left.
struct Mirrored;

impl Times for Mirrored {
    fn is_rtl(&self) -> bool {
        true
    }
    fn duration(&self, duration: Duration) -> String {
        format!("{} ms", duration.as_millis())
    }
    fn exact(&self, at: Timestamp) -> String {
        at.0.to_string()
    }
    fn time_of_day(&self, at: Timestamp) -> String {
        at.0.to_string()
    }
    fn is_today(&self, _: Timestamp) -> bool {
        true
    }
    fn relative(&self, at: Timestamp, _: Timestamp) -> String {
        at.0.to_string()
    }
}

#[test]
fn a_time_in_a_right_to_left_sentence_is_isolated() {
    text::learn_rest();
    assert_eq!(text::span_after(&text::span(Duration::from_millis(48))), "+48 ms");
    text::set_locale(Rc::new(text::Plain), Rc::new(Mirrored));
    let after = text::span_after(&text::span(Duration::from_millis(48)));
    let by = text::job_by(text::Name("משתמש"), &text::exact(Timestamp(7)));
    assert_eq!(after, "+\u{2068}48 ms\u{2069}");
    assert_eq!(by, "by \u{2068}משתמש\u{2069}, \u{2068}7\u{2069}");
}
