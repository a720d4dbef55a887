//! Reads the configuration file next to the bundle.

use crate::web::{fetch_config, sleep};
use curfew_core::app::{Config, ConfigError, ConfigFile};
use std::time::Duration;

/// The wait before a file that couldn't be read is requested again.
const AGAIN: Duration = Duration::from_secs(2);

/// The configuration file. Without a file, the defaults apply. While it is unclear whether a file
/// exists, the app does not start: the default rules may be weaker than the configured ones.
///
/// # Errors
/// What is wrong in the file.
pub async fn config() -> Result<ConfigFile, ConfigError> {
    loop {
        match fetch_config().await {
            Ok(Some(text)) => return Config::parse(&text),
            Ok(None) => return Ok(ConfigFile::default()),
            Err(_) => sleep(AGAIN).await,
        }
    }
}
