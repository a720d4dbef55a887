//! A running simulator: the appliance, its fault plan and the log of calls behind one lock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Method;
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

/// A running simulator. Clones share it.
#[derive(Debug, Clone)]
pub struct Simulator(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    simulation: Mutex<Simulation>,
    /// Notified when the clock was moved by hand.
    clock_moved: Notify,
}

/// All mutable state.
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

    /// Starts over from `setup`, without faults. The next reset starts from the original setup
    /// again.
    pub(crate) fn reset(&mut self, setup: &Setup) {
        self.appliance = Appliance::new(setup);
        self.faults = FaultPlan::default();
        self.request_log = RequestLog::default();
        self.reads = 0;
    }
}

impl Simulator {
    /// A new simulator that starts with `faults`.
    pub fn new(setup: Setup, faults: FaultPlan) -> Self {
        let simulation = Mutex::new(Simulation::new(setup, faults));
        Self(Arc::new(Shared { simulation, clock_moved: Notify::new() }))
    }

    /// Locks all mutable state. Never hold the guard across an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Simulation> {
        // A poisoned lock means that a bug caused a panic. Keep answering.
        self.0.simulation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everything that waits for the clock.
    pub(crate) fn notify_clock_moved(&self) {
        self.0.clock_moved.notify_waiters();
    }

    /// Sleeps by the appliance's clock: moving the clock by hand can end the wait.
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

    /// A random length of a wait, in milliseconds.
    pub(crate) fn pick_wait_ms(&self, wait: Wait) -> u64 {
        wait.pick_ms(&mut self.lock().appliance.rng)
    }

    /// Answers an API call and applies the fault that it meets, if any.
    pub(crate) async fn handle(&self, mut call: Call) -> RawResponse {
        let (number, fault, latency_ms) = {
            let mut simulation = self.lock();
            let Simulation { appliance, faults, request_log, reads, .. } = &mut *simulation;
            let operator =
                authentication::authenticate(appliance, &call).ok().map(|account| account.name);
            let number = request_log.add(&call, operator, appliance.now());
            let fault = faults
                .take(&call, &mut appliance.rng)
                .or_else(|| by_name::fault_of_call(appliance, &call, operator, *reads));
            *reads += u64::from(call.method == Method::GET);
            before_call(appliance, fault.as_ref(), &mut call);
            let LatencyMs { least, most } = appliance.settings.latency_ms;
            let spread = most.saturating_sub(least).saturating_add(1);
            let latency_ms = least.saturating_add(appliance.rng.below(spread));
            (number, fault, latency_ms)
        };
        self.sleep(latency_ms).await;
        if let Some(Fault::Delay { ms, after_effect: false }) = &fault {
            self.sleep(self.pick_wait_ms(*ms)).await;
        }
        let response = self.respond(&call, fault.as_ref());
        if let Some(Fault::Delay { ms, after_effect: true }) = &fault {
            self.sleep(self.pick_wait_ms(*ms)).await;
        }
        let status = Some(response.status).filter(|_| response.delivery != Delivery::Close);
        let kind = fault.as_ref().map(Fault::kind);
        self.lock().request_log.complete(number, status, kind.as_deref());
        response
    }

    fn respond(&self, call: &Call, fault: Option<&Fault>) -> RawResponse {
        let mut simulation = self.lock();
        let appliance = &mut simulation.appliance;
        let Some(fault) = fault else { return api::answer(appliance, call).into() };
        let effect =
            if fault.prevents_effect() { Answer::page(502) } else { api::answer(appliance, call) };
        let answer = replacement(appliance, call, fault).unwrap_or(effect);
        fault.apply(answer)
    }
}
