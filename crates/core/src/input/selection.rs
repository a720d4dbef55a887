//! Sessions that were selected one by one, grouped by device.

use crate::ids::{MachineId, SessionId, UserName};
use crate::inventory::{Inventory, Live};
use crate::sorted::SortedMap;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Selected sessions: machine id, session id, and the user if known. Copies share unchanged devices, because every change of
/// the form copies the selection, which may have a hundred thousand sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionSelection(SortedMap<MachineId, Arc<OfDevice>>);

/// A selected session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectedSession<'a> {
    /// The device on which it ends.
    pub device: &'a MachineId,
    /// Session id.
    pub id: &'a SessionId,
    /// User, if known.
    pub user: Option<&'a UserName>,
}

/// Session ids, and users if known. A list may name a hundred thousand of one device, in any order.
type OfDevice = BTreeMap<SessionId, Option<UserName>>;

impl SessionSelection {
    /// Selects a session. Returns whether it was not selected before; if its user was not known, `user` is recorded in both
    /// cases. A blank id is ignored, because BIG-IQ refuses it.
    pub fn insert(&mut self, device: &MachineId, id: &SessionId, user: Option<&UserName>) -> bool {
        if id.as_str().trim().is_empty() {
            return false;
        }
        if !self.0.contains_key(device) {
            self.0.insert(device.clone(), Arc::default());
        }
        self.0
            .get_mut(device)
            .is_some_and(|of_device| choose(Arc::make_mut(of_device), id.clone(), user.cloned()))
    }

    /// Selects gathered sessions. `device` returns the machine id of the device at an index.
    pub(crate) fn of_gathered<'a>(
        gathered: Gathered,
        device: impl Fn(usize) -> Option<&'a MachineId>,
    ) -> Self {
        let with_place = gathered.0.into_iter().enumerate();
        let chosen = with_place.filter(|(_, ids)| !ids.is_empty());
        Self(chosen.filter_map(|(at, ids)| Some((device(at)?.clone(), Arc::new(ids)))).collect())
    }

    /// Removes a session. Returns whether it was selected.
    pub fn remove(&mut self, device: &MachineId, id: &SessionId) -> bool {
        let Some(of_device) = self.0.get_mut(device) else { return false };
        let was = Arc::make_mut(of_device).remove(id).is_some();
        if of_device.is_empty() {
            self.0.remove(device);
        }
        was
    }

    /// Removes all sessions of a device.
    pub fn remove_device(&mut self, device: &MachineId) {
        self.0.remove(device);
    }

    /// Keeps only the sessions for which `keep` is true.
    pub fn retain(&mut self, keep: &dyn Fn(SelectedSession<'_>) -> bool) {
        let out = self.iter().filter(|session| !keep(*session));
        let out: Vec<_> = out.map(|out| (out.device.clone(), out.id.clone())).collect();
        for (device, id) in out {
            self.remove(&device, &id);
        }
    }

    /// Adds the sessions of another selection.
    pub fn extend(&mut self, other: &Self) {
        for session in other.iter() {
            self.insert(session.device, session.id, session.user);
        }
    }

    /// Whether a session is selected.
    pub fn contains(&self, device: &MachineId, id: &SessionId) -> bool {
        self.0.get(device).is_some_and(|ids| ids.contains_key(id))
    }

    /// The sessions, sorted by device and id.
    pub fn iter(&self) -> impl Iterator<Item = SelectedSession<'_>> {
        self.0.iter().flat_map(|(device, ids)| {
            ids.iter().map(move |(id, user)| SelectedSession { device, id, user: user.as_ref() })
        })
    }

    /// Whether any session of this device is selected.
    pub fn has_device(&self, device: &MachineId) -> bool {
        self.0.contains_key(device)
    }

    /// The devices of the sessions, by machine id.
    pub fn devices(&self) -> impl Iterator<Item = &MachineId> {
        self.0.keys()
    }

    /// The selected sessions of a device.
    pub fn of_device<'a>(
        &'a self,
        device: &'a MachineId,
    ) -> impl Iterator<Item = SelectedSession<'a>> {
        let ids = self.0.get(device).into_iter().flat_map(|ids| ids.iter());
        ids.map(move |(id, user)| SelectedSession { device, id, user: user.as_ref() })
    }

    /// How many sessions are selected.
    pub fn len(&self) -> usize {
        self.0.values().map(|ids| ids.len()).sum()
    }

    /// Whether no session is selected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves sessions from a cluster's other members to its active member, if that is known: a kill on a standby ends nothing
    /// and reports no error (documented, Prerequisites). Returns how many sessions were moved. A session that was selected on
    /// both members is kept once.
    pub fn address_to_active(&mut self, live: &Live, inventory: &Inventory) -> usize {
        let moves: Vec<(MachineId, MachineId)> = self
            .devices()
            .filter_map(|device| {
                let cluster = inventory.device(device)?.cluster.as_deref()?;
                let active = live.active_member(inventory, cluster)?;
                (active != device).then(|| (device.clone(), active.clone()))
            })
            .collect();
        let mut moved = 0;
        for (from, to) in moves {
            for (id, user) in self.0.remove(&from).unwrap_or_default().iter() {
                moved += 1;
                self.insert(&to, id, user.as_ref());
            }
        }
        moved
    }
}

/// Sessions found in a long list, by the index of their device: an index is faster to look up than a machine id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered(Vec<OfDevice>);

impl Gathered {
    /// Same as [`SessionSelection::insert`]. The id must not be blank.
    pub(crate) fn insert(&mut self, device: usize, id: &str, user: Option<&str>) -> bool {
        if self.0.len() <= device {
            self.0.resize_with(device + 1, OfDevice::default);
        }
        let (id, user) = (SessionId::new(id), user.map(UserName::new));
        self.0.get_mut(device).is_some_and(|ids| choose(ids, id, user))
    }

    /// Whether a session was found before.
    pub(crate) fn contains(&self, device: usize, id: &str) -> bool {
        self.0.get(device).is_some_and(|ids| ids.contains_key(id))
    }
}

/// Selects a session of a device. Returns whether it was not selected before; if its user was not known, `user` is recorded
/// in both cases.
fn choose(of_device: &mut OfDevice, id: SessionId, user: Option<UserName>) -> bool {
    let user = user.filter(|user| !user.as_str().is_empty());
    match of_device.entry(id) {
        Entry::Occupied(mut known) => {
            if known.get().is_none() {
                known.insert(user);
            }
            false
        }
        Entry::Vacant(place) => {
            place.insert(user);
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine, session, user};
    use crate::inventory::HaRole;
    use crate::timestamp::Timestamp;

    fn all(chosen: &SessionSelection) -> Vec<(&str, &str, Option<&str>)> {
        chosen
            .iter()
            .map(|s| (s.device.as_str(), s.id.as_str(), s.user.map(UserName::as_str)))
            .collect()
    }

    #[test]
    fn selecting() {
        let mut chosen = SessionSelection::default();
        assert!(chosen.insert(&machine("lone"), &session("2"), None));
        assert!(chosen.insert(&machine("lone"), &session("1"), Some(&user(""))));
        assert!(!chosen.insert(&machine("fresh"), &session(" "), None));
        assert!(!chosen.insert(&machine("lone"), &session("1"), Some(&user("user2"))));
        assert!(!chosen.insert(&machine("lone"), &session("1"), Some(&user("other"))));
        assert_eq!(all(&chosen), [("lone", "1", Some("user2")), ("lone", "2", None)]);
        assert_eq!(chosen.len(), 2);
        assert!(
            chosen.contains(&machine("lone"), &session("2"))
                && !chosen.contains(&machine("blue-a"), &session("2"))
        );
        assert!(
            chosen.remove(&machine("lone"), &session("1"))
                && !chosen.remove(&machine("lone"), &session("1"))
        );
        chosen.remove(&machine("lone"), &session("2"));
        assert!(chosen.is_empty());
    }

    #[test]
    fn keeping_some() {
        let mut chosen = SessionSelection::default();
        for (device, id, user) in
            [("a", "1", None), ("a", "2", Some("user2")), ("b", "1", Some("user2"))]
        {
            chosen.insert(&machine(device), &session(id), user.map(UserName::new).as_ref());
        }
        let before = chosen.clone();
        chosen.retain(&|_| true);
        assert_eq!(chosen, before);
        chosen.retain(&|s| *s.device == *"a" && (s.id == "1" || s.user.is_none()));
        assert_eq!(all(&chosen), [("a", "1", None)]);
        assert!(!chosen.has_device(&machine("b")));
    }

    #[test]
    fn sessions_go_to_the_active_member() {
        let (mut live, inventory) = (Live::default(), inventory());
        let mut chosen = SessionSelection::default();
        for (device, id) in [("blue-a", "1"), ("blue-a", "2"), ("blue-b", "1"), ("lone", "1")] {
            chosen.insert(&machine(device), &session(id), None);
        }
        assert_eq!(chosen.clone().address_to_active(&live, &inventory), 0, "nobody knows");
        live.note_role(&machine("blue-b"), HaRole::Active, Timestamp(1));
        assert_eq!(chosen.address_to_active(&live, &inventory), 2);
        let expected = [("blue-b", "1", None), ("blue-b", "2", None), ("lone", "1", None)];
        assert_eq!(all(&chosen), expected);
    }
}
