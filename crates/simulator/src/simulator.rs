//! The appliance together with what surrounds it: fault plan, record of calls, site. One lock, held
//! only while nothing waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::api;
use crate::auth::authenticate as gate;
use crate::fault::by_name as sentinel;
use crate::fault::effects::{befall, replacement};
use crate::fault::kind::Fault;
use crate::fault::plan::Plan;
use crate::fault::raw_response::{Delivery, Outcome};
use crate::fault::wait::Span;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::request_log::Record;
use crate::world::appliance::Appliance;
use crate::world::setup::Setup;

/// A running simulator. Copies share it.
#[derive(Debug, Clone)]
pub struct State(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    /// Rung when the clock was moved by hand.
    clock_moved: Notify,
}

/// All that changes.
#[derive(Debug)]
pub(crate) struct World {
    /// What the appliance was built from.
    pub setup: Setup,
    /// The appliance.
    pub appliance: Appliance,
    /// The fault plan.
    pub plan: Plan,
    /// The record of calls.
    pub record: Record,
    reads: u64,
}

impl World {
    fn new(setup: Setup, plan: Plan) -> Self {
        let appliance = Appliance::new(&setup);
        Self { setup, appliance, plan, record: Record::default(), reads: 0 }
    }

    /// Starts over from `setup`, without faults; a later reset starts from the first one again.
    pub(crate) fn reset(&mut self, setup: &Setup) {
        self.appliance = Appliance::new(setup);
        self.plan = Plan::default();
        self.record = Record::default();
        self.reads = 0;
    }
}

impl State {
    /// A fresh simulator; `plan` holds the faults it starts with.
    pub fn new(setup: Setup, plan: Plan) -> Self {
        let world = Mutex::new(World::new(setup, plan));
        Self(Arc::new(Inner { world, clock_moved: Notify::new() }))
    }

    /// All that changes, locked. Never held across a wait.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A poisoned lock means a bug was met; the next caller is better served than refused.
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everyone who waits that the clock was moved.
    pub(crate) fn clock_moved(&self) {
        self.0.clock_moved.notify_waiters();
    }

    /// Waits by the appliance's clock: moving that by hand ends the wait.
    pub(crate) async fn sleep(&self, millis: u64) {
        if millis == 0 {
            return;
        }
        let until = {
            let now = self.world().appliance.now();
            now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX))
        };
        loop {
            let moved = self.0.clock_moved.notified();
            let (left, frozen) = {
                let clock = &self.world().appliance.clock;
                (until.micros() - clock.now().micros(), clock.is_frozen())
            };
            let Ok(left) = u64::try_from(left) else { return };
            if left == 0 {
                return;
            }
            if frozen {
                moved.await;
            } else {
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(Duration::from_micros(left)) => {}
                }
            }
        }
    }

    /// A random length within a span.
    pub(crate) fn length(&self, span: Span) -> u64 {
        span.pick(&mut self.world().appliance.rng)
    }

    /// Answers an API call, with whatever fault it meets.
    pub(crate) async fn handle(&self, mut call: Call) -> Outcome {
        let (number, fault, latency) = {
            let mut world = self.world();
            let World { appliance, plan, record, reads, .. } = &mut *world;
            let operator = gate::admit(appliance, &call).ok().map(|account| account.name);
            let number = record.arrived(&call, operator, appliance.now());
            let fault = plan
                .take(&call, &mut appliance.rng)
                .or_else(|| sentinel::of(appliance, &call, operator, *reads));
            *reads += u64::from(call.method == axum::http::Method::GET);
            befall(appliance, fault.as_ref(), &mut call);
            let (least, most) = appliance.settings.latency_ms;
            let spread = most.saturating_sub(least).saturating_add(1);
            let latency = least.saturating_add(appliance.rng.below(spread));
            (number, fault, latency)
        };
        self.sleep(latency).await;
        if let Some(Fault::Delay { ms, after_effect: false }) = &fault {
            self.sleep(self.length(*ms)).await;
        }
        let outcome = self.outcome(&call, fault.as_ref());
        if let Some(Fault::Delay { ms, after_effect: true }) = &fault {
            self.sleep(self.length(*ms)).await;
        }
        let status = Some(outcome.status).filter(|_| outcome.delivery != Delivery::HangUp);
        let kind = fault.as_ref().map(Fault::kind);
        self.world().record.answered(number, status, kind.as_deref());
        outcome
    }

    fn outcome(&self, call: &Call, fault: Option<&Fault>) -> Outcome {
        let mut world = self.world();
        let appliance = &mut world.appliance;
        let Some(fault) = fault else { return api::answer(appliance, call).into() };
        let effect =
            if fault.prevents_effect() { Answer::page(502) } else { api::answer(appliance, call) };
        let answer = replacement(appliance, call, fault).unwrap_or(effect);
        fault.apply(answer)
    }
}
