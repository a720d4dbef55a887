//! Reads what stands beside the bundle: its configuration. It must not ask BIG-IQ.

use crate::web::{fetch_beside, sleep};
use curfew_core::app::{Config, ConfigError};
use std::time::Duration;

/// A file that can't be read is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(2);

/// The configuration, and the keys in it that mean nothing. Where there is no file it is the usual one. While it can't be
/// told whether there is one, nothing begins: the usual rules may be laxer than those in force.
///
/// # Errors
/// What is wrong in the file.
pub async fn config() -> Result<(Config, Vec<String>), ConfigError> {
    loop {
        match fetch_beside("config.json").await {
            Ok(Some(text)) => return Config::parse(&text),
            Ok(None) => return Ok((Config::default(), Vec::new())),
            Err(_) => sleep(AGAIN).await,
        }
    }
}
