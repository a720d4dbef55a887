//! The parts of the appliance that a running task uses.

use crate::world::inventory::Inventory;
use crate::world::rng::Rng;
use crate::world::sessions::Sessions;
use crate::world::settings::Settings;

/// The parts of the appliance that a running task uses.
#[derive(Debug)]
pub(crate) struct World<'a> {
    /// The devices.
    pub inventory: &'a Inventory,
    /// The sessions, which a kill ends.
    pub sessions: &'a mut Sessions,
    /// Random numbers.
    pub rng: &'a mut Rng,
    /// The settings.
    pub settings: &'a Settings,
}
