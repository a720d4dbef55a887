//! Each operation of a kill with each class of fault, as in `tests/e2e/matrix.spec.ts`, but without a browser: the
//! engine, the client and the simulator. In each cell the job shows what is true, no kill is lost or sent twice, and
//! once the fault is over everything works again without a reload.

use crate::fault_classes::{Answer, FaultClass, RESTART, classes, run_all};
use crate::inventory::Steps;
use crate::virtual_browser::{START, VirtualBrowser};
use crate::virtual_tab::{VirtualTab, read_sessions};
use curfew_core::ids::{JobId, MachineId};
use curfew_core::inventory::{Inventory, Live};
use curfew_core::job::{End, Finding, Job, Observation, Phase, Status};
use curfew_core::plan::Draft;
use curfew_core::sorted::SortedSet;
use rstest::rstest;
use serde_json::{Value, json};
use std::cell::Cell as Switch;
use std::sync::Arc;
use std::time::Duration;

const KILL: &str = "/mgmt/cm/access/tasks/kill-sessions";
const TASK: &str = "/mgmt/cm/access/tasks/kill-sessions/*";
const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
/// A device on which user2 has two sessions.
const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";
/// A device that does not answer: a task for it runs for 75 s.
const SILENT: &str = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
/// The time limit of a step, which passes only if the step fails.
const LONGEST: Duration = Duration::from_secs(900);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    /// The POST.
    Send,
    /// A read of the task.
    Poll,
    /// A read of the task list, to find the task of a lost answer.
    Search,
    Cancel,
    /// A read of the sessions after the task has ended.
    Verify,
}

/// What a job's heading shows, or the line about its cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
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

fn heading(job: &Job) -> Shown {
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
fn timeline(job: &Job) -> String {
    job.events().iter().map(|event| format!("\n{} {:?}", event.at.0 - START, event.what)).collect()
}

/// Whether a job shows this, or the tab.
fn shows(tab: &VirtualTab, job: &Job, shown: Shown) -> bool {
    let has = |is: fn(&Observation) -> bool| job.events().iter().any(|event| is(&event.what));
    match shown {
        Shown::SignInAgain => tab.client().is_none(),
        Shown::CancelLost => has(|what| matches!(what, Observation::CancelLost(_))),
        Shown::CancelRefused => has(|what| matches!(what, Observation::CancelRefused(_))),
        _ => heading(job) == shown,
    }
}

impl Operation {
    fn method(self) -> &'static str {
        match self {
            Self::Send => "POST",
            Self::Cancel => "PATCH",
            Self::Poll | Self::Search | Self::Verify => "GET",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Send | Self::Search => KILL,
            Self::Poll | Self::Cancel => TASK,
            Self::Verify => DEVICES,
        }
    }

    /// A field that its answer needs.
    fn field(self) -> &'static str {
        match self {
            Self::Send => "id",
            Self::Poll | Self::Cancel => "status",
            Self::Search => "items",
            Self::Verify => "entries",
        }
    }

    /// Whether its answer can have this fault: a POST names no task that could be gone.
    fn can_have(self, class: &FaultClass) -> bool {
        self != Self::Send || class.answer != Answer::Gone
    }

    /// The rules of the simulator's fault plan.
    fn rules(self, class: &FaultClass) -> Value {
        let mut rule = json!({"method": self.method(), "path": self.path(), "fault": class.fault(self.field())});
        if class.once {
            rule["count"] = 1.into();
        }
        if self != Self::Search {
            return json!([rule]);
        }
        // The first list is read before the kill.
        rule["skip"] = 1.into();
        let lost = json!({"kind": "drop-after-effect"});
        json!([{"method": "POST", "path": KILL, "count": 1, "fault": lost}, rule])
    }

    /// What is shown: one of these.
    fn expected(self, class: &FaultClass) -> &'static [Shown] {
        use Answer::{Address, Busy, Dead, Forgotten, Gone, Good, Renewed, Slow, Starting};
        let is_good = matches!(class.answer, Good | Slow | Renewed | Forgotten);
        match (self, class.name) {
            // A device may refuse a token that BIG-IQ accepts.
            (Self::Poll | Self::Search, _) if class.answer == Dead => &[Shown::SignInAgain],
            // An id other than the task's own leads nowhere.
            (Self::Send, "odd ids") => &[Shown::Gone],
            (Self::Send, "huge text") => &[Shown::ConnectionLost],
            (Self::Send, _) => match class.answer {
                Renewed => &[Shown::ConfirmAgain],
                Busy | Starting | Address | Dead => &[Shown::Refused],
                // The task of a lost answer is found in BIG-IQ's list, if there is one.
                _ if is_good || class.is_done() => &[Shown::Finished],
                _ => &[Shown::Unknown],
            },
            (
                Self::Poll,
                "unknown enum values"
                | "status moves backwards"
                | "missing field"
                | "null field"
                | "huge text",
            ) => &[Shown::Running],
            (Self::Poll, "cancel never takes effect") => &[Shown::Cancelling],
            (Self::Poll, "finished without result") => &[Shown::Incomplete],
            (Self::Poll, _) if class.answer == Gone => &[Shown::Gone],
            (Self::Poll, _) if is_good => &[Shown::Finished],
            (Self::Poll, _) => &[Shown::ConnectionLost],
            // Such an id leads nowhere, unless the list already shows that the task is over.
            (Self::Search, "odd ids") => &[Shown::Gone, Shown::Finished],
            // By this clock, no task belongs to this kill.
            (Self::Search, "wrong date") => &[Shown::Unknown],
            // BIG-IQ omits `items` if there are none, so a list without it is empty.
            (Self::Search, _) if is_good => &[Shown::Finished],
            (Self::Search, _) => &[Shown::Unknown],
            // A proxy that does not know the call will not know it next time either.
            (Self::Cancel, "task gone" | "page, 404") => &[Shown::CancelRefused],
            // The next poll of the task makes up for a lost answer.
            (Self::Cancel, _) if class.is_done() => &[Shown::Cancelled],
            (Self::Cancel, _) => &[Shown::CancelLost],
            (Self::Verify, _) if is_good => &[Shown::Verified],
            (Self::Verify, _) => &[Shown::NotVerifiable],
        }
    }

    /// What is shown in the end, once the fault is over: one of these.
    fn expected_end(self, class: &FaultClass) -> &'static [Shown] {
        match (self, self.expected(class)) {
            // What a fault made of the job stays.
            (
                _,
                end @ ([Shown::Refused | Shown::ConfirmAgain | Shown::Incomplete]
                | [Shown::Gone, ..]),
            ) => end,
            (Self::Send, [Shown::Unknown]) => &[Shown::Unknown],
            // No server accepts an address with such an id, so nothing is ever known of the task.
            (Self::Send, [Shown::ConnectionLost]) => &[Shown::ConnectionLost],
            (Self::Send | Self::Poll | Self::Search, _) => &[Shown::Finished],
            // Without a cancellation, the task of a device that does not answer fails.
            (Self::Cancel, [Shown::CancelRefused]) if !class.is_done() => &[Shown::Failed],
            (Self::Cancel, _) => &[Shown::Cancelled],
            (Self::Verify, _) => &[Shown::Verified],
        }
    }
}

/// A BIG-IQ, and a tab in which an operator is signed in.
struct Cell {
    browser: VirtualBrowser,
    tab: VirtualTab,
    inventory: Arc<Inventory>,
    /// Whether the operator signs in again when asked: only after the fault.
    signs_in: Switch<bool>,
}

impl Cell {
    fn new() -> Self {
        let browser = VirtualBrowser::new(json!({}));
        let tab = VirtualTab::open(&browser);
        tab.sign_in("manager");
        let inventory = browser.run(tab.client().unwrap().inventory(&Steps::default())).unwrap();
        Self { browser, tab, inventory: Arc::new(inventory), signs_in: Switch::new(false) }
    }

    /// Confirms a kill of user2 on a device.
    fn kill(&self, device: &str, live: Option<Live>) -> JobId {
        let mut draft = Draft { users: "user2".to_owned(), ..Draft::default() };
        draft.devices.insert(MachineId::new(device));
        self.tab.confirm(&draft, &self.inventory, live).remove(0)
    }

    fn live(&self) -> Live {
        let devices = SortedSet::from_iter([MachineId::new(LONE)]);
        let client = self.tab.client().unwrap();
        self.browser.run(read_sessions(&self.browser, &client, devices))
    }

    /// Lets time pass until one of these is shown.
    fn expect(&self, job: &JobId, expected: &[Shown]) {
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
    }

    /// Lets time pass until a call has met a fault.
    fn settle(&self, job: &JobId, kind: &Value) {
        let meets = |call: &Value| call["fault"] == *kind;
        let is_met = self.tab.until(job, LONGEST, |_| {
            let calls = self.browser.control("GET", "/_sim/requests", &Value::Null);
            calls.as_array().unwrap().iter().any(meets)
        });
        assert!(is_met, "no call met the fault");
    }

    /// Lets time pass until nothing more happens with a job, except that its task may be polled in vain.
    fn rest(&self, job: &JobId) {
        let is_idle = self.tab.until(job, LONGEST, |job| {
            !job.is_under_way() || heading(job) == Shown::ConnectionLost
        });
        assert!(is_idle, "{}", timeline(&self.tab.job(job)));
    }

    /// The jobs whose requests were sent, as their headers say.
    fn sent_jobs(&self) -> Vec<String> {
        let sent = self.browser.sent();
        let kills = sent.iter().filter(|sent| sent.method == "POST" && sent.target == KILL);
        kills.map(|kill| kill.header("X-Curfew-Job").unwrap().to_owned()).collect()
    }
}

/// One cell, from the operation with the fault to the operation without it.
fn run(operation: Operation, class: &FaultClass) {
    let cell = Cell::new();
    let (browser, tab) = (&cell.browser, &cell.tab);
    let before = browser.task_count();
    let live = (operation == Operation::Verify).then(|| cell.live());
    let (rules, fault) = (operation.rules(class), class.fault(operation.field()));
    let job = if operation == Operation::Cancel {
        let job = cell.kill(SILENT, live);
        cell.expect(&job, &[Shown::Running]);
        browser.faults(&rules);
        tab.cancel(&job);
        job
    } else {
        browser.faults(&rules);
        cell.kill(LONE, live)
    };
    cell.settle(&job, &fault["kind"]);
    cell.expect(&job, operation.expected(class));

    // The fault ends; a restart takes a while longer.
    browser.faults(&json!([]));
    if fault["kind"] == "restart" {
        browser.pass(Duration::from_secs(RESTART + 1));
    }
    let executed = usize::from(operation != Operation::Send || class.is_done());
    assert_eq!(browser.task_count() - before, executed, "kills that BIG-IQ executes");
    cell.signs_in.set(true);
    tab.sign_in_if_needed();
    tab.poll_all();
    match operation {
        Operation::Cancel => tab.cancel(&job),
        Operation::Verify => tab.compare(&job),
        Operation::Send | Operation::Poll | Operation::Search => {}
    }
    cell.expect(&job, operation.expected_end(class));
    cell.rest(&job);
    // The end stays.
    cell.expect(&job, operation.expected_end(class));

    let again = cell.kill(LONE, None);
    cell.expect(&again, &[Shown::Finished]);
    assert_eq!(browser.task_count() - before, executed + 1, "kills that BIG-IQ executes");
    assert_eq!(cell.sent_jobs(), [job.as_str(), again.as_str()], "each once");
    assert_eq!(tab.job_count(), 2, "a job for each");
}

/// A reload while the fault is there: the request may be in flight, answered, or lost.
fn run_with_reload(class: &FaultClass) {
    let mut cell = Cell::new();
    let before = cell.browser.task_count();
    let fault = class.fault(Operation::Send.field());
    cell.browser.faults(&Operation::Send.rules(class));
    let job = cell.kill(LONE, None);
    cell.settle(&job, &fault["kind"]);
    cell.tab = cell.tab.reload();
    cell.browser.faults(&json!([]));
    // A restart, or a slow answer.
    cell.browser.pass(Duration::from_secs(RESTART + 1));
    cell.tab.sign_in("manager");
    cell.rest(&job);
    cell.expect(&job, Operation::Send.expected_end(class));
    assert_eq!(cell.browser.task_count() - before, usize::from(class.is_done()));
    assert_eq!(cell.sent_jobs(), [job.as_str()], "once");
    assert_eq!(cell.tab.job_count(), 1);
}

fn classes_of(operation: Operation) -> Vec<FaultClass> {
    classes().into_iter().filter(|class| operation.can_have(class)).collect()
}

#[rstest]
#[case(Operation::Send, 41)]
#[case(Operation::Poll, 42)]
#[case(Operation::Search, 42)]
#[case(Operation::Cancel, 42)]
#[case(Operation::Verify, 42)]
fn each_fault_of_a_kill_is_shown_and_survived(#[case] operation: Operation, #[case] cells: usize) {
    let name = format!("{operation:?}");
    run_all(&name, cells, &classes_of(operation), &|class| run(operation, class));
}

#[test]
fn a_reload_during_each_fault_loses_and_repeats_no_kill() {
    run_all("Reload", 41, &classes_of(Operation::Send), &run_with_reload);
}
