//! The list of jobs: the plans of this tab and the tasks of BIG-IQ's list, each kill once, newest first, and as CSV.

use super::{BigIqTask, BigIqTaskState, End, Job, Phase, Search};
use crate::ids::{JobId, TaskId, UserName};
use crate::plan::{Batch, Kind};
use crate::record::csv_line;
use crate::timestamp::Timestamp;
use bigiq::KillRequest;
use std::time::Duration;

const COLUMNS: [&str; 8] =
    ["started", "state", "action", "user", "targets", "operator", "task", "job"];

/// A row of the list: the place of a plan of this tab, or of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobRow {
    /// A plan of this tab.
    Plan(usize),
    /// A task that no job of this tab has.
    Task(usize),
}

/// What the list needs of a plan of this tab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedPlan {
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// The tasks of its jobs, as far as they are known.
    pub tasks: Vec<TaskId>,
}

/// The rows, newest first. `ahead` is how far BIG-IQ's clock is ahead of the browser's, in milliseconds.
pub fn job_rows(plans: &[ListedPlan], tasks: &[BigIqTask], ahead: i64) -> Vec<JobRow> {
    let is_own = |task: &BigIqTask| plans.iter().any(|plan| plan.tasks.contains(&task.id));
    let plan_rows =
        plans.iter().enumerate().map(|(place, plan)| (plan.confirmed_at, JobRow::Plan(place)));
    // guard: job-listed-once
    let others = tasks.iter().enumerate().filter(|(_, task)| !is_own(task));
    let task_rows = others.map(|(place, task)| (task.began(ahead), JobRow::Task(place)));
    let mut rows: Vec<(Timestamp, JobRow)> = Vec::new();
    for row in plan_rows.chain(task_rows) {
        let index = rows.partition_point(|(at, _)| *at >= row.0);
        rows.insert(index, row);
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

impl Batch {
    /// The names of its targets; for listed sessions, those of their devices.
    pub fn target_names(&self) -> Vec<String> {
        let named = self.targets.groups.iter().chain(&self.targets.clusters).cloned();
        let single = self
            .reached
            .iter()
            .filter(|device| self.kind == Kind::Listed || device.by_reference_only)
            .map(|device| device.name.clone());
        named.chain(single).collect()
    }
}

impl BigIqTask {
    /// When it started, by the browser's clock; when it changed last, if it has no start.
    pub fn began(&self, ahead: i64) -> Timestamp {
        let at = self.snapshot.started.or(self.changed).unwrap_or_default();
        Timestamp(at.0.saturating_sub(ahead))
    }
}

/// What a filter and the CSV need of a job or a task.
#[derive(Debug, Clone, Copy)]
pub struct JobFacts<'a> {
    /// When it started, by the browser's clock.
    pub started: Option<Timestamp>,
    /// Its state.
    pub state: BigIqTaskState,
    /// BIG-IQ's name of the action.
    pub action: &'a str,
    /// The user, for a kill by user.
    pub user: Option<&'a str>,
    /// The operator.
    pub operator: Option<&'a str>,
    /// Its task.
    pub task: Option<&'a TaskId>,
    /// Its job in this tab.
    pub job: Option<&'a JobId>,
}

impl<'a> JobFacts<'a> {
    /// Of a job of this tab.
    pub fn of_job(job: &'a Job, batch: &'a Batch) -> Self {
        Self {
            started: Some(job.confirmed_at()),
            state: state_of(job.phase()),
            action: job.request().action(),
            user: match job.request() {
                KillRequest::ByUser { user_name, .. } => Some(user_name),
                KillRequest::All { .. } | KillRequest::Listed { .. } => None,
            },
            operator: Some(&batch.account.operator),
            task: job.task_id(),
            job: Some(job.id()),
        }
    }

    /// Of a task. `ahead` as in [`job_rows`].
    pub fn of_task(task: &'a BigIqTask, ahead: i64) -> Self {
        Self {
            started: task.snapshot.started.map(|_| task.began(ahead)),
            state: task.state(),
            action: task.action.as_deref().unwrap_or_default(),
            user: task.user.as_ref().map(UserName::as_str),
            operator: task.operator.as_deref(),
            task: Some(&task.id),
            job: None,
        }
    }
}

/// The state by which a job of this tab is found. What needs a look is found with what failed; its row says what it is.
fn state_of(phase: &Phase) -> BigIqTaskState {
    match phase {
        Phase::Confirmed
        | Phase::Sending
        | Phase::Watched { .. }
        | Phase::Unknown { search: Search::Running, .. } => BigIqTaskState::Running,
        Phase::Ended(End::Success | End::Incomplete(_)) => BigIqTaskState::Finished,
        Phase::Ended(End::Cancelled) => BigIqTaskState::Cancelled,
        Phase::NotSent(_)
        | Phase::Rejected(_)
        | Phase::Unknown { .. }
        | Phase::Ended(End::Failed | End::Gone) => BigIqTaskState::Failed,
    }
}

/// The filter of the list. Empty texts and `None` match every job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// A part of the operator's name. Case is ignored.
    pub operator: String,
    /// A part of the user's name. Case is ignored.
    pub user: String,
    /// State.
    pub state: Option<BigIqTaskState>,
    /// Started at most this long ago.
    pub within: Option<Duration>,
}

impl JobFilter {
    /// Whether a job or a task matches. One without a start time matches any age.
    pub fn wants(&self, facts: &JobFacts<'_>, now: Timestamp) -> bool {
        let has = |text: Option<&str>, part: &str| {
            let part = part.trim().to_lowercase();
            part.is_empty() || text.is_some_and(|t| t.to_lowercase().contains(&part))
        };
        let young = |within: Duration| facts.started.is_none_or(|at| now.since(at) <= within);
        has(facts.operator, &self.operator)
            && has(facts.user, &self.user)
            && self.state.is_none_or(|state| state == facts.state)
            && self.within.is_none_or(young)
    }
}

/// The list as CSV, row by row. Its words are the same in every language of the interface.
#[derive(Debug)]
pub struct JobsCsv(String);

impl Default for JobsCsv {
    fn default() -> Self {
        let mut csv = Self(String::from("\u{feff}"));
        csv_line(&mut csv.0, &COLUMNS);
        csv
    }
}

impl JobsCsv {
    /// Adds a job or a task with its targets.
    pub fn add(&mut self, facts: &JobFacts<'_>, targets: &[String]) {
        let state = match facts.state {
            BigIqTaskState::Running => "running",
            BigIqTaskState::Finished => "finished",
            BigIqTaskState::Failed => "failed",
            BigIqTaskState::Cancelled => "cancelled",
        };
        let started = facts.started.map(|at| at.to_rfc3339(0)).unwrap_or_default();
        let row = [
            started.as_str(),
            state,
            facts.action,
            facts.user.unwrap_or_default(),
            &targets.join("; "),
            facts.operator.unwrap_or_default(),
            facts.task.map_or("", TaskId::as_str),
            facts.job.map_or("", JobId::as_str),
        ];
        csv_line(&mut self.0, &row);
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, lost, seen, sending, snapshot, started, task_id};
    use crate::job::{Failure, NotSent, Observation, Source};
    use rstest::rstest;

    fn task(id: &str, started: &str) -> BigIqTask {
        let json = format!(
            r#"{{"id":"{id}","action":"KILL_BY_USER","userName":"user2","username":"admin","status":"FINISHED",
               "currentStep":"DONE","result":"COMPLETE","startDateTime":"{started}"}}"#
        );
        BigIqTask::of(&serde_json::from_str(&json).unwrap()).unwrap()
    }

    const NOON: i64 = 1_479_211_200_000;

    #[test]
    fn a_kill_is_listed_once_and_the_newest_first() {
        let tasks = [
            task("old", "2016-11-15T11:00:00.000Z"),
            task("own", "2016-11-15T12:00:00.000Z"),
            task("new", "2016-11-15T13:00:00.000Z"),
        ];
        let plan = |minutes: i64, tasks: &[&str]| ListedPlan {
            confirmed_at: Timestamp(NOON + minutes * 60_000),
            tasks: tasks.iter().map(task_id).collect(),
        };
        let plans = [plan(0, &["own"]), plan(90, &[])];
        let rows = job_rows(&plans, &tasks, 0);
        assert_eq!(rows, [JobRow::Plan(1), JobRow::Task(2), JobRow::Plan(0), JobRow::Task(0)]);
        // BIG-IQ's clock is two hours ahead.
        let rows = job_rows(&plans, &tasks, 7_200_000);
        assert_eq!(rows, [JobRow::Plan(1), JobRow::Plan(0), JobRow::Task(2), JobRow::Task(0)]);
        assert_eq!(job_rows(&[], &tasks, 0).len(), 3);
    }

    #[test]
    fn a_task_without_a_start_stands_where_it_changed_last() {
        let mut later = task("b", "2016-11-15T13:00:00.000Z");
        later.changed = later.snapshot.started.take();
        let tasks = [task("a", "2016-11-15T12:00:00.000Z"), later];
        assert_eq!(job_rows(&[], &tasks, 0), [JobRow::Task(1), JobRow::Task(0)]);
        assert_eq!(JobFacts::of_task(&tasks[1], 0).started, None);
    }

    #[test]
    fn each_part_of_a_filter_counts() {
        let (task, all) = (task("a", "2016-11-15T12:00:00.000Z"), JobFilter::default());
        let now = Timestamp(NOON + 60_000);
        let wants = |filter: JobFilter| filter.wants(&JobFacts::of_task(&task, 0), now);
        assert!(wants(all.clone()));
        assert!(wants(JobFilter { operator: " ADM ".into(), ..all.clone() }));
        assert!(!wants(JobFilter { operator: "manager".into(), ..all.clone() }));
        assert!(wants(JobFilter { user: "ser2".into(), ..all.clone() }));
        assert!(!wants(JobFilter { user: "user3".into(), ..all.clone() }));
        assert!(wants(JobFilter { state: Some(BigIqTaskState::Finished), ..all.clone() }));
        assert!(!wants(JobFilter { state: Some(BigIqTaskState::Running), ..all.clone() }));
        assert!(wants(JobFilter { within: Some(Duration::from_secs(60)), ..all.clone() }));
        assert!(!wants(JobFilter { within: Some(Duration::from_secs(59)), ..all.clone() }));
        // BIG-IQ's clock is a minute behind.
        let facts = JobFacts::of_task(&task, -60_000);
        assert!(JobFilter { within: Some(Duration::ZERO), ..all }.wants(&facts, now));
    }

    fn unsent() -> (Batch, Job) {
        let mut started = started(&draft("user2", &["G1"], &[], &[]));
        let mut job = started.items.remove(0).job;
        job.observe(Timestamp(1), Source::Operator, Observation::NotSent(NotSent::Dropped));
        (started.batch, job)
    }

    fn rejected() -> (Batch, Job) {
        let (batch, mut job) = sending(&draft("user2", &["G1"], &[], &[]));
        let what = Observation::Rejected(Failure::SignInNeeded);
        job.observe(Timestamp(21_000), Source::Answer, what);
        (batch, job)
    }

    fn with(status: &str, result: &str) -> (Batch, Job) {
        seen(&draft("user2", &["G1"], &[], &[]), snapshot(status, "DONE", result))
    }

    #[rstest]
    #[case(sending(&draft("user2", &["G1"], &[], &[])), BigIqTaskState::Running)]
    #[case(lost(&draft("user2", &["G1"], &[], &[])), BigIqTaskState::Running)]
    #[case(with("STARTED", ""), BigIqTaskState::Running)]
    #[case(with("FINISHED", "COMPLETE"), BigIqTaskState::Finished)]
    #[case(with("FINISHED", "FAILED"), BigIqTaskState::Finished)]
    #[case(with("FAILED", ""), BigIqTaskState::Failed)]
    #[case(with("CANCELLED", ""), BigIqTaskState::Cancelled)]
    #[case(unsent(), BigIqTaskState::Failed)]
    #[case(rejected(), BigIqTaskState::Failed)]
    fn own_jobs_have_the_same_states(
        #[case] (batch, job): (Batch, Job),
        #[case] state: BigIqTaskState,
    ) {
        let facts = JobFacts::of_job(&job, &batch);
        assert_eq!(
            (facts.state, facts.user, facts.operator),
            (state, Some("user2"), Some("manager"))
        );
    }

    #[test]
    fn the_list_as_csv() {
        let (batch, job) = with("FINISHED", "COMPLETE");
        let mut csv = JobsCsv::default();
        assert_eq!(batch.target_names(), ["G1"]);
        csv.add(&JobFacts::of_job(&job, &batch), &["G1".into(), "=Blue".into()]);
        csv.add(&JobFacts::of_task(&task("a", "2016-11-15T12:00:00.000Z"), 0), &[]);
        let text = csv.into_text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[0].ends_with(
                r#""started","state","action","user","targets","operator","task","job""#
            )
        );
        assert_eq!(
            lines[1],
            r#""1970-01-01T00:00:10.000+00:00","finished","KILL_BY_USER","user2","G1; '=Blue","manager","t1","b1.1""#
        );
        assert!(lines[2].starts_with(
            r#""2016-11-15T12:00:00.000+00:00","finished","KILL_BY_USER","user2","","admin","a"#
        ));
    }
}
