//! What a fresh appliance is built from.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::settings::Settings;
use super::timestamp::Timestamp;

/// What a fresh appliance is built from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How large, and which one.
    pub fleet: FleetOptions,
    /// Its habits.
    pub settings: Settings,
    /// What its clock shows at first; `None` for the host's time.
    pub start: Option<Timestamp>,
    /// Whether its clock stands still.
    pub frozen: bool,
}

impl Default for Setup {
    fn default() -> Self {
        let fleet = FleetOptions { devices: 24, sessions_per_device: 4, seed: 1 };
        Self { fleet, settings: Settings::default(), start: None, frozen: false }
    }
}

/// How large an appliance to build, and which one.
#[derive(Debug, Clone, Copy)]
pub struct FleetOptions {
    /// Managed BIG-IP devices; the named ones are always there and count.
    pub devices: usize,
    /// Sessions on each device that holds any, beside the named ones.
    pub sessions_per_device: usize,
    /// The seed.
    pub seed: u64,
}

/// What the new start differs in from the one given on the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SetupChanges {
    devices: Option<usize>,
    seed: Option<u64>,
    sessions_per_device: Option<usize>,
    #[serde(default)]
    settings: Map<String, Value>,
    now: Option<String>,
    frozen: Option<bool>,
}

/// Most devices that a start may have; more would not fit a laptop.
const MAX_DEVICES: usize = 100_000;
/// Most sessions on one device.
const MAX_SESSIONS: usize = 10_000;

impl SetupChanges {
    /// `setup` with the differences.
    ///
    /// # Errors
    /// The reason, when one of them makes no sense.
    pub(crate) fn apply_to(&self, setup: &Setup) -> Result<Setup, String> {
        let mut setup = setup.clone();
        let fleet = &mut setup.fleet;
        fleet.devices = self.devices.unwrap_or(fleet.devices);
        fleet.seed = self.seed.unwrap_or(fleet.seed);
        fleet.sessions_per_device = self.sessions_per_device.unwrap_or(fleet.sessions_per_device);
        if fleet.devices > MAX_DEVICES || fleet.sessions_per_device > MAX_SESSIONS {
            return Err(format!("at most {MAX_DEVICES} devices and {MAX_SESSIONS} sessions each"));
        }
        setup.settings = setup.settings.with(&self.settings)?;
        if let Some(text) = &self.now {
            setup.start = Some(Timestamp::from_rfc3339(text).ok_or("now is not an RFC 3339 date")?);
        }
        setup.frozen = self.frozen.unwrap_or(setup.frozen);
        Ok(setup)
    }
}
