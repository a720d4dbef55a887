//! An operator who does anything at any time, in two tabs, while one call in five fails: the engine, the client and the
//! simulator, without a browser. At the end of each shift, the jobs are compared with BIG-IQ's tasks, one by one.
//!
//! `CURFEW_CHAOS_ACTIONS` is the number of actions. `CURFEW_CHAOS_SEED` selects them: a failure prints the seed of its
//! shift, which repeats it exactly.

use crate::inventory::Steps;
use crate::scene::{KILL, timeline};
use crate::virtual_browser::VirtualBrowser;
use crate::virtual_tab::{VirtualTab, read_sessions};
use curfew_core::ids::MachineId;
use curfew_core::inventory::Inventory;
use curfew_core::job::{End, Job, Phase};
use curfew_core::plan::Draft;
use curfew_core::sorted::SortedSet;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::env::var;
use std::num::NonZero;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;
use std::time::Duration;

/// By default, as many as take a few seconds.
const ACTIONS: u64 = 10_000;
const SEED: u64 = 11;
/// After this many actions BIG-IQ and the tabs are new.
const SHIFT: u64 = 200;
/// The share of calls that fail.
const FAULTY: f64 = 0.2;

const USERS: [&str; 5] = ["user2", "User2", "nobody", "user 2", "user2@example.test"];
const DEVICES: [&str; 6] = [
    "lone.example.test",
    "slow.example.test",
    "refusing.example.test",
    "partial.example.test",
    "green.example.test",
    // Its tasks run for 75 s unless cancelled.
    "silent.example.test",
];

/// A random number generator (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

fn faults() -> Vec<Value> {
    vec![
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 503, "retryAfter": 1}),
        json!({"kind": "status", "status": 429, "retryAfter": 1}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "html", "status": 502, "afterEffect": true}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "html", "status": 401}),
        json!({"kind": "drop-before-effect"}),
        json!({"kind": "drop-after-effect"}),
        json!({"kind": "truncate"}),
        json!({"kind": "invalid-utf8"}),
        json!({"kind": "floats"}),
        json!({"kind": "extra-fields"}),
        json!({"kind": "unknown-enum"}),
        json!({"kind": "delay", "ms": {"median": 100, "p99": 2_000}}),
        json!({"kind": "delay", "ms": [0, 1_500], "afterEffect": true}),
        json!({"kind": "revoke-access"}),
        json!({"kind": "restart", "seconds": 2, "status": 503}),
    ]
}

/// What the operator does.
#[derive(Debug, Clone, Copy)]
enum Action {
    Kill,
    Cancel,
    Poll,
    Compare,
    Pause,
    Resume,
    Discard,
    Hide,
    Show,
    Wait,
    Reload,
    SignOut,
}

/// Each as often as an operator might do it.
const ACTIONS_BY_FREQUENCY: [Action; 24] = [
    Action::Kill,
    Action::Kill,
    Action::Kill,
    Action::Kill,
    Action::Kill,
    Action::Kill,
    Action::Cancel,
    Action::Cancel,
    Action::Poll,
    Action::Poll,
    Action::Compare,
    Action::Pause,
    Action::Resume,
    Action::Discard,
    Action::Hide,
    Action::Show,
    Action::Wait,
    Action::Wait,
    Action::Wait,
    Action::Wait,
    Action::Wait,
    Action::Reload,
    Action::Reload,
    Action::SignOut,
];

/// What a shift did.
#[derive(Debug, Default)]
struct Counts {
    confirmed: usize,
    sent: usize,
    tasks: usize,
    cancelled: usize,
    unknown: usize,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.confirmed += other.confirmed;
        self.sent += other.sent;
        self.tasks += other.tasks;
        self.cancelled += other.cancelled;
        self.unknown += other.unknown;
    }
}

struct Shift {
    browser: VirtualBrowser,
    tabs: Vec<VirtualTab>,
    inventory: Arc<Inventory>,
    random: Random,
    counts: Counts,
}

impl Shift {
    fn new(seed: u64) -> Self {
        let browser = VirtualBrowser::new(json!({}));
        let first = VirtualTab::open(&browser);
        let second = first.open_another();
        first.sign_in("manager");
        second.sign_in("manager");
        let inventory = browser.run(first.client().unwrap().inventory(&Steps::default())).unwrap();
        Self {
            browser,
            tabs: vec![first, second],
            inventory: Arc::new(inventory),
            random: Random(seed),
            counts: Counts::default(),
        }
    }

    fn act(&mut self, faults: &[Value]) {
        let (tab, action) =
            (self.random.below(2) as usize, *self.random.pick(&ACTIONS_BY_FREQUENCY));
        let fault = self.random.pick(faults).clone();
        self.browser.faults(&json!([{"path": "/mgmt/*", "chance": FAULTY, "fault": fault}]));
        if self.tabs[tab].client().is_none() && self.tabs[tab].try_sign_in("manager").is_err() {
            return;
        }
        match action {
            Action::Kill => self.kill(tab),
            Action::Wait => {
                let wait = Duration::from_millis(self.random.below(20_000));
                self.browser.pass(wait);
            }
            Action::Poll => self.tabs[tab].poll_all(),
            Action::Hide => self.tabs[tab].show(false),
            Action::Show => self.tabs[tab].show(true),
            Action::Reload => self.replace(tab, VirtualTab::reload),
            Action::SignOut => self.replace(tab, VirtualTab::sign_out),
            _ => self.act_on_job(tab, action),
        }
        let moment = Duration::from_millis(self.random.below(1_500));
        self.browser.pass(moment);
    }

    /// Opens the gate, and confirms after a moment.
    fn kill(&mut self, tab: usize) {
        let users: BTreeSet<&str> =
            (0..=self.random.below(3)).map(|_| *self.random.pick(&USERS)).collect();
        let name = *self.random.pick(&DEVICES);
        let devices = self.inventory.devices().iter();
        let device = devices.filter(|device| device.name == name).map(|device| device.id.clone());
        let devices: SortedSet<MachineId> = device.collect();
        let knows_sessions = self.random.below(3) == 0;
        let tab = &self.tabs[tab];
        let live = tab
            .client()
            .filter(|_| knows_sessions)
            .map(|client| self.browser.run(read_sessions(&self.browser, &client, devices.clone())));
        tab.ask_tabs();
        self.browser.pass(Duration::from_millis(600));
        if tab.client().is_none() {
            return;
        }
        let users = users.into_iter().collect::<Vec<_>>().join("\n");
        let draft = Draft { users, devices, ..Draft::default() };
        self.counts.confirmed += tab.confirm(&draft, &self.inventory, live).len();
    }

    fn act_on_job(&mut self, tab: usize, action: Action) {
        let tab = &self.tabs[tab];
        let is_meant = |job: &Job| match action {
            Action::Cancel => job.is_cancellable(),
            Action::Compare => !job.is_under_way(),
            _ => job.is_under_way(),
        };
        let jobs = tab.jobs_where(&is_meant);
        if jobs.is_empty() {
            return;
        }
        let job = self.random.pick(&jobs);
        match action {
            Action::Cancel => tab.cancel(job),
            Action::Compare => tab.compare(job),
            Action::Pause => tab.pause(job, true),
            Action::Resume => tab.pause(job, false),
            Action::Discard => tab.drop_rest(job),
            _ => {}
        }
    }

    /// Reloads a tab or signs out. The operator signs in again at once: until then, a tab can't tell others about its
    /// jobs.
    fn replace(&mut self, tab: usize, how: fn(VirtualTab) -> VirtualTab) {
        let old = self.tabs.remove(tab);
        let new = how(old);
        self.browser.faults(&json!([]));
        self.browser.pass(Duration::from_secs(3));
        new.sign_in("manager");
        self.tabs.insert(tab, new);
    }

    /// Lets all jobs end that can.
    fn settle(&self) {
        self.browser.faults(&json!([]));
        self.browser.pass(Duration::from_secs(3));
        let is_open = |job: &Job| job.is_under_way() || job.lost_contact().is_some();
        let open = || self.tabs.iter().map(move |tab| (tab, tab.jobs_where(&is_open)));
        for _ in 0..60 {
            for (tab, jobs) in open() {
                tab.show(true);
                if tab.client().is_none() {
                    tab.sign_in("manager");
                }
                jobs.iter().for_each(|job| tab.pause(job, false));
            }
            self.browser.pass(Duration::from_secs(10));
            if open().all(|(_, jobs)| jobs.is_empty()) {
                return;
            }
        }
        let left: Vec<Job> =
            open().flat_map(|(tab, jobs)| jobs.into_iter().map(|job| tab.job(&job))).collect();
        panic!("still open: {left:?}");
    }

    fn jobs(&self) -> Vec<Job> {
        self.tabs.iter().flat_map(VirtualTab::jobs).collect()
    }

    fn check(&mut self) {
        let (jobs, tasks) = (self.jobs(), self.browser.tasks_of("manager"));
        let sent = self.browser.sent();
        let sent: Vec<&str> = sent
            .iter()
            .filter(|sent| sent.method == "POST" && sent.target == KILL)
            .map(|kill| kill.header("X-Curfew-Job").unwrap())
            .collect();
        let ids: BTreeSet<&str> = jobs.iter().map(|job| job.id().as_str()).collect();
        assert_eq!(ids.len(), jobs.len(), "no job is there twice");
        assert_eq!(jobs.len(), self.counts.confirmed, "a job for each confirmed request");
        let jobs_sent: BTreeSet<&str> = sent.iter().copied().collect();
        assert_eq!(jobs_sent.len(), sent.len(), "no request is sent twice");
        assert!(jobs_sent.is_subset(&ids), "a job for each request");
        assert!(tasks.len() <= sent.len(), "no more tasks than requests");

        let mut owners: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
        for job in &jobs {
            if let Some(task) = job.task_id() {
                owners.entry(task.as_str()).or_default().push(job);
            }
        }
        for (task, owners) in &owners {
            let stories: String =
                owners.iter().map(|job| format!("\n{}:{}", job.id(), timeline(job))).collect();
            assert_eq!(owners.len(), 1, "task {task} belongs to several jobs:{stories}");
        }
        for job in &jobs {
            let Some(id) = job.task_id() else { continue };
            let task = tasks.iter().find(|task| task["id"] == id.as_str());
            let task = task.unwrap_or_else(|| panic!("no task of {job:?}"));
            assert_eq!(job.request().user_name(), task["userName"].as_str());
            assert_eq!(*job.phase(), Phase::Ended(end_of(task)), "{task}");
        }
        let unclaimed = tasks.len() - owners.len();
        let unknown =
            jobs.iter().filter(|job| matches!(job.phase(), Phase::Unknown { .. })).count();
        assert!(unclaimed <= unknown, "for each task without a job, a job is unknown");
        for job in jobs.iter().filter(|job| matches!(job.phase(), Phase::NotSent(_))) {
            assert!(!jobs_sent.contains(job.id().as_str()), "shown as not sent: {job:?}");
        }
        self.counts.sent = sent.len();
        self.counts.tasks = tasks.len();
        self.counts.unknown = unknown;
        self.counts.cancelled = tasks.iter().filter(|task| is_cancelled(task)).count();
    }
}

fn is_cancelled(task: &Value) -> bool {
    task["status"].as_str().unwrap().starts_with("CANCEL")
}

/// The end that a job of this task has to show.
fn end_of(task: &Value) -> End {
    match (task["status"].as_str().unwrap(), &task["result"]) {
        ("FINISHED", result) if result == "COMPLETE" => End::Success,
        ("FAILED", _) => End::Failed,
        _ if is_cancelled(task) => End::Cancelled,
        _ => panic!("{task}"),
    }
}

fn shift(seed: u64, actions: u64) -> Counts {
    let mut shift = Shift::new(seed);
    let faults = faults();
    for _ in 0..actions {
        shift.act(&faults);
    }
    shift.settle();
    shift.check();
    shift.counts
}

#[test]
fn random_actions_lose_repeat_and_invent_no_kill() {
    let number = |name: &str, default| var(name).map_or(default, |text| text.parse().unwrap());
    let actions: u64 = number("CURFEW_CHAOS_ACTIONS", ACTIONS);
    let seed: u64 = number("CURFEW_CHAOS_SEED", SEED);
    let (next, all) = (AtomicU64::new(0), Mutex::new((Counts::default(), Vec::new())));
    let work = || {
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth * SHIFT >= actions {
                return;
            }
            let seed = seed + nth;
            let counts = catch_unwind(|| shift(seed, SHIFT.min(actions - nth * SHIFT)));
            let mut all = all.lock().unwrap();
            match counts {
                Ok(counts) => all.0.add(&counts),
                Err(_) => all.1.push(seed),
            }
        }
    };
    std::thread::scope(|scope| {
        (0..available_parallelism().map_or(1, NonZero::get)).for_each(|_| _ = scope.spawn(work));
    });
    let (counts, failed) = all.into_inner().unwrap();
    println!("{actions} actions, seed {seed}: {counts:?}");
    assert!(
        failed.is_empty(),
        "CURFEW_CHAOS_ACTIONS={SHIFT} with one of CURFEW_CHAOS_SEED={failed:?} repeats it"
    );
    // A run with almost no kills shows nothing.
    let [tasks, cancelled, unknown] = [counts.tasks, counts.cancelled, counts.unknown];
    assert!(tasks as u64 * 10 >= actions && cancelled > 0 && unknown > 0, "{counts:?}");
}
