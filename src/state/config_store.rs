//! The configuration of this app. It does not change while the app runs.

use curfew_core::app::{Config, ConfigFile};
use leptos::prelude::*;

/// The configuration, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct ConfigStore {
    file: StoredValue<ConfigFile>,
}

impl ConfigStore {
    /// Provides this configuration.
    pub fn provide(file: ConfigFile) -> Self {
        let config = Self { file: StoredValue::new(file) };
        provide_context(config);
        config
    }

    /// The configuration of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// A part of the configuration.
    pub fn with<T>(&self, read: impl FnOnce(&Config) -> T) -> T {
        self.file.with_value(|file| read(&file.config))
    }

    /// Unknown keys in the file, which may be misspelt.
    pub fn unknown_keys(&self) -> Vec<String> {
        self.file.with_value(|file| file.unknown_keys.clone())
    }
}
