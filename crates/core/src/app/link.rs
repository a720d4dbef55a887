//! A draft as a link that fills in the form, for a colleague or a favourite. It never has the reason.

use super::Prefill;
use crate::plan::{Draft, Kind};

/// Why a draft can't be a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLink {
    /// It has no users or no targets yet.
    Incomplete,
    /// It kills the sessions of all users: a link must not be able to fill that in.
    Everybody,
    /// It kills listed sessions, which end before anyone follows a link.
    Listed,
    /// It would be longer than mail and chat programs keep.
    TooLong,
}

/// The most bytes of a link's fragment (our choice).
const LONGEST: usize = 4_000;

impl Prefill {
    /// What a link to a draft fills in.
    pub fn of(draft: &Draft) -> Result<Self, NoLink> {
        match draft.kind {
            Kind::Users => {}
            // guard: no-link-for-everybody
            Kind::Everybody => return Err(NoLink::Everybody),
            Kind::Listed => return Err(NoLink::Listed),
        }
        let list = draft.user_list();
        let mut values = Self::targets_of(draft);
        if list.names.is_empty() || list.question.is_some() || values.is_empty() {
            return Err(NoLink::Incomplete);
        }
        values.users = list.names.iter().map(|user| user.as_str().to_owned()).collect();
        // guard: link-length
        if values.to_fragment().len() > LONGEST { Err(NoLink::TooLong) } else { Ok(values) }
    }

    /// The targets of a draft alone.
    pub fn targets_of(draft: &Draft) -> Self {
        if draft.everywhere {
            return Self { everywhere: true, ..Self::default() };
        }
        Self {
            groups: draft.groups.to_vec(),
            clusters: draft.clusters.to_vec(),
            devices: draft.devices.iter().map(|id| id.as_str().to_owned()).collect(),
            ..Self::default()
        }
    }

    /// The fragment of a link that fills in these values, with `#`. Not the reason: that is the operator's own statement.
    pub fn to_fragment(&self) -> String {
        ["#/kill?", &self.to_query()].concat()
    }

    pub(super) fn to_query(&self) -> String {
        let Self { users, groups, clusters, devices, everywhere, reason: _ } = self;
        let mut query = String::new();
        let mut add = |name: &str, value: &str| {
            let separator = if query.is_empty() { "" } else { "&" };
            for part in [separator, name, "=", &bigiq::odata::encode(value)] {
                query.push_str(part);
            }
        };
        for (name, values) in
            [("user", users), ("group", groups), ("cluster", clusters), ("device", devices)]
        {
            for value in values {
                add(name, value);
            }
        }
        if *everywhere {
            add("everywhere", "1");
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Route, SuggestedBy, Suggestion};
    use crate::fixture::draft;
    use proptest::prelude::*;
    use rstest::rstest;

    #[test]
    fn a_draft_as_a_link() {
        let mut draft = draft("user2\nCORP\\user 3", &["G1"], &["Blue"], &["lone"]);
        draft.reason = "INC-1".into();
        let link = Prefill::of(&draft).unwrap().to_fragment();
        assert_eq!(
            link,
            "#/kill?user=user2&user=CORP%5Cuser%203&group=G1&cluster=Blue&device=lone"
        );
        draft.everywhere = true;
        let link = Prefill::of(&draft).unwrap().to_fragment();
        assert_eq!(link, "#/kill?user=user2&user=CORP%5Cuser%203&everywhere=1");
    }

    #[rstest]
    #[case::everybody(Draft { kind: Kind::Everybody, ..draft("", &["G1"], &[], &[]) }, NoLink::Everybody)]
    #[case::listed(Draft { kind: Kind::Listed, ..draft("user2", &["G1"], &[], &[]) }, NoLink::Listed)]
    #[case::no_user(draft("", &["G1"], &[], &[]), NoLink::Incomplete)]
    #[case::no_target(draft("user2", &[], &[], &[]), NoLink::Incomplete)]
    fn no_link(#[case] draft: Draft, #[case] why: NoLink) {
        assert_eq!(Prefill::of(&draft), Err(why));
    }

    #[test]
    fn a_link_is_never_longer_than_it_may_be() {
        let users = |number: usize| {
            (0..number).map(|n| format!("user{n:03}")).collect::<Vec<_>>().join("\n")
        };
        let link = Prefill::of(&draft(&users(300), &["G1"], &[], &[])).unwrap();
        assert!(!Suggestion { by: SuggestedBy::Link, values: link }.is_too_large());
        assert_eq!(Prefill::of(&draft(&users(310), &["G1"], &[], &[])), Err(NoLink::TooLong));
    }

    proptest! {
        #[test]
        fn a_link_leads_back_to_its_values(
            users in prop::collection::vec("[^\\s]\\PC{0,10}", 0..4),
            groups in prop::collection::vec("[^\\s]\\PC{0,10}", 0..3),
            devices in prop::collection::vec("[a-z0-9+&=%#?/-]{1,8}", 0..3),
            everywhere: bool,
            reason in prop::option::of("[a-z]{1,5}"),
        ) {
            let values = Prefill { users, groups, devices, everywhere, reason, ..Prefill::default() };
            let read = Route::parse(&values.to_fragment());
            prop_assert_eq!(read, Route::Kill(Prefill { reason: None, ..values }));
        }
    }
}
