//! How fast kills may leave this tab: a rule that can be read and tested in one place, so that a long batch stays below
//! what the proxies let pass. It must not wait or send.

use std::time::Duration;

/// The longest hold that an answer may ask for.
const HOLD_MOST: Duration = Duration::from_secs(120);
/// How long nothing leaves after a request that got no answer to go by. A page that is being left drops what is on its way
/// first, and must not send the next in its last moment; a BIG-IQ that starts anew must not be sent all that is left.
const SILENCE: Duration = Duration::from_secs(2);
/// The longest such rest: it doubles with each further loss.
const SILENCE_MOST: Duration = Duration::from_secs(60);
/// Between two once one was refused: what the shipped proxies let pass for long, with room for other tabs.
const AFTER_REFUSAL: Duration = Duration::from_millis(1_500);

/// When the next request may leave. Times are those of a clock that is never set back.
///
/// A third of a minute's number may leave at once, the other two thirds are spread over a minute. So no 60 seconds see more
/// than the number, whether a proxy counts whole minutes, the last minute, or a leaking bucket of half a minute's worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Between two that are spread; zero where nothing limits.
    interval: Duration,
    /// How far ahead of the spread a burst may be.
    ahead: Duration,
    /// When the next would leave if all were spread.
    next: Duration,
    held_until: Duration,
    /// How many rests in a row, with no answer in between.
    losses: u32,
}

impl RateLimit {
    /// At most so many in any minute; 0 is as many as there are.
    pub fn new(per_minute: u16) -> Self {
        let burst = (per_minute / 3).max(1);
        let spread = per_minute.saturating_sub(burst).max(1);
        let interval = match per_minute {
            0 => Duration::ZERO,
            _ => Duration::from_secs(60) / u32::from(spread),
        };
        let ahead = interval * u32::from(burst - 1);
        Self { interval, ahead, next: Duration::ZERO, held_until: Duration::ZERO, losses: 0 }
    }

    /// Whether one may leave now; it counts as left then.
    pub fn take(&mut self, now: Duration) -> bool {
        let next = self.next.max(now);
        if now < self.held_until || next.saturating_sub(now) > self.ahead {
            return false;
        }
        self.next = next.saturating_add(self.interval);
        true
    }

    /// Lets nothing leave for a while after a request without an answer to go by, and then goes on as before. What was on
    /// its way together is lost together, and counts once.
    pub fn rest(&mut self, now: Duration) {
        if now < self.held_until {
            return;
        }
        let wait = SILENCE.saturating_mul(1 << self.losses.min(5)).min(SILENCE_MOST);
        self.losses = self.losses.saturating_add(1);
        self.held_until = now.saturating_add(wait);
    }

    /// Notes an answer: the next rest is a short one again.
    pub fn answered(&mut self) {
        self.losses = 0;
    }

    /// Lets nothing leave for so long, as an answer asked for, and from then on one by one.
    pub fn hold(&mut self, now: Duration, wait: Duration) {
        self.held_until = self.held_until.max(now.saturating_add(wait.min(HOLD_MOST)));
        self.interval = self.interval.max(AFTER_REFUSAL);
        self.ahead = Duration::ZERO;
        self.next = self.held_until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// When requests leave that are all there from the start, in milliseconds.
    fn leave(mut rate_limit: RateLimit, number: usize) -> Vec<u64> {
        let moments = (0..).filter(|at| rate_limit.take(Duration::from_millis(*at)));
        moments.take(number).collect()
    }

    #[test]
    fn after_a_rest_it_goes_on_as_before() {
        let mut rate_limit = RateLimit::new(0);
        assert!(rate_limit.take(Duration::ZERO));
        rate_limit.rest(Duration::ZERO);
        assert!(!rate_limit.take(Duration::from_millis(1_999)));
        let after = Duration::from_secs(2);
        assert!(rate_limit.take(after) && rate_limit.take(after));
    }

    #[test]
    fn a_rest_cuts_no_hold_short() {
        let mut rate_limit = RateLimit::new(0);
        rate_limit.hold(Duration::ZERO, Duration::from_secs(10));
        rate_limit.rest(Duration::from_secs(1));
        assert!(!rate_limit.take(Duration::from_millis(9_999)));
        assert!(rate_limit.take(Duration::from_secs(10)));
    }

    #[test]
    fn each_loss_in_a_row_doubles_the_rest_up_to_a_minute() {
        let (mut rate_limit, mut now) = (RateLimit::new(0), Duration::ZERO);
        let mut rests = Vec::new();
        for _ in 0..7 {
            rate_limit.rest(now);
            // Three more were on their way.
            rate_limit.rest(now);
            rate_limit.rest(now + Duration::from_millis(900));
            let begun = now;
            while !rate_limit.take(now) {
                now += Duration::from_millis(500);
            }
            rests.push((now - begun).as_secs());
        }
        assert_eq!(rests, [2, 4, 8, 16, 32, 60, 60]);
        rate_limit.answered();
        rate_limit.rest(now);
        assert!(rate_limit.take(now + Duration::from_secs(2)), "an answer ends the row");
    }

    #[test]
    fn a_few_leave_at_once_and_the_rest_one_by_one() {
        let left = leave(RateLimit::new(60), 22);
        assert!(left.iter().take(20).all(|at| *at <= 20), "{left:?}");
        assert!(left[20] >= 1_400 && left[21] >= left[20] + 1_400, "{left:?}");
    }

    #[test]
    fn nothing_limits_where_nothing_is_to() {
        let mut rate_limit = RateLimit::new(0);
        assert!((0..1_000).all(|_| rate_limit.take(Duration::ZERO)));
    }

    #[test]
    fn a_hold_holds_and_then_all_leave_one_by_one() {
        let seconds = Duration::from_secs;
        let mut rate_limit = RateLimit::new(0);
        rate_limit.hold(seconds(5), seconds(10));
        rate_limit.hold(seconds(6), seconds(1));
        assert!(!rate_limit.take(seconds(14)));
        assert!(rate_limit.take(seconds(15)));
        assert!(!rate_limit.take(seconds(16)), "not as fast as before");
        assert!(rate_limit.take(seconds(17)));
        rate_limit.hold(seconds(20), Duration::MAX);
        assert!(rate_limit.take(seconds(140)), "nobody is held for ever");
    }

    proptest! {
        /// What the shipped proxies let pass: 60 in any minute, and a bucket that holds 31 and leaks one a second.
        #[test]
        fn sixty_stays_below_the_proxies(gaps in proptest::collection::vec(0_u64..4_000, 1..200)) {
            let (mut rate_limit, mut now, mut left) = (RateLimit::new(60), 0_u64, Vec::new());
            let mut bucket = 0.0_f64;
            for gap in gaps {
                now += gap;
                bucket = (bucket - gap as f64 / 1_000.0).max(0.0);
                while rate_limit.take(Duration::from_millis(now)) {
                    left.push(now);
                    bucket += 1.0;
                }
                prop_assert!(bucket <= 31.0, "{bucket}");
                let minute = left.iter().filter(|at| **at + 60_000 > now).count();
                prop_assert!(minute <= 60, "{minute}");
            }
        }

        #[test]
        fn everybody_leaves_in_the_end(per_minute: u16, now in 0_u64..1_000_000_000) {
            let mut rate_limit = RateLimit::new(per_minute);
            let now = Duration::from_millis(now);
            while rate_limit.take(now) && per_minute > 0 {}
            prop_assert!(rate_limit.take(now + Duration::from_secs(61)));
        }
    }
}
