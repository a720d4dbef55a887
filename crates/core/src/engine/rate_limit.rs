//! How fast this tab may send kills, so that a long batch stays below the rate limits of the proxies.

use std::time::Duration;

/// The longest `Retry-After` that is obeyed.
const HOLD_MOST: Duration = Duration::from_secs(120);
/// How long sending pauses after a request that got no usable answer. When a page is closed, the browser aborts its requests
/// first; the page must not send the next request while it closes. And a BIG-IQ that restarts must not receive the rest
/// of the batch at once.
const SILENCE: Duration = Duration::from_secs(2);
/// The longest such pause. It doubles with each further lost answer.
const SILENCE_MOST: Duration = Duration::from_secs(60);
/// The interval after a request was refused as too many: below the limit of the shipped proxies, with room for other tabs.
const AFTER_REFUSAL: Duration = Duration::from_millis(1_500);

/// Decides when the next request may be sent. Times are from a clock that is never set back.
///
/// A third of the requests per minute may be sent at once; the other two thirds are spread over a minute. So no 60 seconds
/// exceed the limit, whether a proxy counts by the minute, over the last minute, or with a leaky bucket of half a minute.
///
/// ```
/// use curfew_core::engine::RateLimit;
/// use std::time::Duration;
///
/// let mut limit = RateLimit::new(3);
/// assert!(limit.take(Duration::ZERO));
/// assert!(!limit.take(Duration::from_secs(1)));
/// assert!(limit.take(Duration::from_secs(30)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The interval between requests. Zero if there is no limit.
    interval: Duration,
    /// How far a burst may be ahead of the intervals.
    ahead: Duration,
    /// When the next request would be sent without a burst.
    next: Duration,
    held_until: Duration,
    /// How many pauses in a row, with no answer in between.
    losses: u32,
}

impl RateLimit {
    /// At most this many requests per minute. 0 means no limit.
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

    /// Whether a request may be sent now. If so, it counts as sent.
    pub fn take(&mut self, now: Duration) -> bool {
        let next = self.next.max(now);
        if now < self.held_until || next.saturating_sub(now) > self.ahead {
            return false;
        }
        self.next = next.saturating_add(self.interval);
        true
    }

    /// How long until [`take`](Self::take) allows the next request.
    pub fn ready_in(&self, now: Duration) -> Duration {
        let next = self.next.saturating_sub(self.ahead);
        self.held_until.max(next).saturating_sub(now)
    }

    /// Pauses sending after a request that got no usable answer. Requests that were in flight together count once.
    pub fn rest(&mut self, now: Duration) {
        if now < self.held_until {
            return;
        }
        // guard: send-back-off
        let wait = SILENCE.saturating_mul(1 << self.losses.min(5)).min(SILENCE_MOST);
        self.losses = self.losses.saturating_add(1);
        self.held_until = now.saturating_add(wait);
    }

    /// Records an answer: the next pause is short again.
    pub fn answered(&mut self) {
        self.losses = 0;
    }

    /// Pauses sending for the `Retry-After` of an answer, then sends with the interval after a refusal.
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

    /// When requests are sent that are all queued from the start, in milliseconds.
    fn leave(mut rate_limit: RateLimit, number: usize) -> Vec<u64> {
        let times = (0..).filter(|at| rate_limit.take(Duration::from_millis(*at)));
        times.take(number).collect()
    }

    #[test]
    fn after_a_pause_sending_continues_as_before() {
        let mut rate_limit = RateLimit::new(0);
        assert!(rate_limit.take(Duration::ZERO));
        rate_limit.rest(Duration::ZERO);
        assert!(!rate_limit.take(Duration::from_millis(1_999)));
        let after = Duration::from_secs(2);
        assert!(rate_limit.take(after) && rate_limit.take(after));
    }

    #[test]
    fn a_pause_does_not_shorten_a_hold() {
        let mut rate_limit = RateLimit::new(0);
        rate_limit.hold(Duration::ZERO, Duration::from_secs(10));
        rate_limit.rest(Duration::from_secs(1));
        assert!(!rate_limit.take(Duration::from_millis(9_999)));
        assert!(rate_limit.take(Duration::from_secs(10)));
    }

    #[test]
    fn each_loss_in_a_row_doubles_the_pause_up_to_a_minute() {
        let (mut rate_limit, mut now) = (RateLimit::new(0), Duration::ZERO);
        let mut rests = Vec::new();
        for _ in 0..7 {
            rate_limit.rest(now);
            // Three more were in flight.
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
        assert!(rate_limit.take(now + Duration::from_secs(2)), "an answer resets the pause");
    }

    #[test]
    fn a_few_are_sent_at_once_and_the_rest_one_by_one() {
        let left = leave(RateLimit::new(60), 22);
        assert!(left.iter().take(20).all(|at| *at <= 20), "{left:?}");
        assert!(left[20] >= 1_400 && left[21] >= left[20] + 1_400, "{left:?}");
    }

    #[test]
    fn zero_means_no_limit() {
        let mut rate_limit = RateLimit::new(0);
        assert!((0..1_000).all(|_| rate_limit.take(Duration::ZERO)));
    }

    #[test]
    fn after_a_hold_requests_are_sent_one_by_one() {
        let seconds = Duration::from_secs;
        let mut rate_limit = RateLimit::new(0);
        rate_limit.hold(seconds(5), seconds(10));
        rate_limit.hold(seconds(6), seconds(1));
        assert!(!rate_limit.take(seconds(14)));
        assert!(rate_limit.take(seconds(15)));
        assert!(!rate_limit.take(seconds(16)), "slower than before");
        assert!(rate_limit.take(seconds(17)));
        rate_limit.hold(seconds(20), Duration::MAX);
        assert!(rate_limit.take(seconds(140)), "the pause is limited");
    }

    proptest! {
        /// The limits of the shipped proxies: 60 in any minute, and a bucket of 31 that leaks one per second.
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
