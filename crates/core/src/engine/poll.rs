//! When to poll next. A pure function, so that the load on BIG-IQ can be read and tested in one place. Polling never stops
//! before the task has ended.

use crate::timestamp::Timestamp;
use std::time::Duration;

/// What decides when the next poll is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long the task has been known.
    pub age: Duration,
    /// How many polls in a row have failed.
    pub failures: u32,
    /// The `Retry-After` of the latest failure, sent by BIG-IQ or a proxy.
    pub retry_after: Option<Duration>,
    /// Whether the page is hidden.
    pub hidden: bool,
    /// Whether the browser reports a network connection.
    pub online: bool,
    /// How many requests one round of polls takes. A list of all tasks counts as four.
    pub watched: usize,
}

impl Default for Pace {
    /// One task, just accepted, without failures.
    fn default() -> Self {
        Self {
            age: Duration::ZERO,
            failures: 0,
            retry_after: None,
            hidden: false,
            online: true,
            watched: 1,
        }
    }
}

/// The first poll. Documented samples end after about 150 ms. The fourth poll comes at eight times this, soon after a task
/// that takes two seconds has ended.
const FIRST: Duration = Duration::from_millis(280);
/// The longest delay for a young task.
const YOUNG: Duration = Duration::from_secs(5);
/// From this age on a task is old: perhaps a device does not answer, which takes 75 s or more (captured).
const OLD_FROM: Duration = Duration::from_secs(120);
/// The delay for an old task.
const OLD: Duration = Duration::from_secs(15);
/// The delay while the page is hidden. Browsers slow its timers down to one per minute anyway.
const HIDDEN: Duration = Duration::from_secs(30);
/// The delay without a network. The browser usually reports when the network is back, but not always.
const OFFLINE: Duration = Duration::from_secs(30);
/// The delay after the first failure. It doubles with each further failure.
const BACK_OFF: Duration = Duration::from_secs(1);
/// The longest delay after failures without `Retry-After`.
const BACK_OFF_MOST: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that is obeyed.
const RETRY_AFTER_MOST: Duration = Duration::from_secs(120);
/// The delay per polled task: at most four polls per second in all.
const ROOM: Duration = Duration::from_millis(250);
/// The cost of a list of all tasks, in polls of one task: the list is read at most about once per second, no matter how many
/// tasks are young.
pub(super) const LIST_COSTS: usize = 4;
/// The longest delay because of many tasks.
const ROOM_MOST: Duration = Duration::from_secs(60);
/// The longest delay, including jitter.
pub const LONGEST: Duration = Duration::from_secs(144);
/// The shortest delay.
pub(super) const SHORTEST: Duration = Duration::from_millis(200);

/// How long to wait before the next poll. `random` is a number from 0 to 1 that spreads the polls of many tasks and tabs;
/// numbers outside are clamped.
///
/// A task is polled after about 0.3, 0.6, 1.1, 2.2 and 4.5 s, then every 5 s, and every 15 s once it is two minutes old.
///
/// ```
/// use curfew_core::engine::{Pace, poll_delay};
/// use std::time::Duration;
///
/// assert_eq!(poll_delay(&Pace::default(), 0.5), Duration::from_millis(280));
///
/// let busy = Pace { failures: 1, retry_after: Some(Duration::from_secs(20)), ..Pace::default() };
/// assert!(poll_delay(&busy, 0.5) >= Duration::from_secs(20));
/// ```
pub fn poll_delay(pace: &Pace, random: f64) -> Duration {
    // A NaN counts as 0.
    let random = if random > 0.0 { random.min(1.0) } else { 0.0 };
    let regular = if pace.age >= OLD_FROM { OLD } else { young(pace.age) };
    let mut wait = regular.max(room(pace.watched));
    if pace.failures > 0 {
        let doubled = BACK_OFF.saturating_mul(1 << (pace.failures - 1).min(6));
        // guard: poll-back-off
        wait = wait.max(doubled.min(BACK_OFF_MOST));
    }
    if pace.hidden {
        wait = wait.max(HIDDEN);
    }
    if !pace.online {
        wait = wait.max(OFFLINE);
    }
    // Up to 20 % more or less, but never before `Retry-After`. The first poll has no jitter.
    let jitter = if wait == FIRST { 1.0 } else { 0.8 + 0.4 * random };
    // guard: retry-after
    let asked = pace.retry_after.unwrap_or_default().min(RETRY_AFTER_MOST);
    let at_least = asked.mul_f64(1.0 + 0.2 * random);
    wait.mul_f64(jitter).max(at_least)
}

/// The delay before a young task's next poll. The times of the polls double. They are counted from the task's start, so that
/// the duration of the calls does not add up, and an early poll does not move the next one.
fn young(age: Duration) -> Duration {
    let mut poll = FIRST;
    while poll < age * 3 / 2 {
        poll *= 2;
    }
    poll.saturating_sub(age).min(YOUNG)
}

/// Whether a poll that was scheduled for `at` is due. If `at` is further away than the longest delay, the clock was set back
/// after the poll was scheduled, so it is due too.
pub fn is_due(at: Timestamp, now: Timestamp) -> bool {
    // guard: clock-set-back
    at <= now || at > now.plus(LONGEST)
}

/// How long ago `at` was. If the clock was set back, the result is old rather than new, because new tasks are polled often.
pub fn age(at: Timestamp, now: Timestamp) -> Duration {
    now.since(at).max(at.since(now))
}

/// How long this many polls of single tasks take, at the most allowed rate.
pub fn room(watched: usize) -> Duration {
    let watched = u32::try_from(watched).unwrap_or(u32::MAX);
    ROOM.saturating_mul(watched).min(ROOM_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[rstest]
    #[case::first(Pace::default(), 280)]
    #[case::second(Pace { age: ms(280), ..Pace::default() }, 280)]
    #[case::grows(Pace { age: ms(560), ..Pace::default() }, 560)]
    #[case::does_not_add_up(Pace { age: ms(1_300), ..Pace::default() }, 940)]
    #[case::early(Pace { age: ms(1_000), ..Pace::default() }, 1_240)]
    #[case::never_at_once(Pace { age: ms(373), ..Pace::default() }, 250)]
    #[case::up_to_five(Pace { age: ms(60_000), ..Pace::default() }, 5_000)]
    #[case::old(Pace { age: ms(120_000), ..Pace::default() }, 15_000)]
    #[case::very_old(Pace { age: Duration::MAX, ..Pace::default() }, 15_000)]
    #[case::hidden(Pace { hidden: true, ..Pace::default() }, 30_000)]
    #[case::offline(Pace { online: false, ..Pace::default() }, 30_000)]
    #[case::failed_once(Pace { failures: 1, ..Pace::default() }, 1_000)]
    #[case::failed_thrice(Pace { failures: 3, ..Pace::default() }, 4_000)]
    #[case::failing_for_hours(Pace { failures: u32::MAX, ..Pace::default() }, 30_000)]
    #[case::retry_after(Pace { retry_after: Some(ms(50_000)), ..Pace::default() }, 55_000)]
    #[case::retry_after_a_year(Pace { retry_after: Some(Duration::MAX), ..Pace::default() }, 132_000)]
    #[case::no_retry_after(Pace { retry_after: Some(Duration::ZERO), ..Pace::default() }, 280)]
    #[case::many(Pace { watched: 100, ..Pace::default() }, 25_000)]
    #[case::very_many(Pace { watched: usize::MAX, ..Pace::default() }, 60_000)]
    fn waits(#[case] pace: Pace, #[case] expected: u64) {
        assert_eq!(poll_delay(&pace, 0.5), ms(expected));
    }

    #[rstest]
    #[case::now(0, true)]
    #[case::past(-1, true)]
    #[case::soon(1, false)]
    #[case::as_far_as_any(144_000, false)]
    #[case::planned_before_the_clock_was_set_back(3_600_000, true)]
    fn what_is_due(#[case] ahead: i64, #[case] due: bool) {
        let now = Timestamp(1_000_000);
        assert_eq!(is_due(Timestamp(now.0 + ahead), now), due);
    }

    #[test]
    fn tasks_are_old_after_the_clock_was_set_back() {
        let (at, hour) = (Timestamp(10_000_000), Duration::from_secs(3_600));
        assert_eq!(age(at, at.plus(hour)), hour);
        assert_eq!(age(at.plus(hour), at), hour);
    }

    #[test]
    fn a_list_of_young_tasks_is_read_about_once_a_second() {
        let pace = Pace { watched: LIST_COSTS, ..Pace::default() };
        assert_eq!(poll_delay(&pace, 0.5), Duration::from_secs(1));
    }

    #[test]
    fn jitter_is_a_fifth_and_never_early_for_a_retry_after() {
        let pace = Pace { age: ms(60_000), ..Pace::default() };
        assert_eq!(poll_delay(&pace, 0.0), ms(4_000));
        assert_eq!(poll_delay(&pace, 1.0), ms(6_000));
        assert_eq!(poll_delay(&pace, f64::NAN), ms(4_000));
        let limited = Pace { retry_after: Some(ms(20_000)), ..pace };
        assert_eq!(poll_delay(&limited, 0.0), ms(20_000));
    }

    prop_compose! {
        /// Half of the values are in the usual range, where the delays are shortest.
        fn any_pace()(
            age in prop_oneof![0_u64..200_000, any::<u64>()],
            failures in prop_oneof![Just(0_u32), 0_u32..8, any::<u32>()],
            wait in prop_oneof![Just(None), any::<Option<u64>>()],
            hidden: bool,
            online: bool,
            watched in prop_oneof![0_usize..8, any::<usize>()],
        ) -> Pace {
            Pace {
                age: ms(age), failures, retry_after: wait.map(ms), hidden, online, watched,
            }
        }
    }

    proptest! {
        #[test]
        fn never_at_once_and_never_never(pace in any_pace(), random in any::<f64>()) {
            let wait = poll_delay(&pace, random);
            prop_assert!(wait >= SHORTEST && wait <= LONGEST, "{wait:?}");
        }

        #[test]
        fn failures_never_make_it_faster(pace in any_pace(), random in 0.0..1.0) {
            let calm = Pace { failures: 0, hidden: false, online: true, retry_after: None, ..pace };
            prop_assert!(poll_delay(&pace, random) >= poll_delay(&calm, random));
        }
    }
}
