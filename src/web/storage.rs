//! The browser's key-value storage, with its failures.
//!
//! Store nothing secret: every script of the origin can read the storage, and so can the next user of a shared profile.
//! Any call can be refused (a sandboxed frame, a privacy setting) or find the storage full, so each returns a result,
//! and the app must work without storage.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::DomException;

/// Why something could not be stored or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The browser gives this page no storage.
    #[error("the browser allows no storage here")]
    Unavailable,
    /// The storage is full; nothing was written.
    #[error("the browser's storage is full")]
    Full,
}

/// One of the browser's two storages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Lives as long as the tab, and survives a reload.
    Session,
    /// Shared by all tabs and permanent: only for preferences (theme, language).
    Preferences,
}

impl Storage {
    /// The value under `key`, or `None` if there is none.
    pub fn get(self, key: &str) -> Result<Option<String>, StorageError> {
        self.open()?.get_item(key).map_err(|_| StorageError::Unavailable)
    }

    /// Writes `value` under `key`, replacing the previous value.
    pub fn set(self, key: &str, value: &str) -> Result<(), StorageError> {
        self.open()?.set_item(key, value).map_err(|error| {
            // By name: older browsers report code 22 instead, and all of them have the name.
            match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
                Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StorageError::Full,
                _ => StorageError::Unavailable,
            }
        })
    }

    /// Removes `key`, if it exists.
    pub fn remove(self, key: &str) -> Result<(), StorageError> {
        self.open()?.remove_item(key).map_err(|_| StorageError::Unavailable)
    }

    /// All keys that start with `prefix`, in no particular order.
    pub fn keys(self, prefix: &str) -> Result<Vec<String>, StorageError> {
        let area = self.open()?;
        let length = area.length().map_err(|_| StorageError::Unavailable)?;
        let keys = (0..length).filter_map(|index| area.key(index).ok().flatten());
        Ok(keys.filter(|key| key.starts_with(prefix)).collect())
    }

    fn open(self) -> Result<web_sys::Storage, StorageError> {
        let area = match self {
            Self::Session => window().session_storage(),
            Self::Preferences => window().local_storage(),
        };
        area.ok().flatten().ok_or(StorageError::Unavailable)
    }
}
