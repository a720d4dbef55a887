//! What a fresh appliance is built from.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::settings::Settings;
use super::timestamp::Moment;

/// What a fresh appliance is built from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How large, and which one.
    pub size: Size,
    /// Its habits.
    pub settings: Settings,
    /// What its clock shows at first; `None` for the host's time.
    pub start: Option<Moment>,
    /// Whether its clock stands still.
    pub frozen: bool,
}

impl Default for Setup {
    fn default() -> Self {
        let size = Size { devices: 24, sessions_per_device: 4, seed: 1 };
        Self { size, settings: Settings::default(), start: None, frozen: false }
    }
}

/// How large an appliance to build, and which one.
#[derive(Debug, Clone, Copy)]
pub struct Size {
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
pub(crate) struct Start {
    devices: Option<usize>,
    seed: Option<u64>,
    sessions_per_device: Option<usize>,
    #[serde(default)]
    settings: Map<String, Value>,
    now: Option<String>,
    frozen: Option<bool>,
}

/// Most devices that a start may have; more would not fit a laptop.
const MOST_DEVICES: usize = 100_000;
/// Most sessions on one device.
const MOST_SESSIONS: usize = 10_000;

impl Start {
    /// `setup` with the differences.
    ///
    /// # Errors
    /// The reason, when one of them makes no sense.
    pub(crate) fn over(&self, setup: &Setup) -> Result<Setup, String> {
        let mut setup = setup.clone();
        let size = &mut setup.size;
        size.devices = self.devices.unwrap_or(size.devices);
        size.seed = self.seed.unwrap_or(size.seed);
        size.sessions_per_device = self.sessions_per_device.unwrap_or(size.sessions_per_device);
        if size.devices > MOST_DEVICES || size.sessions_per_device > MOST_SESSIONS {
            return Err(format!(
                "at most {MOST_DEVICES} devices and {MOST_SESSIONS} sessions each"
            ));
        }
        setup.settings = setup.settings.with(&self.settings)?;
        if let Some(text) = &self.now {
            setup.start = Some(Moment::from_rfc3339(text).ok_or("now is not an RFC 3339 date")?);
        }
        setup.frozen = self.frozen.unwrap_or(setup.frozen);
        Ok(setup)
    }
}
