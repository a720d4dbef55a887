//! What a link or a portal suggests for the form. It is limited in size, and an operator's own work is not replaced without a
//! question ([`Draft::is_replaceable`](crate::plan::Draft::is_replaceable)).

use crate::app::Prefill;

/// Who suggests something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuggestedBy {
    /// A link.
    Link,
    /// The operator's own favourite or recent targets.
    Saved,
    /// The portal with this host name.
    Portal(String),
}

/// Values for the form, and who suggests them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Who suggests them.
    pub by: SuggestedBy,
    /// The values.
    pub values: Prefill,
}

/// The most names in a suggestion. A suggestion with more is ignored as a whole: a part of a list would be another list.
const MOST_NAMES: usize = 1_000;
/// The most bytes of all its texts.
const MOST_BYTES: usize = 100_000;
/// The most bytes of a reason.
const LONGEST_REASON: usize = 1_000;

impl SuggestedBy {
    /// A portal with this origin.
    pub fn portal(origin: &str) -> Self {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Self::Portal(host.to_owned())
    }
}

impl Suggestion {
    /// The names of users and targets, in this order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let Prefill { users, groups, clusters, devices, everywhere: _, reason: _ } = &self.values;
        [users, groups, clusters, devices].into_iter().flatten().map(String::as_str)
    }

    /// Whether it suggests users or targets, not only a reason.
    pub fn has_choice(&self) -> bool {
        self.values.everywhere || self.names().next().is_some()
    }

    /// Takes out the reason, which the operator accepts separately. `None` without one.
    pub fn without_reason(&mut self) -> Option<Self> {
        // guard: reason-accepted
        let reason = Some(self.values.reason.take()?);
        Some(Self { by: self.by.clone(), values: Prefill { reason, ..Prefill::default() } })
    }

    /// Whether it is larger than Curfew accepts.
    pub fn is_too_large(&self) -> bool {
        let reason = self.values.reason.as_ref().map_or(0, String::len);
        let bytes: usize = self.names().map(str::len).sum();
        // guard: suggestion-size
        self.names().count() > MOST_NAMES || bytes > MOST_BYTES || reason > LONGEST_REASON
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::empty(0, 0, None, false)]
    #[case::most(1_000, 100, Some(1_000), false)]
    #[case::too_many_names(1_001, 1, None, true)]
    #[case::a_huge_list(20_000, 5, None, true)]
    #[case::long_names(11, 10_000, None, true)]
    #[case::a_long_reason(0, 0, Some(1_001), true)]
    fn size(
        #[case] names: usize,
        #[case] length: usize,
        #[case] reason: Option<usize>,
        #[case] too_large: bool,
    ) {
        // Some names are targets: all lists together count.
        let list = |n: usize| vec!["x".repeat(length); n];
        let values = Prefill {
            users: list(names - names / 2),
            devices: list(names / 2),
            reason: reason.map(|length| "x".repeat(length)),
            ..Prefill::default()
        };
        let suggestion = Suggestion { by: SuggestedBy::Link, values };
        assert_eq!(suggestion.is_too_large(), too_large);
    }

    #[test]
    fn a_reason_is_separate() {
        let reason = Some("INC-1".to_owned());
        let values =
            Prefill { users: vec!["user2".into()], reason: reason.clone(), ..Prefill::default() };
        let mut suggestion = Suggestion { by: SuggestedBy::Link, values };
        let taken = suggestion.without_reason().unwrap();
        assert_eq!(suggestion.names().collect::<Vec<_>>(), ["user2"]);
        assert_eq!(suggestion.values.reason, None);
        assert_eq!((taken.names().count(), taken.values.reason), (0, reason));
        assert_eq!(suggestion.without_reason(), None);
    }

    #[rstest]
    #[case("https://portal.example.test", "portal.example.test")]
    #[case("http://localhost:8445", "localhost:8445")]
    fn a_portal_has_its_host_name(#[case] origin: &str, #[case] host: &str) {
        assert_eq!(SuggestedBy::portal(origin), SuggestedBy::Portal(host.into()));
    }
}
