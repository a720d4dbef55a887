//! Rules that choose among found sessions: by age, all but the newest, all but one's own. A rule is applied to what was read, so
//! the result is a list of sessions that does not change afterwards.

use super::table::FoundSession;
use crate::ids::UserName;
use crate::inventory::same_person;
use crate::sorted::{self, SortedSet};
use crate::timestamp::Timestamp;
use rustc_hash::FxHashMap;
use std::time::Duration;

/// Which of the found sessions are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// All of them.
    All,
    /// Those that began at least this long ago.
    OlderThan(Duration),
    /// This many, the oldest first.
    Oldest(usize),
    /// All but the newest of each user. Sessions without a reported user are left out: each may be the newest of its user.
    AllButNewest,
    /// All but those that may be the operator's own: also those without a reported user.
    AllButOwn,
}

/// Why a rule can't be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleProblem {
    /// Some units are not read, so an older or newer session may be missing.
    NotAllRead,
    /// The start of this many sessions is not known.
    StartUnknown(usize),
}

impl Rule {
    /// The chosen sessions, as indexes into `found`, in its order. `is_complete` is whether every unit was read.
    ///
    /// # Errors
    /// Why the rule can't be applied: it would have to guess.
    pub fn choose(
        self,
        found: &[FoundSession<'_>],
        is_complete: bool,
        operator: &str,
        now: Timestamp,
    ) -> Result<Vec<usize>, RuleProblem> {
        let needs_all = matches!(self, Self::Oldest(_) | Self::AllButNewest);
        // guard: rule-needs-all
        if needs_all && !is_complete {
            return Err(RuleProblem::NotAllRead);
        }
        let chosen = match self {
            Self::All => (0..found.len()).collect(),
            Self::OlderThan(age) => {
                // A session whose start is not known is not called old. If no start is known, "none" would be a guess.
                // guard: rule-needs-a-start
                if !found.is_empty() && found.iter().all(|row| row.began().is_none()) {
                    return Err(RuleProblem::StartUnknown(found.len()));
                }
                places(found, |row| row.began().is_some_and(|began| now.since(began) >= age))
            }
            Self::Oldest(number) => oldest(&starts(found)?, number),
            Self::AllButNewest => {
                let starts = starts(found)?;
                let newest = newest_of_each(found, &starts);
                let of_user = |place: usize| newest.get(&found.get(place)?.session.user).copied();
                let is_older =
                    |place: &usize| of_user(*place).is_some_and(|newest| newest != *place);
                (0..found.len()).filter(is_older).collect()
            }
            Self::AllButOwn => places(found, |row| {
                has_user(row) && !same_person(row.session.user.as_str(), operator)
            }),
        };
        Ok(chosen)
    }
}

fn has_user(row: &FoundSession<'_>) -> bool {
    !row.session.user.as_str().trim().is_empty()
}

fn places(found: &[FoundSession<'_>], chosen: impl Fn(&FoundSession<'_>) -> bool) -> Vec<usize> {
    let all = found.iter().enumerate();
    all.filter(|(_, row)| chosen(row)).map(|(place, _)| place).collect()
}

/// The start of every session.
fn starts(found: &[FoundSession<'_>]) -> Result<Vec<Timestamp>, RuleProblem> {
    let starts: Vec<Timestamp> = found.iter().filter_map(FoundSession::began).collect();
    let unknown = found.len() - starts.len();
    // guard: rule-never-guesses
    if unknown == 0 { Ok(starts) } else { Err(RuleProblem::StartUnknown(unknown)) }
}

/// The places of the earliest starts, in ascending order.
fn oldest(starts: &[Timestamp], number: usize) -> Vec<usize> {
    let by_start = sorted::places(starts.len(), &|a, b| starts.get(a).cmp(&starts.get(b)));
    SortedSet::from_iter(by_start.into_iter().take(number)).into_iter().collect()
}

/// The place of each user's newest session; of equally new ones the first.
fn newest_of_each<'a>(
    found: &[FoundSession<'a>],
    starts: &[Timestamp],
) -> FxHashMap<&'a UserName, usize> {
    let mut newest: FxHashMap<&UserName, (Timestamp, usize)> = FxHashMap::default();
    for (place, (row, began)) in found.iter().zip(starts).enumerate() {
        if has_user(row) {
            let entry = newest.entry(&row.session.user).or_insert((*began, place));
            if *began > entry.0 {
                *entry = (*began, place);
            }
        }
    }
    newest.into_iter().map(|(user, (_, place))| (user, place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{Query, SessionTable, SortBy};
    use crate::fixture::{dated, inventory, machine, machines};
    use crate::inventory::Live;
    use rstest::rstest;

    /// Sessions of one device: id, user and start in seconds.
    fn table(sessions: &[(&str, &str, &str)]) -> SessionTable {
        let mut live = Live::default();
        live.note_reading(&machine("lone"), dated(sessions));
        SessionTable::of(&live, &inventory(), &machines(&["lone"]))
    }

    fn chosen(rule: Rule, table: &SessionTable, complete: bool) -> Result<String, RuleProblem> {
        let found: Vec<FoundSession<'_>> = table.rows().collect();
        let chosen = rule.choose(&found, complete, "manager", Timestamp(100_000))?;
        Ok(chosen.into_iter().map(|place| found[place].session.id.as_str()).collect())
    }

    const DATED: [(&str, &str, &str); 6] = [
        ("1", "a", "10"),
        ("2", "a", "30"),
        ("3", "Manager", "5"),
        ("4", "a", "20"),
        ("5", "", "10"),
        ("6", "b", "40"),
    ];

    #[rstest]
    #[case::all(Rule::All, "123456")]
    #[case::older(Rule::OlderThan(Duration::from_secs(80)), "1345")]
    #[case::the_oldest(Rule::Oldest(2), "13")]
    #[case::more_than_there_are(Rule::Oldest(99), "123456")]
    #[case::none(Rule::Oldest(0), "")]
    #[case::all_but_newest(Rule::AllButNewest, "14")]
    #[case::all_but_own(Rule::AllButOwn, "1246")]
    fn rules(#[case] rule: Rule, #[case] expected: &str) {
        assert_eq!(chosen(rule, &table(&DATED), true), Ok(expected.to_owned()));
    }

    #[rstest]
    #[case(Rule::Oldest(1), true)]
    #[case(Rule::AllButNewest, true)]
    #[case(Rule::OlderThan(Duration::from_secs(1)), false)]
    #[case(Rule::All, false)]
    #[case(Rule::AllButOwn, false)]
    fn an_unread_unit_may_have_an_older_or_newer_session(#[case] rule: Rule, #[case] off: bool) {
        let result = chosen(rule, &table(&DATED), false);
        assert_eq!(result.err(), off.then_some(RuleProblem::NotAllRead));
    }

    #[rstest]
    #[case(Rule::Oldest(1), None)]
    #[case(Rule::AllButNewest, None)]
    #[case(Rule::OlderThan(Duration::from_secs(80)), Some("1"))]
    fn a_start_is_never_guessed(#[case] rule: Rule, #[case] expected: Option<&str>) {
        let table = table(&[("1", "a", "10"), ("2", "a", ""), ("3", "b", "yesterday")]);
        let expected = expected.map(str::to_owned).ok_or(RuleProblem::StartUnknown(2));
        assert_eq!(chosen(rule, &table, true), expected);
    }

    #[test]
    fn without_any_start_no_session_is_called_young() {
        let rule = Rule::OlderThan(Duration::from_secs(80));
        let unknown = table(&[("1", "a", ""), ("2", "b", "yesterday")]);
        assert_eq!(chosen(rule, &unknown, true), Err(RuleProblem::StartUnknown(2)));
        assert_eq!(chosen(rule, &table(&[]), true), Ok(String::new()));
    }

    #[test]
    fn only_what_the_search_found_is_chosen() {
        let table = table(&DATED);
        let found = table.matching(&Query::parse("user:b"), SortBy::Started, false);
        let rows: Vec<FoundSession<'_>> =
            found.iter().filter_map(|place| table.row(*place)).collect();
        let chosen = Rule::Oldest(1).choose(&rows, true, "manager", Timestamp(100_000)).unwrap();
        assert_eq!(rows[chosen[0]].session.id, "6");
    }
}
