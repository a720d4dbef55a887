//! The ids of the domain. Each has its own type, so that the compiler rejects one in the place of another.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($text:ty))*) => {$(
        $(#[$doc])*
        ///
        /// Stored and sent as plain text.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($text);

        impl $name {
            /// The id with this text, unchanged.
            pub fn new(text: impl Into<$text>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        #[cfg(test)]
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
    )*};
}

impl JobId {
    /// The id of a batch's job by its number, from 1.
    pub fn of(batch: &BatchId, number: usize) -> Self {
        Self::new(format!("{batch}.{number}"))
    }
}

impl SessionId {
    /// The bare text, shared.
    pub fn to_shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

ids! {
    /// The machine id of a BIG-IP, as used in device references.
    MachineId(String)
    /// The id of an access session. Unique on one device only. Copies share the text: there may be a hundred thousand.
    SessionId(Arc<str>)
    /// A user name, spelled exactly as it is sent, because BIG-IP compares names exactly.
    UserName(String)
    /// The id of a BIG-IQ kill-sessions task.
    TaskId(String)
    /// The id of a job in this browser: its batch's id, a dot, and its number from 1.
    JobId(String)
    /// The id of a batch: a confirmed plan in this browser.
    BatchId(String)
}
