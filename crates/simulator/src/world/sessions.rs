//! The live sessions on all devices, and the users who sign in again after a kill.
//!
//! No BIG-IQ answer shows this table; tests and the demo read it from `/_sim/sessions`.

use std::collections::BTreeMap;

use super::rng::Rng;
use super::timestamp::Timestamp;

/// A live access session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// Session id: usually eight hex digits, but the specification also prints others.
    pub id: String,
    /// Logon name, compared byte for byte.
    pub user: String,
    /// The user's address.
    pub client_ip: String,
    /// When the user signed in.
    pub started: Timestamp,
}

/// A live session and its device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeviceSession<'a> {
    /// Index of the device in the inventory.
    pub device: usize,
    /// The session.
    pub session: &'a Session,
}

/// The sessions that a kill selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selector {
    /// All sessions of one user. Names that differ in case or domain are different users.
    User(String),
    /// All sessions.
    All,
    /// The sessions with these ids.
    Ids(Vec<String>),
}

impl Selector {
    fn matches(&self, session: &Session) -> bool {
        match self {
            Self::User(name) => session.user == *name,
            Self::All => true,
            Self::Ids(ids) => ids.contains(&session.id),
        }
    }
}

/// Sessions by device index, and future sign-ins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions {
    live: BTreeMap<usize, Vec<Session>>,
    returning: BTreeMap<(Timestamp, u64), (usize, Session)>,
    scheduled: u64,
}

/// A returning user signs in after 20 s to 5 min.
const RETURN_AFTER_MS: (i64, i64) = (20_000, 300_000);

impl Sessions {
    /// Adds a live session.
    pub(crate) fn add(&mut self, device: usize, session: Session) {
        self.live.entry(device).or_default().push(session);
    }

    /// The live sessions on a device.
    pub(crate) fn on(&self, device: usize) -> &[Session] {
        self.live.get(&device).map_or(&[], Vec::as_slice)
    }

    /// All live sessions.
    pub(crate) fn all(&self) -> impl Iterator<Item = DeviceSession<'_>> {
        self.live.iter().flat_map(|(device, list)| {
            list.iter().map(move |session| DeviceSession { device: *device, session })
        })
    }

    /// Ids of the selected sessions on a device.
    pub(crate) fn ids_matching(&self, device: usize, selector: &Selector) -> Vec<String> {
        self.on(device).iter().filter(|s| selector.matches(s)).map(|s| s.id.clone()).collect()
    }

    /// Ends the sessions `ids` on `device`; `per_mille` of their users will sign in again.
    pub(crate) fn end(
        &mut self,
        device: usize,
        ids: &[String],
        now: Timestamp,
        rng: &mut Rng,
        per_mille: u64,
    ) {
        let Some(list) = self.live.get_mut(&device) else { return };
        let (ended, remaining) =
            std::mem::take(list).into_iter().partition(|s| ids.contains(&s.id));
        *list = remaining;
        let ended: Vec<Session> = ended;
        for session in ended {
            if !rng.chance(per_mille) {
                continue;
            }
            let started = now.plus_millis(rng.between(RETURN_AFTER_MS.0, RETURN_AFTER_MS.1));
            self.scheduled += 1;
            let next = Session { id: rng.hex8(), started, ..session };
            self.returning.insert((started, self.scheduled), (device, next));
        }
    }

    /// Signs in the users whose time has come.
    pub(crate) fn return_due_users(&mut self, now: Timestamp) {
        while let Some(entry) = self.returning.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let (device, session) = entry.remove();
            self.add(device, session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Sessions {
        let mut sessions = Sessions::default();
        for (id, user) in [("a1", "user2"), ("a2", "User2"), ("a3", "user2"), ("a4", "CORP\\user2")]
        {
            let session = Session {
                id: id.to_owned(),
                user: user.to_owned(),
                client_ip: "198.51.100.7".to_owned(),
                started: Timestamp::default(),
            };
            sessions.add(0, session);
        }
        sessions
    }

    #[test]
    fn user_names_are_compared_byte_for_byte() {
        let sessions = table();
        let user2 = Selector::User("user2".to_owned());
        assert_eq!(sessions.ids_matching(0, &user2), ["a1", "a3"]);
        assert_eq!(sessions.ids_matching(1, &user2), [""; 0]);
        assert_eq!(sessions.ids_matching(0, &Selector::All).len(), 4);
        assert_eq!(
            sessions.ids_matching(0, &Selector::Ids(vec!["a4".to_owned(), "zz".to_owned()])),
            ["a4"]
        );
    }

    #[test]
    fn users_return_in_time_and_with_new_session_ids() {
        let mut sessions = table();
        let mut rng = Rng::new(3);
        let now = Timestamp::from_millis(1_000_000);
        let ids = sessions.ids_matching(0, &Selector::All);
        sessions.end(0, &ids, now, &mut rng, 1000);
        sessions.return_due_users(now.plus_millis(19_000));
        assert_eq!(sessions.all().count(), 0);
        sessions.return_due_users(now.plus_millis(300_000));
        assert_eq!(sessions.all().count(), 4);
        assert!(
            sessions.all().all(|one| !ids.contains(&one.session.id) && one.session.started > now)
        );
    }
}
