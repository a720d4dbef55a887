//! What the operator has chosen so far, as the form holds it, typos and all. It must not be sent: a
//! [`Plan`](crate::Plan) is made of it first.

use crate::UserList;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form's state. Choosing another kind keeps what was typed for the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whose sessions.
    pub kind: Kind,
    /// User names as typed, one per line.
    pub users: String,
    /// Chosen access groups, by name.
    pub groups: BTreeSet<String>,
    /// Chosen clusters, by name.
    pub clusters: BTreeSet<String>,
    /// Chosen devices, by machine id.
    pub devices: BTreeSet<String>,
    /// Reason or ticket.
    pub reason: String,
}

/// Whose sessions are to end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Of named users (section 2.1).
    #[default]
    Users,
    /// Of everybody (section 2.2).
    Everybody,
}

/// Why a draft is no plan yet. Each is something that BIG-IQ would refuse, or that would be wrong to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftError {
    /// No user is named.
    NoUser,
    /// No group, cluster or device is chosen ("atleast one of these fields", documented).
    NoTarget,
    /// A chosen target is no longer in the inventory.
    Vanished(String),
}

impl Draft {
    /// How many groups, clusters and devices are chosen.
    pub fn target_count(&self) -> usize {
        self.groups.len() + self.clusters.len() + self.devices.len()
    }

    /// The users as they would be sent.
    pub fn user_list(&self) -> UserList {
        UserList::parse(&self.users)
    }
}
