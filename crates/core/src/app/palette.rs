//! The names that the palette offers for what is typed: the best matches first.

use crate::sorted::SortedSet;

/// How well a name can match: equal, equal but for the case, at its start, at the start of a word, anywhere.
const RANKS: usize = 5;

/// The names that contain `typed`, whatever its case, each once, the best first, at most `most`.
///
/// ```
/// use curfew_core::app::best_matches;
///
/// let names = ["lone-red", "Red", "blue"];
/// assert_eq!(best_matches(&mut names.into_iter(), "red", 5), ["Red", "lone-red"]);
/// ```
pub fn best_matches<'a>(
    names: &mut dyn Iterator<Item = &'a str>,
    typed: &str,
    most: usize,
) -> Vec<&'a str> {
    let exact = typed.trim();
    let typed = exact.to_lowercase();
    let mut ranked: [SortedSet<&'a str>; RANKS] = Default::default();
    for name in names {
        let rank = if name == exact { Some(0) } else { rank(name, &typed) };
        let Some(found) = rank.and_then(|rank| ranked.get_mut(rank)) else {
            continue;
        };
        // The first by name, whatever the order in which they come.
        found.insert(name);
        if found.len() > most
            && let Some(last) = found.last().copied()
        {
            found.remove(last);
        }
    }
    ranked.into_iter().flatten().take(most).collect()
}

fn rank(name: &str, typed: &str) -> Option<usize> {
    let lower = name.to_lowercase();
    let place = lower.find(typed)?;
    Some(match lower.get(..place).and_then(|before| before.chars().next_back()) {
        None if lower == typed => 1,
        None => 2,
        Some(before) if !before.is_alphanumeric() => 3,
        Some(_) => 4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::equal_then_start_then_word_then_any("user2", 9, &["user2", "USER2", "user21", "CORP\\user2", "xuser2"])]
    #[case::the_typed_case_first("USER2", 2, &["USER2", "user2"])]
    #[case::no_more_than_asked("user2", 2, &["user2", "USER2"])]
    #[case::whatever_the_case(" CORP ", 9, &["CORP\\user2"])]
    #[case::nothing("z", 9, &[])]
    #[case::all("", 2, &["CORP\\user2", "USER2"])]
    fn best_first(#[case] typed: &str, #[case] most: usize, #[case] expected: &[&str]) {
        let names = ["xuser2", "CORP\\user2", "user21", "USER2", "user2", "user2"];
        assert_eq!(best_matches(&mut names.into_iter(), typed, most), expected);
    }

    proptest! {
        #[test]
        fn the_order_of_the_names_does_not_matter(names in prop::collection::vec("[abAB .é]{0,4}", 0..20), typed in "[ab]{0,2}") {
            let forward = best_matches(&mut names.iter().map(String::as_str), &typed, 5);
            let backward = best_matches(&mut names.iter().rev().map(String::as_str), &typed, 5);
            prop_assert_eq!(&forward, &backward);
            prop_assert!(forward.iter().all(|name| name.to_lowercase().contains(typed.trim())));
        }
    }
}
