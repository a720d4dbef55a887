//! The search for the task of a request whose answer was lost, in lists of BIG-IQ's tasks. BIG-IQ has no key that
//! would tell two equal requests apart, so only what a task echoes can be compared. It must not fetch, and it
//! never says "none" early: a proxy may hand a request on long after it gave up on the answer.

use crate::job::{Job, Observation, TaskSnapshot};
use crate::timestamp::Timestamp;
use bigiq::{DeviceReference, DeviceSessions, KillRequest, KillTask, Targets, parse_date_time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// "None" is said only after listings spread over this long: a device that does not answer holds BIG-IQ for 75 s
/// (captured).
pub const SPREAD: Duration = Duration::from_secs(75);
/// How far a task's begin may lie before the request's, once both are on BIG-IQ's clock: the `Date` header has whole
/// seconds, and an answer has its own way to go.
const EARLY: Duration = Duration::from_secs(15);
/// How long after the request its task may begin.
const LATE: Duration = Duration::from_secs(300);
/// Where an answer names no `Date`, the two clocks may differ by this.
const SKEW: Duration = Duration::from_secs(2 * 3600);

/// The first pages of BIG-IQ's tasks, last changed first, read after the request was sent.
#[derive(Debug, Clone, Default)]
pub struct TaskPage {
    /// The tasks.
    pub tasks: Vec<KillTask>,
    /// When the answer came, by this clock.
    pub at: Timestamp,
    /// BIG-IQ's clock at that time, from the `Date` header.
    pub server_time: Option<Timestamp>,
    /// Whether there are older tasks that were not read.
    pub cut: bool,
}

impl TaskPage {
    /// Whether the task of a request that left at `sent` would be in it: else it may be on a page that was not read.
    pub fn reaches(&self, sent: Timestamp) -> bool {
        Window::of(sent, self).is_covered_by(self)
    }
}

/// When each of BIG-IQ's tasks was first seen in any listing, by this clock. What was there before a request left can't
/// be that request's task, however like it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeenTasks(BTreeMap<String, Timestamp>);

impl SeenTasks {
    /// Notes the tasks of a listing that came at `at`, by their ids. A task keeps its earliest time.
    pub fn note<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>, at: Timestamp) {
        ids.into_iter().for_each(|id| self.put(id.to_owned(), at));
    }

    /// Takes over what another has noted.
    pub fn add(&mut self, other: Self) {
        other.0.into_iter().for_each(|(id, at)| self.put(id, at));
    }

    fn put(&mut self, id: String, at: Timestamp) {
        let first = self.0.entry(id).or_insert(at);
        *first = at.min(*first);
    }

    /// Whether a task was there when a request left at `sent`. A listing that came in the same millisecond was asked for
    /// before.
    fn was_there(&self, id: &str, sent: Timestamp) -> bool {
        self.0.get(id).is_some_and(|first| *first <= sent)
    }
}

/// The search for one job's task. It remembers what earlier listings showed.
#[derive(Debug, Clone, Default)]
pub struct TaskSearch {
    /// The first and the latest listing that would have shown the task, and did not.
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// Whether a task can be the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    /// Nothing speaks against it, but too little is said for it.
    Perhaps,
    No,
}

impl TaskSearch {
    /// Compares a listing with the job's request. Tasks that `seen_tasks` knows from before the request left are not its
    /// own, nor those that `owned` calls another job's. `rivals` are the times at which equal requests were sent whose
    /// tasks are not known: what could be one of theirs is shown and not adopted. `None` while nothing can be said; else the
    /// observation for the job: adopted, several, or none found.
    pub fn compare(
        &mut self,
        job: &Job,
        operator: &str,
        listing: &TaskPage,
        seen_tasks: &SeenTasks,
        rivals: &[Timestamp],
        owned: impl Fn(&str) -> bool,
    ) -> Option<Observation> {
        let sent = job.sent_at()?;
        let window = Window::of(sent, listing);
        let mut unsure = !window.is_covered_by(listing);
        // By their ids: a list may name a task twice.
        let (mut found, mut far) = (BTreeMap::new(), BTreeSet::new());
        for task in &listing.tasks {
            let Some(id) = task.task_id() else {
                unsure = true;
                continue;
            };
            if seen_tasks.was_there(id, sent) || owned(id) {
                continue;
            }
            match matches(task, job.request(), operator) {
                Match::No => {}
                _ if !window.holds(task) => {
                    if window.nears(task) {
                        far.insert(id.to_owned());
                    }
                }
                Match::Yes => _ = found.insert(id, task),
                Match::Perhaps => unsure = true,
            }
        }
        let contested = |id: &str| rivals.iter().any(|sent| !seen_tasks.was_there(id, *sent));
        if let Some((id, task)) = found.first_key_value() {
            if found.len() == 1 && !contested(id) {
                return Some(Observation::Adopted(TaskSnapshot::of(task)));
            }
            return Some(Observation::Several(found.into_keys().map(str::to_owned).collect()));
        }
        if unsure {
            return None;
        }
        let first = *self.first.get_or_insert(listing.at);
        self.last = Some(listing.at);
        if listing.at.since(first) < SPREAD {
            return None;
        }
        // A proxy's `Date` may be wrong: what is like the request and new is not passed over in silence.
        Some(if far.is_empty() {
            Observation::NoneFound
        } else {
            Observation::Several(far.into_iter().collect())
        })
    }

    /// Since when, and until when, listings showed no candidate.
    pub fn searched(&self) -> Option<(Timestamp, Timestamp)> {
        self.first.zip(self.last)
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

/// When the task can have begun, by BIG-IQ's clock.
struct Window {
    from: i64,
    to: i64,
}

impl Window {
    fn of(sent: Timestamp, listing: &TaskPage) -> Self {
        let ms = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
        let (skew, early, late) = match listing.server_time {
            Some(server) => (server.0.saturating_sub(listing.at.0), ms(EARLY), ms(LATE)),
            None => (0, ms(SKEW), ms(SKEW)),
        };
        let expected = sent.0.saturating_add(skew);
        Self { from: expected.saturating_sub(early), to: expected.saturating_add(late) }
    }

    /// A task without a begin is judged by its last change, which is later.
    fn holds(&self, task: &KillTask) -> bool {
        match (begin(task), task.last_update_micros) {
            (Some(begin), _) => begin >= self.from && begin <= self.to,
            (None, Some(micros)) => micros / 1000 >= self.from,
            (None, None) => true,
        }
    }

    /// Whether the task would be in the window if the clocks differed by as much as they may without a `Date`.
    fn nears(&self, task: &KillTask) -> bool {
        let skew = i64::try_from(SKEW.as_millis()).unwrap_or(i64::MAX);
        let (from, to) = (self.from.saturating_sub(skew), self.to.saturating_add(skew));
        Self { from, to }.holds(task)
    }

    /// Whether the listing reaches back to before the window. Only the last change of its last task tells: a task that began
    /// long ago may stand among the newest, for it goes on.
    fn is_covered_by(&self, listing: &TaskPage) -> bool {
        let last = listing.tasks.last().and_then(|task| task.last_update_micros);
        !listing.cut || last.is_some_and(|micros| micros / 1000 < self.from)
    }
}

fn begin(task: &KillTask) -> Option<i64> {
    task.start_date_time.as_deref().and_then(parse_date_time)
}

fn matches(task: &KillTask, request: &KillRequest, operator: &str) -> Match {
    // BIG-IQ may not have noted the operator yet (captured of another task): then it can't be told.
    let by_operator = match task.operator.as_deref() {
        Some(name) => Match::when(name.eq_ignore_ascii_case(operator)),
        None => Match::Perhaps,
    };
    let same = task.action.as_deref() == Some(request.action())
        && match request {
            KillRequest::ByUser { user_name, targets } => {
                task.user_name.as_deref() == Some(user_name) && same_targets(task, targets)
            }
            KillRequest::All { targets } => same_targets(task, targets),
            KillRequest::Listed { sessions } => same_sessions(task, sessions),
        };
    by_operator.and(Match::when(same))
}

/// Groups and clusters as sets; BIG-IQ adds the devices that it resolved (inferred), so those may be more.
fn same_targets(task: &KillTask, targets: &Targets) -> bool {
    let named: BTreeSet<&str> = task.machine_ids().collect();
    as_set(&task.access_group_names) == as_set(&targets.groups)
        && as_set(&task.cluster_names) == as_set(&targets.clusters)
        && targets.devices.iter().map(DeviceReference::machine_id).all(|id| named.contains(id))
}

/// The same devices, and on each the same ids, where the task still has them: a failed one may not (documented).
fn same_sessions(task: &KillTask, asked: &[DeviceSessions]) -> bool {
    if task.sessions.is_empty() {
        let named: BTreeSet<&str> = task.machine_ids().collect();
        return asked.iter().all(|s| named.contains(s.device_reference.machine_id()));
    }
    let id = |link: &Option<String>| {
        link.as_deref().map(bigiq::link::last_segment).unwrap_or_default().to_owned()
    };
    let told: BTreeSet<String> =
        task.sessions.iter().map(|s| id(&s.device_reference.link)).collect();
    let devices: BTreeSet<String> =
        asked.iter().map(|s| s.device_reference.machine_id().to_owned()).collect();
    told == devices
        && task.sessions.iter().all(|told| {
            let device = id(&told.device_reference.link);
            let ids = asked
                .iter()
                .filter(|s| s.device_reference.machine_id() == device)
                .flat_map(|s| &s.session_ids);
            told.session_ids.is_empty()
                || as_set(&told.session_ids) == ids.map(|id| &**id).collect()
        })
}

fn as_set(names: &[String]) -> BTreeSet<&str> {
    names.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, lost};
    use rstest::rstest;
    use serde_json::{Value, json};

    /// BIG-IQ's clock is an hour ahead of this one.
    const AHEAD: i64 = 3_600_000;

    /// The task of `user2` on `G1` and `lone`, begun a second after the request, with what `change` changes.
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

    fn listing(at: i64, tasks: Vec<KillTask>) -> TaskPage {
        TaskPage { tasks, at: Timestamp(at), server_time: Some(Timestamp(at + AHEAD)), cut: false }
    }

    fn compare(tasks: Vec<KillTask>) -> Option<Observation> {
        look(&mut TaskSearch::default(), &job(), &listing(25_000, tasks))
    }

    fn look(task_search: &mut TaskSearch, job: &Job, listing: &TaskPage) -> Option<Observation> {
        task_search.compare(job, "manager", listing, &SeenTasks::default(), &[], |_| false)
    }

    fn adopted(found: &Option<Observation>) -> Option<&str> {
        match found {
            Some(Observation::Adopted(sight)) => sight.task.as_deref(),
            _ => None,
        }
    }

    #[rstest]
    #[case::same(json!({}), true)]
    #[case::operator_in_capitals(json!({"username": "Manager"}), true)]
    #[case::other_operator(json!({"username": "admin"}), false)]
    #[case::operator_not_noted_yet(json!({"username": null}), false)]
    #[case::other_action(json!({"action": "KILL_ALL_SESSIONS"}), false)]
    #[case::other_user(json!({"userName": "USER2"}), false)]
    #[case::other_group(json!({"accessGroupNames": ["G1", "G2"]}), false)]
    #[case::group_twice(json!({"accessGroupNames": ["G1", "G1"]}), true)]
    #[case::a_cluster_too(json!({"clusterNames": ["Blue"]}), false)]
    #[case::not_my_device(json!({"deviceReferences": [{"link": "x/red-a"}]}), false)]
    #[case::only_my_device(json!({"deviceReferences": [{"link": "x/lone"}]}), true)]
    #[case::a_little_early(json!({"startDateTime": "1970-01-01T01:00:06.000Z"}), true)]
    #[case::too_early(json!({"startDateTime": "1970-01-01T01:00:04.000Z"}), false)]
    #[case::handed_on_late(json!({"startDateTime": "1970-01-01T01:05:20.000Z"}), true)]
    #[case::too_late(json!({"startDateTime": "1970-01-01T01:05:21.000Z"}), false)]
    #[case::other_zone(json!({"startDateTime": "1969-12-31T17:00:21.000-0800"}), true)]
    #[case::no_begin(json!({"startDateTime": null}), true)]
    #[case::last_changed_before(
        json!({"startDateTime": null, "lastUpdateMicros": 3_604_000_000_i64}), false
    )]
    fn what_is_the_task(#[case] change: Value, #[case] same: bool) {
        let found = compare(vec![task("t1", &change)]);
        assert_eq!(adopted(&found), same.then_some("t1"));
    }

    #[test]
    fn several_are_shown_and_none_is_adopted() {
        let found = compare(vec![task("t1", &json!({})), task("t2", &json!({}))]);
        assert_eq!(found, Some(Observation::Several(vec!["t1".into(), "t2".into()])));
    }

    #[test]
    fn of_two_equal_requests_none_takes_a_task_that_may_be_the_others() {
        let (t1, job) = (task("t1", &json!({})), job());
        let later = job.sent_at().unwrap().plus(Duration::from_secs(3));
        let listing = listing(25_000, vec![t1]);
        let mut seen_tasks = SeenTasks::default();
        let look = |seen_tasks: &SeenTasks| {
            TaskSearch::default()
                .compare(&job, "manager", &listing, seen_tasks, &[later], |_| false)
        };
        assert_eq!(look(&seen_tasks), Some(Observation::Several(vec!["t1".into()])));
        // It was there before the other one left.
        seen_tasks.note(["t1"], later);
        assert_eq!(adopted(&look(&seen_tasks)), Some("t1"));
    }

    #[test]
    fn tasks_seen_before_and_owned_ones_are_left_out() {
        let [old, mine, t1] = ["old", "mine", "t1"].map(|id| task(id, &json!({})));
        let (job, mut seen_tasks) = (job(), SeenTasks::default());
        let sent = job.sent_at().unwrap();
        seen_tasks.note(["old"], sent);
        // A sight of what is looked for, after the request left, is none from before.
        seen_tasks.note(["old", "t1"], sent.plus(Duration::from_millis(1)));
        let listing = listing(25_000, vec![old, mine, t1]);
        let mut task_search = TaskSearch::default();
        let found =
            task_search.compare(&job, "manager", &listing, &seen_tasks, &[], |id| id == "mine");
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[test]
    fn the_earliest_sight_of_a_task_counts_also_after_a_reload() {
        let (old, job) = (task("old", &json!({})), job());
        let sent = job.sent_at().unwrap();
        let (mut kept, mut later) = (SeenTasks::default(), SeenTasks::default());
        kept.note(["old"], sent);
        later.note(["old"], sent.plus(SPREAD));
        let stored = serde_json::to_string(&kept).unwrap();
        later.add(serde_json::from_str(&stored).unwrap());
        let listing = listing(25_000, vec![old]);
        let found =
            TaskSearch::default().compare(&job, "manager", &listing, &later, &[], |_| false);
        assert_eq!(found, None);
    }

    #[test]
    fn a_task_that_is_listed_twice_is_one() {
        let found = compare(vec![task("t1", &json!({})), task("t1", &json!({}))]);
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[rstest]
    #[case::two_hours_ahead("1970-01-01T02:55:00.000Z", true)]
    #[case::two_hours_behind("1969-12-31T23:05:00.000Z", true)]
    #[case::of_another_day("1970-01-02T02:55:00.000Z", false)]
    fn a_wrong_date_hides_no_task(#[case] begin: &str, #[case] shown: bool) {
        let mut task_search = TaskSearch::default();
        let mut look = |at| {
            let task = task("t1", &json!({"startDateTime": begin}));
            look(&mut task_search, &job(), &listing(at, vec![task]))
        };
        assert_eq!(look(30_000), None, "it is not adopted, and another may still come");
        let several = Observation::Several(vec!["t1".into()]);
        assert_eq!(look(105_000), Some(if shown { several } else { Observation::NoneFound }));
    }

    #[test]
    fn without_a_date_the_clocks_may_differ() {
        let listing =
            TaskPage { server_time: None, ..listing(25_000, vec![task("t1", &json!({}))]) };
        let found = look(&mut TaskSearch::default(), &job(), &listing);
        assert_eq!(adopted(&found), Some("t1"));
    }

    #[test]
    fn none_takes_listings_spread_over_75_seconds() {
        let mut task_search = TaskSearch::default();
        let mut look = |at, tasks| look(&mut task_search, &job(), &listing(at, tasks));
        assert_eq!(look(30_000, vec![]), None);
        assert_eq!(look(104_999, vec![]), None);
        let found = look(106_000, vec![task("t1", &json!({}))]);
        assert_eq!(adopted(&found), Some("t1"), "however late");
        assert_eq!(look(107_000, vec![]), Some(Observation::NoneFound));
        assert_eq!(task_search.searched(), Some((Timestamp(30_000), Timestamp(107_000))));
    }

    #[rstest]
    #[case::may_be_on_the_next_page(vec![], true)]
    #[case::operator_not_noted_yet(vec![task("t1", &json!({"username": null}))], false)]
    #[case::without_an_id(vec![task("", &json!({}))], false)]
    fn a_listing_that_may_hide_it_says_nothing(#[case] tasks: Vec<KillTask>, #[case] cut: bool) {
        let mut task_search = TaskSearch::default();
        for at in [30_000, 200_000] {
            let listing = TaskPage { cut, ..listing(at, tasks.clone()) };
            assert_eq!(look(&mut task_search, &job(), &listing), None);
        }
        assert_eq!(task_search.searched(), None);
    }

    #[test]
    fn a_cut_listing_that_reaches_back_is_enough() {
        let mut task_search = TaskSearch::default();
        let old =
            || task("t0", &json!({"userName": "another", "lastUpdateMicros": 3_600_000_000_i64}));
        let mut at = |at| {
            let listing = TaskPage { cut: true, ..listing(at, vec![old()]) };
            assert!(listing.reaches(job().sent_at().unwrap()));
            look(&mut task_search, &job(), &listing)
        };
        assert_eq!(at(30_000), None);
        assert_eq!(at(105_000), Some(Observation::NoneFound));
    }

    #[rstest]
    #[case::last(json!({"lastUpdateMicros": 3_700_000_000_i64}))]
    #[case::before_the_last(json!({}))]
    fn a_task_that_has_run_for_long_says_nothing_of_how_far_a_listing_reaches(
        #[case] change: Value,
    ) {
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
            let listing = TaskPage { cut: true, ..listing(at, tasks.clone()) };
            assert!(!listing.reaches(job().sent_at().unwrap()));
            assert_eq!(
                look(&mut task_search, &job(), &listing),
                None,
                "the task may be on the next page"
            );
        }
    }

    #[test]
    fn a_rival_of_which_nobody_knows_when_it_was_sent_contests_all_that_is_new() {
        let (t1, job) = (task("t1", &json!({})), job());
        let listing = listing(25_000, vec![t1]);
        let found = TaskSearch::default().compare(
            &job,
            "manager",
            &listing,
            &SeenTasks::default(),
            &[Timestamp(0)],
            |_| false,
        );
        assert_eq!(found, Some(Observation::Several(vec!["t1".into()])));
    }

    #[test]
    fn nothing_is_searched_that_was_not_sent() {
        let (job, _) = crate::fixture::started(&draft("user2", &["G1"], &[], &[])).items.remove(0);
        let listing = listing(25_000, vec![task("t1", &json!({}))]);
        assert_eq!(look(&mut TaskSearch::default(), &job, &listing), None);
    }
}
