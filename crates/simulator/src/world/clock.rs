//! The appliance's clock. It runs with real time, and can be frozen, set and moved by hand.
//!
//! Everything that takes time follows it (tasks, token lifetimes, returning users), so that tests
//! never sleep.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::timestamp::Timestamp;

/// A clock that showed `shown` at `anchor` and has run since then, unless frozen.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    shown: Timestamp,
    anchor: Instant,
    frozen: bool,
}

impl Clock {
    /// A running clock that starts at `start`, or at the host's time.
    pub(crate) fn starting_at(start: Option<Timestamp>) -> Self {
        let shown = start.unwrap_or_else(host_time);
        Self { shown, anchor: Instant::now(), frozen: false }
    }

    /// The appliance's time.
    pub(crate) fn now(&self) -> Timestamp {
        if self.frozen {
            return self.shown;
        }
        let run = i64::try_from(self.anchor.elapsed().as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(self.shown.micros().saturating_add(run))
    }

    /// Whether the clock is frozen.
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Freezes or restarts the clock; the time does not jump.
    pub(crate) fn freeze(&mut self, frozen: bool) {
        self.set(self.now());
        self.frozen = frozen;
    }

    /// Sets the clock to `time`.
    pub(crate) fn set(&mut self, time: Timestamp) {
        self.shown = time;
        self.anchor = Instant::now();
    }

    /// Moves the clock by `millis`, frozen or not.
    pub(crate) fn advance(&mut self, millis: i64) {
        self.set(self.now().plus_millis(millis));
    }
}

fn host_time() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_by_hand() {
        let start = Timestamp::from_millis(1_700_000_000_000);
        let mut clock = Clock::starting_at(Some(start));
        clock.freeze(true);
        let frozen_at = clock.now();
        assert_eq!(clock.now(), frozen_at);
        clock.advance(300_000);
        assert_eq!(clock.now(), frozen_at.plus_millis(300_000));
        clock.set(start);
        assert_eq!(clock.now(), start);
        assert!(clock.is_frozen());
    }

    #[test]
    fn a_running_clock_does_not_go_back() {
        let clock = Clock::starting_at(None);
        let first = clock.now();
        assert!(clock.now() >= first);
    }
}
