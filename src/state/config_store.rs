//! How this Curfew is set up, as its configuration says. Fixed once the app runs. It must not hold anything that changes.

use curfew_core::app::Config;
use leptos::prelude::*;

/// The configuration, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct ConfigStore {
    config: StoredValue<Config>,
    unknown: StoredValue<Vec<String>>,
}

impl ConfigStore {
    /// This configuration, and the keys in its file that mean nothing.
    pub fn provide(config: Config, unknown: Vec<String>) -> Self {
        let setup = Self { config: StoredValue::new(config), unknown: StoredValue::new(unknown) };
        provide_context(setup);
        setup
    }

    /// The setup of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// A part of the configuration.
    pub fn with<T>(&self, read: impl FnOnce(&Config) -> T) -> T {
        self.config.with_value(read)
    }

    /// Keys of the file that mean nothing, perhaps misspelt.
    pub fn unknown_keys(&self) -> Vec<String> {
        self.unknown.get_value()
    }
}
