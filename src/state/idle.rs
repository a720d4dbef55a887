//! Signs out an operator who has left: a console that can throw everybody out must not stand open. It must not touch
//! jobs: what was sent goes on, and what is being sent is not cut off.

use super::{Jobs, Session, Setup};
use crate::rt::{Listener, spawn_poll, time};
use leptos::prelude::*;
use std::time::Duration;

/// So long before the end, in milliseconds, it is announced.
const NOTICE: i64 = 60_000;
/// How often is looked.
const STEP: Duration = Duration::from_secs(1);
/// How long the announcement stays after a touch, in milliseconds: the touch may be a press on a button of its own.
const PRESS: i64 = 1_000;

/// Idleness, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Idle {
    last: StoredValue<i64>,
    /// Seconds left, while the end is near.
    left: RwSignal<Option<u64>>,
    /// Whether the last sign-in ended so.
    ended: RwSignal<bool>,
}

impl Idle {
    /// Nobody is idle yet.
    pub fn provide() {
        provide_context(Self {
            last: StoredValue::new(time::epoch_ms()),
            left: RwSignal::new(None),
            ended: RwSignal::new(false),
        });
    }

    /// Starts to watch for keys and clicks.
    pub fn watch(self, setup: Setup, session: Session, jobs: Jobs) {
        let idle = self;
        let limit = i64::from(setup.with(|config| config.idle_minutes)) * 60_000;
        for kind in ["keydown", "pointerdown", "wheel", "touchstart"] {
            let touched = move |_| idle.last.set_value(time::epoch_ms());
            Listener::new(&window(), kind, touched).scoped();
        }
        let open = Memo::new(move |_| session.is_open());
        Effect::new(move |_| {
            if open.get() {
                idle.note();
                idle.ended.set(false);
            }
        });
        spawn_poll(move || async move {
            if limit > 0 && open.get_untracked() {
                // Who leaves while a long batch is being sent does not want its rest dropped.
                if jobs.is_sending() {
                    idle.last.set_value(time::epoch_ms());
                }
                let gone = time::epoch_ms() - idle.last.get_value();
                let left = limit - gone;
                if left <= 0 {
                    idle.left.set(None);
                    session.sign_out();
                    idle.ended.set(true);
                } else {
                    let near = (left <= NOTICE).then(|| left.unsigned_abs().div_ceil(1000));
                    let known = idle.left.get_untracked();
                    if known != near && (near.is_some() || gone >= PRESS) {
                        idle.left.set(near);
                    }
                }
            }
            Some(STEP)
        });
    }

    /// The idleness of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Notes that the operator is there.
    pub fn note(&self) {
        self.last.set_value(time::epoch_ms());
        if self.left.get_untracked().is_some() {
            self.left.set(None);
        }
    }

    /// Seconds until the operator is signed out, while that is near. Tracked.
    pub fn seconds_left(&self) -> Option<u64> {
        self.left.get()
    }

    /// Whether the last sign-in ended for want of use. Tracked.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }
}
