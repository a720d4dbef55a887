//! What the operator has selected and typed so far, unchecked. A draft is never sent: a [`Plan`](crate::plan::Plan) is made
//! from it first.

use crate::ids::{MachineId, UserName};
use crate::input::{Answers, Doubt, SessionSelection, SkippedLine, UserList};
use crate::inventory::{Device, Inventory, Live};
use crate::sorted::SortedSet;
use serde::{Deserialize, Serialize};

/// The state of the form. Switching to another kind keeps what was entered for the first.
///
/// ```
/// use curfew_core::plan::{Draft, Kind};
///
/// let mut draft = Draft { users: "user2\nuser3".into(), ..Draft::default() };
/// draft.groups.insert("Branches".into());
/// assert_eq!(draft.kind, Kind::Users);
/// assert_eq!(draft.user_list().names, ["user2", "user3"]);
/// assert_eq!(draft.target_count(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whose sessions are killed.
    pub kind: Kind,
    /// User names as typed, one per line.
    pub users: String,
    /// The operator's answers about how to read them.
    pub answers: Answers,
    /// Selected access groups, by name.
    pub groups: SortedSet<String>,
    /// Selected clusters, by name.
    pub clusters: SortedSet<String>,
    /// Selected devices, by machine id.
    pub devices: SortedSet<MachineId>,
    /// Whether all clusters and all other devices are targets. Then the selected targets are not used.
    pub everywhere: bool,
    /// Selected sessions, for [`Kind::Listed`], with their devices.
    pub sessions: SessionSelection,
    /// Lines of a pasted list of sessions that are not used.
    pub unused_lines: usize,
    /// Clusters and devices that were not read when a rule chose the sessions, by name.
    pub unread: Vec<String>,
    /// Selected devices that are sent in separate requests, because they may be slow. Ids of devices that are not selected are
    /// ignored.
    pub apart: SortedSet<MachineId>,
    /// Reason or ticket number.
    pub reason: String,
}

/// Whose sessions are killed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Those of named users (section 2.1).
    #[default]
    Users,
    /// Those of all users (section 2.2).
    Everybody,
    /// Sessions selected one by one (section 2.3).
    Listed,
}

/// Why no plan can be made from a draft: BIG-IQ would refuse it, or it would be wrong to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftError {
    /// No user is named.
    NoUser,
    /// The list of users can be read in several ways, and the operator has not decided.
    UsersInDoubt(Doubt),
    /// The list of users can't be read, because of this line.
    UnreadableUsers(SkippedLine),
    /// No access group, cluster or device is selected ("atleast one of these fields", documented).
    NoTarget,
    /// No session is selected ("sessionIds are missing", documented).
    NoSession,
    /// A selected target is no longer in the inventory.
    Vanished(String),
}

impl Draft {
    /// Whether a link or a portal may replace this draft without asking the operator: it is empty, or still what was `filled`
    /// in before. `has_paste` is whether a list of sessions was pasted, whose reading may not be finished.
    pub fn is_replaceable(&self, filled: Option<&Self>, has_paste: bool) -> bool {
        let is_free = self.sessions.is_empty()
            && self.apart.is_empty()
            && self.unused_lines == 0
            && self.reason.is_empty();
        let is = |other: &Self| {
            (self.kind, self.answers) == (other.kind, other.answers)
                && self.users == other.users
                && self.groups == other.groups
                && self.clusters == other.clusters
                && self.devices == other.devices
                && self.everywhere == other.everywhere
        };
        // guard: typed-work-stays
        !has_paste && is_free && (is(&Self::default()) || filled.is_some_and(is))
    }

    /// How many access groups, clusters and devices are selected.
    pub fn target_count(&self) -> usize {
        self.groups.len() + self.clusters.len() + self.devices.len()
    }

    /// The users as they would be sent.
    pub fn user_list(&self) -> UserList {
        UserList::read(&self.users, self.answers)
    }

    /// Changes the targets so that these devices are not reached and all others still are: a group or cluster that contains one
    /// is replaced by the rest of its known members, with whole clusters by name.
    pub fn leave_out(&mut self, out: &SortedSet<MachineId>, inventory: &Inventory) {
        self.name_everywhere(inventory);
        let mut members: Vec<&[usize]> = Vec::new();
        for id in out {
            self.devices.remove(id);
            self.sessions.remove_device(id);
            self.apart.remove(id);
            let Some(known) = inventory.device(id) else { continue };
            let group = known.group.as_deref().filter(|name| self.groups.remove(*name));
            let cluster = known.cluster.as_deref().filter(|name| self.clusters.remove(*name));
            members.extend(group.and_then(|name| inventory.group(name)).map(|g| &*g.members));
            members.extend(cluster.and_then(|name| inventory.cluster(name)).map(|c| &*c.members));
        }
        let rest: Vec<&Device> = members
            .into_iter()
            .flat_map(|members| inventory.members(members))
            .filter(|member| !out.contains(&member.id))
            .collect();
        let ids: SortedSet<&MachineId> = SortedSet::from_iter(rest.iter().map(|member| &member.id));
        let whole = |name: &String| {
            inventory.cluster(name).is_some_and(|cluster| {
                inventory.members(&cluster.members).all(|member| ids.contains(&member.id))
            })
        };
        let (of_whole, single): (Vec<&Device>, Vec<&Device>) =
            rest.into_iter().partition(|member| member.cluster.as_ref().is_some_and(whole));
        self.clusters.extend(of_whole.into_iter().filter_map(|member| member.cluster.clone()));
        self.devices.extend(single.into_iter().map(|member| member.id.clone()));
    }

    /// Selects clusters instead of their members that are selected individually.
    pub fn use_clusters(&mut self, clusters: &SortedSet<&str>, inventory: &Inventory) {
        let other = |id: &MachineId| {
            let cluster = inventory.device(id).and_then(|device| device.cluster.as_deref());
            cluster.is_none_or(|cluster| !clusters.contains(cluster))
        };
        self.devices.retain(other);
        self.apart.retain(other);
        self.clusters.extend(clusters.iter().map(|name| (*name).to_owned()));
    }

    /// Replaces a user name, or removes it.
    pub fn edit_users(&mut self, given: &UserName, meant: Option<&UserName>) {
        (self.users, self.answers) = UserList::edited(&self.users, self.answers, given, meant);
    }

    /// Removes these exact user names, or the listed sessions that are known to belong to them.
    pub fn leave_out_users(&mut self, out: &SortedSet<UserName>, live: &Live) {
        match self.kind {
            Kind::Users => {
                for name in out {
                    self.edit_users(name, None);
                }
            }
            Kind::Listed => self.sessions.retain(&|session| {
                let user = session.user.or_else(|| live.user_of(session.device, session.id));
                user.is_none_or(|user| !out.contains(user))
            }),
            Kind::Everybody => {}
        }
    }

    /// Sends each of these devices in a separate request, so that a slow one does not delay the rest. For listed sessions it must
    /// be one of their devices; otherwise it is selected by reference.
    pub fn send_apart(&mut self, apart: &SortedSet<MachineId>, inventory: &Inventory) {
        let is_single = |id: &MachineId| inventory.device(id).is_some_and(|d| d.cluster.is_none());
        let is_named = self.is_everywhere() && apart.iter().all(is_single);
        if self.kind != Kind::Listed && !is_named {
            self.leave_out(apart, inventory);
            self.devices.extend(apart.iter().cloned());
        }
        self.apart.extend(apart.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{draft, inventory, machine, reading, session, set};
    use rstest::rstest;

    #[rstest]
    #[case::empty(Draft::default(), None, false, true)]
    #[case::typed(draft("u", &[], &[], &[]), None, false, false)]
    #[case::a_space_is_typed(draft(" ", &[], &[], &[]), None, false, false)]
    #[case::a_target(draft("", &["G1"], &[], &[]), None, false, false)]
    #[case::a_reason(Draft { reason: "INC-1".into(), ..Draft::default() }, None, false, false)]
    #[case::another_kind(Draft { kind: Kind::Everybody, ..Draft::default() }, None, false, false)]
    #[case::unread_lines(Draft { unused_lines: 1, ..Draft::default() }, None, false, false)]
    #[case::a_paste_that_is_being_read(Draft::default(), None, true, false)]
    #[case::as_filled_in(draft("u", &["G1"], &[], &[]), Some(draft("u", &["G1"], &[], &[])), false, true)]
    #[case::changed_after_filled_in(draft("u", &["G1"], &[], &["lone"]), Some(draft("u", &["G1"], &[], &[])), false, false)]
    #[case::everywhere(Draft { everywhere: true, ..Draft::default() }, None, false, false)]
    #[case::cleared_after_filled_in(Draft::default(), Some(draft("u", &[], &[], &[])), false, true)]
    fn replaceable(
        #[case] now: Draft,
        #[case] filled: Option<Draft>,
        #[case] has_paste: bool,
        #[case] expected: bool,
    ) {
        assert_eq!(now.is_replaceable(filled.as_ref(), has_paste), expected);
    }

    #[rstest]
    #[case::selected_itself(draft("u", &["G2"], &[], &["red-a"]), "red-a", &["G2"], &[], &[])]
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
        draft.leave_out(&out.split(' ').map(machine).collect(), &inventory());
        assert_eq!(draft.groups, set(groups));
        assert_eq!(draft.clusters, set(clusters));
        assert_eq!(draft.devices, set(devices));
    }

    #[rstest]
    #[case(&["Blue"], &["lone", "red-a"])]
    #[case(&["Blue", "Red"], &["lone"])]
    fn clusters_instead_of_their_members(#[case] clusters: &[&str], #[case] devices: &[&str]) {
        let mut draft = draft("u", &[], &[], &["blue-a", "blue-b", "red-a", "lone"]);
        draft.apart = set(&["blue-a", "lone"]);
        draft.use_clusters(&clusters.iter().copied().collect(), &inventory());
        assert_eq!((draft.clusters, draft.devices), (set(clusters), set(devices)));
        assert_eq!(draft.apart, set(&["lone"]));
    }

    #[test]
    fn leaving_out_users() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading(&[("1", "manager"), ("2", "user2")]));
        let mut named = draft("user2\nmanager\nMANAGER", &["G1"], &[], &[]);
        named.leave_out_users(&set(&["manager"]), &live);
        assert_eq!(named.users, "user2\nMANAGER");

        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for (device, id, user) in [
            ("lone", "1", None),
            ("lone", "2", None),
            ("fresh", "1", Some("manager")),
            ("fresh", "2", None),
        ] {
            listed.sessions.insert(
                &machine(device),
                &session(id),
                user.map(UserName::new).as_ref(),
            );
        }
        listed.leave_out_users(&set(&["manager"]), &live);
        let left: Vec<_> =
            listed.sessions.iter().map(|s| (s.device.as_str(), s.id.as_str())).collect();
        assert_eq!(left, [("fresh", "2"), ("lone", "2")], "a session without a known user stays");
    }

    #[test]
    fn leaving_out_what_is_gone() {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading(&[("1", "user2")]));
        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        for (device, id) in [("lone", "1"), ("lone", "2"), ("fresh", "2")] {
            listed.sessions.insert(&machine(device), &session(id), None);
        }
        listed.leave_out_gone(&live, &inventory());
        let left: Vec<_> =
            listed.sessions.iter().map(|s| (s.device.as_str(), s.id.as_str())).collect();
        assert_eq!(
            left,
            [("fresh", "2"), ("lone", "1")],
            "a session without a complete reading may still exist"
        );
    }

    #[test]
    fn sending_separately() {
        let mut by_group = draft("u", &["G1"], &[], &[]);
        by_group.send_apart(&set(&["red-a"]), &inventory());
        assert_eq!((by_group.clusters, by_group.devices), (set(&["Blue"]), set(&["red-a"])));
        assert_eq!(by_group.apart, set(&["red-a"]));

        let mut listed = Draft { kind: Kind::Listed, ..Draft::default() };
        listed.sessions.insert(&machine("red-a"), &session("1"), None);
        listed.send_apart(&set(&["red-a"]), &inventory());
        assert_eq!(listed.apart, set(&["red-a"]));
        assert_eq!(listed.sessions.len(), 1);
        assert!(listed.devices.is_empty());
    }
}
