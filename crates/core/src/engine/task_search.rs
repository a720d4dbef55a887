//! The search in BIG-IQ's task list for the task of a request whose answer was lost. BIG-IQ has no key that distinguishes two
//! equal requests, so only the fields that a task repeats can be compared. The search does not report "none" early: a proxy
//! may forward a request long after it gave up waiting for the answer.

use crate::ids::{MachineId, SessionId, TaskId};
use crate::job::{BigIqTask, Job, Observation, TaskSnapshot, changed};
use crate::sorted::{SortedMap, SortedSet};
use crate::timestamp::Timestamp;
use bigiq::{DeviceReference, DeviceSessions, KillRequest, KillTask, Targets};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// "None" is reported only if task pages spread over at least this time showed no candidate: a device that does not answer
/// delays BIG-IQ for 75 s (captured).
pub const SPREAD: Duration = Duration::from_secs(75);
/// How long before the request its task may have started, both by BIG-IQ's clock. The `Date` header is in whole seconds, and
/// an answer takes time to arrive.
const EARLY: Duration = Duration::from_secs(15);
/// How long after the request its task may start.
const LATE: Duration = Duration::from_secs(300);
/// How far the two clocks may differ if an answer has no `Date` header.
const SKEW: Duration = Duration::from_secs(2 * 3600);

/// The first pages of BIG-IQ's task list, the latest changes first, read after the request was sent.
#[derive(Debug, Clone, Default)]
pub struct TaskPage {
    /// The tasks that have an id.
    pub tasks: Vec<BigIqTask>,
    /// How many more have none.
    pub without_id: usize,
    /// The last change of its last task, by BIG-IQ's clock.
    pub reaches_to: Option<Timestamp>,
    /// When the answer arrived, by the browser's clock.
    pub at: Timestamp,
    /// The time by BIG-IQ's clock, from the `Date` header.
    pub server_time: Option<Timestamp>,
    /// Whether there are older tasks that were not read.
    pub cut: bool,
}

impl TaskPage {
    /// The page of these tasks. `at`, `server_time` and `cut` as in its fields.
    pub fn of(
        tasks: &[KillTask],
        at: Timestamp,
        server_time: Option<Timestamp>,
        cut: bool,
    ) -> Self {
        // Only its last change: a task that started long ago may still be running and so be among the newest.
        // guard: task-list-reach
        let reaches_to = tasks.last().and_then(changed);
        let count = tasks.len();
        let tasks: Vec<_> = tasks.iter().filter_map(BigIqTask::of).collect();
        Self { without_id: count - tasks.len(), tasks, reaches_to, at, server_time, cut }
    }

    /// Whether the task of a request sent at `sent` would be in it. If not, it may be on a page that was not read.
    pub fn reaches(&self, sent: Timestamp) -> bool {
        Window::of(sent, self).is_covered_by(self)
    }

    /// How many tasks it has.
    pub fn count(&self) -> usize {
        self.tasks.len() + self.without_id
    }

    /// Adds the page after it.
    pub fn append(&mut self, next: Self) {
        if next.count() > 0 {
            self.reaches_to = next.reaches_to;
        }
        self.tasks.extend(next.tasks);
        self.without_id += next.without_id;
        (self.at, self.server_time, self.cut) = (next.at, next.server_time, next.cut);
    }

    /// The ids of its tasks.
    pub fn ids(&self) -> impl Iterator<Item = TaskId> {
        self.tasks.iter().map(|task| task.id.clone())
    }

    /// The state of a task, if the page has it.
    pub fn snapshot(&self, id: &TaskId) -> Option<TaskSnapshot> {
        self.tasks.iter().find(|task| task.id == *id).map(|task| task.snapshot.clone())
    }
}

/// When each BIG-IQ task was first seen in a task list, by the browser's clock. A task that was there before a request was
/// sent can't be that request's task, even if it looks the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeenTasks(SortedMap<TaskId, Timestamp>);

impl SeenTasks {
    /// Records the ids of tasks in a list that arrived at `at`. A task keeps its earliest time.
    pub fn note(&mut self, ids: impl IntoIterator<Item = TaskId>, at: Timestamp) {
        self.merge(ids.into_iter().map(|id| (id, at)));
    }

    /// Adds the tasks of another record.
    pub fn add(&mut self, other: Self) {
        self.merge(other.0);
    }

    fn merge(&mut self, seen: impl IntoIterator<Item = (TaskId, Timestamp)>) {
        self.0.merge(seen, |first, at| *first = at.min(*first));
    }

    /// Calls `tell` with each task and when it was first seen.
    #[cfg(test)]
    pub(super) fn each(&self, tell: &mut dyn FnMut(&TaskId, Timestamp)) {
        self.0.iter().for_each(|(id, at)| tell(id, *at));
    }

    /// Whether a task was already there when a request was sent at `sent`. A list that arrived in the same millisecond was
    /// requested earlier.
    fn was_there(&self, id: &TaskId, sent: Timestamp) -> bool {
        self.0.get(id).is_some_and(|first| *first <= sent)
    }
}

/// The search for one job's task. It remembers what earlier task pages showed.
///
/// ```
/// use curfew_core::engine::{SPREAD, SeenTasks, TaskPage, TaskSearch};
/// use curfew_core::job::Observation;
/// # use bigiq::device::AccessDevice;
/// # use curfew_core::{app::AccountKey, ids::{BatchId, MachineId}, inventory::DeviceList, plan::{Answer, Draft, Plan}, timestamp::Timestamp};
/// # let edge = AccessDevice { machine_id: Some("m1".into()), ..AccessDevice::default() };
/// # let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// # let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// # let mut draft = Draft { users: "user2".into(), ..Draft::default() };
/// # draft.devices.insert(MachineId::new("m1"));
/// # let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// # let confirmed = plan.confirm(&Answer::default(), |_| String::new()).map_err(|error| format!("{error:?}"))?;
/// # let Some(curfew_core::job::StartedJob { mut job, queued }) = confirmed.start(&BatchId::new("b1"), Timestamp(1)).items.pop() else { return Ok(()) };
/// # let _request = job.start_sending(Timestamp(2), queued);
/// // Two empty task pages for a job whose answer was lost. The first proves nothing:
/// let mut search = TaskSearch::default();
/// let first = TaskPage { at: Timestamp(3), ..TaskPage::default() };
/// assert_eq!(search.compare(&job, "operator", &first, &SeenTasks::default(), &[], |_| false), None);
///
/// let last = TaskPage { at: first.at.plus(SPREAD), ..TaskPage::default() };
/// let found = search.compare(&job, "operator", &last, &SeenTasks::default(), &[], |_| false);
/// assert_eq!(found, Some(Observation::NoneFound));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TaskSearch {
    /// The first and the latest page that would have shown the task but did not.
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// By how much the browser's clock was set since the request, in milliseconds.
    set_by: i64,
}

/// Whether a task can be the job's task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    /// Nothing excludes it, but too little is known to be sure.
    Perhaps,
    No,
}

impl TaskSearch {
    /// Compares a page with the job's request. Returns the observation for the job (adopted, several or none found), or `None`
    /// if nothing can be concluded yet.
    ///
    /// Excluded are tasks that `seen_tasks` knows from before the request was sent, and those that `owned` assigns to another
    /// job. `rivals` are the times at which equal requests were sent whose tasks are not known either: a task that could belong
    /// to one of them is shown as a candidate but not adopted.
    pub fn compare(
        &mut self,
        job: &Job,
        operator: &str,
        page: &TaskPage,
        seen_tasks: &SeenTasks,
        rivals: &[Timestamp],
        owned: impl Fn(&TaskId) -> bool,
    ) -> Option<Observation> {
        let sent = job.sent_at()?;
        let window = Window::of(sent, page);
        let mut unsure = !window.is_covered_by(page) || page.without_id > 0;
        // By id: a list may contain a task twice.
        let (mut found, mut far) = (SortedMap::new(), SortedSet::new());
        for task in &page.tasks {
            let id = task.id.clone();
            // guard: known-tasks-not-adopted
            if seen_tasks.was_there(&id, sent) || owned(&id) {
                continue;
            }
            match matches(task, job.request(), operator) {
                Match::No => {}
                _ if !window.holds(task) => {
                    if window.nears(task, self.set_by) {
                        far.insert(id);
                    }
                }
                Match::Yes => found.insert(id, task),
                Match::Perhaps => unsure = true,
            }
        }
        let contested = |id: &TaskId| rivals.iter().any(|sent| !seen_tasks.was_there(id, *sent));
        let first = found.iter().next();
        if let Some((id, task)) = first {
            // guard: single-candidate-adopted
            if found.len() == 1 && !contested(id) {
                return Some(Observation::Adopted(task.snapshot.clone()));
            }
            return Some(Observation::Several(found.into_iter().map(|(id, _)| id).collect()));
        }
        if unsure {
            return None;
        }
        let first = *self.first.get_or_insert(page.at);
        self.last = Some(page.at);
        // guard: task-search-spread
        if page.at.since(first) < SPREAD {
            return None;
        }
        // A proxy's `Date` may be wrong: a new task that looks like the request is not ignored.
        // guard: clock-difference
        Some(if far.is_empty() {
            Observation::NoneFound
        } else {
            Observation::Several(far.into_iter().collect())
        })
    }

    /// Starts again after the browser's clock was set by so many milliseconds, in either direction.
    pub(super) fn note_set_clock(&mut self, by: u64) {
        let set_by = self.set_by.saturating_add(i64::try_from(by).unwrap_or(i64::MAX));
        *self = Self { set_by, ..Self::default() };
    }

    /// Since when and until when pages showed no candidate.
    pub fn searched(&self) -> Option<(Timestamp, Timestamp)> {
        self.first.zip(self.last)
    }
}

/// What the task list shows of a request that was refused. Something between BIG-IQ and the browser may have replaced the answer
/// to a kill that started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// No task like it.
    None,
    /// Too little is known.
    Unclear,
    /// This task is like it, and has started since.
    Task(TaskId),
}

impl TaskPage {
    /// What the page shows of a job that was refused. `known` are the tasks of other jobs.
    pub fn trace_of(&self, job: &Job, operator: &str, known: &[TaskId]) -> Trace {
        let Some(sent) = job.sent_at() else { return Trace::None };
        let window = Window::of(sent, self);
        let is_whole = window.is_covered_by(self) && self.without_id == 0;
        let mut trace = if is_whole { Trace::None } else { Trace::Unclear };
        for task in self.tasks.iter().filter(|task| window.holds(task)) {
            match matches(task, job.request(), operator) {
                Match::No => {}
                _ if known.contains(&task.id) => {}
                Match::Yes => return Trace::Task(task.id.clone()),
                Match::Perhaps => trace = Trace::Unclear,
            }
        }
        trace
    }
}

impl Match {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Perhaps,
        }
    }

    fn when(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// When the task can have started, by BIG-IQ's clock.
struct Window {
    from: i64,
    to: i64,
}

impl Window {
    fn of(sent: Timestamp, page: &TaskPage) -> Self {
        let ms = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
        let (skew, early, late) = match page.server_time {
            Some(server) => (server.0.saturating_sub(page.at.0), ms(EARLY), ms(LATE)),
            None => (0, ms(SKEW), ms(SKEW)),
        };
        let expected = sent.0.saturating_add(skew);
        Self { from: expected.saturating_sub(early), to: expected.saturating_add(late) }
    }

    /// A task without a start time is compared by its last change, which is later.
    fn holds(&self, task: &BigIqTask) -> bool {
        match (task.snapshot.started, task.changed) {
            (Some(started), _) => started.0 >= self.from && started.0 <= self.to,
            (None, Some(changed)) => changed.0 >= self.from,
            (None, None) => true,
        }
    }

    /// Whether the task would be in the window if the clocks differed by the most that is allowed without a `Date` header, and one
    /// was set by `set_by` milliseconds since.
    fn nears(&self, task: &BigIqTask, set_by: i64) -> bool {
        let skew = i64::try_from(SKEW.as_millis()).unwrap_or(i64::MAX).saturating_add(set_by);
        let (from, to) = (self.from.saturating_sub(skew), self.to.saturating_add(skew));
        Self { from, to }.holds(task)
    }

    /// Whether the page reaches back to before the window.
    fn is_covered_by(&self, page: &TaskPage) -> bool {
        !page.cut || page.reaches_to.is_some_and(|changed| changed.0 < self.from)
    }
}

fn matches(task: &BigIqTask, request: &KillRequest, operator: &str) -> Match {
    // BIG-IQ may not have stored the operator yet (captured for another kind of task): then nothing is known.
    let by_operator = match task.operator.as_deref() {
        Some(name) => Match::when(name.eq_ignore_ascii_case(operator)),
        None => Match::Perhaps,
    };
    let same = task.action.as_deref() == Some(request.action())
        && match request {
            KillRequest::ByUser { user_name, targets } => {
                task.user.as_ref().is_some_and(|user| user.as_str() == user_name)
                    && same_targets(task, targets)
            }
            KillRequest::All { targets } => same_targets(task, targets),
            KillRequest::Listed { sessions } => same_sessions(task, sessions),
        };
    by_operator.and(Match::when(same))
}

/// Compares groups and clusters as sets. BIG-IQ adds the devices that it resolved (inferred), so there may be more devices.
fn same_targets(task: &BigIqTask, targets: &Targets) -> bool {
    let named = devices_of(task);
    as_set(&task.groups) == as_set(&targets.groups)
        && as_set(&task.clusters) == as_set(&targets.clusters)
        && targets.devices.iter().map(DeviceReference::machine_id).all(|id| named.contains(id))
}

/// The same devices, and the same session ids on each, if the task still has them: a failed one may not (documented).
fn same_sessions(task: &BigIqTask, asked: &[DeviceSessions]) -> bool {
    if task.sessions.is_empty() {
        let named = devices_of(task);
        return asked.iter().all(|s| named.contains(s.device_reference.machine_id()));
    }
    let listed: SortedSet<&str> =
        SortedSet::from_iter(task.sessions.iter().map(|(device, _)| device.as_str()));
    let devices: SortedSet<&str> =
        SortedSet::from_iter(asked.iter().map(|s| s.device_reference.machine_id()));
    listed == devices
        && task.sessions.iter().all(|(device, ids)| {
            let asked_ids = asked
                .iter()
                .filter(|s| s.device_reference.machine_id() == device.as_str())
                .flat_map(|s| &s.session_ids);
            let ids: SortedSet<&str> = SortedSet::from_iter(ids.iter().map(SessionId::as_str));
            ids.is_empty() || ids == SortedSet::from_iter(asked_ids.map(|id| &**id))
        })
}

/// The devices that a task names.
fn devices_of(task: &BigIqTask) -> SortedSet<&str> {
    SortedSet::from_iter(task.snapshot.devices.iter().map(MachineId::as_str))
}

fn as_set(names: &[String]) -> SortedSet<&str> {
    SortedSet::from_iter(names.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, lost, task_id};
    use rstest::rstest;
    use serde_json::{Value, json};

    /// BIG-IQ's clock is an hour ahead of the browser's.
    const AHEAD: i64 = 3_600_000;

    /// The task of `user2` on `G1` and `lone`, started a second after the request, with the changes in `change`.
    fn task(id: &str, change: &Value) -> KillTask {
        let mut all = json!({
            "id": id, "action": "KILL_BY_USER", "userName": "user2", "username": "manager",
            "accessGroupNames": ["G1"],
            "deviceReferences": [{"link": "https://localhost/mgmt/cm/system/machineid-resolver/lone"},
                                 {"link": "https://localhost/mgmt/cm/system/machineid-resolver/red-a"}],
            "status": "STARTED", "startDateTime": "1970-01-01T01:00:21.000Z",
        });
        for (key, value) in change.as_object().unwrap() {
            all[key] = value.clone();
        }
        serde_json::from_value(all).unwrap()
    }

    fn job() -> Job {
        lost(&draft("user2", &["G1"], &[], &["lone"])).1
    }

    fn page(at: i64, tasks: impl AsRef<[KillTask]>) -> TaskPage {
        TaskPage::of(tasks.as_ref(), Timestamp(at), Some(Timestamp(at + AHEAD)), false)
    }

    fn compare(tasks: Vec<KillTask>) -> Option<Observation> {
        compare_page(&mut TaskSearch::default(), &job(), &page(25_000, tasks))
    }

    fn compare_page(
        task_search: &mut TaskSearch,
        job: &Job,
        page: &TaskPage,
    ) -> Option<Observation> {
        task_search.compare(job, "manager", page, &SeenTasks::default(), &[], |_| false)
    }

    fn adopted(found: &Option<Observation>) -> Option<&str> {
        match found {
            Some(Observation::Adopted(snapshot)) => snapshot.task.as_ref().map(TaskId::as_str),
            _ => None,
        }
    }

    #[rstest]
    #[case::same(json!({}), true)]
    #[case::operator_in_capitals(json!({"username": "Manager"}), true)]
    #[case::other_operator(json!({"username": "admin"}), false)]
    #[case::operator_not_stored_yet(json!({"username": null}), false)]
    #[case::other_action(json!({"action": "KILL_ALL_SESSIONS"}), false)]
    #[case::other_user(json!({"userName": "USER2"}), false)]
    #[case::other_group(json!({"accessGroupNames": ["G1", "G2"]}), false)]
    #[case::group_twice(json!({"accessGroupNames": ["G1", "G1"]}), true)]
    #[case::a_cluster_too(json!({"clusterNames": ["Blue"]}), false)]
    #[case::not_my_device(json!({"deviceReferences": [{"link": "x/red-a"}]}), false)]
    #[case::only_my_device(json!({"deviceReferences": [{"link": "x/lone"}]}), true)]
    #[case::a_little_early(json!({"startDateTime": "1970-01-01T01:00:06.000Z"}), true)]
    #[case::too_early(json!({"startDateTime": "1970-01-01T01:00:04.000Z"}), false)]
    #[case::forwarded_late(json!({"startDateTime": "1970-01-01T01:05:20.000Z"}), true)]
    #[case::too_late(json!({"startDateTime": "1970-01-01T01:05:21.000Z"}), false)]
    #[case::other_zone(json!({"startDateTime": "1969-12-31T17:00:21.000-0800"}), true)]
    #[case::no_start_time(json!({"startDateTime": null}), true)]
    #[case::last_changed_before(
        json!({"startDateTime": null, "lastUpdateMicros": 3_604_000_000_i64}), false
    )]
    fn what_is_the_task(#[case] change: Value, #[case] same: bool) {
        let found = compare(vec![task("t1", &change)]);
        assert_eq!(adopted(&found), same.then_some("t1"));
    }

    #[rstest]
    #[case::same(json!({}), Trace::Task("t1".into()))]
    #[case::other_operator(json!({"username": "admin"}), Trace::None)]
    #[case::operator_not_stored_yet(json!({"username": null}), Trace::Unclear)]
    #[case::other_action(json!({"action": "KILL_ALL_SESSIONS"}), Trace::None)]
    #[case::other_target(json!({"accessGroupNames": ["G2"]}), Trace::None)]
    #[case::before_the_request(json!({"startDateTime": "1970-01-01T01:00:04.000Z"}), Trace::None)]
    #[case::no_id(json!({"id": null}), Trace::Unclear)]
    #[case::of_another_job(json!({"id": "t2"}), Trace::None)]
    fn what_the_list_shows_of_a_refused_job(#[case] change: Value, #[case] trace: Trace) {
        let found = |tasks| page(25_000, tasks).trace_of(&job(), "manager", &["t2".into()]);
        let other = || task("t0", &json!({"userName": "user9"}));
        assert_eq!(found(vec![other(), task("t1", &change)]), trace);
        assert_eq!(found(vec![other()]), Trace::None);
    }

    #[test]
    fn a_list_that_does_not_reach_back_shows_nothing_of_a_refused_job() {
        let newer =
            task("t0", &json!({"userName": "user9", "lastUpdateMicros": 3_621_000_000_i64}));
        let cut = TaskPage { cut: true, ..page(25_000, [newer]) };
        assert_eq!(cut.trace_of(&job(), "manager", &[]), Trace::Unclear);
    }

    #[test]
    fn several_are_shown_and_none_is_adopted() {
        let found = compare(vec![task("t1", &json!({})), task("t2", &json!({}))]);
        assert_eq!(found, Some(Observation::Several(vec!["t1".into(), "t2".into()])));
    }

    #[test]
    fn an_equal_request_does_not_adopt_a_task_that_may_be_the_others() {
        let (t1, job) = (task("t1", &json!({})), job());
        let later = job.sent_at().unwrap().plus(Duration::from_secs(3));
        let page = page(25_000, [t1]);
        let mut seen_tasks = SeenTasks::default();
        let compare = |seen_tasks: &SeenTasks| {
            TaskSearch::default().compare(&job, "manager", &page, seen_tasks, &[later], |_| false)
        };
        assert_eq!(compare(&seen_tasks), Some(Observation::Several(vec!["t1".into()])));
        // It was there before the other request was sent.
        seen_tasks.note([task_id("t1")], later);
        assert_eq!(adopted(&compare(&seen_tasks)), Some("t1"));
    }

    #[test]
    fn tasks_seen_before_and_owned_ones_are_left_out() {
        let [old, mine, t1] = ["old", "mine", "t1"].map(|id| task(id, &json!({})));
        let (job, mut seen_tasks) = (job(), SeenTasks::default());
        let sent = job.sent_at().unwrap();
        seen_tasks.note([task_id("old")], sent);
        // Seen after the request was sent, so it may be the request's task.
        seen_tasks.note([task_id("old"), task_id("t1")], sent.plus(Duration::from_millis(1)));
        let page = page(25_000, [old, mine, t1]);
        let mut task_search = TaskSearch::default();
        let found =
            task_search.compare(&job, "manager", &page, &seen_tasks, &[], |id| id == "mine");
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[test]
    fn the_earliest_time_of_a_task_counts_also_after_a_reload() {
        let (old, job) = (task("old", &json!({})), job());
        let sent = job.sent_at().unwrap();
        let (mut early, mut later) = (SeenTasks::default(), SeenTasks::default());
        early.note([task_id("old")], sent);
        later.note([task_id("old")], sent.plus(SPREAD));
        let stored = serde_json::to_string(&early).unwrap();
        later.add(serde_json::from_str(&stored).unwrap());
        let page = page(25_000, [old]);
        let found = TaskSearch::default().compare(&job, "manager", &page, &later, &[], |_| false);
        assert_eq!(found, None);
    }

    #[test]
    fn a_task_listed_twice_counts_once() {
        let found = compare(vec![task("t1", &json!({})), task("t1", &json!({}))]);
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[rstest]
    #[case::two_hours_ahead("1970-01-01T02:55:00.000Z", true)]
    #[case::two_hours_behind("1969-12-31T23:05:00.000Z", true)]
    #[case::of_another_day("1970-01-02T02:55:00.000Z", false)]
    fn a_wrong_date_hides_no_task(#[case] started: &str, #[case] shown: bool) {
        let mut task_search = TaskSearch::default();
        let mut compare = |at| {
            let task = task("t1", &json!({"startDateTime": started}));
            compare_page(&mut task_search, &job(), &page(at, [task]))
        };
        assert_eq!(compare(30_000), None, "not adopted, and another task may still appear");
        let several = Observation::Several(vec!["t1".into()]);
        assert_eq!(compare(105_000), Some(if shown { several } else { Observation::NoneFound }));
    }

    #[test]
    fn without_a_date_the_clocks_may_differ() {
        let page = TaskPage { server_time: None, ..page(25_000, [task("t1", &json!({}))]) };
        let found = compare_page(&mut TaskSearch::default(), &job(), &page);
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[test]
    fn pages_add_up() {
        let mut all = TaskPage { cut: true, ..page(1, [task("t1", &json!({}))]) };
        all.append(page(2, [task("t2", &json!({})), task("", &json!({}))]));
        assert_eq!((all.count(), all.at, all.cut), (3, Timestamp(2), false));
        let ids: Vec<TaskId> = all.ids().collect();
        assert_eq!(ids, ["t1", "t2"]);
        assert_eq!(all.snapshot(&task_id("t2")).and_then(|found| found.task), Some(task_id("t2")));
        assert_eq!(all.snapshot(&task_id("t3")), None);
        assert_eq!(all.tasks.len(), 2, "one has no id");
    }

    #[test]
    fn none_found_takes_pages_spread_over_75_seconds() {
        let mut task_search = TaskSearch::default();
        let mut compare = |at, tasks| compare_page(&mut task_search, &job(), &page(at, tasks));
        assert_eq!(compare(30_000, vec![]), None);
        assert_eq!(compare(104_999, vec![]), None);
        let found = compare(106_000, vec![task("t1", &json!({}))]);
        assert_eq!(adopted(&found), Some("t1"), "however late");
        assert_eq!(compare(107_000, vec![]), Some(Observation::NoneFound));
        assert_eq!(task_search.searched(), Some((Timestamp(30_000), Timestamp(107_000))));
    }

    #[rstest]
    #[case::may_be_on_the_next_page(vec![], true)]
    #[case::operator_not_stored_yet(vec![task("t1", &json!({"username": null}))], false)]
    #[case::without_an_id(vec![task("", &json!({}))], false)]
    fn a_page_that_may_miss_the_task_proves_nothing(
        #[case] tasks: Vec<KillTask>,
        #[case] cut: bool,
    ) {
        let mut task_search = TaskSearch::default();
        for at in [30_000, 200_000] {
            let page = TaskPage { cut, ..page(at, &tasks) };
            assert_eq!(compare_page(&mut task_search, &job(), &page), None);
        }
        assert_eq!(task_search.searched(), None);
    }

    #[test]
    fn a_cut_page_that_reaches_back_is_enough() {
        let mut task_search = TaskSearch::default();
        let old =
            || task("t0", &json!({"userName": "another", "lastUpdateMicros": 3_600_000_000_i64}));
        let mut at = |at| {
            let page = TaskPage { cut: true, ..page(at, [old()]) };
            assert!(page.reaches(job().sent_at().unwrap()));
            compare_page(&mut task_search, &job(), &page)
        };
        assert_eq!(at(30_000), None);
        assert_eq!(at(105_000), Some(Observation::NoneFound));
    }

    #[rstest]
    #[case::last(json!({"lastUpdateMicros": 3_700_000_000_i64}))]
    #[case::before_the_last(json!({}))]
    fn a_long_running_task_does_not_show_how_far_a_page_reaches(#[case] change: Value) {
        let mut old = json!({"startDateTime": "1970-01-01T00:00:00.000Z", "userName": "another"});
        old.as_object_mut().unwrap().append(change.clone().as_object_mut().unwrap());
        let new = json!({"userName": "another", "lastUpdateMicros": 3_700_000_000_i64});
        let old = task("t0", &old);
        let tasks = if change == json!({}) {
            vec![old, task("t1", &new)]
        } else {
            vec![task("t1", &new), old]
        };
        let mut task_search = TaskSearch::default();
        for at in [30_000, 200_000] {
            let page = TaskPage { cut: true, ..page(at, &tasks) };
            assert!(!page.reaches(job().sent_at().unwrap()));
            assert_eq!(
                compare_page(&mut task_search, &job(), &page),
                None,
                "the task may be on the next page"
            );
        }
    }

    #[test]
    fn a_rival_with_an_unknown_time_contests_every_new_task() {
        let (t1, job) = (task("t1", &json!({})), job());
        let page = page(25_000, [t1]);
        let found = TaskSearch::default().compare(
            &job,
            "manager",
            &page,
            &SeenTasks::default(),
            &[Timestamp(0)],
            |_| false,
        );
        assert_eq!(found, Some(Observation::Several(vec!["t1".into()])));
    }

    #[test]
    fn nothing_is_searched_that_was_not_sent() {
        let job = crate::fixture::started(&draft("user2", &["G1"], &[], &[])).items.remove(0).job;
        let page = page(25_000, [task("t1", &json!({}))]);
        assert_eq!(compare_page(&mut TaskSearch::default(), &job, &page), None);
    }
}
