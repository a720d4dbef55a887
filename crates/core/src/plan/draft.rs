//! What the operator has chosen so far, as the form holds it, typos and all. It must not be sent: a
//! [`Plan`](crate::plan::Plan) is made of it first.

use crate::input::{SessionSelection, UserList};
use crate::inventory::{Device, Inventory, Live};
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
    pub sessions: SessionSelection,
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
    /// The list of users has a quoted cell on this line, from 1, that can't be read line by line.
    QuotedUsers(usize),
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

    /// Chooses targets so that these devices are not reached, and all others still are: a group or cluster that holds one
    /// is replaced by the rest of its known members, whole clusters by name.
    pub fn leave_out(&mut self, out: &BTreeSet<&str>, inventory: &Inventory) {
        let mut members: Vec<&[usize]> = Vec::new();
        for id in out {
            self.devices.remove(*id);
            self.sessions.remove_device(id);
            self.apart.remove(*id);
            let Some(known) = inventory.device(id) else { continue };
            let group = known.group.as_deref().filter(|name| self.groups.remove(*name));
            let cluster = known.cluster.as_deref().filter(|name| self.clusters.remove(*name));
            members.extend(group.and_then(|name| inventory.group(name)).map(|g| &*g.members));
            members.extend(cluster.and_then(|name| inventory.cluster(name)).map(|c| &*c.members));
        }
        let rest: Vec<&Device> = members
            .into_iter()
            .flat_map(|members| inventory.members(members))
            .filter(|member| !out.contains(member.id.as_str()))
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

    /// Chooses clusters in place of those of their members that are chosen one by one.
    pub fn use_clusters(&mut self, clusters: &BTreeSet<&str>, inventory: &Inventory) {
        let other = |id: &String| {
            let cluster = inventory.device(id).and_then(|device| device.cluster.as_deref());
            cluster.is_none_or(|cluster| !clusters.contains(cluster))
        };
        self.devices.retain(other);
        self.apart.retain(other);
        self.clusters.extend(clusters.iter().map(|name| (*name).to_owned()));
    }

    /// Without these users, spelled exactly so: their names, or those of the listed sessions that are known to be theirs.
    pub fn leave_out_users(&mut self, out: &BTreeSet<&str>, live: &Live) {
        match self.kind {
            Kind::Users => {
                for name in out {
                    self.users = UserList::without(&self.users, name);
                }
            }
            Kind::Listed => self.sessions.retain(&|device, id, user| {
                let user = user.or_else(|| live.user_of(device, id));
                user.is_none_or(|user| !out.contains(user))
            }),
            Kind::Everybody => {}
        }
    }

    /// Without the listed sessions that their devices' latest complete readings do not hold.
    pub fn leave_out_gone(&mut self, live: &Live) {
        self.sessions.retain(&|device, id, _| {
            let reading = live.reading(device).filter(|reading| reading.is_complete());
            reading.is_none_or(|reading| reading.session(id).is_some())
        });
    }

    /// Has each of these devices sent as a task of its own: the others need not wait for it. For listed sessions it must be
    /// one of their devices; else it is chosen by reference from here on.
    pub fn send_apart(&mut self, apart: &BTreeSet<&str>, inventory: &Inventory) {
        let apart_owned = || apart.iter().map(|id| (*id).to_owned());
        if self.kind != Kind::Listed {
            self.leave_out(apart, inventory);
            self.devices.extend(apart_owned());
        }
        self.apart.extend(apart_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, inventory, reading, set};
    use rstest::rstest;

    #[rstest]
    #[case::chosen_itself(draft("u", &["G2"], &[], &["red-a"]), "red-a", &["G2"], &[], &[])]
    #[case::its_group(draft("u", &["G1", "G2"], &[], &[]), "red-a", &["G2"], &["Blue"], &[])]
    #[case::its_cluster(draft("u", &[], &["Blue", "Red"], &[]), "blue-a", &[], &["Red"], &["blue-b"])]
    #[case::both(draft("u", &["G1"], &["Blue"], &[]), "blue-a", &[], &["Red"], &["blue-b"])]
    #[case::another(draft("u", &["G1"], &[], &["fresh"]), "lone", &["G1"], &[], &["fresh"])]
    #[case::nobody(draft("u", &["G1"], &[], &[]), "gone", &["G1"], &[], &[])]
    #[case::several_of_one_group(draft("u", &["G1"], &[], &["lone"]), "red-a lone blue-b", &[], &[], &["blue-a"])]
    #[case::all_of_it(draft("u", &["G1", "G2"], &[], &[]), "red-a blue-a blue-b", &["G2"], &[], &[])]
    fn leaving_out(
        #[case] mut draft: Draft,
        #[case] out: &str,
        #[case] groups: &[&str],
        #[case] clusters: &[&str],
        #[case] devices: &[&str],
    ) {
        draft.leave_out(&out.split(' ').collect(), &inventory());
        assert_eq!(draft.groups, set(groups));
        assert_eq!(draft.clusters, set(clusters));
        assert_eq!(draft.devices, set(devices));
    }

    #[rstest]
    #[case(&["Blue"], &["lone", "red-a"])]
    #[case(&["Blue", "Red"], &["lone"])]
    fn clusters_in_place_of_their_members(#[case] clusters: &[&str], #[case] devices: &[&str]) {
        let mut draft = draft("u", &[], &[], &["blue-a", "blue-b", "red-a", "lone"]);
        draft.apart = set(&["blue-a", "lone"]);
        draft.use_clusters(&clusters.iter().copied().collect(), &inventory());
        assert_eq!((draft.clusters, draft.devices), (set(clusters), set(devices)));
        assert_eq!(draft.apart, set(&["lone"]));
    }

    #[test]
    fn leaving_out_users() {
        let mut live = Live::default();
        live.note_reading("lone", reading(&[("1", "manager"), ("2", "user2")]));
        let mut named = draft("user2\nmanager\nMANAGER", &["G1"], &[], &[]);
        named.leave_out_users(&["manager"].into(), &live);
        assert_eq!(named.users, "user2\nMANAGER");

        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for (device, id, user) in [
            ("lone", "1", None),
            ("lone", "2", None),
            ("fresh", "1", Some("manager")),
            ("fresh", "2", None),
        ] {
            listed.sessions.insert(device, id, user);
        }
        listed.leave_out_users(&["manager"].into(), &live);
        let left: Vec<_> = listed.sessions.iter().map(|(device, id, _)| (device, id)).collect();
        assert_eq!(left, [("fresh", "2"), ("lone", "2")], "whose is not known is not left out");
    }

    #[test]
    fn leaving_out_what_is_gone() {
        let mut live = Live::default();
        live.note_reading("lone", reading(&[("1", "user2")]));
        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for (device, id) in [("lone", "1"), ("lone", "2"), ("fresh", "2")] {
            listed.sessions.insert(device, id, None);
        }
        listed.leave_out_gone(&live);
        let left: Vec<_> = listed.sessions.iter().map(|(device, id, _)| (device, id)).collect();
        assert_eq!(left, [("fresh", "2"), ("lone", "1")], "what no list tells may be there");
    }

    #[test]
    fn sending_apart() {
        let mut by_group = draft("u", &["G1"], &[], &[]);
        by_group.send_apart(&["red-a"].into(), &inventory());
        assert_eq!((by_group.clusters, by_group.devices), (set(&["Blue"]), set(&["red-a"])));
        assert_eq!(by_group.apart, set(&["red-a"]));

        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        listed.sessions.insert("red-a", "1", None);
        listed.send_apart(&["red-a"].into(), &inventory());
        assert_eq!(listed.apart, set(&["red-a"]));
        assert_eq!(listed.sessions.len(), 1);
        assert!(listed.devices.is_empty());
    }
}
