//! The appliance together with what surrounds it: fault plan, log of calls, site. One lock, held
//! only while nothing waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::api;
use crate::auth::authentication;
use crate::fault::by_name;
use crate::fault::effects::{before_call, replacement};
use crate::fault::kind::Fault;
use crate::fault::plan::FaultPlan;
use crate::fault::raw_response::{Delivery, RawResponse};
use crate::fault::wait::Wait;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::request_log::RequestLog;
use crate::world::appliance::Appliance;
use crate::world::settings::LatencyMs;
use crate::world::setup::Setup;

/// A running simulator. Copies share it.
#[derive(Debug, Clone)]
pub struct Simulator(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    simulation: Mutex<Simulation>,
    /// Rung when the clock was moved by hand.
    clock_moved: Notify,
}

/// All that changes.
#[derive(Debug)]
pub(crate) struct Simulation {
    /// What the appliance was built from.
    pub setup: Setup,
    /// The appliance.
    pub appliance: Appliance,
    /// The fault plan.
    pub faults: FaultPlan,
    /// The log of calls.
    pub request_log: RequestLog,
    reads: u64,
}

impl Simulation {
    fn new(setup: Setup, faults: FaultPlan) -> Self {
        let appliance = Appliance::new(&setup);
        Self { setup, appliance, faults, request_log: RequestLog::default(), reads: 0 }
    }

    /// Starts over from `setup`, without faults; a later reset starts from the first one again.
    pub(crate) fn reset(&mut self, setup: &Setup) {
        self.appliance = Appliance::new(setup);
        self.faults = FaultPlan::default();
        self.request_log = RequestLog::default();
        self.reads = 0;
    }
}

impl Simulator {
    /// A fresh simulator; `faults` holds the faults it starts with.
    pub fn new(setup: Setup, faults: FaultPlan) -> Self {
        let simulation = Mutex::new(Simulation::new(setup, faults));
        Self(Arc::new(Shared { simulation, clock_moved: Notify::new() }))
    }

    /// All that changes, locked. Never held across a wait.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Simulation> {
        // A poisoned lock means a bug was met; the next caller is better served than refused.
        self.0.simulation.lock().unwrap_or_else(PoisonError::into_inner)
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
            let now = self.lock().appliance.now();
            now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX))
        };
        loop {
            let moved = self.0.clock_moved.notified();
            let (left, frozen) = {
                let clock = &self.lock().appliance.clock;
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
    pub(crate) fn pick_wait_ms(&self, wait: Wait) -> u64 {
        wait.pick_ms(&mut self.lock().appliance.rng)
    }

    /// Answers an API call, with whatever fault it meets.
    pub(crate) async fn handle(&self, mut call: Call) -> RawResponse {
        let (number, fault, latency) = {
            let mut simulation = self.lock();
            let Simulation { appliance, faults, request_log, reads, .. } = &mut *simulation;
            let operator =
                authentication::authenticate(appliance, &call).ok().map(|account| account.name);
            let number = request_log.add(&call, operator, appliance.now());
            let fault = faults
                .take(&call, &mut appliance.rng)
                .or_else(|| by_name::fault_of_call(appliance, &call, operator, *reads));
            *reads += u64::from(call.method == axum::http::Method::GET);
            before_call(appliance, fault.as_ref(), &mut call);
            let LatencyMs { least, most } = appliance.settings.latency_ms;
            let spread = most.saturating_sub(least).saturating_add(1);
            let latency = least.saturating_add(appliance.rng.below(spread));
            (number, fault, latency)
        };
        self.sleep(latency).await;
        if let Some(Fault::Delay { ms, after_effect: false }) = &fault {
            self.sleep(self.pick_wait_ms(*ms)).await;
        }
        let outcome = self.outcome(&call, fault.as_ref());
        if let Some(Fault::Delay { ms, after_effect: true }) = &fault {
            self.sleep(self.pick_wait_ms(*ms)).await;
        }
        let status = Some(outcome.status).filter(|_| outcome.delivery != Delivery::Close);
        let kind = fault.as_ref().map(Fault::kind);
        self.lock().request_log.complete(number, status, kind.as_deref());
        outcome
    }

    fn outcome(&self, call: &Call, fault: Option<&Fault>) -> RawResponse {
        let mut simulation = self.lock();
        let appliance = &mut simulation.appliance;
        let Some(fault) = fault else { return api::answer(appliance, call).into() };
        let effect =
            if fault.prevents_effect() { Answer::page(502) } else { api::answer(appliance, call) };
        let answer = replacement(appliance, call, fault).unwrap_or(effect);
        fault.apply(answer)
    }
}
