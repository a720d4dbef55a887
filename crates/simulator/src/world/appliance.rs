//! The whole simulated BIG-IQ as one value.
//!
//! It knows no HTTP and never waits: [`Appliance::catch_up`] does everything that has become due,
//! and runs before each answer.

use std::collections::BTreeSet;

use super::clock::Clock;
use super::inventory::Inventory;
use super::rng::Rng;
use super::seed::build;
use super::sessions::Sessions;
use super::settings::Settings;
use super::setup::Setup;
use super::tasks::store::TaskStore;
use super::tasks::world::World;
use super::timestamp::Timestamp;
use super::tokens::Tokens;

/// A simulated BIG-IQ.
#[derive(Debug)]
pub(crate) struct Appliance {
    /// Its clock.
    pub clock: Clock,
    /// How it behaves.
    pub settings: Settings,
    /// Its managed devices.
    pub inventory: Inventory,
    /// The sessions on those devices.
    pub sessions: Sessions,
    /// Issued tokens.
    pub tokens: Tokens,
    /// Kill tasks.
    pub tasks: TaskStore,
    /// Random numbers.
    pub rng: Rng,
    /// Requested URIs that the simulator does not answer.
    pub not_simulated: BTreeSet<String>,
    /// The restart in progress, if any.
    pub outage: Option<Outage>,
    operations: u64,
}

/// A restart in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outage {
    /// When the appliance answers again.
    pub until: Timestamp,
    /// Status meanwhile: 404 or 401 `Public URI path not registered…`, or 503 with a page.
    pub status: u16,
}

impl Appliance {
    /// A new appliance.
    pub(crate) fn new(setup: &Setup) -> Self {
        let mut clock = Clock::starting_at(setup.start);
        clock.freeze(setup.frozen);
        let inventory = build::inventory(setup.fleet);
        let sessions = build::sessions(&inventory, setup.fleet, clock.now());
        Self {
            clock,
            settings: setup.settings.clone(),
            inventory,
            sessions,
            tokens: Tokens::default(),
            tasks: TaskStore::default(),
            rng: Rng::new(setup.fleet.seed),
            not_simulated: BTreeSet::new(),
            outage: None,
            operations: 19_541_800,
        }
    }

    /// The time on its clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Does everything that has become due.
    pub(crate) fn catch_up(&mut self) {
        let now = self.now();
        let mut world = World {
            inventory: &self.inventory,
            sessions: &mut self.sessions,
            rng: &mut self.rng,
            settings: &self.settings,
        };
        self.tasks.run_until(now, &mut world);
        self.sessions.return_due_users(now);
        if self.outage.is_some_and(|outage| outage.until <= now) {
            self.outage = None;
        }
    }

    /// The next `restOperationId`.
    pub(crate) fn next_operation_id(&mut self) -> u64 {
        self.operations += 1 + self.rng.below(9);
        self.operations
    }

    /// Restarts it: all tokens become invalid, and nothing works for `millis`.
    pub(crate) fn restart(&mut self, millis: i64, status: u16) {
        self.tokens.forget_all();
        self.outage = Some(Outage { until: self.now().plus_millis(millis), status });
    }
}
