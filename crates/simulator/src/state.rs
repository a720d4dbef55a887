//! The appliance together with what surrounds it: fault plan, record of calls, site. One lock, held
//! only while nothing waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::answer::{Answer, Problem};
use crate::api;
use crate::appliance::{Appliance, Setup};
use crate::call::Call;
use crate::fault::{Fault, Outcome, Plan, Span, sentinel};
use crate::gate;
use crate::record::Record;
use crate::site::Site;

/// A running simulator. Copies share it.
#[derive(Debug, Clone)]
pub struct State(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    /// Rung when the clock was moved by hand.
    clock_moved: Notify,
    site: Option<Site>,
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
    /// A fresh simulator; `plan` holds the faults it starts with, `site` the bundle it serves.
    pub fn new(setup: Setup, plan: Plan, site: Option<Site>) -> Self {
        let world = Mutex::new(World::new(setup, plan));
        Self(Arc::new(Inner { world, clock_moved: Notify::new(), site }))
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

    /// The bundle.
    pub(crate) fn site(&self) -> Option<&Site> {
        self.0.site.as_ref()
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
        let status =
            Some(outcome.status).filter(|_| outcome.delivery != crate::fault::Delivery::HangUp);
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

/// What a fault does to the appliance or to the call before it is answered.
fn befall(appliance: &mut Appliance, fault: Option<&Fault>, call: &mut Call) {
    match fault {
        Some(Fault::Restart { seconds, status }) => {
            appliance.restart(i64::from(*seconds) * 1000, *status);
        }
        Some(Fault::RevokeAccess) => appliance.tokens.forget(crate::tokens::Use::Access),
        Some(Fault::RevokeRefresh) => appliance.tokens.forget(crate::tokens::Use::Refresh),
        Some(Fault::SourceAddress { address }) => call.peer = *address,
        _ => {}
    }
}

/// The answer that a fault gives in place of the endpoint's.
fn replacement(appliance: &mut Appliance, call: &Call, fault: &Fault) -> Option<Answer> {
    let problem = match fault {
        Fault::Html { status, retry_after, .. } => {
            return Some(Answer { retry_after: *retry_after, ..Answer::page(*status) });
        }
        Fault::Status { status, message, .. } => {
            let message = message.clone().unwrap_or_else(|| format!("simulator: fault {status}"));
            Problem::new(*status, message)
        }
        Fault::TaskGone => {
            let path = call.plain_path().trim_start_matches("/mgmt/");
            Problem::new(404, path)
        }
        _ => return None,
    };
    let operation = appliance.next_operation();
    let retry_after = match fault {
        Fault::Status { retry_after, .. } => *retry_after,
        _ => None,
    };
    let stacks = appliance.settings.java_stacks;
    Some(Answer { retry_after, ..problem.answer(&call.peer.to_string(), operation, stacks) })
}
