//! From what was found to a draft: one user everywhere, or the sessions that were selected.

use super::table::SessionTable;
use crate::ids::UserName;
use crate::input::{SessionSelection, UserList, is_certain_id};
use crate::inventory::{DeviceIndex, DeviceMatch, Inventory, Live};
use crate::plan::{Draft, Kind};

impl Draft {
    /// All sessions of this user, everywhere. The name is a value: it is not read again as a list.
    pub fn of_user_everywhere(user: &UserName) -> Self {
        let (users, answers) = UserList::written(std::slice::from_ref(user));
        Self { users, answers, everywhere: true, ..Self::default() }
    }

    /// These sessions. Those of a cluster go to its active member, as far as it is known now.
    pub fn of_selected(sessions: SessionSelection, live: &Live, inventory: &Inventory) -> Self {
        let mut draft = Self { kind: Kind::Listed, sessions, ..Self::default() };
        // guard: selected-to-active
        draft.sessions.address_to_active(live, inventory);
        draft
    }
}

/// Whether a text that could be a user's name is also the name of a device, a cluster or an access group. Then the operator is asked
/// which of them is meant.
pub fn is_place(text: &str, inventory: &Inventory) -> bool {
    let same = |name: &str| name.eq_ignore_ascii_case(text);
    // guard: user-or-place
    inventory.clusters().iter().any(|cluster| same(&cluster.name))
        || inventory.groups().iter().any(|group| same(&group.name) || same(&group.display))
        || DeviceIndex::of(inventory).find(text) != DeviceMatch::Nobody
}

/// Whether a text that could be a user's name is also the id of a session that was read, or looks like one and nobody with this
/// name has sessions.
pub fn is_session(text: &str, table: &SessionTable) -> bool {
    let user = UserName::new(text);
    // guard: user-or-session
    table.of_user(&user) == 0
        && (is_certain_id(text) || table.rows().any(|row| row.session.id.as_str() == text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{account, inventory, machine, machines, reading, session, user};
    use crate::inventory::HaRole;
    use crate::plan::{KillRequest, Plan};
    use crate::timestamp::Timestamp;
    use rstest::rstest;

    #[rstest]
    #[case("user2")]
    #[case("user 2, or two")]
    #[case("\"quoted\"")]
    #[case("User,Comment")]
    fn the_exact_name_everywhere(#[case] name: &str) {
        let draft = Draft::of_user_everywhere(&user(name));
        let plan = Plan::make(&draft, &inventory(), account(), Timestamp(2_000)).unwrap();
        assert_eq!(plan.users().collect::<Vec<_>>(), [&user(name)]);
        assert_eq!(plan.reached().len(), inventory().devices().len());
    }

    #[test]
    fn selected_sessions_go_to_the_active_member() {
        let mut live = Live::default();
        let mut selected = SessionSelection::default();
        selected.insert(&machine("blue-a"), &session("1"), Some(&user("user2")));
        selected.insert(&machine("blue-a"), &session("2"), None);
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        let draft = Draft::of_selected(selected, &live, &inventory());
        let plan = Plan::make(&draft, &inventory(), account(), Timestamp(2_000)).unwrap();
        let [KillRequest::Listed { sessions }] = plan.requests() else { panic!("one request") };
        assert_eq!(sessions[0].device_reference.machine_id(), "blue-b");
        assert_eq!(sessions[0].session_ids.len(), 2);
    }

    #[rstest]
    #[case("user2", false)]
    #[case("BLUE", true)]
    #[case("g1", true)]
    #[case("lone", true)]
    #[case("lone.example.test", true)]
    fn names_of_places(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_place(text, &inventory()), expected);
    }

    #[rstest]
    #[case::read("12345678", true)]
    #[case::looks_like_one("2a5d7604", true)]
    #[case::a_user_with_sessions("875f7fed", false)]
    #[case::a_staff_number("23456789", false)]
    #[case::a_name("user2", false)]
    fn ids_of_sessions(#[case] text: &str, #[case] expected: bool) {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading(&[("12345678", "user2"), ("2", "875f7fed")]));
        let table = SessionTable::of(&live, &inventory(), &machines(&["lone"]));
        assert_eq!(is_session(text, &table), expected);
    }
}
