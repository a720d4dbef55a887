//! The favourite and recent targets of one operator on one BIG-IQ, and their stored form: a line for each, written like a link.

use super::Prefill;

/// The most favourites.
const MOST_FAVOURITES: usize = 20;
/// The most recent targets.
const MOST_RECENT: usize = 5;
/// The most bytes of one line. Larger targets are not kept.
const LONGEST: usize = 4_000;

/// Targets, and users if the operator asked for it, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Favourite {
    /// Its name.
    pub name: String,
    /// What it fills in.
    pub values: Prefill,
}

/// The favourite and recent targets.
///
/// ```
/// use curfew_core::app::{Prefill, SavedTargets};
///
/// let blue = Prefill { users: vec!["user2".into()], clusters: vec!["Blue".into()], ..Prefill::default() };
/// let mut saved = SavedTargets::default();
/// saved.note_recent(&blue);
/// assert!(saved.add("Branch", &blue));
/// assert_eq!(saved.to_text(), "Branch?user=user2&cluster=Blue\n?cluster=Blue\n");
/// assert_eq!(SavedTargets::parse(&saved.to_text()), saved);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedTargets {
    favourites: Vec<Favourite>,
    recent: Vec<Prefill>,
}

impl SavedTargets {
    /// Reads the stored form. What can't be read is left out.
    pub fn parse(text: &str) -> Self {
        let mut saved = Self::default();
        for line in text.lines() {
            let Some((name, query)) = line.split_once('?') else { continue };
            let (name, values) = (super::route::decode(name), Prefill::parse(query));
            if name.is_empty() {
                saved.recent.push(values);
            } else {
                saved.add(&name, &values);
            }
        }
        saved.recent.retain(|values| !values.is_empty());
        saved.recent.truncate(MOST_RECENT);
        saved
    }

    /// The stored form.
    pub fn to_text(&self) -> String {
        let favourites = self.favourites.iter().map(|one| (one.name.as_str(), &one.values));
        let recent = self.recent.iter().map(|values| ("", values));
        favourites.chain(recent).map(|(name, values)| line(name, values)).collect()
    }

    /// The favourites, in the order in which they were added.
    pub fn favourites(&self) -> &[Favourite] {
        &self.favourites
    }

    /// The recent targets, the latest first.
    pub fn recent(&self) -> &[Prefill] {
        &self.recent
    }

    /// Adds a favourite, or replaces the one with this name. Returns whether it is kept: it is not if it has no name or is empty, and
    /// if it or the list is too long.
    pub fn add(&mut self, name: &str, values: &Prefill) -> bool {
        let name = name.trim();
        if name.is_empty() || values.is_empty() || line(name, values).len() > LONGEST {
            return false;
        }
        let favourite = Favourite { name: name.to_owned(), values: values.clone() };
        if let Some(same) = self.favourites.iter_mut().find(|one| one.name == name) {
            *same = favourite;
            return true;
        }
        // guard: favourites-bounded
        let has_room = self.favourites.len() < MOST_FAVOURITES;
        if has_room {
            self.favourites.push(favourite);
        }
        has_room
    }

    /// Removes a favourite.
    pub fn remove(&mut self, name: &str) {
        self.favourites.retain(|one| one.name != name);
    }

    /// Notes the targets of a kill, never its users.
    pub fn note_recent(&mut self, values: &Prefill) {
        // guard: recent-without-users
        let targets = Prefill { users: Vec::new(), reason: None, ..values.clone() };
        if targets.is_empty() || line("", &targets).len() > LONGEST {
            return;
        }
        self.recent.retain(|other| *other != targets);
        self.recent.insert(0, targets);
        self.recent.truncate(MOST_RECENT);
    }

    /// Forgets the recent targets.
    pub fn forget_recent(&mut self) {
        self.recent.clear();
    }
}

fn line(name: &str, values: &Prefill) -> String {
    [&bigiq::odata::encode(name), "?", &values.to_query(), "\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn device(name: &str) -> Prefill {
        Prefill { devices: vec![name.to_owned()], ..Prefill::default() }
    }

    #[test]
    fn favourites_stay_when_recent_targets_are_forgotten() {
        let mut saved = SavedTargets::default();
        saved.note_recent(&device("a"));
        saved.add("Branch", &device("b"));
        saved.forget_recent();
        assert_eq!(saved.to_text(), "Branch?device=b\n");
    }

    #[test]
    fn the_latest_targets_come_first_without_users() {
        let mut saved = SavedTargets::default();
        for name in ["a", "b", "c", "a", "d", "e", "f"] {
            let users = vec!["user2".to_owned()];
            saved.note_recent(&Prefill { users, reason: Some("INC-1".into()), ..device(name) });
        }
        saved.note_recent(&Prefill { users: vec!["user2".into()], ..Prefill::default() });
        assert_eq!(saved.recent(), ["f", "e", "d", "a", "c"].map(device));
        assert!(!saved.to_text().contains("user"));
    }

    #[test]
    fn a_favourite_has_a_name_of_its_own() {
        let mut saved = SavedTargets::default();
        assert!(!saved.add(" ", &device("a")) && !saved.add("Branch", &Prefill::default()));
        assert!(saved.add(" Branch ", &device("a")) && saved.add("Branch", &device("b")));
        let [only] = saved.favourites() else { panic!("one favourite") };
        assert_eq!((only.name.as_str(), &only.values), ("Branch", &device("b")));
        saved.remove("Branch");
        assert_eq!(saved, SavedTargets::default());
    }

    #[test]
    fn only_so_much_is_kept() {
        let mut saved = SavedTargets::default();
        let kept = (0..25).filter(|n| saved.add(&format!("{n}"), &device("a"))).count();
        assert_eq!((kept, saved.favourites().len()), (20, 20));
        let long = device(&"x".repeat(4_000));
        saved.note_recent(&long);
        assert!(!saved.add("0", &long) && saved.recent().is_empty());
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_again(
            favourites in prop::collection::vec(("[^\\s]\\PC{0,8}", "[a-z?#%&=]{1,6}"), 0..25),
            recent in prop::collection::vec("[a-z]{1,2}", 0..8),
        ) {
            let mut saved = SavedTargets::default();
            for (name, target) in &favourites {
                saved.add(name, &device(target));
            }
            for target in &recent {
                saved.note_recent(&device(target));
            }
            prop_assert_eq!(SavedTargets::parse(&saved.to_text()), saved);
        }

        #[test]
        fn any_stored_text_is_read(text in "(\\PC|\n){0,60}") {
            let saved = SavedTargets::parse(&text);
            prop_assert!(saved.favourites().len() <= 20 && saved.recent().len() <= 5);
        }
    }
}
