//! Tests of the plan as a whole: what it refuses, reaches, warns of and requires.

use super::*;
use crate::fixture::{
    account, batch_id, draft, inventory, machine, reading, session, set, user, wire,
};
use crate::input::RepeatedName;
use crate::input::{Doubt, SkipReason, SkippedLine};
use crate::inventory::{DeviceList, Gap, HaRole, Inventory, Live, Missing, UnitId};
use crate::names::{FoundSimilar, Oddity, Script, SimilarNames};
use crate::sorted::SortedSet;
use bigiq::device::AccessGroup;
use proptest::prelude::*;
use rstest::rstest;
use std::time::Duration;

fn plan(draft: &Draft) -> Plan {
    Plan::make(draft, &inventory(), account(), Timestamp(2_000)).unwrap()
}

#[rstest]
#[case(draft("", &[], &[], &[]), vec![DraftError::NoUser, DraftError::NoTarget])]
#[case(draft("user2", &[], &[], &[]), vec![DraftError::NoTarget])]
#[case(draft("user,x\nuser2,\"a\nUser2", &["G1"], &[], &[]), vec![DraftError::UnreadableUsers(SkippedLine { line: 2, reason: SkipReason::BrokenQuotes })])]
#[case(draft("user2, user3", &["G1"], &[], &[]), vec![DraftError::UsersInDoubt(Doubt::Parts)])]
#[case(draft("user2", &["Gone"], &["Blue"], &["x"]), vec![DraftError::Vanished("Gone".into()), DraftError::Vanished("x".into())])]
#[case(Draft { kind: Kind::Everybody, ..draft("", &[], &[], &[]) }, vec![DraftError::NoTarget])]
#[case(listed(&[]), vec![DraftError::NoSession])]
#[case(listed(&[("gone", "1")]), vec![DraftError::Vanished("gone".into())])]
fn what_is_not_a_plan(#[case] draft: Draft, #[case] expected: Vec<DraftError>) {
    assert_eq!(Plan::make(&draft, &inventory(), account(), Timestamp(0)), Err(expected));
}

#[test]
fn without_any_list_names_are_sent_as_typed_and_called_unchecked() {
    let unread = Inventory::unread(Timestamp(0));
    let typed = draft("user2", &["Group"], &["Blue"], &[]);
    let plan = Plan::make(&typed, &unread, account(), Timestamp(0)).unwrap();
    assert_eq!(plan.device_count(), Count::Unknown);
    let unchecked = |name: &str| Warning::Unchecked(name.into());
    assert_eq!(
        plan.warnings(),
        [unchecked("Group"), unchecked("Blue"), Warning::Partial(Gap::Lists)]
    );
    assert_eq!(
        plan.requests()[0].to_json(),
        r#"{"action":"KILL_BY_USER","userName":"user2","accessGroupNames":["Group"],"clusterNames":["Blue"]}"#
    );
    let device = draft("user2", &[], &["Blue"], &["gone"]);
    assert_eq!(
        Plan::make(&device, &unread, account(), Timestamp(0)),
        Err(vec![DraftError::Vanished("gone".into())])
    );
}

#[test]
fn reach_is_the_union_without_doubles() {
    let plan = plan(&draft("user2", &["G2"], &["Blue"], &["blue-a", "fresh"]));
    let names: Vec<_> =
        plan.reached().iter().map(|d| (d.id.as_str(), d.by_reference_only)).collect();
    assert_eq!(names, [("blue-a", false), ("blue-b", false), ("fresh", true), ("lone", false)]);
    assert_eq!(plan.warnings(), []);
    assert_eq!(
        plan.requests()[0].to_json(),
        r#"{"action":"KILL_BY_USER","userName":"user2","accessGroupNames":["G2"],"clusterNames":["Blue"],"deviceReferences":[{"link":"https://localhost/mgmt/cm/system/machineid-resolver/blue-a"},{"link":"https://localhost/mgmt/cm/system/machineid-resolver/fresh"}]}"#
    );
}

#[test]
fn warnings() {
    let odd = draft("EXAMPLE\\Manager\nuser2 \nuser3\nuser3", &["Empty"], &[], &["red-a"]);
    let made = Plan::make(&odd, &inventory(), account(), Timestamp(1_000 + 15 * 60_000)).unwrap();
    assert_eq!(
        made.warnings(),
        [
            Warning::Odd {
                user: "user2 ".into(),
                oddity: Oddity::OuterSpaces,
                meant: Some("user2".into()),
            },
            Warning::Repeated(RepeatedName { name: "user3".into(), times: 2 }),
            Warning::OwnSessions("EXAMPLE\\Manager".into()),
            Warning::DeviceInCluster {
                device: "red-a".into(),
                name: "red-a.example.test".into(),
                cluster: "Red".into(),
                role: HaRole::Unknown,
                active: None,
            },
            Warning::NobodyIn("Empty".into()),
            Warning::Stale(Duration::from_secs(900)),
        ]
    );
}

#[test]
fn a_planned_device_is_stored_compactly_and_completely() {
    let mut inventory = inventory();
    inventory.note_reachable(&machine("lone"), false);
    let mut draft = draft("user2", &["G1"], &[], &["lone", "fresh"]);
    draft.apart.insert("lone".into());
    let plan = Plan::make(&draft, &inventory, account(), Timestamp(2_000)).unwrap();
    let stored: Vec<_> = plan.reached().iter().map(|d| serde_json::to_string(d).unwrap()).collect();
    assert_eq!(
        stored[0],
        r#"{"id":"blue-a","name":"blue-a.example.test","cluster":"Blue","group":"G1"}"#
    );
    let back: Vec<PlannedDevice> =
        stored.iter().map(|d| serde_json::from_str(d).unwrap()).collect();
    assert_eq!(back, plan.reached());
}

fn lines(count: usize) -> String {
    (0..count).map(|n| format!("user{n}\n")).collect()
}

#[rstest]
#[case(1, None)]
#[case(10, None)]
#[case(11, Some(Phrase::Users { users: 11, devices: Count::Exactly(4) }))]
fn the_gate_grows_with_people(#[case] users: usize, #[case] phrase: Option<Phrase>) {
    let plan = plan(&draft(&lines(users), &["G1"], &[], &["lone"]));
    assert_eq!(plan.gate().phrase(), phrase.as_ref());
    assert_eq!(plan.gate().wants_names(), (2..=10).contains(&users));
    assert_eq!(plan.requests().len(), users);
}

#[test]
fn a_reason_changes_nothing_else() {
    let with = |reason: &str| Draft { reason: reason.into(), ..draft("user2", &["G1"], &[], &[]) };
    let changed = plan(&with("")).because(" INC-1 ");
    assert_eq!((changed.reason(), &changed), ("INC-1", &plan(&with("INC-1"))));
    let confirmed = changed.confirm(&Answer::default(), |_| String::new()).unwrap();
    assert_eq!(confirmed.reason(), "INC-1");
}

#[test]
fn everybody_takes_phrase_and_reason() {
    let plan = plan(&Draft { kind: Kind::Everybody, ..draft("ignored", &["G1"], &[], &[]) });
    assert_eq!(plan.gate().phrase(), Some(&Phrase::Everybody { devices: Count::Exactly(3) }));
    assert!(plan.gate().wants_reason());
    assert_eq!(
        plan.requests()[0].to_json(),
        r#"{"action":"KILL_ALL_SESSIONS","accessGroupNames":["G1"]}"#
    );
    assert_eq!(plan.warnings(), [Warning::Everybody]);
    let words = |_: &Phrase| "kill".to_owned();
    assert_eq!(plan.confirm(&Answer::default(), words), Err(GateError::Phrase));
    let answer = Answer { phrase: "kill".into(), reason: " INC-1 ".into() };
    let confirmed = plan.confirm(&answer, words).unwrap();
    assert_eq!(confirmed.reason(), "INC-1");
    assert_eq!(confirmed.start(&batch_id("b"), Timestamp(3_000)).items.len(), 1);
}

proptest! {
    /// A plan never contains a request that leads to one of the specification's "Common Errors".
    #[test]
    fn no_plan_is_refused_by_bigiq(
        users in "[a-z \n]{0,12}",
        kind in prop::sample::select(vec![Kind::Users, Kind::Everybody, Kind::Listed]),
        groups in prop::collection::btree_set("G1|G2|Empty|Gone", 0..3),
        clusters in prop::collection::btree_set("Blue|Red", 0..2),
        devices in prop::collection::btree_set("blue-a|lone|fresh|none", 0..3),
        apart in prop::collection::btree_set("blue-a|lone|none", 0..3),
        chosen in prop::collection::vec(("blue-a|lone|none", "[0-9 ]{0,2}"), 0..4),
    ) {
        let (devices, apart) =
            (devices.iter().map(machine).collect(), apart.iter().map(machine).collect());
        let (groups, clusters) = (groups.into_iter().collect(), clusters.into_iter().collect());
        let mut draft = Draft { kind, users, groups, clusters, devices, apart, ..Draft::default() };
        for (device, id) in &chosen {
            draft.sessions.insert(&machine(device), &session(id), None);
        }
        if let Ok(plan) = Plan::make(&draft, &inventory(), account(), Timestamp(0)) {
            prop_assert!(!plan.requests().is_empty());
            for request in plan.requests() {
                match request {
                    KillRequest::ByUser { user_name, targets } => {
                        prop_assert!(!user_name.trim().is_empty() && !targets.is_empty());
                    }
                    KillRequest::All { targets } => prop_assert!(!targets.is_empty()),
                    KillRequest::Listed { sessions } => {
                        prop_assert!(!sessions.is_empty());
                        for listed in sessions.iter() {
                            prop_assert!(!listed.device_reference.machine_id().is_empty());
                            prop_assert!(!listed.session_ids.is_empty());
                            prop_assert!(listed.session_ids.iter().all(|id| !id.trim().is_empty()));
                        }
                    }
                }
                let body: serde_json::Value = serde_json::from_str(&request.to_json()).unwrap();
                prop_assert_eq!(body["action"].as_str(), Some(request.action()));
                prop_assert_eq!(body["userName"].as_str(), request.user_name());
            }
            // The requests name exactly what was selected.
            if draft.kind != Kind::Listed {
                let targets = || plan.requests().iter().filter_map(KillRequest::targets);
                let devices = targets().flat_map(|t| &t.devices).map(|d| machine(d.machine_id()));
                prop_assert_eq!(&targets().flat_map(|t| t.groups.clone()).collect::<SortedSet<_>>(), &draft.groups);
                prop_assert_eq!(&targets().flat_map(|t| t.clusters.clone()).collect::<SortedSet<_>>(), &draft.clusters);
                prop_assert_eq!(&devices.collect::<SortedSet<_>>(), &draft.devices);
                let asked = plan.requests().iter().filter_map(KillRequest::user_name).collect::<SortedSet<_>>();
                prop_assert_eq!(asked, plan.users().map(UserName::as_str).collect::<SortedSet<_>>());
            }
            prop_assert_eq!(plan.session_count(), if draft.kind == Kind::Listed { draft.sessions.len() } else { 0 });
            // Every device is reached by a request, and none by two for the same user.
            let users = plan.users().count().max(1);
            for device in plan.reached() {
                let hits = plan.requests().iter().filter(|r| TargetSet::of(r).hits(device)).count();
                prop_assert_eq!(hits, users, "{}", &device.id);
            }
        }
    }

    #[test]
    fn leaving_a_device_out_leaves_the_others_in(
        groups in prop::collection::btree_set("G1|G2", 0..3),
        clusters in prop::collection::btree_set("Blue|Red", 0..3),
        devices in prop::collection::btree_set("blue-a|lone|fresh", 1..3),
        out in "blue-a|blue-b|red-a|lone|fresh",
        apart: bool,
    ) {
        let (devices, out) = (devices.iter().map(machine).collect(), machine(out));
        let (groups, clusters) = (groups.into_iter().collect(), clusters.into_iter().collect());
        let mut draft = Draft { groups, clusters, devices, ..draft("user2", &[], &[], &[]) };
        let ids = |draft: &Draft| -> SortedSet<MachineId> {
            reach::reach(draft, PlanInputs::from(&inventory())).into_iter().map(|d| d.id).collect()
        };
        let mut expected = ids(&draft);
        if apart {
            draft.send_apart(&[out.clone()].into(), &inventory());
            expected.insert(out);
        } else {
            draft.leave_out(&[out.clone()].into(), &inventory());
            expected.remove(&out);
        }
        prop_assert_eq!(ids(&draft), expected);
    }
}

#[test]
fn warnings_with_the_same_cause_are_adjacent() {
    let mut inventory = inventory();
    inventory.note_reachable(&machine("red-a"), false);
    inventory.note_reachable(&machine("fresh"), false);
    let all = draft(" a\nb \nb \n a", &["Empty"], &[], &["blue-a", "fresh", "lone", "red-a"]);
    let plan = Plan::make(&all, &inventory, account(), Timestamp(2_000)).unwrap();
    let groups: Vec<usize> = plan.warnings().chunk_by(Warning::is_like).map(<[_]>::len).collect();
    assert_eq!(groups, [2, 2, 2, 2, 1], "padded, repeated, in a cluster, not reached, nobody in");
}

/// A draft of listed sessions.
fn listed(sessions: &[(&str, &str)]) -> Draft {
    let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
    for (device, id) in sessions {
        draft.sessions.insert(&machine(device), &session(id), None);
    }
    draft
}

fn with_live(draft: &Draft, live: &Live) -> Plan {
    let inventory = inventory();
    let inputs = PlanInputs { live: Some(live), ..PlanInputs::from(&inventory) };
    Plan::make(draft, inputs, account(), Timestamp(2_000)).unwrap()
}

#[test]
fn listed_sessions_name_their_devices() {
    let plan = plan(&listed(&[("lone", "2"), ("blue-a", "9"), ("lone", "1")]));
    assert_eq!(
        plan.requests()[0].to_json(),
        r#"{"action":"KILL_BY_LIST_OF_SESSIONS","sessions":[{"deviceReference":{"link":"https://localhost/mgmt/cm/system/machineid-resolver/blue-a"},"sessionIds":["9"]},{"deviceReference":{"link":"https://localhost/mgmt/cm/system/machineid-resolver/lone"},"sessionIds":["1","2"]}]}"#
    );
    let reached: Vec<_> = plan.reached().iter().map(|d| d.id.as_str()).collect();
    assert_eq!(reached, ["blue-a", "lone"]);
    assert!(plan.targets().is_empty());
    assert_eq!(plan.gate().phrase(), None);
}

#[rstest]
#[case::unknown(None, Some((HaRole::Unknown, None)))]
#[case::active(Some(("blue-a", HaRole::Active)), None)]
#[case::standby(Some(("blue-a", HaRole::Standby)), Some((HaRole::Standby, None)))]
#[case::other_is_active(Some(("blue-b", HaRole::Active)), Some((HaRole::Unknown, Some("blue-b"))))]
fn a_listed_session_needs_the_active_member(
    #[case] reported: Option<(&str, HaRole)>,
    #[case] expected: Option<(HaRole, Option<&str>)>,
) {
    let mut live = Live::default();
    if let Some((device, role)) = reported {
        live.note_role(&machine(device), role, Timestamp(1));
    }
    let plan = with_live(&listed(&[("blue-a", "9"), ("lone", "1")]), &live);
    let warned = plan.warnings().iter().find_map(|warning| match warning {
        Warning::DeviceInCluster { role, active, .. } => {
            Some((*role, active.as_ref().map(MachineId::as_str)))
        }
        _ => None,
    });
    assert_eq!(warned, expected);
}

#[test]
fn a_referenced_cluster_member_is_reported_even_if_active() {
    let mut live = Live::default();
    live.note_role(&machine("blue-a"), HaRole::Active, Timestamp(1));
    let plan = with_live(&draft("user2", &[], &[], &["blue-a"]), &live);
    let warned = Warning::DeviceInCluster {
        device: "blue-a".into(),
        name: "blue-a.example.test".into(),
        cluster: "Blue".into(),
        role: HaRole::Active,
        active: None,
    };
    assert_eq!(plan.warnings(), [warned]);
}

#[test]
fn listed_sessions_are_compared_with_the_reading() {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", "EXAMPLE\\manager"), ("2", "user2")]));
    let plan = with_live(&listed(&[("lone", "1"), ("lone", "2"), ("lone", "3")]), &live);
    let not_there =
        Warning::NotThere { device: "lone".into(), name: "lone.example.test".into(), sessions: 1 };
    assert_eq!(plan.warnings(), [Warning::OwnSessions("EXAMPLE\\manager".into()), not_there]);
}

#[test]
fn few_listed_sessions_are_named() {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", "user2"), ("2", "")]));
    let mut ten = listed(&[("lone", "1"), ("lone", "2"), ("fresh", "3")]);
    ten.sessions.insert(&machine("fresh"), &session("4"), Some(&user("user4")));
    (0..6).for_each(|n| _ = ten.sessions.insert(&machine("red-a"), &session(n.to_string()), None));
    let plan = with_live(&ten, &live);
    let named: Vec<_> = plan
        .named()
        .iter()
        .map(|n| (n.id.as_str(), n.user.as_ref().map(UserName::as_str), n.device.as_str()))
        .filter(|(_, _, device)| !device.starts_with("red-a"))
        .collect();
    let (fresh, lone) = ("fresh.example.test", "lone.example.test");
    let expected = [
        ("3", None, fresh),
        ("4", Some("user4"), fresh),
        ("1", Some("user2"), lone),
        ("2", None, lone),
    ];
    assert_eq!((plan.named().len(), named.as_slice()), (10, &expected[..]));
    ten.sessions.insert(&machine("red-a"), &session("one more"), None);
    assert!(with_live(&ten, &live).named().is_empty(), "the gate requires a phrase instead");
}

#[rstest]
#[case(9_999, None)]
#[case(10_000, Some(Warning::LongList(10_000)))]
fn a_long_list_is_reported(#[case] sessions: usize, #[case] warned: Option<Warning>) {
    let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
    for id in 0..sessions {
        draft.sessions.insert(&machine("lone"), &session(format!("{id:08x}")), None);
    }
    assert_eq!(plan(&draft).warnings(), Vec::from_iter(warned));
}

#[test]
fn unusual_ids_and_unused_lines_are_counted() {
    let ids = [("lone", "2a5d7604"), ("lone", "policy"), ("lone", "4kds821")];
    let draft = Draft { unused_lines: 3, unread: vec!["silent".into()], ..listed(&ids) };
    let warnings = plan(&draft).warnings().to_vec();
    assert_eq!(
        warnings,
        [Warning::UnusualIds(2), Warning::UnusedLines(3), Warning::NotRead(vec!["silent".into()])]
    );
    let mut live = Live::default();
    live.note_reading(&machine("fresh"), reading(&[("2hjj234", "user2")]));
    let seen = with_live(&listed(&ids), &live);
    assert_eq!(seen.warnings(), [Warning::UnusualIds(1)], "ids of this BIG-IQ can look like that");
    let marked: Vec<_> = seen.named().iter().filter(|n| n.is_unusual).map(|n| &n.id).collect();
    assert_eq!(marked, [&session("policy")]);
}

#[test]
fn sessions_of_all_users_are_counted_where_they_can_be_read() {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", "user2"), ("2", "user3")]));
    let all = Draft { kind: Kind::Everybody, ..draft("", &[], &["Red"], &["lone"]) };
    let plan = with_live(&all, &live);
    let counts = plan.session_counts().unwrap();
    let total = counts.total.as_ref().unwrap();
    assert_eq!((total.sessions, total.users), (2, 2));
    assert_eq!(counts.unknown, [UnitId::Cluster("Red".into())]);
    assert_eq!(plan.warnings(), [Warning::Everybody], "a count does not prevent the kill");
}

/// Similar names, as the page finds them among all that were read.
fn similar(draft: &Draft, live: &Live, compose: fn(&str) -> String) -> FoundSimilar {
    let names: Vec<String> = draft.user_list().names.iter().map(ToString::to_string).collect();
    let mut search = SimilarNames::of(&names, &compose);
    live.users().for_each(|name| search.read(name.as_str(), &compose));
    names.into_iter().zip(search.finish()).collect()
}

fn with_similar(draft: &Draft, live: &Live) -> Plan {
    let compose = |text: &str| text.replace("u\u{308}", "ü");
    let (inventory, similar) = (inventory(), similar(draft, live, compose));
    let inputs = PlanInputs {
        live: Some(live),
        similar: Some(&similar),
        compose,
        ..PlanInputs::from(&inventory)
    };
    Plan::make(draft, inputs, account(), Timestamp(2_000)).unwrap()
}

fn nobody(name: &str, near: &[&str], unknown: usize) -> Warning {
    Warning::NobodyNow { user: name.into(), near: near.iter().map(user).collect(), unknown }
}

fn odd(user: &str, oddity: Oddity, meant: Option<&str>) -> Warning {
    Warning::Odd { user: user.into(), oddity, meant: meant.map(Into::into) }
}

#[test]
fn a_name_without_sessions_is_reported_if_all_is_known_or_a_similar_name_exists() {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", "EXAMPLE\\User2"), ("2", "user3")]));
    let on_lone = draft("user2\nuser3", &[], &[], &["lone"]);
    let plan = with_similar(&on_lone, &live);
    assert_eq!(plan.warnings(), [nobody("user2", &["EXAMPLE\\User2"], 0)]);
    let counts: Vec<_> = plan.session_counts().unwrap().users.iter().map(|u| u.sessions).collect();
    assert_eq!(counts, [0, 1]);
    let wider = draft("user2", &[], &["Red"], &["lone"]);
    let elsewhere = draft("user2", &[], &["Red"], &[]);
    let expected = [nobody("user2", &["EXAMPLE\\User2"], 1)];
    assert_eq!(with_similar(&wider, &live).warnings(), expected);
    assert_eq!(with_similar(&elsewhere, &live).warnings(), expected, "among all names read");
    live.note_reading(&machine("lone"), reading(&[("2", "user3")]));
    assert_eq!(with_similar(&wider, &live).warnings(), [], "Red may have such a user");
    let on_lone = draft("user2", &[], &[], &["lone"]);
    assert_eq!(with_similar(&on_lone, &live).warnings(), [nobody("user2", &[], 0)]);
}

#[rstest]
#[case::field_zero_width("user2\u{200b}", odd("user2\u{200b}", Oddity::Invisible, Some("user2")))]
#[case::field_direction("\u{200e}user2", odd("\u{200e}user2", Oddity::Invisible, Some("user2")))]
#[case::field_soft_hyphen("us\u{ad}er2", odd("us\u{ad}er2", Oddity::Invisible, Some("user2")))]
#[case::field_no_break_space("user\u{a0}2", odd("user\u{a0}2", Oddity::OddSpaces, Some("user 2")))]
#[case::field_outer_space("user2 ", odd("user2 ", Oddity::OuterSpaces, Some("user2")))]
#[case::field_decomposed("u\u{308}ser2", odd("u\u{308}ser2", Oddity::NotComposed, Some("üser2")))]
#[case::field_homoglyph(
    "us\u{435}r2",
    odd("us\u{435}r2", Oddity::MixedScripts(Script::Latin, Script::Cyrillic), Some("user2"))
)]
fn a_plan_warns_of_what_does_not_show(#[case] users: &str, #[case] warning: Warning) {
    let mut live = Live::default();
    live.note_reading(
        &machine("lone"),
        reading(&[("1", "user2"), ("2", "üser2"), ("3", "user 2")]),
    );
    let plan = with_similar(&draft(users, &[], &[], &["lone"]), &live);
    assert_eq!(
        plan.users().map(|user| user.as_str()).collect::<Vec<_>>(),
        [users],
        "it is sent as typed"
    );
    let Warning::Odd { meant: Some(meant), .. } = &warning else { panic!("no remedy") };
    // The live name is offered, too.
    assert_eq!(plan.warnings(), [warning.clone(), nobody(users, &[meant.as_str()], 0)]);
}

#[rstest]
#[case::field_typing_error("usr2", "user2")]
#[case::field_look_alike("us\u{435}r2", "user2")]
#[case::field_decomposed("u\u{308}ser2", "üser2")]
#[case::field_case("USER2", "user2")]
#[case::field_domain("user2@example.test", "EXAMPLE\\user2")]
fn a_suggestion_belongs_to_its_name(#[case] user: &str, #[case] known: &str) {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", known), ("2", "somebody")]));
    let plan = with_similar(&draft(&format!("nobody\n{user}"), &[], &[], &["lone"]), &live);
    let all: Vec<&Warning> =
        plan.warnings().iter().filter(|w| matches!(w, Warning::NobodyNow { .. })).collect();
    assert_eq!(all, [&nobody("nobody", &[], 0), &nobody(user, &[known], 0)]);
}

#[test]
fn names_that_look_the_same_are_reported_though_both_have_sessions() {
    let mut live = Live::default();
    let twin = "us\u{435}r2";
    live.note_reading(&machine("lone"), reading(&[("1", "user2"), ("2", twin), ("3", "USER2")]));
    let plan = with_similar(&draft("user2", &[], &[], &["lone"]), &live);
    let expected = Warning::LooksLike { user: "user2".into(), near: vec![twin.into()] };
    assert_eq!(plan.warnings(), [expected]);
}

#[test]
fn a_user_with_sessions_elsewhere_is_not_corrected() {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", "USER2")]));
    live.note_reading(&machine("red-a"), reading(&[("2", "user2")]));
    let plan = with_similar(&draft("user2\nuser3", &[], &[], &["lone"]), &live);
    assert_eq!(plan.warnings(), [nobody("user2", &[], 0), nobody("user3", &[], 0)]);
    live.note_reading(&machine("red-a"), reading(&[("2", "user4")]));
    let plan = with_similar(&draft("user2", &[], &[], &["lone"]), &live);
    assert_eq!(plan.warnings(), [nobody("user2", &["USER2"], 0)]);
}

#[rstest]
#[case::all(9, "a1 a2 a3 b1 c1 c2")]
#[case::the_best_of_each_first(4, "a1 a2 b1 c1")]
#[case::fewer_than_users(2, "a1 b1")]
#[case::none(0, "")]
fn each_user_gets_its_best_names_first(#[case] most: usize, #[case] expected: &str) {
    let alike = [
        nobody("a", &["a1", "a2", "a3"], 0),
        nobody("b", &["b1"], 0),
        nobody("nobody", &[], 0),
        nobody("c", &["c1", "c2"], 0),
    ];
    let pairs = suggestions(&alike, most);
    assert!(pairs.iter().all(|(user, meant)| meant.as_str().starts_with(user.as_str())));
    let names: Vec<&str> = pairs.iter().map(|(_, meant)| meant.as_str()).collect();
    assert_eq!(names.join(" "), expected);
}

#[rstest]
#[case::field_russian("Иванов")]
#[case::field_greek("Παπαδόπουλος")]
#[case::russian_in_a_latin_domain("EXAMPLE\\Иванов")]
#[case::japanese("山田太郎")]
#[case::apostrophe("o'neil")]
fn ordinary_names_raise_no_warning(#[case] user: &str) {
    let mut live = Live::default();
    live.note_reading(&machine("lone"), reading(&[("1", user), ("2", "user2")]));
    assert_eq!(with_similar(&draft(user, &[], &[], &["lone"]), &live).warnings(), []);
}

#[rstest]
#[case(Kind::Everybody)]
#[case(Kind::Users)]
fn field_the_phrase_has_the_number_of_the_heading(#[case] kind: Kind) {
    let users = (0..11).map(|n| format!("user{n}\n")).collect::<String>();
    let plan = plan(&Draft { kind, ..draft(&users, &[], &["Blue"], &[]) });
    let expected = match kind {
        Kind::Everybody => Phrase::Everybody { devices: Count::Exactly(2) },
        _ => Phrase::Users { users: 11, devices: Count::Exactly(2) },
    };
    assert_eq!((plan.reached().len(), plan.gate().phrase()), (2, Some(&expected)));
}

/// An inventory that may lack devices.
fn uncertain() -> Inventory {
    let devices = [wire("blue-a", "Blue", "G1"), wire("lone", "", "G2")];
    let empty = AccessGroup { group_name: Some("Empty".into()), display_name: None };
    DeviceList::of(devices).inventory(&[empty], vec![Gap::Devices], Timestamp(1_000))
}

#[rstest]
#[case::group(&["G1"], &[], &[], Count::Exactly(3), Count::AtLeast(1))]
#[case::cluster(&[], &["Blue"], &[], Count::Exactly(2), Count::AtLeast(1))]
#[case::references(&[], &[], &["blue-a", "lone"], Count::Exactly(2), Count::Exactly(2))]
#[case::all(&["G1"], &[], &["lone"], Count::Exactly(4), Count::AtLeast(2))]
#[case::group_without_members(&["Empty"], &[], &[], Count::Unknown, Count::Unknown)]
#[case::one_of_them(&["Empty"], &[], &["lone"], Count::AtLeast(1), Count::AtLeast(1))]
fn plan_gate_and_batch_claim_only_the_devices_that_are_known(
    #[case] groups: &[&str],
    #[case] clusters: &[&str],
    #[case] devices: &[&str],
    #[case] whole: Count,
    #[case] part: Count,
) {
    for kind in [Kind::Everybody, Kind::Users] {
        let draft = Draft { kind, ..draft(&lines(11), groups, clusters, devices) };
        for (inventory, devices) in [(inventory(), whole), (uncertain(), part)] {
            let plan = Plan::make(&draft, &inventory, account(), Timestamp(2_000)).unwrap();
            let phrase = match kind {
                Kind::Everybody => Phrase::Everybody { devices },
                Kind::Users | Kind::Listed => Phrase::Users { users: 11, devices },
            };
            assert_eq!((plan.device_count(), plan.gate().phrase()), (devices, Some(&phrase)));
            let answer = Answer { phrase: String::new(), reason: "INC-1".into() };
            let batch = plan.confirm(&answer, |_| String::new()).unwrap();
            let batch = batch.start(&batch_id("b1"), Timestamp(3_000)).batch;
            let stored = serde_json::to_string(&batch).unwrap();
            let batch: Batch = serde_json::from_str(&stored).unwrap();
            assert_eq!(batch.device_count(), devices);
        }
    }
}

#[test]
fn listed_sessions_name_every_device() {
    let draft = Draft { groups: set(&["G1"]), ..listed(&[("lone", "1")]) };
    let plan = Plan::make(&draft, &uncertain(), account(), Timestamp(2_000)).unwrap();
    assert_eq!(plan.device_count(), Count::Exactly(1));
}

/// A complete list of sessions proves nothing if there may be other devices.
#[test]
fn sessions_are_counted_at_least_if_devices_may_be_missing() {
    let (inventory, mut live) = (uncertain(), Live::default());
    live.note_reading(&machine("lone"), reading(&[("1", "user2")]));
    let count = |draft: &Draft| {
        let inputs = PlanInputs { live: Some(&live), ..PlanInputs::from(&inventory) };
        let plan = Plan::make(draft, inputs, account(), Timestamp(2_000)).unwrap();
        let counts = plan.session_counts().unwrap().clone();
        (counts.counted(counts.users[0].sessions), counts.units())
    };
    let in_group = draft("user2", &["G2"], &[], &[]);
    assert_eq!(count(&in_group), (Count::AtLeast(1), Count::AtLeast(1)));
    let nobody = draft("nobody", &["G2"], &[], &[]);
    assert_eq!(count(&nobody), (Count::Unknown, Count::AtLeast(1)));
    let by_reference = draft("user2", &[], &[], &["lone"]);
    assert_eq!(count(&by_reference), (Count::Exactly(1), Count::Exactly(1)));
}

#[test]
fn devices_sent_separately_do_not_wait_for_each_other() {
    let mut by_user = draft("user2\nuser3", &["G1"], &[], &["fresh", "lone"]);
    by_user.apart = set(&["fresh", "lone"]);
    let mut single = listed(&[("blue-a", "1"), ("fresh", "2"), ("lone", "3")]);
    single.apart.clone_from(&by_user.apart);
    for (draft, requests) in [(by_user, 6), (single, 3)] {
        let plan = plan(&draft);
        assert_eq!(plan.requests().len(), requests);
        for request in plan.requests() {
            let body = request.to_json();
            let apart = ["/fresh", "/lone"].iter().filter(|id| body.contains(*id)).count();
            assert_eq!(apart, usize::from(!body.contains("G1") && !body.contains("/blue-a")));
        }
    }
}

#[test]
fn an_unreachable_device_is_reported_with_its_remedies() {
    let mut inventory = inventory();
    inventory.note_reachable(&machine("lone"), false);
    let mut draft = draft("user2\nuser3", &["G1", "G2"], &[], &[]);
    let warned = |draft: &Draft| {
        let plan = Plan::make(draft, &inventory, account(), Timestamp(2_000)).unwrap();
        let warning = plan.warnings().first().cloned();
        (warning, plan.requests().iter().map(KillRequest::to_json).collect::<Vec<_>>())
    };
    let not_ready = |apart| {
        Some(Warning::NotReady {
            device: "lone".into(),
            name: "lone.example.test".into(),
            missing: Missing::Reach,
            apart,
        })
    };
    assert_eq!(warned(&draft).0, not_ready(false));
    draft.send_apart(&set(&["lone"]), &inventory);
    let (warning, requests) = warned(&draft);
    assert_eq!(warning, not_ready(true));
    assert_eq!(requests.len(), 4);
    assert!(requests[..2].iter().all(|body| body.contains("G1") && !body.contains("lone")));
    assert!(requests[2..].iter().all(|body| !body.contains("G1") && body.contains("/lone")));
    draft.leave_out(&set(&["lone"]), &inventory);
    assert_eq!(warned(&draft).0, None);
}
