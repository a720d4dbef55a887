//! The time that pages show: "12 seconds ago" must change although nothing else does. It ticks once a second, so don't
//! measure durations with it.

use crate::web::{spawn_poll, time};
use leptos::prelude::*;
use std::time::Duration;

/// The current time in steps of a second, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Clock(ReadSignal<i64>);

impl Clock {
    /// Starts ticking.
    pub fn provide() -> Self {
        let (now, set_now) = signal(time::epoch_ms());
        spawn_poll(move || async move {
            set_now.set(time::epoch_ms());
            Some(Duration::from_secs(1))
        });
        let clock = Self(now);
        provide_context(clock);
        clock
    }

    /// The clock of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Milliseconds since 1970, at the last tick.
    pub fn now(&self) -> ReadSignal<i64> {
        self.0
    }
}
