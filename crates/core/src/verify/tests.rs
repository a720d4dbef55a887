//! Tests of what may be reported as gone, and what may not.

use super::*;
use crate::count::Count;
use crate::fixture::{
    draft, inventory, machine, reading_at, seen, sending, session, snapshot, wire,
};
use crate::ids::SessionId;
use crate::inventory::{DeviceList, Extent, HaRole, Live, Reading, UnitId};
use crate::job::{Finding, Job, Now, TaskSnapshot, Verdict};
use crate::plan::{Batch, Draft, Kind};
use crate::timestamp::Timestamp;
use proptest::prelude::*;
use rstest::rstest;

/// Readings by device. A `!` before the name makes the reading incomplete.
fn live(at: i64, readings: &[(&str, &[(&str, &str)])]) -> Live {
    let mut live = Live::default();
    for (device, sessions) in readings {
        let whole = reading_at(at, sessions);
        let (device, reading) = match device.strip_prefix('!') {
            Some(device) => (device, cut(&whole)),
            None => (*device, whole),
        };
        live.note_reading(&machine(device), reading);
    }
    live
}

fn cut(reading: &Reading) -> Reading {
    let sessions = reading.sessions().len();
    let info = bigiq::access_info::AccessInfo {
        entries: Some(
            reading
                .sessions()
                .iter()
                .map(|s| bigiq::access_info::LiveSession {
                    id: s.id.to_string(),
                    user: Some(s.user.to_string()),
                    ..Default::default()
                })
                .collect(),
        ),
    };
    let cut = Reading::of(info, sessions, reading.read_at()).unwrap();
    assert_eq!(cut.extent(), Extent::CutAt(sessions));
    cut
}

/// A job of this draft that ended at 20,500.
fn ended(draft: &Draft) -> (Batch, Job) {
    seen(draft, snapshot("FINISHED", "DONE", "COMPLETE"))
}

const BEFORE: i64 = 15_000;
const AFTER: i64 = 30_000;

fn verdict(draft: &Draft, before: &Live, after: &Live) -> Verdict {
    let (batch, sending) = sending(draft);
    let baseline = Baseline::take(&sending, &batch, before, &inventory());
    let (_, job) = ended(draft);
    baseline.check(&job, after).unwrap().verdict
}

fn on_blue() -> Draft {
    draft("user2", &[], &["Blue"], &[])
}

fn on_lone() -> Draft {
    draft("user2", &[], &[], &["lone"])
}

const ONE: &[(&str, &str)] = &[("1", "user2")];
const NEW: &[(&str, &str)] = &[("9", "user2")];
const TWO: &[(&str, &str)] = &[("1", "user2"), ("2", "USER2")];
const OTHER: &[(&str, &str)] = &[("3", "USER2")];
const NONE: &[(&str, &str)] = &[];

type Readings<'a> = &'a [(&'a str, &'a [(&'a str, &'a str)])];

/// The numbers are gone, remaining, unreadable, came back, blind.
#[rstest]
#[case::gone(&[("lone", ONE)], &[("lone", NONE)], [1, 0, 0, 0, 0])]
#[case::still_there(&[("lone", ONE)], &[("lone", ONE)], [0, 1, 0, 0, 0])]
#[case::nothing_to_verify(&[("lone", NONE)], &[("lone", NONE)], [0; 5])]
#[case::came_back(&[("lone", ONE)], &[("lone", NEW)], [1, 0, 0, 1, 0])]
#[case::other_users_do_not_matter(&[("lone", TWO)], &[("lone", OTHER)], [1, 0, 0, 0, 0])]
#[case::not_read_after(&[("lone", ONE)], &[], [0, 0, 1, 0, 0])]
#[case::cut_after(&[("lone", ONE)], &[("!lone", NEW)], [0, 0, 1, 1, 0])]
#[case::seen_in_a_cut_reading_after(&[("lone", ONE)], &[("!lone", ONE)], [0, 1, 0, 0, 0])]
#[case::not_read_before(&[], &[("lone", NONE)], [0, 0, 0, 0, 1])]
#[case::cut_before(&[("!lone", ONE)], &[("lone", NONE)], [0, 0, 0, 0, 1])]
#[case::cut_before_and_there_now(&[("!lone", ONE)], &[("lone", NEW)], [0, 0, 0, 0, 1])]
fn one_device(
    #[case] before: Readings<'_>,
    #[case] after: Readings<'_>,
    #[case] numbers: [usize; 5],
) {
    let verdict = verdict(&on_lone(), &live(BEFORE, before), &live(AFTER, after));
    assert_eq!(counts(&verdict), numbers);
}

fn counts(verdict: &Verdict) -> [usize; 5] {
    [verdict.gone, verdict.remaining, verdict.unreadable, verdict.came_back, verdict.blind]
}

/// Both kinds of standby: one that lists its partner's sessions, and one that lists none.
#[rstest]
#[case::mirrored(&[("blue-a", ONE), ("blue-b", ONE)], &[("blue-a", NONE), ("blue-b", NONE)], [1, 0, 0, 0, 0])]
#[case::not_mirrored(&[("blue-a", ONE), ("blue-b", NONE)], &[("blue-a", NONE), ("blue-b", NONE)], [1, 0, 0, 0, 0])]
#[case::left_on_the_standby(&[("blue-a", ONE), ("blue-b", ONE)], &[("blue-a", NONE), ("blue-b", ONE)], [0, 1, 0, 0, 0])]
#[case::standby_not_read_after(&[("blue-a", ONE), ("blue-b", ONE)], &[("blue-a", NONE)], [0, 0, 1, 0, 0])]
#[case::standby_cut_after(&[("blue-a", ONE), ("blue-b", ONE)], &[("blue-a", NONE), ("!blue-b", NEW)], [0, 0, 1, 1, 0])]
#[case::came_back_on_both(&[("blue-a", ONE), ("blue-b", ONE)], &[("blue-a", NEW), ("blue-b", NEW)], [1, 0, 0, 1, 0])]
#[case::only_one_read_before(&[("blue-a", ONE)], &[("blue-a", NONE), ("blue-b", NONE)], [1, 0, 0, 0, 1])]
fn a_cluster(
    #[case] before: Readings<'_>,
    #[case] after: Readings<'_>,
    #[case] numbers: [usize; 5],
) {
    let verdict = verdict(&on_blue(), &live(BEFORE, before), &live(AFTER, after));
    assert_eq!(counts(&verdict), numbers);
}

/// What can't be verified is known by name: the cluster, or the device.
#[rstest]
#[case::a_cluster(on_blue(), &[("blue-a", ONE)], vec![UnitId::Cluster("Blue".into())])]
#[case::a_device(on_lone(), &[], vec![UnitId::Device(machine("lone"))])]
#[case::none(on_lone(), &[("lone", ONE)], vec![])]
fn unread_units_are_known(
    #[case] draft: Draft,
    #[case] before: Readings<'_>,
    #[case] expected: Vec<UnitId>,
) {
    let (batch, sending) = sending(&draft);
    let baseline = Baseline::take(&sending, &batch, &live(BEFORE, before), &inventory());
    let check = baseline.check(&ended(&draft).1, &Live::default()).unwrap();
    assert_eq!(check.blind, expected);
    assert_eq!(check.verdict.blind, expected.len());
}

#[rstest]
#[case::the_active_member_is_enough("blue-a", HaRole::Active, 0)]
#[case::a_standby_does_not("blue-a", HaRole::Standby, 1)]
fn roles_before(#[case] device: &str, #[case] role: HaRole, #[case] blind: usize) {
    let mut before = live(BEFORE, &[("blue-a", NONE)]);
    before.note_role(&machine(device), role, Timestamp(1));
    let after = live(AFTER, &[("blue-a", NONE), ("blue-b", NONE)]);
    assert_eq!(verdict(&on_blue(), &before, &after).blind, blind);
}

#[test]
fn a_standby_by_reference_proves_nothing_ended() {
    let by_reference = draft("user2", &[], &[], &["blue-b"]);
    let both = |at| live(at, &[("blue-a", ONE), ("blue-b", ONE)]);
    let mirrored = verdict(&by_reference, &both(BEFORE), &both(AFTER));
    assert_eq!(mirrored.finding(), Finding::NotVerified);
    let one = |at| live(at, &[("blue-a", ONE), ("blue-b", NONE)]);
    let bare = verdict(&by_reference, &one(BEFORE), &one(AFTER));
    assert_eq!(counts(&bare), [0; 5], "the active member's session is neither killed nor new");
    assert_eq!(bare.finding(), Finding::NothingToVerify);
}

#[test]
fn everybody() {
    let all = Draft { kind: Kind::Everybody, ..on_lone() };
    let before = live(BEFORE, &[("lone", &[("1", "user2"), ("2", "user3"), ("3", "")])]);
    let after =
        live(AFTER, &[("lone", &[("2", "user3"), ("7", "user3"), ("8", "user4"), ("9", "")])]);
    let verdict = verdict(&all, &before, &after);
    assert_eq!(counts(&verdict), [2, 1, 0, 1, 0], "user4 is new, but not one of the users");
}

fn listed(sessions: &[(&str, &str)]) -> Draft {
    let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
    for (device, id) in sessions {
        draft.sessions.insert(&machine(device), &session(id), None);
    }
    draft
}

#[test]
fn listed_sessions() {
    let draft = listed(&[("blue-a", "1"), ("blue-a", "5")]);
    let before = live(BEFORE, &[("blue-a", &[("1", "user2"), ("2", "user2")]), ("blue-b", NONE)]);
    let after = live(AFTER, &[("blue-a", &[("2", "user2"), ("3", "user2")]), ("blue-b", NONE)]);
    assert_eq!(
        counts(&verdict(&draft, &before, &after)),
        [1, 0, 0, 1, 0],
        "2 was there and not killed"
    );
    let unread = live(BEFORE, &[("blue-a", &[("1", "user2")])]);
    assert_eq!(
        counts(&verdict(&draft, &unread, &after)),
        [1, 0, 0, 0, 1],
        "5 may have been there before"
    );
    let mirrored = live(BEFORE, &[("blue-b", &[("1", "user2"), ("5", "user2")])]);
    assert_eq!(
        counts(&verdict(&draft, &mirrored, &after)),
        [2, 0, 0, 0, 0],
        "a mirrored session counts as seen"
    );
}

#[test]
fn readings_from_the_wrong_time_are_ignored() {
    let (batch, sending) = sending(&on_lone());
    let late = live(20_001, &[("lone", ONE)]);
    let baseline = Baseline::take(&sending, &batch, &late, &inventory());
    assert!(baseline.is_blind() && baseline.sessions() == 0 && baseline.as_of().is_none());
    assert_eq!(baseline.devices().count(), 0, "devices without sessions are not checked");

    let early = live(BEFORE, &[("lone", ONE)]);
    let baseline = Baseline::take(&sending, &batch, &early, &inventory());
    assert_eq!((baseline.sessions(), baseline.as_of()), (1, Some(Timestamp(BEFORE))));
    assert_eq!(baseline.devices().collect::<Vec<_>>(), ["lone"]);
    assert_eq!(baseline.check(&sending, &live(AFTER, &[("lone", NONE)])), None, "not ended");
    let (_, job) = ended(&on_lone());
    let stale = baseline.check(&job, &live(20_499, &[("lone", NONE)])).unwrap();
    assert_eq!(stale.verdict.unreadable, 1);
    let fresh = baseline.check(&job, &live(20_500, &[("lone", NONE)])).unwrap();
    assert_eq!(fresh.units[0].sessions[0].now, Now::Gone);
}

#[test]
fn devices_that_only_bigiq_named_are_not_verifiable() {
    let last = TaskSnapshot {
        devices: vec!["lone".into(), "new".into()],
        ..snapshot("FINISHED", "DONE", "COMPLETE")
    };
    let (batch, job) = seen(&on_lone(), last);
    let mut live = live(BEFORE, &[("lone", ONE)]);
    let baseline = Baseline::take(&job, &batch, &live, &inventory());
    live.note_reading(&machine("lone"), reading_at(AFTER, NONE));
    let check = baseline.check(&job, &live).unwrap();
    assert_eq!(counts(&check.verdict), [1, 0, 0, 0, 1]);
    assert_eq!(check.verdict.finding(), Finding::NotVerifiable);
}

/// Without all devices, an empty list proves nothing, unless BIG-IQ itself named the devices.
#[test]
fn a_plan_that_may_reach_more_is_not_verifiable_until_bigiq_names_the_devices() {
    let verdict = |named: &[&str]| {
        let devices = named.iter().map(machine).collect();
        let last = TaskSnapshot { devices, ..snapshot("FINISHED", "DONE", "COMPLETE") };
        let (mut batch, job) = seen(&draft("user2", &["G2"], &[], &[]), last);
        batch.may_reach_more = true;
        let mut live = live(BEFORE, &[("lone", ONE)]);
        let baseline = Baseline::take(&job, &batch, &live, &inventory());
        assert!(baseline.is_blind());
        let stored = serde_json::to_string(&baseline).unwrap();
        let baseline: Baseline = serde_json::from_str(&stored).unwrap();
        live.note_reading(&machine("lone"), reading_at(AFTER, NONE));
        baseline.check(&job, &live).unwrap().verdict
    };
    assert_eq!(counts(&verdict(&[])), [1, 0, 0, 0, 1]);
    assert_eq!(verdict(&["lone"]).finding(), Finding::Verified);
    assert_eq!(verdict(&["lone", "other"]).finding(), Finding::NotVerifiable);
}

#[test]
fn a_device_that_the_inventory_has_lost_is_not_verifiable() {
    let (batch, job) = ended(&draft("user2", &["G2"], &[], &["fresh"]));
    let fewer = DeviceList::of([wire("lone", "", "G2")]).inventory(&[], vec![], Timestamp(1_000));
    let mut live = live(BEFORE, &[("lone", ONE)]);
    let baseline = Baseline::take(&job, &batch, &live, &fewer);
    live.note_reading(&machine("lone"), reading_at(AFTER, NONE));
    assert_eq!(counts(&baseline.check(&job, &live).unwrap().verdict), [1, 0, 0, 0, 1]);
}

/// What is missing while the kill runs is gone only if every member's list is complete and was read since the kill began. The
/// numbers are gone, and devices where sessions may be left.
#[rstest]
#[case::both_members(20_500, &[("blue-a", NONE), ("blue-b", NONE)], (1, 0))]
#[case::still_listed(20_500, &[("blue-a", NONE), ("blue-b", ONE)], (0, 2))]
#[case::one_member_does_not_answer(20_500, &[("blue-a", NONE)], (0, 2))]
#[case::cut(20_500, &[("blue-a", NONE), ("!blue-b", NONE)], (0, 2))]
#[case::read_before_the_kill_began(20_499, &[("blue-a", NONE), ("blue-b", NONE)], (0, 2))]
fn gone_so_far(#[case] at: i64, #[case] during: Readings<'_>, #[case] expected: (usize, usize)) {
    let before = live(BEFORE, &[("blue-a", ONE), ("blue-b", ONE)]);
    let (batch, job) = seen(&on_blue(), snapshot("STARTED", "KILL", ""));
    let baseline = Baseline::take(&job, &batch, &before, &inventory());
    let so_far = baseline.so_far(&job, &live(at, during)).unwrap();
    assert_eq!((so_far.gone, so_far.left.len()), expected);
    assert_eq!(so_far.before, Count::Exactly(1));
    let (_, job) = seen(&on_blue(), snapshot("STARTED", "RESOLVE_DEVICES", ""));
    assert_eq!(baseline.so_far(&job, &live(at, during)), None);
}

#[test]
fn a_number_of_sessions_that_may_be_larger_stays_so_during_the_kill() {
    let (batch, job) = seen(&on_blue(), snapshot("STARTED", "KILL", ""));
    let before = live(BEFORE, &[("blue-a", ONE)]);
    let baseline = Baseline::take(&job, &batch, &before, &inventory());
    let so_far = baseline.so_far(&job, &Live::default()).unwrap();
    assert_eq!(so_far.before, Count::AtLeast(1));
}

/// Where sessions were not read before the kill: how many of the user there are after it.
#[rstest]
#[case::none(on_blue(), &[("blue-a", NONE), ("blue-b", NONE)], Count::Exactly(0))]
#[case::once_per_cluster(on_blue(), &[("blue-a", ONE), ("blue-b", ONE)], Count::Exactly(1))]
#[case::of_this_user(on_lone(), &[("lone", TWO)], Count::Exactly(1))]
#[case::one_member_does_not_answer(on_blue(), &[("blue-a", ONE)], Count::AtLeast(1))]
#[case::not_read(on_blue(), &[("blue-a", NONE)], Count::Unknown)]
#[case::everybody(Draft { kind: Kind::Everybody, ..on_lone() }, &[("lone", TWO)], Count::Exactly(2))]
#[case::listed(listed(&[("lone", "2"), ("lone", "9")]), &[("lone", TWO)], Count::Exactly(1))]
fn who_is_signed_in_after_a_kill(
    #[case] draft: Draft,
    #[case] after: Readings<'_>,
    #[case] expected: Count,
) {
    let (batch, job) = ended(&draft);
    let baseline = Baseline::take(&job, &batch, &Live::default(), &inventory());
    assert!(baseline.to_read().count() > 0);
    let check = baseline.check(&job, &live(AFTER, after)).unwrap();
    assert_eq!(check.signed_in.map(|signed_in| signed_in.sessions), Some(expected));
    let stale = baseline.check(&job, &live(20_499, after)).unwrap();
    assert_eq!(stale.signed_in.map(|signed_in| signed_in.sessions), Some(Count::Unknown));
}

/// Where sessions were not read before the kill: where they are after it, and where that is not known either.
#[rstest]
#[case::there(&[("blue-a", ONE), ("blue-b", ONE)], &["Blue"], &[])]
#[case::one_member_does_not_answer(&[("blue-a", ONE)], &["Blue"], &["Blue"])]
#[case::none(&[("blue-a", NONE), ("blue-b", NONE)], &[], &[])]
#[case::not_read(&[], &[], &["Blue"])]
fn where_sessions_are_after_a_kill(
    #[case] after: Readings<'_>,
    #[case] places: &[&str],
    #[case] unread: &[&str],
) {
    let (batch, job) = ended(&on_blue());
    let baseline = Baseline::take(&job, &batch, &Live::default(), &inventory());
    let there = baseline.check(&job, &live(AFTER, after)).unwrap().signed_in.unwrap();
    let units = |names: &[&str]| -> Vec<UnitId> {
        names.iter().map(|name| UnitId::Cluster((*name).to_owned())).collect()
    };
    assert_eq!((there.places, there.unread), (units(places), units(unread)));
}

/// Two units, of which `lone` was read before the kill: what is proven there, and what can't be verified.
#[rstest]
#[case::one_not_read_before(&[("lone", ONE)], &[("lone", NONE)], 1, &["Blue"])]
#[case::none_there(&[("lone", NONE)], &[("lone", NONE)], 1, &["Blue"])]
#[case::still_there(&[("lone", ONE)], &[("lone", ONE)], 0, &["Blue"])]
#[case::one_not_read_after(
    &[("lone", ONE), ("blue-a", ONE), ("blue-b", NONE)], &[("lone", NONE), ("blue-a", NONE)], 1, &["Blue"]
)]
#[case::both(&[("lone", ONE), ("blue-a", ONE)], &[("lone", NONE), ("blue-a", NONE)], 1, &["Blue"])]
fn what_is_proven_where_others_were_not_read(
    #[case] before: Readings<'_>,
    #[case] after: Readings<'_>,
    #[case] verified: usize,
    #[case] not_verifiable: &[&str],
) {
    let draft = draft("user2", &[], &["Blue"], &["lone"]);
    let (batch, sending) = sending(&draft);
    let baseline = Baseline::take(&sending, &batch, &live(BEFORE, before), &inventory());
    let mut check = baseline.check(&ended(&draft).1, &live(AFTER, after)).unwrap();
    assert_eq!(check.verified_units(), verified);
    let units = not_verifiable.iter().map(|name| UnitId::Cluster((*name).to_owned())).collect();
    assert_eq!(check.not_verifiable(), Some(units));
    check.verdict.blind += 1;
    assert_eq!(check.not_verifiable(), None, "one has no name");
}

#[test]
fn who_is_signed_in_does_not_matter_where_all_was_read_before() {
    let (batch, job) = ended(&on_lone());
    let baseline = Baseline::take(&job, &batch, &live(BEFORE, &[("lone", ONE)]), &inventory());
    let check = baseline.check(&job, &live(AFTER, &[("lone", NEW)])).unwrap();
    assert_eq!(check.signed_in, None);
}

#[test]
fn a_device_that_only_bigiq_named_makes_the_number_a_lower_bound() {
    let last = TaskSnapshot {
        devices: vec!["lone".into(), "new".into()],
        ..snapshot("FINISHED", "DONE", "COMPLETE")
    };
    let (batch, job) = seen(&on_lone(), last);
    let baseline = Baseline::take(&job, &batch, &Live::default(), &inventory());
    let check = baseline.check(&job, &live(AFTER, &[("lone", ONE)])).unwrap();
    assert_eq!(check.signed_in.map(|signed_in| signed_in.sessions), Some(Count::AtLeast(1)));
}

#[test]
fn a_baseline_survives_a_reload() {
    let (batch, job) = sending(&on_blue());
    let before = live(BEFORE, &[("blue-a", ONE), ("blue-b", ONE)]);
    let baseline = Baseline::take(&job, &batch, &before, &inventory());
    let stored = serde_json::to_string(&baseline).unwrap();
    assert_eq!(serde_json::from_str::<Baseline>(&stored).unwrap(), baseline);
}

type Shown = Option<(bool, Vec<(String, String)>)>;

fn shown() -> impl Strategy<Value = Shown> {
    let session = ("[1-4]", prop::sample::select(vec!["user2", "user3"]).prop_map(str::to_owned));
    proptest::option::of((any::<bool>(), prop::collection::vec(session, 0..4)))
}

fn note(live: &mut Live, device: &str, at: i64, shown: &Shown) {
    let Some((complete, sessions)) = shown else { return };
    let sessions: Vec<_> = sessions.iter().map(|(id, user)| (id.as_str(), user.as_str())).collect();
    let reading = reading_at(at, &sessions);
    live.note_reading(&machine(device), if *complete { reading } else { cut(&reading) });
}

proptest! {
    /// Compares with the rule itself, session by session.
    #[test]
    fn gone_is_never_claimed_without_proof(
        before in prop::array::uniform2(shown()),
        after in prop::array::uniform2(shown()),
    ) {
        let members = ["blue-a", "blue-b"];
        let (mut then, mut now) = (Live::default(), Live::default());
        for place in 0..2 {
            note(&mut then, members[place], BEFORE, &before[place]);
            note(&mut now, members[place], AFTER, &after[place]);
        }
        let (batch, job) = sending(&on_blue());
        let baseline = Baseline::take(&job, &batch, &then, &inventory());
        let check = baseline.check(&ended(&on_blue()).1, &now).unwrap();
        let complete = |live: &Live, member: &str| live.reading(&machine(member)).is_some_and(Reading::is_complete);
        let lists = |live: &Live, member: &str, id: &SessionId| live.reading(&machine(member)).is_some_and(|r| r.session(id).is_some());
        for session in &check.units[0].sessions {
            prop_assert!(members.iter().any(|m| complete(&then, m) && lists(&then, m, &session.id)));
            let listed = members.iter().any(|m| lists(&now, m, &session.id));
            let proof = !listed && members.iter().all(|m| complete(&now, m));
            prop_assert_eq!(session.now == Now::Gone, proof);
            prop_assert_eq!(session.now == Now::Remaining, listed);
        }
        if check.verdict.finding() == Finding::Verified {
            prop_assert!(members.iter().all(|m| complete(&now, m)));
            prop_assert!(members.iter().all(|m| complete(&then, m)), "without roles, every member must be complete");
        }
        prop_assert_eq!(check.verdict.before(), check.units[0].sessions.len());
    }
}
