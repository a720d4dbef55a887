//! Each kind of kill with each kind of target: what is sent, and that exactly its sessions end. The numbers are the
//! sections of F5's how-to "Kill active access sessions".

use crate::scene::{KILL, LONE, Scene, Shown};
use curfew_core::ids::{JobId, MachineId};
use curfew_core::plan::{Draft, Kind};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";
const BLUE_A: &str = "98901455-6384-47cd-bc41-00a39dfe338f";
const GREEN: &str = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const GROUPS: &[&str] = &["TestGroup1", "TestGroup2"];
const CLUSTERS: &[&str] = &["BlueCluster", "RedCluster"];
const DEVICES: &[&str] = &[LONE, RED_A];

/// The sessions on some devices, of one user or of all: device and id.
fn sessions(scene: &Scene, devices: &[&str], user: Option<&str>) -> BTreeSet<(String, String)> {
    let text = |session: &Value, key: &str| session[key].as_str().unwrap().to_owned();
    let all = scene.browser.control("GET", "/_sim/sessions", &Value::Null);
    let is_meant = |session: &&Value| {
        let is_here =
            devices.is_empty() || devices.iter().any(|device| session["device"] == *device);
        is_here && user.is_none_or(|user| session["user"] == user)
    };
    let all = all.as_array().unwrap().iter().filter(is_meant);
    all.map(|session| (text(session, "device"), text(session, "id"))).collect()
}

fn references(devices: &[&str]) -> Value {
    let link = "https://localhost/mgmt/cm/system/machineid-resolver/";
    devices.iter().map(|id| json!({"link": format!("{link}{id}")})).collect()
}

#[rstest]
#[case("2.1.1", Kind::Users, &[], &[], DEVICES, &[RED_A, LONE])]
#[case("2.1.2", Kind::Users, GROUPS, &[], &[], &[RED_A, LONE, GREEN])]
#[case("2.1.3", Kind::Users, &[], CLUSTERS, &[], &[BLUE_A, RED_A])]
#[case("2.1.4", Kind::Users, GROUPS, CLUSTERS, DEVICES, &[BLUE_A, RED_A, LONE, GREEN])]
#[case("2.2.1", Kind::Everybody, &[], &[], DEVICES, &[RED_A, LONE])]
#[case("2.2.2", Kind::Everybody, GROUPS, &[], &[], &[RED_A, LONE, GREEN])]
#[case("2.2.3", Kind::Everybody, &[], CLUSTERS, &[], &[BLUE_A, RED_A])]
#[case("2.2.4", Kind::Everybody, GROUPS, CLUSTERS, DEVICES, &[BLUE_A, RED_A, LONE, GREEN])]
fn each_kind_of_kill_is_sent_as_documented_and_ends_exactly_its_sessions(
    #[case] section: &str,
    #[case] kind: Kind,
    #[case] groups: &[&str],
    #[case] clusters: &[&str],
    #[case] devices: &[&str],
    #[case] hit: &[&str],
) {
    let scene = Scene::new();
    let user = (kind == Kind::Users).then_some("user2");
    let (before, expected) = (sessions(&scene, &[], None), sessions(&scene, hit, user));
    assert!(expected.len() > 2, "{section}");
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let draft = Draft {
        kind,
        users: "user2".to_owned(),
        groups: owned(groups),
        clusters: owned(clusters),
        devices: devices.iter().map(|id| MachineId::new(*id)).collect(),
        ..Draft::default()
    };
    let job = scene.tab.confirm(&draft, &scene.inventory, None).remove(0);
    scene.expect(&job, &[Shown::Finished]);

    let mut body = match user {
        Some(user) => json!({"action": "KILL_BY_USER", "userName": user}),
        None => json!({"action": "KILL_ALL_SESSIONS"}),
    };
    let lists = [
        ("accessGroupNames", json!(groups)),
        ("clusterNames", json!(clusters)),
        ("deviceReferences", references(devices)),
    ];
    for (key, list) in lists {
        if list != json!([]) {
            body[key] = list;
        }
    }
    assert_eq!(sent(&scene, &job), body, "{section}");
    let after = sessions(&scene, &[], None);
    assert_eq!(before.difference(&after).cloned().collect::<BTreeSet<_>>(), expected, "{section}");
}

#[test]
fn a_name_is_sent_with_the_spaces_around_it() {
    let scene = Scene::new();
    let job = scene.kill_users(&["user2 "], LONE, None).remove(0);
    scene.expect(&job, &[Shown::Finished]);
    assert_eq!(sent(&scene, &job)["userName"], "user2 ");
}

/// The body of a job's request.
fn sent(scene: &Scene, job: &JobId) -> Value {
    let sent = scene.browser.sent();
    let is_meant = |sent: &&crate::virtual_browser::Sent| {
        sent.target == KILL && sent.header("X-Curfew-Job") == Some(job.as_str())
    };
    serde_json::from_str(sent.iter().find(is_meant).unwrap().body.as_deref().unwrap()).unwrap()
}
