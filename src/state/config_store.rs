//! The configuration of this app. It does not change while the app runs.

use curfew_core::app::Config;
use leptos::prelude::*;

/// The configuration, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct ConfigStore {
    config: StoredValue<Config>,
    unknown: StoredValue<Vec<String>>,
}

impl ConfigStore {
    /// Provides this configuration, and the unknown keys of its file.
    pub fn provide(config: Config, unknown: Vec<String>) -> Self {
        let config = Self { config: StoredValue::new(config), unknown: StoredValue::new(unknown) };
        provide_context(config);
        config
    }

    /// The configuration of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// A part of the configuration.
    pub fn with<T>(&self, read: impl FnOnce(&Config) -> T) -> T {
        self.config.with_value(read)
    }

    /// Unknown keys in the file, which may be misspelt.
    pub fn unknown_keys(&self) -> Vec<String> {
        self.unknown.get_value()
    }
}
