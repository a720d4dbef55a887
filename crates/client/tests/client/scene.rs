//! A BIG-IQ, a tab in which an operator is signed in, and what the tab's page would show of a kill.

use crate::inventory::Steps;
use crate::virtual_browser::{START, VirtualBrowser};
use crate::virtual_tab::{VirtualTab, read_sessions};
use curfew_core::ids::{JobId, MachineId};
use curfew_core::inventory::{Inventory, Live};
use curfew_core::job::{End, Finding, Job, Observation, Phase, Status};
use curfew_core::plan::Draft;
use curfew_core::sorted::SortedSet;
use serde_json::{Value, json};
use std::cell::Cell as Switch;
use std::sync::Arc;
use std::time::Duration;

pub(crate) const KILL: &str = "/mgmt/cm/access/tasks/kill-sessions";
pub(crate) const TASK: &str = "/mgmt/cm/access/tasks/kill-sessions/*";
/// A device on which user2 has two sessions.
pub(crate) const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
/// A device that does not answer: a task for it runs for 75 s.
pub(crate) const SILENT: &str = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
/// The time limit of a step, which passes only if the step fails.
const LONGEST: Duration = Duration::from_secs(900);

/// What a job's heading shows, or the line about its cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Sending,
    NotSent,
    Refused,
    /// The token was dead: the plan can be confirmed again.
    ConfirmAgain,
    Unknown,
    Running,
    Cancelling,
    CancelLost,
    CancelRefused,
    ConnectionLost,
    Finished,
    Verified,
    /// Finished, and the sessions could not be read.
    NotVerifiable,
    Incomplete,
    Failed,
    Cancelled,
    Gone,
    /// BIG-IQ ended the sign-in.
    SignInAgain,
}

pub(crate) fn heading(job: &Job) -> Shown {
    match job.phase() {
        Phase::Confirmed | Phase::Sending => Shown::Sending,
        Phase::NotSent(_) => Shown::NotSent,
        Phase::Rejected(_) if job.lacked_token() => Shown::ConfirmAgain,
        Phase::Rejected(_) => Shown::Refused,
        Phase::Unknown { .. } => Shown::Unknown,
        Phase::Watched { .. } if job.lost_contact().is_some() => Shown::ConnectionLost,
        Phase::Watched { status: Some(Status::CancelRequested), .. } => Shown::Cancelling,
        Phase::Watched { .. } => Shown::Running,
        Phase::Ended(End::Success) => match job.verdict().map(|verdict| verdict.finding()) {
            Some(Finding::Verified) => Shown::Verified,
            Some(Finding::NotVerifiable) => Shown::NotVerifiable,
            _ => Shown::Finished,
        },
        Phase::Ended(End::Incomplete(_)) => Shown::Incomplete,
        Phase::Ended(End::Failed) => Shown::Failed,
        Phase::Ended(End::Cancelled) => Shown::Cancelled,
        Phase::Ended(End::Gone) => Shown::Gone,
    }
}

/// A job's events, one a line.
pub(crate) fn timeline(job: &Job) -> String {
    job.events().iter().map(|event| format!("\n{} {:?}", event.at.0 - START, event.what)).collect()
}

/// Whether a job shows this, or the tab.
pub(crate) fn shows(tab: &VirtualTab, job: &Job, shown: Shown) -> bool {
    let has = |is: fn(&Observation) -> bool| job.events().iter().any(|event| is(&event.what));
    match shown {
        Shown::SignInAgain => tab.client().is_none(),
        Shown::CancelLost => has(|what| matches!(what, Observation::CancelLost(_))),
        Shown::CancelRefused => has(|what| matches!(what, Observation::CancelRefused(_))),
        _ => heading(job) == shown,
    }
}

/// A BIG-IQ, and a tab in which an operator is signed in.
pub(crate) struct Scene {
    pub(crate) browser: VirtualBrowser,
    pub(crate) tab: VirtualTab,
    pub(crate) inventory: Arc<Inventory>,
    /// Whether the operator signs in again when asked: only after the fault.
    pub(crate) signs_in: Switch<bool>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let browser = VirtualBrowser::new(json!({}));
        let tab = VirtualTab::open(&browser);
        tab.sign_in("manager");
        let inventory = browser.run(tab.client().unwrap().inventory(&Steps::default())).unwrap();
        Self { browser, tab, inventory: Arc::new(inventory), signs_in: Switch::new(false) }
    }

    /// The same in another tab, in which nobody is signed in.
    pub(crate) fn in_another_tab(&self) -> Self {
        Self {
            browser: self.browser.clone(),
            tab: self.tab.open_another(),
            inventory: Arc::clone(&self.inventory),
            signs_in: Switch::new(false),
        }
    }

    /// Confirms a kill of user2 on a device.
    pub(crate) fn kill(&self, device: &str, live: Option<Live>) -> JobId {
        self.kill_users(&["user2"], device, live).remove(0)
    }

    /// Confirms a kill of these users on a device.
    pub(crate) fn kill_users(
        &self,
        users: &[&str],
        device: &str,
        live: Option<Live>,
    ) -> Vec<JobId> {
        let mut draft = Draft { users: users.join("\n"), ..Draft::default() };
        draft.devices.insert(MachineId::new(device));
        self.tab.confirm(&draft, &self.inventory, live)
    }

    pub(crate) fn live(&self) -> Live {
        let devices = SortedSet::from_iter([MachineId::new(LONE)]);
        let client = self.tab.client().unwrap();
        self.browser.run(read_sessions(&self.browser, &client, devices))
    }

    /// Lets time pass until one of these is shown, and returns it.
    pub(crate) fn expect(&self, job: &JobId, expected: &[Shown]) -> Shown {
        let mut seen = Vec::new();
        let is_shown = self.tab.until(job, LONGEST, |job| {
            if seen.last() != Some(&heading(job)) {
                seen.push(heading(job));
            }
            if self.signs_in.get() {
                self.tab.sign_in_if_needed();
            }
            expected.iter().any(|shown| shows(&self.tab, job, *shown))
        });
        let job = self.tab.job(job);
        assert!(is_shown, "expected {expected:?}, but showed {seen:?}: {}", timeline(&job));
        *expected.iter().find(|shown| shows(&self.tab, &job, **shown)).unwrap()
    }

    /// Lets time pass until a call has met a fault.
    pub(crate) fn settle(&self, job: &JobId, kind: &Value) {
        let meets = |call: &Value| call["fault"] == *kind;
        let is_met = self.tab.until(job, LONGEST, |_| {
            let calls = self.browser.control("GET", "/_sim/requests", &Value::Null);
            calls.as_array().unwrap().iter().any(meets)
        });
        assert!(is_met, "no call met the fault");
    }

    /// Lets time pass until nothing more happens with a job, except that its task may be polled in vain.
    pub(crate) fn rest(&self, job: &JobId) {
        let is_idle = self.tab.until(job, LONGEST, |job| {
            !job.is_under_way() || heading(job) == Shown::ConnectionLost
        });
        assert!(is_idle, "{}", timeline(&self.tab.job(job)));
    }

    /// The jobs whose requests were sent, as their headers say.
    pub(crate) fn sent_jobs(&self) -> Vec<String> {
        let sent = self.browser.sent();
        let kills = sent.iter().filter(|sent| sent.method == "POST" && sent.target == KILL);
        kills.map(|kill| kill.header("X-Curfew-Job").unwrap().to_owned()).collect()
    }
}
