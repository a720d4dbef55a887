//! Reads what stands beside the bundle: its configuration. It must not ask BIG-IQ.

use crate::rt::fetch_beside;
use curfew_core::{Config, ConfigError};

/// The configuration, and the keys in it that mean nothing. Where there is no file, or none can be read, it is the usual
/// one.
///
/// # Errors
/// What is wrong in the file.
pub async fn config() -> Result<(Config, Vec<String>), ConfigError> {
    match fetch_beside("config.json").await {
        Some(text) => Config::parse(&text),
        None => Ok((Config::default(), Vec::new())),
    }
}
