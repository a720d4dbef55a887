//! Signs out an idle operator, when the timer, a key, a click or a kill finds that the time is over. Use in another tab of
//! the same operator counts; without messages between tabs, each tab counts by itself.

use super::{ConfigStore, SignIn};
use crate::web::{Listener, effect, spawn_poll, time};
use curfew_core::app::{Idleness, SignOutReason};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// How long before the sign-out the warning appears.
const NOTICE: Duration = Duration::from_secs(60);
/// How often the remaining time is checked.
const STEP: Duration = Duration::from_secs(1);
/// How long the warning stays after a key or click: it may be a press on one of its buttons.
const PRESS: Duration = Duration::from_secs(1);

/// Idle time, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Idle {
    idleness: StoredValue<Idleness>,
    sign_in: SignIn,
    /// Seconds left, while the sign-out is near.
    left: RwSignal<Option<u64>>,
    /// The latest use that other tabs know of.
    reported: StoredValue<Timestamp>,
}

impl Idle {
    /// Provides it; nobody is signed in yet.
    pub fn provide(config: ConfigStore, sign_in: SignIn) {
        let minutes = config.with(|config| config.idle_minutes);
        provide_context(Self {
            idleness: StoredValue::new(Idleness::new(minutes, now())),
            sign_in,
            left: RwSignal::new(None),
            reported: StoredValue::new(now()),
        });
    }

    /// Starts to watch for keys and clicks. `is_sending` reports whether the rest of a batch is being sent, and `report`
    /// informs the other tabs of the latest use.
    pub fn watch(
        self,
        is_sending: impl Fn() -> bool + Copy + 'static,
        report: impl Fn(Timestamp) + Copy + 'static,
    ) {
        let idle = self;
        // guard: activity-events
        for kind in ["keydown", "pointerdown", "wheel", "touchstart"] {
            // After hours of sleep, the first key can come before the timer. It does not count as activity.
            let touched = move |_| {
                // guard: first-key-after-sleep
                if !idle.end_if_over(is_sending()) {
                    idle.idleness.update_value(|idleness| idleness.note_use(now()));
                }
            };
            Listener::new(&window(), kind, touched).scoped();
        }
        let open = Memo::new(move |_| idle.sign_in.is_open());
        effect(move || {
            if open.get() {
                idle.note_activity();
            }
        });
        spawn_poll(move || async move {
            let sending = is_sending();
            if open.get_untracked() && !idle.end_if_over(sending) {
                // Operators who leave while a long batch is being sent want the rest to be sent.
                if sending {
                    idle.idleness.update_value(|idleness| idleness.note_use(now()));
                }
                let idleness = idle.idleness.get_value();
                if idleness.last_use() > idle.reported.get_value() {
                    idle.reported.set_value(idleness.last_use());
                    report(idleness.last_use());
                }
                let near = idleness.left(now()).filter(|left| *left <= NOTICE);
                let near = near.map(|left| left.as_millis().div_ceil(1000) as u64);
                let known = idle.left.get_untracked();
                if known != near && (near.is_some() || idleness.unused_for(now()) >= PRESS) {
                    idle.left.set(near);
                }
            }
            Some(STEP)
        });
    }

    /// Signs the operator out if the time is over, and returns whether it is. Call it before anything that may act.
    pub fn end_if_over(self, is_sending: bool) -> bool {
        let over = self.sign_in.is_open_untracked()
            && self.idleness.with_value(|idleness| idleness.is_over(now(), is_sending));
        if over {
            self.left.set(None);
            self.sign_in.sign_out(SignOutReason::Idle, None);
        }
        over
    }

    /// The idle time of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Notes that the operator is active.
    pub fn note_activity(&self) {
        self.idleness.update_value(|idleness| idleness.note_use(now()));
        if self.left.get_untracked().is_some() {
            self.left.set(None);
        }
    }

    /// Notes that another tab of the same operator was used.
    pub fn note_use_elsewhere(self, then: Timestamp) {
        self.idleness.update_value(|idleness| idleness.note_use_elsewhere(then, now()));
        if then > self.reported.get_value() {
            self.reported.set_value(then);
        }
    }

    /// Seconds until the operator is signed out, while that is near. Tracked.
    pub fn seconds_left(&self) -> Option<u64> {
        self.left.get()
    }
}

fn now() -> Timestamp {
    Timestamp(time::epoch_ms())
}
