//! What one job, or all jobs of a plan, led to, in one value, and what the operator can do next.

use super::{Compared, End, Finding, Job, Phase, ReachDifference, TargetStatus, Verdict};
use crate::count::Count;
use crate::ids::UserName;
use crate::input::UserList;
use crate::inventory::HaRole;
use crate::plan::{Batch, Draft, Kind, PlannedDevice, TargetSet};
use crate::sorted::SortedSet;

/// What a job led to. The first one among the jobs of a plan is the conclusion of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// Not over yet.
    Open,
    /// BIG-IQ reports that it failed.
    Failed,
    /// BIG-IQ refused it.
    Rejected,
    /// It is not known whether BIG-IQ has it.
    Unknown,
    /// BIG-IQ no longer knows its task.
    TaskGone,
    /// Cancelled on BIG-IQ.
    Cancelled,
    /// BIG-IQ finished without a complete result.
    Incomplete,
    /// Not sent.
    NotSent,
    /// BIG-IQ finished, and sessions are still there.
    Remaining,
    /// BIG-IQ finished, and the request named only standby members of clusters: almost certainly, nothing ended.
    OnlyStandby,
    /// BIG-IQ finished, and named none of the devices that the plan reached.
    Skipped,
    /// BIG-IQ finished. How many sessions ended is not known.
    Unproven,
    /// The same, and there are such sessions now.
    SomeNow,
    /// The same, and there is no such session now.
    NoneNow,
    /// All sessions seen before are gone.
    Verified,
    /// BIG-IQ finished, and there was no session to end.
    NoSession,
}

/// What the operator can do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Search for the user's sessions everywhere.
    SearchEverywhere,
    /// Plan the same on the clusters of the standby members.
    UseClusters,
    /// Plan what failed.
    Retry,
    /// Plan what was not done.
    PlanLeft,
    /// Look for the task in BIG-IQ's list.
    FindTask,
    /// Plan the same again.
    Again,
}

/// What one job, or all jobs of a plan, led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// How many of the jobs have this conclusion.
    pub jobs: usize,
    /// How many jobs there are.
    pub all: usize,
    /// The comparisons of all jobs together.
    pub verdict: Verdict,
    /// Whether something failed, or was not done, and can be planned again. What was verified is not.
    can_retry: bool,
    /// Whether part of that was not done, rather than failed.
    has_left: bool,
    is_listed: bool,
}

impl Summary {
    /// Of one job.
    pub fn of((job, units): Compared<'_>, batch: &Batch) -> Self {
        let conclusion = conclusion(job, batch);
        let status = TargetStatus::of(job);
        let may_retry = matches!(status, TargetStatus::Failed | TargetStatus::Untouched);
        Self {
            conclusion,
            jobs: 1,
            all: 1,
            verdict: job.verdict().copied().unwrap_or_default(),
            can_retry: may_retry && Draft::retry(batch, &[(job, units)], is_not_done).is_some(),
            has_left: status == TargetStatus::Untouched,
            is_listed: batch.kind == Kind::Listed,
        }
    }

    /// The same with the sessions that the request would end now, where nothing else shows what it did.
    #[must_use]
    pub(crate) fn with_sessions_now(mut self, sessions: Count) -> Self {
        self.conclusion = match (self.conclusion, sessions) {
            // guard: now-needs-all-sessions
            (Conclusion::Unproven, Count::Exactly(0)) => Conclusion::NoneNow,
            (Conclusion::Unproven, Count::Exactly(_) | Count::AtLeast(_)) => Conclusion::SomeNow,
            (conclusion, _) => conclusion,
        };
        self
    }

    /// Of all jobs of a plan. `None` without jobs.
    pub fn of_all(jobs: impl IntoIterator<Item = Self>) -> Option<Self> {
        jobs.into_iter().reduce(Self::and)
    }

    fn and(mut self, other: Self) -> Self {
        match self.conclusion.cmp(&other.conclusion) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => self.jobs += other.jobs,
            // guard: worst-conclusion
            std::cmp::Ordering::Greater => {
                (self.conclusion, self.jobs) = (other.conclusion, other.jobs);
            }
        }
        self.all += other.all;
        self.verdict.add(&other.verdict);
        self.can_retry |= other.can_retry;
        self.has_left |= other.has_left;
        self
    }

    /// What the operator can do next, if there is something that helps.
    pub fn next_step(&self) -> Option<NextStep> {
        let retry = if self.has_left { NextStep::PlanLeft } else { NextStep::Retry };
        match self.conclusion {
            _ if self.can_retry => Some(retry),
            Conclusion::Unknown => Some(NextStep::FindTask),
            Conclusion::OnlyStandby if !self.is_listed => Some(NextStep::UseClusters),
            Conclusion::OnlyStandby | Conclusion::Skipped => Some(NextStep::PlanLeft),
            Conclusion::NoSession | Conclusion::NoneNow => Some(NextStep::SearchEverywhere),
            Conclusion::SomeNow => Some(NextStep::Again),
            Conclusion::Open
            | Conclusion::Failed
            | Conclusion::Rejected
            | Conclusion::TaskGone
            | Conclusion::Cancelled
            | Conclusion::Incomplete
            | Conclusion::NotSent
            | Conclusion::Remaining
            | Conclusion::Unproven
            | Conclusion::Verified => None,
        }
    }

    /// What the next step plans, if it plans something.
    pub fn draft(&self, batch: &Batch, jobs: &[Compared<'_>]) -> Option<Draft> {
        let step = self.next_step()?;
        match step {
            NextStep::SearchEverywhere | NextStep::FindTask => return None,
            NextStep::Again => return Draft::retry(batch, jobs, |_| true),
            _ if self.can_retry => return Draft::retry(batch, jobs, is_not_done),
            NextStep::Retry | NextStep::PlanLeft | NextStep::UseClusters => {}
        }
        let concluded = jobs.iter().filter(|(job, _)| conclusion(job, batch) == self.conclusion);
        let concluded: Vec<Compared<'_>> = concluded.copied().collect();
        let mut draft = Draft::retry(batch, &concluded, |_| true)?;
        if step == NextStep::UseClusters {
            draft.devices = SortedSet::new();
            draft.clusters.extend(standby_clusters(batch).into_iter().map(str::to_owned));
        }
        Some(draft)
    }
}

impl Draft {
    /// The same as these jobs, for another user.
    pub fn of_other_user(batch: &Batch, jobs: &[Compared<'_>], user: &UserName) -> Option<Self> {
        let mut draft = Self::retry(batch, jobs, |_| true)?;
        (draft.users, draft.answers) = UserList::written(std::slice::from_ref(user));
        Some(draft)
    }
}

/// The clusters whose standby members a plan reached by reference.
pub fn standby_clusters(batch: &Batch) -> SortedSet<&str> {
    batch
        .reached
        .iter()
        .filter(|device| is_standby(device))
        .filter_map(|d| d.cluster.as_deref())
        .collect()
}

fn is_standby(device: &PlannedDevice) -> bool {
    device.by_reference_only && device.cluster.is_some() && device.role == HaRole::Standby
}

fn is_not_done(status: TargetStatus) -> bool {
    matches!(status, TargetStatus::Failed | TargetStatus::Untouched | TargetStatus::Remaining)
}

fn conclusion(job: &Job, batch: &Batch) -> Conclusion {
    match job.phase() {
        Phase::Confirmed | Phase::Sending | Phase::Watched { .. } => Conclusion::Open,
        Phase::NotSent(_) => Conclusion::NotSent,
        Phase::Rejected(_) => Conclusion::Rejected,
        Phase::Unknown { .. } => Conclusion::Unknown,
        Phase::Ended(End::Failed) => Conclusion::Failed,
        Phase::Ended(End::Incomplete(_)) => Conclusion::Incomplete,
        Phase::Ended(End::Cancelled) => Conclusion::Cancelled,
        Phase::Ended(End::Gone) => Conclusion::TaskGone,
        Phase::Ended(End::Success) => finished(job, batch),
    }
}

/// What BIG-IQ's success means.
fn finished(job: &Job, batch: &Batch) -> Conclusion {
    let verdict = job.verdict();
    let targets = TargetSet::of(job.request());
    let mut planned = batch.reached.iter().filter(|device| targets.hits(device)).peekable();
    let is_known = planned.peek().is_some() && verdict.is_none_or(|verdict| verdict.gone == 0);
    let number = planned.clone().count();
    // guard: only-standby
    if is_known && planned.all(is_standby) {
        return Conclusion::OnlyStandby;
    }
    let missed = ReachDifference::of(job, batch).map_or(0, |difference| difference.missed.len());
    if is_known && missed == number {
        return Conclusion::Skipped;
    }
    match verdict.map(Verdict::finding) {
        Some(Finding::NotVerified) => Conclusion::Remaining,
        Some(Finding::Verified) => Conclusion::Verified,
        Some(Finding::NothingToVerify) => Conclusion::NoSession,
        Some(Finding::NotVerifiable) | None => Conclusion::Unproven,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, lost, machine, seen, sending, session, set, snapshot, started};
    use crate::job::{Failure, NotSent, Observation, Source, TaskSnapshot};
    use crate::timestamp::Timestamp;
    use Conclusion as C;
    use rstest::rstest;

    const NOTHING: Verdict =
        Verdict { gone: 0, remaining: 0, unreadable: 0, came_back: 0, blind: 0 };
    const GONE: Verdict = Verdict { gone: 2, ..NOTHING };
    const LEFT: Verdict = Verdict { gone: 1, remaining: 1, ..NOTHING };
    const STAYS: Verdict = Verdict { remaining: 1, ..NOTHING };
    const UNREAD: Verdict = Verdict { blind: 1, ..NOTHING };

    /// What the request reached.
    #[derive(Clone, Copy, PartialEq)]
    enum Reach {
        /// A device that BIG-IQ named, or BIG-IQ named none.
        Ordinary,
        /// A standby member, by reference.
        Standby,
        /// Devices that BIG-IQ did not name.
        Skipped,
    }

    /// A job that ended with this status and result, and was then compared.
    fn ended(
        draft: &Draft,
        (status, result): (&str, &str),
        verdict: Option<Verdict>,
        reach: Reach,
    ) -> (Batch, Job) {
        let devices = if reach == Reach::Skipped { vec![machine("other")] } else { Vec::new() };
        let last = TaskSnapshot { devices, ..snapshot(status, "DONE", result) };
        let (mut batch, mut job) = seen(draft, last);
        if reach == Reach::Standby {
            batch.reached.iter_mut().for_each(|device| device.role = HaRole::Standby);
        }
        if let Some(verdict) = verdict {
            job.observe(Timestamp(30_000), Source::Sessions, Observation::Checked(verdict));
        }
        (batch, job)
    }

    fn on_standby() -> Draft {
        draft("user2", &[], &[], &["blue-b"])
    }

    fn listed() -> Draft {
        let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
        draft.sessions.insert(&machine("blue-b"), &session("1"), None);
        draft
    }

    const DONE: (&str, &str) = ("FINISHED", "COMPLETE");

    /// Every end, with every comparison and every reach.
    #[rstest]
    #[case::finished(DONE, [
        // not compared, gone, some left, all left, not read before, none there
        [C::Unproven, C::Verified, C::Remaining, C::Remaining, C::Unproven, C::NoSession],
        [C::OnlyStandby, C::Verified, C::Remaining, C::OnlyStandby, C::OnlyStandby, C::OnlyStandby],
        [C::Skipped, C::Verified, C::Remaining, C::Skipped, C::Skipped, C::Skipped],
    ])]
    #[case::failed(("FAILED", "FAILED"), [[C::Failed; 6]; 3])]
    #[case::incomplete(("FINISHED", "FAILED"), [[C::Incomplete; 6]; 3])]
    #[case::cancelled(("CANCELLED", ""), [[C::Cancelled; 6]; 3])]
    #[case::running(("STARTED", ""), [[C::Open; 6]; 3])]
    fn every_end_has_a_conclusion(#[case] end: (&str, &str), #[case] expected: [[C; 6]; 3]) {
        let verdicts = [None, Some(GONE), Some(LEFT), Some(STAYS), Some(UNREAD), Some(NOTHING)];
        for (row, reach) in
            [Reach::Ordinary, Reach::Standby, Reach::Skipped].into_iter().enumerate()
        {
            for (place, verdict) in verdicts.into_iter().enumerate() {
                for draft in [on_standby(), listed()] {
                    let (batch, job) = ended(&draft, end, verdict, reach);
                    let conclusion = Summary::of((&job, &[]), &batch).conclusion;
                    assert_eq!(conclusion, expected[row][place], "{row} {place}");
                }
            }
        }
    }

    fn observed(what: Observation) -> (Batch, Job) {
        let (batch, mut job) = sending(&on_standby());
        job.observe(Timestamp(21_000), Source::Answer, what);
        (batch, job)
    }

    fn unsent() -> (Batch, Job) {
        let mut started = started(&on_standby());
        let mut job = started.items.remove(0).job;
        job.observe(Timestamp(1), Source::Operator, Observation::NotSent(NotSent::Dropped));
        (started.batch, job)
    }

    fn gone() -> (Batch, Job) {
        let (batch, mut job) = seen(&on_standby(), snapshot("STARTED", "KILL", ""));
        for at in [30_000, 31_000] {
            job.observe(Timestamp(at), Source::Poll, Observation::Missing(Failure::NoAnswer));
        }
        (batch, job)
    }

    /// Every other phase, and the next step of every conclusion.
    #[rstest]
    #[case(sending(&on_standby()), C::Open, None)]
    #[case(unsent(), C::NotSent, Some(NextStep::PlanLeft))]
    #[case(
        observed(Observation::Rejected(Failure::SignInNeeded)),
        C::Rejected,
        Some(NextStep::PlanLeft)
    )]
    #[case(lost(&on_standby()), C::Unknown, Some(NextStep::FindTask))]
    #[case(gone(), C::TaskGone, None)]
    #[case(ended(&on_standby(), ("FAILED", ""), None, Reach::Ordinary), C::Failed, Some(NextStep::Retry))]
    #[case(ended(&listed(), ("FAILED", ""), None, Reach::Ordinary), C::Failed, None)]
    #[case(ended(&on_standby(), ("FINISHED", ""), None, Reach::Ordinary), C::Open, None)]
    #[case(ended(&on_standby(), ("FINISHED", "FAILED"), None, Reach::Ordinary), C::Incomplete, Some(NextStep::Retry))]
    #[case(ended(&on_standby(), ("CANCELLED", ""), None, Reach::Ordinary), C::Cancelled, None)]
    #[case(ended(&on_standby(), DONE, None, Reach::Standby), C::OnlyStandby, Some(NextStep::UseClusters))]
    #[case(ended(&listed(), DONE, None, Reach::Standby), C::OnlyStandby, Some(NextStep::PlanLeft))]
    #[case(ended(&on_standby(), DONE, None, Reach::Skipped), C::Skipped, Some(NextStep::PlanLeft))]
    #[case(ended(&on_standby(), DONE, None, Reach::Ordinary), C::Unproven, None)]
    #[case(ended(&on_standby(), DONE, Some(LEFT), Reach::Ordinary), C::Remaining, None)]
    #[case(ended(&on_standby(), DONE, Some(GONE), Reach::Ordinary), C::Verified, None)]
    #[case(ended(&on_standby(), DONE, Some(NOTHING), Reach::Ordinary), C::NoSession, Some(NextStep::SearchEverywhere))]
    fn every_conclusion_has_its_next_step(
        #[case] (batch, job): (Batch, Job),
        #[case] conclusion: C,
        #[case] step: Option<NextStep>,
    ) {
        let summary = Summary::of((&job, &[]), &batch);
        assert_eq!((summary.conclusion, summary.next_step()), (conclusion, step));
        let plans = !matches!(step, None | Some(NextStep::SearchEverywhere | NextStep::FindTask));
        assert_eq!(summary.draft(&batch, &[(&job, &[])]).is_some(), plans);
    }

    /// Two jobs of a plan, in every combination.
    #[test]
    fn the_most_urgent_conclusion_is_that_of_the_plan() {
        let all = [
            C::Open,
            C::Failed,
            C::Rejected,
            C::Unknown,
            C::TaskGone,
            C::Cancelled,
            C::Incomplete,
            C::NotSent,
            C::Remaining,
            C::OnlyStandby,
            C::Skipped,
            C::Unproven,
            C::SomeNow,
            C::NoneNow,
            C::Verified,
            C::NoSession,
        ];
        let of = |conclusion| Summary {
            conclusion,
            jobs: 1,
            all: 1,
            verdict: GONE,
            can_retry: conclusion == C::Failed,
            has_left: false,
            is_listed: false,
        };
        for (one, first) in all.into_iter().enumerate() {
            for (other, second) in all.into_iter().enumerate() {
                let both = Summary::of_all([of(first), of(second)]).unwrap();
                assert_eq!(both.conclusion, all[one.min(other)], "{first:?} {second:?}");
                assert_eq!((both.jobs, both.all), (1 + usize::from(one == other), 2));
                assert_eq!(both.verdict.gone, 4);
                // What failed can be planned again while others run.
                let retries = [first, second].contains(&C::Failed);
                assert_eq!(both.next_step() == Some(NextStep::Retry), retries);
            }
        }
        assert_eq!(Summary::of_all([]), None);
    }

    #[test]
    fn the_cluster_takes_the_place_of_its_standby() {
        let (batch, job) = ended(&on_standby(), DONE, None, Reach::Standby);
        let draft = Summary::of((&job, &[]), &batch).draft(&batch, &[(&job, &[])]).unwrap();
        assert_eq!((draft.clusters, draft.devices), (set(&["Blue"]), set(&[])));
        assert_eq!(draft.users, "user2");
    }

    #[test]
    fn a_standby_beside_another_device_is_not_only_a_standby() {
        let (mut batch, job) = seen(
            &draft("user2", &[], &[], &["blue-b", "lone"]),
            snapshot("FINISHED", "DONE", "COMPLETE"),
        );
        batch.reached[0].role = HaRole::Standby;
        assert_eq!(Summary::of((&job, &[]), &batch).conclusion, C::Unproven);
    }

    #[test]
    fn a_standby_whose_cluster_is_named_is_not_only_a_standby() {
        let (mut batch, job) =
            seen(&draft("user2", &[], &["Blue"], &[]), snapshot("FINISHED", "DONE", "COMPLETE"));
        batch.reached.iter_mut().for_each(|device| device.role = HaRole::Standby);
        assert_eq!(Summary::of((&job, &[]), &batch).conclusion, C::Unproven);
    }

    #[test]
    fn another_user_on_the_same_targets() {
        let (batch, job) = ended(&on_standby(), DONE, Some(NOTHING), Reach::Ordinary);
        let draft = Draft::of_other_user(&batch, &[(&job, &[])], &UserName::new("user 9")).unwrap();
        assert_eq!(draft.devices, set(&["blue-b"]));
        assert_eq!(draft.user_list().names, [UserName::new("user 9")]);
    }
}
