//! When an idle operator is signed out: a console that can end the sessions of all users must not stay open unattended.

use crate::timestamp::Timestamp;
use std::time::Duration;

/// A gap this long while a batch is being sent means that the computer slept. A shorter gap may come from the browser, which
/// slows down the timers of a hidden tab to one per minute.
const SLEPT: Duration = Duration::from_secs(300);

/// How long the console has not been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idleness {
    /// `None` if idle operators are never signed out.
    limit: Option<Duration>,
    last_use: Timestamp,
}

impl Idleness {
    /// Starts at `now`. A limit of 0 minutes means no limit.
    pub fn new(limit_minutes: u16, now: Timestamp) -> Self {
        let limit = Duration::from_secs(u64::from(limit_minutes) * 60);
        Self { limit: (!limit.is_zero()).then_some(limit), last_use: now }
    }

    /// Records that the console is used. Check [`Self::is_over`] first: a key press after the limit does not count.
    pub fn note_use(&mut self, now: Timestamp) {
        self.last_use = now;
    }

    /// Records that another tab of the same operator was used at `then`. A message that comes late, as after sleep, counts with
    /// its own time.
    pub fn note_use_elsewhere(&mut self, then: Timestamp, now: Timestamp) {
        // guard: use-in-another-tab
        if then > self.last_use && then <= now {
            self.last_use = then;
        }
    }

    /// When the console was last used.
    pub fn last_use(&self) -> Timestamp {
        self.last_use
    }

    /// How long the console has not been used.
    pub fn unused_for(&self, now: Timestamp) -> Duration {
        now.since(self.last_use)
    }

    /// How long until the operator is signed out. `None` if there is no limit.
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        Some(self.limit?.saturating_sub(self.unused_for(now)))
    }

    /// Whether the operator must be signed out before anything else happens. Sending a batch counts as use, unless the computer
    /// slept meanwhile.
    pub fn is_over(&self, now: Timestamp, is_sending: bool) -> bool {
        let slept = !is_sending || self.unused_for(now) >= SLEPT;
        // guard: idle-sign-out
        slept && self.left(now).is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const START: Timestamp = Timestamp(1_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[rstest]
    #[case::in_time(10, 599, false, false)]
    #[case::at_the_limit(10, 600, false, true)]
    #[case::asleep(10, 7200, false, true)]
    #[case::never(0, 1_000_000, false, false)]
    #[case::sending_in_a_hidden_tab(1, 61, true, false)]
    #[case::asleep_while_sending(1, 300, true, true)]
    #[case::asleep_while_sending_below_the_limit(10, 300, true, false)]
    fn the_end(
        #[case] minutes: u16,
        #[case] seconds: u64,
        #[case] sending: bool,
        #[case] over: bool,
    ) {
        assert_eq!(Idleness::new(minutes, START).is_over(after(seconds), sending), over);
    }

    #[test]
    fn use_restarts_the_time() {
        let mut idle = Idleness::new(10, START);
        assert_eq!(idle.left(after(540)), Some(Duration::from_secs(60)));
        idle.note_use(after(540));
        assert_eq!(idle.left(after(1139)), Some(Duration::from_secs(1)));
        assert!(idle.is_over(after(1140), false));
    }

    #[rstest]
    #[case::used_elsewhere(540, 541, 1139, false)]
    #[case::used_elsewhere_and_over_by_the_clock(540, 541, 1140, true)]
    #[case::a_message_that_waited_while_the_computer_slept(300, 7200, 7201, true)]
    #[case::a_time_to_come(5000, 541, 600, true)]
    fn two_tabs(#[case] then: u64, #[case] received: u64, #[case] at: u64, #[case] over: bool) {
        let mut idle = Idleness::new(10, START);
        idle.note_use_elsewhere(after(then), after(received));
        assert_eq!(idle.is_over(after(at), false), over);
    }

    #[test]
    fn an_older_use_elsewhere_changes_nothing() {
        let mut idle = Idleness::new(10, START);
        idle.note_use(after(100));
        idle.note_use_elsewhere(after(50), after(101));
        assert_eq!(idle.last_use(), after(100));
    }

    #[test]
    fn a_clock_set_back_ends_nothing() {
        let idle = Idleness::new(10, START);
        assert!(!idle.is_over(Timestamp(0), false));
        assert_eq!(idle.unused_for(Timestamp(0)), Duration::ZERO);
    }
}
