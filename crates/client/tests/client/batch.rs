//! A large batch with faults, from its confirmation to the sessions that really exist on the simulator.

use crate::inventory::Steps;
use crate::virtual_browser::VirtualBrowser;
use crate::virtual_tab::VirtualTab;
use bigiq_simulator::world::setup::FleetOptions;
use curfew_core::ids::MachineId;
use curfew_core::job::{End, Job, Phase, Tally, TargetStatus};
use curfew_core::plan::Draft;
use curfew_core::sorted::SortedSet;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A user, a device and a session id.
type Session = (String, String, String);

const KILLS: &str = "/mgmt/cm/access/tasks/kill-sessions";

/// Refuses two kills and loses two answers: one after the task has started, one before.
fn inject_faults(browser: &VirtualBrowser) {
    let rule = |skip: u32, fault: Value| json!({"method": "POST", "path": KILLS, "skip": skip, "count": 1, "fault": fault});
    // Each rule counts only the calls that no earlier rule matched.
    browser.faults(&json!([
        rule(3, json!({"kind": "status", "status": 400})),
        rule(7, json!({"kind": "status", "status": 400})),
        rule(11, json!({"kind": "html", "status": 502, "afterEffect": true})),
        rule(13, json!({"kind": "html", "status": 502})),
    ]));
}

/// The sessions that really exist.
fn sessions(browser: &VirtualBrowser) -> BTreeSet<Session> {
    let all = browser.control("GET", "/_sim/sessions", &Value::Null);
    let text = |session: &Value, key: &str| session[key].as_str().unwrap().to_owned();
    let all = all.as_array().unwrap().iter();
    all.map(|s| (text(s, "user"), text(s, "device"), text(s, "id"))).collect()
}

/// 500 users: two requests are refused, one answer is lost after BIG-IQ started the task, and one before.
#[test]
fn outcomes_of_500_users_match_the_simulator() {
    let fleet = FleetOptions { devices: 60, sessions_per_device: 4, seed: 7 };
    let browser = VirtualBrowser::before_fleet(fleet, "", json!({"returningPerMille": 0}));
    let tab = VirtualTab::open(&browser);
    tab.sign_in("manager");
    let inventory = browser.run(tab.client().unwrap().inventory(&Steps::default())).unwrap();
    let inventory = Arc::new(inventory);
    let names = inventory.groups().iter().map(|group| group.name.clone());
    let groups: SortedSet<String> = names.filter(|name| name.starts_with("branch-")).collect();
    assert!(groups.len() >= 3);
    let members: BTreeSet<MachineId> = groups
        .iter()
        .flat_map(|name| inventory.members(&inventory.group(name).unwrap().members))
        .map(|device| device.id.clone())
        .collect();
    let before = sessions(&browser);
    let here = |(_, device, _): &&Session| members.contains(device.as_str());
    let users_here = |all: &BTreeSet<Session>| -> BTreeSet<String> {
        all.iter().filter(here).map(|(user, ..)| user.clone()).collect()
    };
    let present = users_here(&before);
    let mut users: Vec<String> = present.iter().cloned().collect();
    assert!(users.len() > 40, "enough users for each outcome");
    users.extend((users.len()..500).map(|number| format!("absent-{number}")));

    inject_faults(&browser);
    let draft = Draft { users: users.join("\n"), groups, ..Draft::default() };
    let ids = tab.confirm(&draft, &inventory, None);
    assert_eq!(ids.len(), 500);
    for id in &ids {
        let is_idle = tab.until(id, Duration::from_secs(900), |job| !job.is_under_way());
        assert!(is_idle, "{:?}", tab.job(id));
    }
    let jobs: Vec<Job> = ids.iter().map(|id| tab.job(id)).collect();

    let tally = Tally::of(jobs.iter().map(TargetStatus::of));
    let expected = Tally { reported: 497, untouched: 2, unknown: 1, ..Tally::default() };
    assert_eq!(tally, expected);
    assert_eq!(browser.count("POST", "/kill-sessions"), 500, "each once");

    let after = sessions(&browser);
    let remaining = users_here(&after);
    for job in &jobs {
        let user = job.request().user_name().unwrap();
        match job.phase() {
            Phase::Ended(end) => {
                assert_eq!(end, &End::Success, "{user}");
                assert!(!remaining.contains(user), "{user} still has sessions");
            }
            // Untouched, or never started.
            _ => assert_eq!(remaining.contains(user), present.contains(user), "{user}"),
        }
    }
    let elsewhere = |all: &BTreeSet<Session>| -> Vec<Session> {
        all.iter().filter(|session| !here(session)).cloned().collect()
    };
    assert_eq!(elsewhere(&after), elsewhere(&before), "other users keep their sessions");
}
