//! Listed sessions that are on another device than listed: they moved with a failover, or the list named another device.

use super::Draft;
use crate::ids::{MachineId, SessionId};
use crate::input::SelectedSession;
use crate::inventory::{HaRole, Inventory, Live, Reading};

/// How many missing sessions are looked for on other devices, each on all of them (our choice): a plan is made with every key.
const MOST: usize = 200;

/// A listed session that another device has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) from: MachineId,
    pub(super) id: SessionId,
    pub(super) to: MachineId,
}

impl Draft {
    /// The listed sessions that are missing in their device's latest complete reading, and that exactly one other device lists: of
    /// the members of a cluster the active one.
    pub(super) fn moved(&self, live: &Live, inventory: &Inventory) -> Vec<Moved> {
        let missing: Vec<SelectedSession<'_>> =
            self.sessions.iter().filter(|session| is_missing(session, live)).take(MOST).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let readings = inventory.devices().iter().filter_map(|device| {
            // A kill on a standby ends nothing (documented, Prerequisites).
            // guard: never-moved-to-standby
            let may_end = live.role(&device.id) != HaRole::Standby;
            Some((&device.id, live.reading(&device.id)?)).filter(|_| may_end)
        });
        let readings: Vec<(&MachineId, &Reading)> = readings.collect();
        let moved = missing.into_iter().filter_map(|session| {
            let is_same = |(_, reading): &&(&MachineId, &Reading)| {
                let found = reading.session(session.id);
                // Two devices may give the same id to sessions of two users.
                // guard: moved-session-of-same-user
                found.is_some_and(|found| session.user.is_none_or(|user| *user == found.user))
            };
            let mut at = readings.iter().filter(is_same);
            let (to, _) = at.next()?;
            // guard: moved-to-one-device
            at.next().is_none().then(|| Moved {
                from: session.device.clone(),
                id: session.id.clone(),
                to: (*to).clone(),
            })
        });
        moved.collect()
    }

    /// Addresses the listed sessions of one device that are on the other now to that.
    pub fn follow_moved(
        &mut self,
        from: &MachineId,
        to: &MachineId,
        live: &Live,
        inventory: &Inventory,
    ) {
        for moved in self.moved(live, inventory) {
            if moved.from == *from && moved.to == *to {
                let user = live.user_of(to, &moved.id);
                self.sessions.remove(from, &moved.id);
                self.sessions.insert(to, &moved.id, user);
            }
        }
    }

    /// Removes the listed sessions that are missing in their device's latest complete reading, and that are on no other.
    pub fn leave_out_gone(&mut self, live: &Live, inventory: &Inventory) {
        let moved = self.moved(live, inventory);
        self.sessions.retain(&|session| {
            // guard: moved-is-not-gone
            let is_elsewhere =
                moved.iter().any(|m| m.from == *session.device && m.id == *session.id);
            is_elsewhere || !is_missing(&session, live)
        });
    }
}

/// Whether the device's latest complete reading lacks the session.
pub(super) fn is_missing(session: &SelectedSession<'_>, live: &Live) -> bool {
    let reading = live.reading(session.device).filter(|reading| reading.is_complete());
    reading.is_some_and(|reading| reading.session(session.id).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{account, inventory, machine, reading, session, user};
    use crate::plan::{Kind, Plan, PlanInputs, Warning};
    use crate::timestamp::Timestamp;
    use rstest::rstest;

    /// Session 1 of `user2` on `lone`, which no longer lists it.
    fn scene(user2: Option<&str>, at: &[(&str, &str)]) -> (Draft, Live) {
        let mut draft = Draft { kind: Kind::Listed, ..Draft::default() };
        draft.sessions.insert(&machine("lone"), &session("1"), user2.map(user).as_ref());
        draft.sessions.insert(&machine("lone"), &session("2"), None);
        let mut live = Live::default();
        live.note_reading(&machine("lone"), reading(&[("2", "user3")]));
        for (device, user) in at {
            live.note_reading(&machine(device), reading(&[("1", *user)]));
        }
        (draft, live)
    }

    fn places(draft: &Draft) -> Vec<(&str, &str)> {
        draft.sessions.iter().map(|s| (s.device.as_str(), s.id.as_str())).collect()
    }

    #[rstest]
    #[case::nowhere(Some("user2"), &[], None)]
    #[case::on_another_device(Some("user2"), &[("fresh", "user2")], Some("fresh"))]
    #[case::of_an_unknown_user(None, &[("fresh", "user2")], Some("fresh"))]
    #[case::the_same_id_of_another_user(Some("user2"), &[("fresh", "user4")], None)]
    #[case::on_two(None, &[("fresh", "user2"), ("red-a", "user4")], None)]
    #[case::on_the_one_of_its_user(Some("user2"), &[("fresh", "user2"), ("red-a", "user4")], Some("fresh"))]
    #[case::on_the_active_member(Some("user2"), &[("blue-a", "user2"), ("blue-b", "user2")], Some("blue-b"))]
    #[case::only_on_a_standby(Some("user2"), &[("blue-a", "user2")], None)]
    fn where_a_missing_session_is(
        #[case] owner: Option<&str>,
        #[case] at: &[(&str, &str)],
        #[case] expected: Option<&str>,
    ) {
        let (mut draft, mut live) = scene(owner, at);
        live.note_role(&machine("blue-a"), HaRole::Standby, Timestamp(1));
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        let inventory = inventory();
        let inputs = PlanInputs { live: Some(&live), ..PlanInputs::from(&inventory) };
        let plan = Plan::make(&draft, inputs, account(), Timestamp(2_000)).unwrap();
        let warned = plan.warnings().iter().filter_map(|warning| match warning {
            Warning::Elsewhere { there, sessions, .. } => Some((Some(there.as_str()), *sessions)),
            Warning::NotThere { sessions, .. } => Some((None, *sessions)),
            _ => None,
        });
        let warned: Vec<_> = warned.collect();
        let name = expected.map(|id| [id, ".example.test"].concat());
        assert_eq!(warned, [(name.as_deref(), 1)]);

        let mut without = draft.clone();
        without.leave_out_gone(&live, &inventory);
        let left = if expected.is_some() { draft.clone() } else { without.clone() };
        assert_eq!(without.sessions, left.sessions, "a session that moved is not gone");
        assert_eq!(without.sessions.len(), 1 + usize::from(expected.is_some()));

        let to = expected.unwrap_or("fresh");
        draft.follow_moved(&machine("lone"), &machine(to), &live, &inventory);
        let first = expected.unwrap_or("lone");
        let mut at = vec![(first, "1"), ("lone", "2")];
        at.sort_unstable();
        assert_eq!(places(&draft), at);
    }

    #[test]
    fn an_incomplete_list_lacks_nothing() {
        let (draft, mut live) = scene(Some("user2"), &[("fresh", "user2")]);
        live.forget_reading(&machine("lone"));
        assert_eq!(draft.moved(&live, &inventory()), []);
    }
}
