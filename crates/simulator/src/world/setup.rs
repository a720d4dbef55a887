//! What an appliance is built from, and changes to it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::settings::Settings;
use super::timestamp::Timestamp;

/// What an appliance is built from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its devices and sessions.
    pub fleet: FleetOptions,
    /// How it behaves.
    pub settings: Settings,
    /// The initial time of its clock; `None` for the host's time.
    pub start: Option<Timestamp>,
    /// Whether its clock is frozen.
    pub frozen: bool,
}

impl Default for Setup {
    fn default() -> Self {
        let fleet = FleetOptions { devices: 24, sessions_per_device: 4, seed: 1 };
        Self { fleet, settings: Settings::default(), start: None, frozen: false }
    }
}

/// How many devices and sessions to generate, and from which seed.
#[derive(Debug, Clone, Copy)]
pub struct FleetOptions {
    /// Number of managed BIG-IP devices, including the named ones, which always exist.
    pub devices: usize,
    /// Sessions on each device that can hold any, in addition to the named ones.
    pub sessions_per_device: usize,
    /// Seed of the generated data.
    pub seed: u64,
}

/// Changes to the setup that the command line gives.
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

/// Limit of the number of devices, so that they fit into memory.
const MAX_DEVICES: usize = 100_000;
/// Limit of the sessions on one device.
const MAX_SESSIONS: usize = 10_000;

impl SetupChanges {
    /// `setup` with the changes.
    ///
    /// # Errors
    /// The reason, when a change is not valid.
    pub(crate) fn apply_to(&self, setup: &Setup) -> Result<Setup, String> {
        let mut setup = setup.clone();
        let fleet = &mut setup.fleet;
        fleet.devices = self.devices.unwrap_or(fleet.devices);
        fleet.seed = self.seed.unwrap_or(fleet.seed);
        fleet.sessions_per_device = self.sessions_per_device.unwrap_or(fleet.sessions_per_device);
        if fleet.devices > MAX_DEVICES || fleet.sessions_per_device > MAX_SESSIONS {
            return Err(format!(
                "at most {MAX_DEVICES} devices and {MAX_SESSIONS} sessions per device"
            ));
        }
        setup.settings = setup.settings.with(&self.settings)?;
        if let Some(text) = &self.now {
            setup.start =
                Some(Timestamp::from_rfc3339(text).ok_or("now is not an RFC 3339 date and time")?);
        }
        setup.frozen = self.frozen.unwrap_or(setup.frozen);
        Ok(setup)
    }
}
