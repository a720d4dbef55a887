//! What a running task acts on.

use crate::world::inventory::Inventory;
use crate::world::rng::Rng;
use crate::world::sessions::Sessions;
use crate::world::settings::Settings;

/// What the appliance is made of, as a running task needs it.
#[derive(Debug)]
pub(crate) struct World<'a> {
    /// The devices.
    pub inventory: &'a Inventory,
    /// The sessions, which a kill ends.
    pub sessions: &'a mut Sessions,
    /// Random numbers.
    pub rng: &'a mut Rng,
    /// The switches.
    pub settings: &'a Settings,
}
