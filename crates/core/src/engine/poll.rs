//! When to look next: a pure function, so that how hard Curfew asks an appliance can be read and tested in one place.
//! It must not wait, and it never says "not any more": a task is looked at until it is seen to end.

use crate::timestamp::Timestamp;
use std::time::Duration;

/// All that the time of the next look goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long the task has been known.
    pub age: Duration,
    /// How many looks in a row have failed.
    pub failures: u32,
    /// What BIG-IQ or a proxy asked for with the latest failure.
    pub retry_after: Option<Duration>,
    /// Whether nobody sees the page.
    pub hidden: bool,
    /// Whether the browser says that there is a network.
    pub online: bool,
    /// How many requests one round of looks takes. A list of all counts as [`LIST_COSTS`].
    pub watched: usize,
}

impl Default for Pace {
    /// One task, just accepted, everything well.
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

/// The first look. Documented samples end after some 150 ms, and the fourth, at eight times this, comes soon after what takes
/// two seconds.
const FIRST: Duration = Duration::from_millis(280);
/// The slowest pace of a young task.
const YOUNG: Duration = Duration::from_secs(5);
/// From this age on a task is old: a device may not answer, which takes 75 s and more (captured).
const OLD_FROM: Duration = Duration::from_secs(120);
/// The pace of an old task.
const OLD: Duration = Duration::from_secs(15);
/// The pace of a page that nobody sees. Browsers slow its timers to one a minute anyway.
const HIDDEN: Duration = Duration::from_secs(30);
/// The pace without a network: the browser tells when it is back, but not always.
const OFFLINE: Duration = Duration::from_secs(30);
/// The first wait after a failure; it doubles with each further one.
const BACK_OFF: Duration = Duration::from_secs(1);
/// The longest wait that failures alone lead to.
const BACK_OFF_MOST: Duration = Duration::from_secs(30);
/// The longest wait that an answer may ask for.
const RETRY_AFTER_MOST: Duration = Duration::from_secs(120);
/// Each task that is looked at on its own makes room for the others: at most four looks a second in all.
const ROOM: Duration = Duration::from_millis(250);
/// What a list of all tasks costs, in looks at one: it is not asked for more often than about once a second, however many
/// tasks are young.
pub const LIST_COSTS: usize = 4;
/// The longest wait that many tasks lead to.
const ROOM_MOST: Duration = Duration::from_secs(60);
/// The longest wait of all, jitter included.
pub const LONGEST: Duration = Duration::from_secs(144);
/// The shortest.
pub const SHORTEST: Duration = Duration::from_millis(200);

/// How long to wait before the next look. `random` is a number from 0 to 1 that spreads the looks of many tasks and
/// many tabs; anything else counts as 0 or 1.
///
/// A task looked at after each wait is looked at about after 0.3, 0.6, 1.1, 2.2 and 4.5 s, then every 5 s, and every 15 s
/// from two minutes on.
pub fn next_look(pace: &Pace, random: f64) -> Duration {
    // A NaN counts as 0.
    let random = if random > 0.0 { random.min(1.0) } else { 0.0 };
    let regular = if pace.age >= OLD_FROM { OLD } else { young(pace.age) };
    let mut wait = regular.max(room(pace.watched));
    if pace.failures > 0 {
        let doubled = BACK_OFF.saturating_mul(1 << (pace.failures - 1).min(6));
        wait = wait.max(doubled.min(BACK_OFF_MOST));
    }
    if pace.hidden {
        wait = wait.max(HIDDEN);
    }
    if !pace.online {
        wait = wait.max(OFFLINE);
    }
    // Up to a fifth more or less; nobody asks earlier than told to, and the very first look is on time.
    let jitter = if wait == FIRST { 1.0 } else { 0.8 + 0.4 * random };
    let asked = pace.retry_after.unwrap_or_default().min(RETRY_AFTER_MOST);
    let at_least = asked.mul_f64(1.0 + 0.2 * random);
    wait.mul_f64(jitter).max(at_least)
}

/// How long a young task's next look is away: the times of looks double. They are counted from the task's begin, so that
/// what looks take does not add up; one that came early does not count for the next.
fn young(age: Duration) -> Duration {
    let mut look = FIRST;
    while look < age * 3 / 2 {
        look *= 2;
    }
    look.saturating_sub(age).min(YOUNG)
}

/// Whether a look that was to come at `at` is due. One that is further away than any look is planned was planned by a clock
/// that has been set back since.
pub fn is_due(at: Timestamp, now: Timestamp) -> bool {
    at <= now || at > now.plus(LONGEST)
}

/// How long ago something was. A clock that was set back makes it old, not new: what is new is looked at often.
pub fn age(at: Timestamp, now: Timestamp) -> Duration {
    now.since(at).max(at.since(now))
}

/// How much room so many looks at single tasks take: nothing else is looked at meanwhile.
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
    #[case::told_to_wait(Pace { retry_after: Some(ms(50_000)), ..Pace::default() }, 55_000)]
    #[case::told_to_wait_a_year(Pace { retry_after: Some(Duration::MAX), ..Pace::default() }, 132_000)]
    #[case::told_nothing(Pace { retry_after: Some(Duration::ZERO), ..Pace::default() }, 280)]
    #[case::many(Pace { watched: 100, ..Pace::default() }, 25_000)]
    #[case::very_many(Pace { watched: usize::MAX, ..Pace::default() }, 60_000)]
    fn waits(#[case] pace: Pace, #[case] expected: u64) {
        assert_eq!(next_look(&pace, 0.5), ms(expected));
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
    fn a_clock_that_was_set_back_makes_nothing_young() {
        let (at, hour) = (Timestamp(10_000_000), Duration::from_secs(3_600));
        assert_eq!(age(at, at.plus(hour)), hour);
        assert_eq!(age(at.plus(hour), at), hour);
    }

    #[test]
    fn a_list_of_young_tasks_is_asked_for_about_once_a_second() {
        let pace = Pace { watched: LIST_COSTS, ..Pace::default() };
        assert_eq!(next_look(&pace, 0.5), Duration::from_secs(1));
    }

    #[test]
    fn jitter_is_a_fifth_and_never_early_for_a_retry_after() {
        let pace = Pace { age: ms(60_000), ..Pace::default() };
        assert_eq!(next_look(&pace, 0.0), ms(4_000));
        assert_eq!(next_look(&pace, 1.0), ms(6_000));
        assert_eq!(next_look(&pace, f64::NAN), ms(4_000));
        let told = Pace { retry_after: Some(ms(20_000)), ..pace };
        assert_eq!(next_look(&told, 0.0), ms(20_000));
    }

    prop_compose! {
        /// As often in the usual range, where the shortest waits are, as anywhere.
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
            let wait = next_look(&pace, random);
            prop_assert!(wait >= SHORTEST && wait <= LONGEST, "{wait:?}");
        }

        #[test]
        fn trouble_never_makes_it_faster(pace in any_pace(), random in 0.0..1.0) {
            let calm = Pace { failures: 0, hidden: false, online: true, retry_after: None, ..pace };
            prop_assert!(next_look(&pace, random) >= next_look(&calm, random));
        }
    }
}
