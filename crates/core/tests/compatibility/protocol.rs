//! What other programs, other tabs and links say to Curfew, and the names that it shares with them.

use crate::{json, written};
use bigiq::{DeviceSessions, KillRequest, Targets};
use curfew_core::app::{
    Accent, AccountKey, BigIq, Config, ConfigFile, Portal, Prefill, ReasonRule, Route,
    SignInMethod, TabMessage, Theme,
};
use curfew_core::plan::fingerprint;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_key_of_the_configuration_means_what_it_meant() {
    let config = Config {
        bigiqs: vec![
            BigIq { name: Some("West".into()), prefix: String::new() },
            BigIq { name: Some("East".into()), prefix: "/east".into() },
        ],
        sign_in: SignInMethod::Proxy,
        idle_minutes: 15,
        reason: ReasonRule::Always,
        phrase_above: 5,
        kills_at_once: 2,
        reads_at_once: 8,
        kills_per_minute: 60,
        embed_parents: owned(&["https://portal.example.test", "http://localhost:8445"]),
        cancel: true,
        languages: Vec::new(),
    };
    let file = ConfigFile { config, unknown_keys: vec![] };
    assert_eq!(Config::parse(&written("config.json")).unwrap(), file);
}

#[test]
fn links_lead_where_they_led() {
    let links: Vec<String> = json("links.json");
    let routes: Vec<_> = links.iter().map(|link| Route::parse(link)).collect();
    let prefill = Prefill {
        users: owned(&["user2", "EXAMPLE\\user 3"]),
        groups: owned(&["G1"]),
        clusters: owned(&["Blue"]),
        devices: owned(&["lone.example.test"]),
        everywhere: false,
        // A link no longer fills in the reason.
        reason: None,
    };
    let [kill, jobs, job, diagnostics, prefilled] = routes.as_slice() else { panic!("{routes:?}") };
    assert_eq!(*kill, Route::Kill(Prefill::default()));
    assert_eq!(*jobs, Route::Jobs);
    assert!(matches!(job, Route::Job(id) if id.as_str() == "19e5c2d-0a1b.1"));
    assert_eq!(*diagnostics, Route::Diagnostics);
    assert_eq!(*prefilled, Route::Kill(prefill));
}

/// The messages between a portal and Curfew. tests/proxy/embed.test.js reads the same file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    to_curfew: Vec<String>,
    to_portal: Vec<String>,
}

#[test]
fn messages_of_a_portal_are_understood() {
    let frame: Frame = json("portal.json");
    let messages: Vec<_> = frame.to_curfew.iter().filter_map(|text| Portal::parse(text)).collect();
    let full = Prefill {
        users: owned(&["user2", "EXAMPLE\\user3"]),
        groups: owned(&["G1"]),
        clusters: owned(&["Blue"]),
        devices: owned(&["lone.example.test"]),
        everywhere: false,
        reason: Some("INC-2201".into()),
    };
    assert_eq!(
        messages,
        [
            Portal::Theme { scheme: Some(Theme::Dark), accent: Accent::parse("#1e6fd9") },
            Portal::Prefill(full),
            Portal::Prefill(Prefill { users: owned(&["user4"]), ..Prefill::default() }),
        ]
    );
}

/// What the tabs of one browser say to each other.
#[derive(Deserialize)]
struct Tabs {
    channel: String,
    question: String,
    answers: Vec<InFlight>,
    lock: String,
}

#[derive(Deserialize)]
struct InFlight {
    request: Value,
    message: String,
}

fn kill_request(body: &Value) -> KillRequest {
    let targets: Arc<Targets> = Arc::new(Targets::deserialize(body).unwrap());
    match body["action"].as_str().unwrap() {
        "KILL_BY_USER" => {
            let user_name = body["userName"].as_str().unwrap().to_owned();
            KillRequest::ByUser { user_name, targets }
        }
        "KILL_ALL_SESSIONS" => KillRequest::All { targets },
        _ => {
            let sessions = Vec::<DeviceSessions>::deserialize(&body["sessions"]).unwrap();
            KillRequest::Listed { sessions: sessions.into() }
        }
    }
}

/// Tabs of two versions can be open together.
#[test]
fn tabs_of_both_versions_recognise_the_same_request() {
    let tabs: Tabs = json("tabs.json");
    let account = AccountKey { bigiq: String::new(), operator: "manager".into() };
    let question = (account.clone(), TabMessage::WhatIsInFlight);
    assert_eq!(TabMessage::parse(&tabs.question), Some(question));
    assert_eq!(TabMessage::WhatIsInFlight.write(&account), tabs.question);
    assert_eq!(tabs.answers.len(), 3);
    for InFlight { request, message } in tabs.answers {
        let request = kill_request(&request);
        assert_eq!(TabMessage::InFlight(fingerprint(&request)).write(&account), message);
    }
}

/// The parts between quotes that start with a prefix, in a file or in all files of a folder.
fn quoted(path: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            quoted(&entry.unwrap().path(), prefix, found);
        }
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    found.extend(text.split('"').filter(|part| part.starts_with(prefix)).map(str::to_owned));
}

/// The part of the app that runs only in a browser holds these names, so they are looked up in its text.
#[test]
fn names_shared_with_other_tabs_portals_and_stored_data_stay() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut used = BTreeSet::new();
    for path in ["src", "crates/core/src/engine/records.rs", "boot.js", "embed.js"] {
        quoted(&root.join(path), "curfew:", &mut used);
    }
    let tabs: Tabs = json("tabs.json");
    let frame: Frame = json("portal.json");
    let messages: Vec<Value> = frame
        .to_curfew
        .iter()
        .chain(&frame.to_portal)
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let text = |value: &Value| value.as_str().map(str::to_owned);

    // Newer than 0.1.0, which ignores them.
    let newer = ["curfew:signed-out", "curfew:contested:", "curfew:targets:"].map(str::to_owned);
    let mut expected = BTreeSet::from([tabs.channel]);
    expected.extend(newer);
    let keys = json::<BTreeMap<String, String>>("session-storage.json").into_keys();
    // An id follows the second colon.
    let prefix = |key: String| key[..=key.rfind(':').unwrap()].to_owned();
    expected.extend(keys.chain([tabs.lock]).map(prefix));
    expected.extend(json::<BTreeMap<String, String>>("local-storage.json").into_keys());
    expected.extend(messages.iter().filter_map(|message| text(&message["type"])));
    assert_eq!(used, expected);

    let mut words = BTreeSet::new();
    quoted(&root.join("src/state"), "", &mut words);
    let mut expected = owned(&["on", "off"]);
    expected.extend(messages.iter().filter_map(|message| text(&message["state"])));
    for word in expected {
        assert!(words.contains(&word), "{word}");
    }
    assert_eq!(Theme::ALL.map(Theme::as_str), ["system", "light", "dark"]);
}
