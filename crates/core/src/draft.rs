//! What the operator has chosen so far, as the form holds it, typos and all. It must not be sent: a
//! [`Plan`](crate::Plan) is made of it first.

use crate::inventory::{Device, Inventory};
use crate::{ChosenSessions, UserList};
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
    /// Chosen sessions, for [`Kind::Listed`]. They name their devices themselves.
    pub sessions: ChosenSessions,
    /// Those of the chosen devices that are sent as a task of their own, because they may hold it up. Ids of devices that
    /// are not chosen mean nothing here.
    pub apart: BTreeSet<String>,
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
    /// Sessions chosen one by one (section 2.3).
    Listed,
}

/// Why a draft is no plan yet. Each is something that BIG-IQ would refuse, or that would be wrong to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftError {
    /// No user is named.
    NoUser,
    /// No group, cluster or device is chosen ("atleast one of these fields", documented).
    NoTarget,
    /// No session is chosen ("sessionIds are missing", documented).
    NoSession,
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

    /// Chooses targets so that this device is not reached, and all others still are: a group or cluster that holds it is
    /// replaced by the rest of its known members, whole clusters by name.
    pub fn leave_out(&mut self, device: &str, inventory: &Inventory) {
        self.devices.remove(device);
        self.sessions.remove_device(device);
        self.apart.remove(device);
        let Some(known) = inventory.device(device) else { return };
        let group = known.group.as_deref().filter(|name| self.groups.remove(*name));
        let cluster = known.cluster.as_deref().filter(|name| self.clusters.remove(*name));
        let group = group.and_then(|name| inventory.group(name)).map(|g| &g.members);
        let cluster = cluster.and_then(|name| inventory.cluster(name)).map(|c| &c.members);
        let rest: Vec<&Device> = [group, cluster]
            .into_iter()
            .flatten()
            .flat_map(|members| inventory.members(members))
            .filter(|member| member.id != device)
            .collect();
        let ids: BTreeSet<&str> = rest.iter().map(|member| member.id.as_str()).collect();
        let whole = |name: &String| {
            inventory.cluster(name).is_some_and(|cluster| {
                inventory.members(&cluster.members).all(|member| ids.contains(member.id.as_str()))
            })
        };
        for member in rest {
            match member.cluster.as_ref().filter(|name| whole(name)) {
                Some(cluster) => self.clusters.insert(cluster.clone()),
                None => self.devices.insert(member.id.clone()),
            };
        }
    }

    /// Chooses a cluster in place of those of its members that are chosen one by one.
    pub fn use_cluster(&mut self, cluster: &str, inventory: &Inventory) {
        let other = |id: &String| {
            inventory.device(id).is_none_or(|device| device.cluster.as_deref() != Some(cluster))
        };
        self.devices.retain(other);
        self.apart.retain(other);
        self.clusters.insert(cluster.to_owned());
    }

    /// Has this device sent as a task of its own: the others need not wait for it. For listed sessions it must be one of
    /// their devices; else it is chosen by reference from here on.
    pub fn send_apart(&mut self, device: &str, inventory: &Inventory) {
        if self.kind != Kind::Listed {
            self.leave_out(device, inventory);
            self.devices.insert(device.to_owned());
        }
        self.apart.insert(device.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, inventory, set};
    use rstest::rstest;

    #[rstest]
    #[case::chosen_itself(draft("u", &["G2"], &[], &["red-a"]), "red-a", &["G2"], &[], &[])]
    #[case::its_group(draft("u", &["G1", "G2"], &[], &[]), "red-a", &["G2"], &["Blue"], &[])]
    #[case::its_cluster(draft("u", &[], &["Blue", "Red"], &[]), "blue-a", &[], &["Red"], &["blue-b"])]
    #[case::both(draft("u", &["G1"], &["Blue"], &[]), "blue-a", &[], &["Red"], &["blue-b"])]
    #[case::another(draft("u", &["G1"], &[], &["fresh"]), "lone", &["G1"], &[], &["fresh"])]
    #[case::nobody(draft("u", &["G1"], &[], &[]), "gone", &["G1"], &[], &[])]
    fn leaving_out(
        #[case] mut draft: Draft,
        #[case] device: &str,
        #[case] groups: &[&str],
        #[case] clusters: &[&str],
        #[case] devices: &[&str],
    ) {
        draft.leave_out(device, &inventory());
        assert_eq!(draft.groups, set(groups));
        assert_eq!(draft.clusters, set(clusters));
        assert_eq!(draft.devices, set(devices));
    }

    #[test]
    fn a_cluster_in_place_of_its_members() {
        let mut draft = draft("u", &[], &[], &["blue-a", "blue-b", "red-a", "lone"]);
        draft.apart = set(&["blue-a", "lone"]);
        draft.use_cluster("Blue", &inventory());
        assert_eq!((draft.clusters, draft.devices), (set(&["Blue"]), set(&["lone", "red-a"])));
        assert_eq!(draft.apart, set(&["lone"]));
    }

    #[test]
    fn sending_apart() {
        let mut by_group = draft("u", &["G1"], &[], &[]);
        by_group.send_apart("red-a", &inventory());
        assert_eq!((by_group.clusters, by_group.devices), (set(&["Blue"]), set(&["red-a"])));
        assert_eq!(by_group.apart, set(&["red-a"]));

        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        listed.sessions.insert("red-a", "1", None);
        listed.send_apart("red-a", &inventory());
        assert_eq!(listed.apart, set(&["red-a"]));
        assert_eq!(listed.sessions.len(), 1);
        assert!(listed.devices.is_empty());
    }
}
