//! Each operation of a kill with each class of fault, as in `tests/e2e/matrix.spec.ts`, but without a browser: the
//! engine, the client and the simulator. In each cell the job shows what is true, no kill is lost or sent twice, and
//! once the fault is over everything works again without a reload.

use crate::cells::Cell;
use crate::fault_classes::{Answer, FaultClass, RESTART, classes, run_all};
use crate::scene::{KILL, LONE, SILENT, Scene, Shown, TASK};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";

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

impl Operation {
    /// Its name in `tests/e2e/support/operations.ts`.
    fn name(self) -> &'static str {
        match self {
            Self::Send => "POST",
            Self::Poll => "poll",
            Self::Search => "collection",
            Self::Cancel => "cancel",
            Self::Verify => "verify",
        }
    }

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

/// One cell, from the operation with the fault to the operation without it.
fn run(operation: Operation, class: &FaultClass) -> Cell {
    let scene = Scene::new();
    let (browser, tab) = (&scene.browser, &scene.tab);
    let before = browser.task_count();
    let live = (operation == Operation::Verify).then(|| scene.live());
    let (rules, fault) = (operation.rules(class), class.fault(operation.field()));
    let mut since = browser.calls().len();
    let job = if operation == Operation::Cancel {
        let job = scene.kill(SILENT, live);
        scene.expect(&job, &[Shown::Running]);
        since = browser.calls().len();
        browser.faults(&rules);
        tab.cancel(&job);
        job
    } else {
        browser.faults(&rules);
        scene.kill(LONE, live)
    };
    scene.settle(&job, &fault["kind"]);
    let shown = scene.expect(&job, operation.expected(class));
    let seen = Cell::new(browser, since, &fault["kind"], &format!("{shown:?}"));

    // The fault ends; a restart takes a while longer.
    browser.faults(&json!([]));
    if fault["kind"] == "restart" {
        browser.pass(Duration::from_secs(RESTART + 1));
    }
    let executed = usize::from(operation != Operation::Send || class.is_done());
    assert_eq!(browser.task_count() - before, executed, "kills that BIG-IQ executes");
    scene.signs_in.set(true);
    tab.sign_in_if_needed();
    tab.poll_all();
    match operation {
        Operation::Cancel => tab.cancel(&job),
        Operation::Verify => tab.compare(&job),
        Operation::Send | Operation::Poll | Operation::Search => {}
    }
    scene.expect(&job, operation.expected_end(class));
    scene.rest(&job);
    // The end stays.
    scene.expect(&job, operation.expected_end(class));

    let again = scene.kill(LONE, None);
    scene.expect(&again, &[Shown::Finished]);
    assert_eq!(browser.task_count() - before, executed + 1, "kills that BIG-IQ executes");
    assert_eq!(scene.sent_jobs(), [job.as_str(), again.as_str()], "each once");
    assert_eq!(tab.job_count(), 2, "a job for each");
    seen
}

/// A reload while the fault is there: the request may be in flight, answered, or lost.
fn run_with_reload(class: &FaultClass) {
    let mut scene = Scene::new();
    let before = scene.browser.task_count();
    let fault = class.fault(Operation::Send.field());
    scene.browser.faults(&Operation::Send.rules(class));
    let job = scene.kill(LONE, None);
    scene.settle(&job, &fault["kind"]);
    scene.tab = scene.tab.reload();
    scene.browser.faults(&json!([]));
    // A restart, or a slow answer.
    scene.browser.pass(Duration::from_secs(RESTART + 1));
    scene.tab.sign_in("manager");
    scene.rest(&job);
    scene.expect(&job, Operation::Send.expected_end(class));
    assert_eq!(scene.browser.task_count() - before, usize::from(class.is_done()));
    assert_eq!(scene.sent_jobs(), [job.as_str()], "once");
    assert_eq!(scene.tab.job_count(), 1);
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
    run_all(operation.name(), cells, &classes_of(operation), &|class| Some(run(operation, class)));
}

#[test]
fn a_reload_during_each_fault_loses_and_repeats_no_kill() {
    run_all("reload", 41, &classes_of(Operation::Send), &|class| {
        run_with_reload(class);
        None
    });
}
