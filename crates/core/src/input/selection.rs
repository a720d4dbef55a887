//! Sessions that were chosen one by one, by device. It must not know where they were found.

use crate::inventory::{Inventory, Live};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Chosen sessions: machine id, then session id, then the user where that is known. Copies share what does not change:
/// each change of the form copies the whole choice, which may hold a hundred thousand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionSelection(BTreeMap<String, Arc<OfDevice>>);

/// Ids and, where they are known, users.
type OfDevice = BTreeMap<Arc<str>, Option<String>>;

impl SessionSelection {
    /// Chooses a session. Returns whether it was not chosen before; a user that was not known is noted either way. A blank
    /// id is no session: BIG-IQ refuses it.
    pub fn insert(&mut self, device: &str, id: &str, user: Option<&str>) -> bool {
        if id.trim().is_empty() {
            return false;
        }
        let of_device = match self.0.get_mut(device) {
            Some(known) => known,
            None => self.0.entry(device.to_owned()).or_default(),
        };
        choose(Arc::make_mut(of_device), id, user)
    }

    /// Chooses what was gathered; `device` tells the machine id of the device at a place.
    pub(crate) fn of_gathered<'a>(
        gathered: Gathered,
        device: impl Fn(usize) -> Option<&'a str>,
    ) -> Self {
        let mut chosen = BTreeMap::new();
        for (place, ids) in gathered.0.into_iter().enumerate() {
            if let Some(device) = device(place).filter(|_| !ids.is_empty()) {
                chosen.insert(device.to_owned(), Arc::new(ids));
            }
        }
        Self(chosen)
    }

    /// Unchooses a session. Returns whether it was chosen.
    pub fn remove(&mut self, device: &str, id: &str) -> bool {
        let Some(of_device) = self.0.get_mut(device) else { return false };
        let was = Arc::make_mut(of_device).remove(id).is_some();
        if of_device.is_empty() {
            self.0.remove(device);
        }
        was
    }

    /// Unchooses all sessions of a device.
    pub fn remove_device(&mut self, device: &str) {
        self.0.remove(device);
    }

    /// Unchooses all sessions but those that are kept, by device, id and user where known.
    pub fn retain(&mut self, keep: &dyn Fn(&str, &str, Option<&str>) -> bool) {
        let out = self.iter().filter(|(device, id, user)| !keep(device, id, *user));
        let out: Vec<_> = out.map(|(device, id, _)| (device.to_owned(), id.to_owned())).collect();
        for (device, id) in out {
            self.remove(&device, &id);
        }
    }

    /// Chooses all that another choice holds.
    pub fn extend(&mut self, other: &Self) {
        for (device, id, user) in other.iter() {
            self.insert(device, id, user);
        }
    }

    /// Whether a session is chosen.
    pub fn contains(&self, device: &str, id: &str) -> bool {
        self.0.get(device).is_some_and(|ids| ids.contains_key(id))
    }

    /// Device, session id and user where known; by device, then by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
        self.0.iter().flat_map(|(device, ids)| {
            ids.iter().map(|(id, user)| (device.as_str(), &**id, user.as_deref()))
        })
    }

    /// Whether any session of this device is chosen.
    pub fn has_device(&self, device: &str) -> bool {
        self.0.contains_key(device)
    }

    /// The devices, by machine id.
    pub fn devices(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A device's chosen sessions: ids, and users where they are known.
    pub fn of_device(&self, device: &str) -> impl Iterator<Item = (&Arc<str>, Option<&str>)> {
        let ids = self.0.get(device).into_iter().flat_map(|ids| ids.iter());
        ids.map(|(id, user)| (id, user.as_deref()))
    }

    /// How many sessions are chosen.
    pub fn len(&self) -> usize {
        self.0.values().map(|ids| ids.len()).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves sessions from a cluster's other members to its active member, where that is known: a standby would end
    /// nothing and say nothing (documented, Prerequisites). Returns how many moved; of a session chosen on both
    /// members one is left.
    pub fn address_to_active(&mut self, live: &Live, inventory: &Inventory) -> usize {
        let moves: Vec<(String, String)> = self
            .devices()
            .filter_map(|device| {
                let cluster = inventory.device(device)?.cluster.as_deref()?;
                let active = live.active_member(inventory, cluster)?;
                (active != device).then(|| (device.to_owned(), active.to_owned()))
            })
            .collect();
        let mut moved = 0;
        for (from, to) in moves {
            for (id, user) in self.0.remove(&from).unwrap_or_default().iter() {
                moved += 1;
                self.insert(&to, id, user.as_deref());
            }
        }
        moved
    }
}

/// Sessions as they are found in a long list, by the place of their device, which is found sooner than an id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered(Vec<OfDevice>);

impl Gathered {
    /// [`SessionSelection::insert`], but for blank ids, which must not come here.
    pub(crate) fn insert(&mut self, device: usize, id: &str, user: Option<&str>) -> bool {
        if self.0.len() <= device {
            self.0.resize_with(device + 1, OfDevice::default);
        }
        self.0.get_mut(device).is_some_and(|ids| choose(ids, id, user))
    }

    /// Whether a session was found before.
    pub(crate) fn contains(&self, device: usize, id: &str) -> bool {
        self.0.get(device).is_some_and(|ids| ids.contains_key(id))
    }
}

/// Chooses a session of a device. Returns whether it was not chosen before; a user that was not known is noted either way.
fn choose(of_device: &mut OfDevice, id: &str, user: Option<&str>) -> bool {
    let user = user.filter(|u| !u.is_empty()).map(str::to_owned);
    match of_device.entry(id.into()) {
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
    use crate::fixture::inventory;
    use crate::timestamp::Timestamp;
    use bigiq::failover::Role;

    fn all(chosen: &SessionSelection) -> Vec<(&str, &str, Option<&str>)> {
        chosen.iter().collect()
    }

    #[test]
    fn choosing() {
        let mut chosen = SessionSelection::default();
        assert!(chosen.insert("lone", "2", None));
        assert!(chosen.insert("lone", "1", Some("")));
        assert!(!chosen.insert("fresh", " ", None));
        assert!(!chosen.insert("lone", "1", Some("user2")));
        assert!(!chosen.insert("lone", "1", Some("other")));
        assert_eq!(all(&chosen), [("lone", "1", Some("user2")), ("lone", "2", None)]);
        assert_eq!(chosen.len(), 2);
        assert!(chosen.contains("lone", "2") && !chosen.contains("blue-a", "2"));
        assert!(chosen.remove("lone", "1") && !chosen.remove("lone", "1"));
        chosen.remove("lone", "2");
        assert!(chosen.is_empty());
    }

    #[test]
    fn keeping_some() {
        let mut chosen = SessionSelection::default();
        for (device, id, user) in
            [("a", "1", None), ("a", "2", Some("user2")), ("b", "1", Some("user2"))]
        {
            chosen.insert(device, id, user);
        }
        let before = chosen.clone();
        chosen.retain(&|_, _, _| true);
        assert_eq!(chosen, before);
        chosen.retain(&|device, id, user| device == "a" && (id == "1" || user.is_none()));
        assert_eq!(all(&chosen), [("a", "1", None)]);
        assert!(!chosen.has_device("b"));
    }

    #[test]
    fn sessions_go_to_the_active_member() {
        let (mut live, inventory) = (Live::default(), inventory());
        let mut chosen = SessionSelection::default();
        for (device, id) in [("blue-a", "1"), ("blue-a", "2"), ("blue-b", "1"), ("lone", "1")] {
            chosen.insert(device, id, None);
        }
        assert_eq!(chosen.clone().address_to_active(&live, &inventory), 0, "nobody knows");
        live.note_role("blue-b", Some(Role::Active), Timestamp(1));
        assert_eq!(chosen.address_to_active(&live, &inventory), 2);
        let expected = [("blue-b", "1", None), ("blue-b", "2", None), ("lone", "1", None)];
        assert_eq!(all(&chosen), expected);
    }
}
