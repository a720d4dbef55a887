//! Finds, among all names that were read, those that a wanted name may mean: spelled otherwise, of another case or domain, of
//! look-alike letters, or with one or two typing errors. Each read name is compared with an index of the wanted names, so the
//! cost is that of reading the names once.

use super::marks::without_invisible;
use super::skeleton::{halfwidth, skeleton};
use crate::sorted::SortedSet;
use rustc_hash::{FxHashMap, FxHashSet};

/// Compatibility composition (NFKC) of a text. The browser has it; here it is a parameter.
pub type Compose<'a> = &'a dyn Fn(&str) -> String;

/// The similar names of wanted names, each list with the most similar first.
pub type FoundSimilar = FxHashMap<String, Vec<SimilarName>>;

/// A read name that a wanted name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarName {
    /// The read name.
    pub name: String,
    /// How it differs.
    pub likeness: Likeness,
}

/// How two names differ, the smallest difference first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Only in how characters are composed, in invisible characters or in spaces.
    Spelling,
    /// In upper and lower case.
    Case,
    /// In the domain before `\` or after `@`.
    Domain,
    /// In letters that look the same.
    LookAlike,
    /// In this many characters, 1 or 2.
    Typos(usize),
}

/// How many similar names are kept for each wanted name.
const KEPT: usize = 5;
/// The shortest names that may differ in one character, and in two.
const SHORTEST_FOR_ONE: usize = 3;
const SHORTEST_FOR_TWO: usize = 6;
/// The longest name whose typing errors are searched for.
const LONGEST: usize = 32;

/// Compares read names with wanted names.
///
/// ```
/// use curfew_core::names::{Likeness, SimilarNames};
///
/// let mut similar = SimilarNames::of(&["usr2", "us\u{435}r3"], &str::to_owned);
/// for name in ["user2", "user3", "somebody"] {
///     similar.read(name, &str::to_owned);
/// }
/// let found = similar.finish();
/// assert_eq!((&*found[0][0].name, found[0][0].likeness), ("user2", Likeness::Typos(1)));
/// assert_eq!((&*found[1][0].name, found[1][0].likeness), ("user3", Likeness::LookAlike));
/// ```
#[derive(Debug, Clone, Default)]
pub struct SimilarNames {
    wanted: Vec<Wanted>,
    /// The indexes of the wanted names by a key.
    by_name: FxHashMap<String, Vec<usize>>,
    by_skeleton: FxHashMap<String, Vec<usize>>,
    /// The same by the hash of the name without up to two of its characters.
    by_rest: FxHashMap<u64, Vec<usize>>,
    /// Names that were compared before: the same user may have many sessions.
    seen: FxHashSet<String>,
}

#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    chars: Vec<char>,
    /// Whether exactly this name was read.
    is_known: bool,
    found: Vec<SimilarName>,
}

impl SimilarNames {
    /// An index of wanted names.
    pub fn of(wanted: &[impl AsRef<str>], compose: Compose<'_>) -> Self {
        let mut similar = Self::default();
        for name in wanted {
            similar.add(name.as_ref(), compose);
        }
        similar
    }

    /// Adds a wanted name. Add all of them before the first name is read.
    pub fn add(&mut self, name: &str, compose: Compose<'_>) {
        let place = self.wanted.len();
        let keys = Keys::of(name, compose);
        note(&mut self.by_name, keys.folded.clone(), place);
        for skeleton in keys.skeletons() {
            note(&mut self.by_skeleton, skeleton, place);
        }
        let chars: Vec<char> = keys.folded.chars().collect();
        each_rest(&chars, &mut |rest| {
            let places = self.by_rest.entry(rest).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        });
        let (name, found) = (name.to_owned(), Vec::new());
        self.wanted.push(Wanted { name, chars, is_known: false, found });
    }

    /// Compares a read name. Long lists are read a few names at a time.
    pub fn read(&mut self, name: &str, compose: Compose<'_>) {
        if self.wanted.is_empty() || !self.seen.insert(name.to_owned()) {
            return;
        }
        let keys = Keys::of(name, compose);
        let mut near: Vec<usize> = Vec::new();
        near.extend(self.by_name.get(&keys.folded).into_iter().flatten());
        for skeleton in keys.skeletons() {
            near.extend(self.by_skeleton.get(&skeleton).into_iter().flatten());
        }
        let chars: Vec<char> = keys.folded.chars().collect();
        let by_rest = &self.by_rest;
        each_rest(&chars, &mut |rest| near.extend(by_rest.get(&rest).into_iter().flatten()));
        for place in SortedSet::from_iter(near) {
            if let Some(wanted) = self.wanted.get_mut(place) {
                wanted.compare(name, &keys, &chars, compose);
            }
        }
    }

    /// The similar names of each wanted name, in the order of the wanted names, the most similar first. Names with typing
    /// errors are left out where exactly the wanted name was read, or a more similar one.
    pub fn finish(self) -> Vec<Vec<SimilarName>> {
        let found = self.wanted.into_iter().map(|wanted| {
            let Wanted { mut found, is_known, .. } = wanted;
            let is_typo = |similar: &SimilarName| matches!(similar.likeness, Likeness::Typos(_));
            if is_known || found.first().is_some_and(|first| !is_typo(first)) {
                found.retain(|similar| !is_typo(similar));
            }
            found
        });
        found.collect()
    }
}

impl Wanted {
    fn compare(&mut self, name: &str, keys: &Keys, chars: &[char], compose: Compose<'_>) {
        if name == self.name {
            self.is_known = true;
            return;
        }
        let wanted = Keys::of(&self.name, compose);
        let likeness = if keys.composed == wanted.composed {
            Likeness::Spelling
        } else if keys.whole == wanted.whole {
            Likeness::Case
        } else if keys.folded == wanted.folded {
            Likeness::Domain
        } else if keys.skeletons().iter().any(|key| wanted.skeletons().contains(key)) {
            Likeness::LookAlike
        } else {
            // guard: not-another-number
            if is_other_number(&self.chars, chars) {
                return;
            }
            match distance(&self.chars, chars) {
                Some(distance) if may_differ(self.chars.len().min(chars.len()), distance) => {
                    Likeness::Typos(distance)
                }
                _ => return,
            }
        };
        // By name among equals: the names are read in no particular order.
        let place =
            self.found.partition_point(|other| (other.likeness, &*other.name) < (likeness, name));
        self.found.insert(place, SimilarName { name: name.to_owned(), likeness });
        self.found.truncate(KEPT);
    }
}

/// What of a name is compared.
struct Keys {
    /// Composed, without invisible characters and outer spaces.
    composed: String,
    /// The same in lower case.
    whole: String,
    /// The same without its domain.
    folded: String,
    bare: String,
}

impl Keys {
    fn of(name: &str, compose: Compose<'_>) -> Self {
        let composed = if name.is_ascii() {
            name.trim().to_owned()
        } else {
            compose(without_invisible(name).trim()).chars().map(halfwidth).collect()
        };
        let bare = bare(&composed).to_owned();
        Self { whole: composed.to_lowercase(), folded: bare.to_lowercase(), bare, composed }
    }

    /// The skeletons of the name as it is, and in lower case: some letters look alike only in one of the two.
    fn skeletons(&self) -> [String; 2] {
        [skeleton(&self.bare).to_lowercase(), skeleton(&self.folded).to_lowercase()]
    }
}

/// A name without the domain before `\` or after `@`.
fn bare(name: &str) -> &str {
    let user = name.rsplit_once('\\').map_or(name, |(_, user)| user);
    let user = user.split('@').next().unwrap_or(user);
    if user.is_empty() { name } else { user }
}

fn note(map: &mut FxHashMap<String, Vec<usize>>, key: String, place: usize) {
    if !key.is_empty() {
        let places = map.entry(key).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
}

/// Whether one or two digits are others, and nothing else differs: numbered accounts belong to different people. Two exchanged
/// digits are a typing error.
fn is_other_number(one: &[char], other: &[char]) -> bool {
    let differ = || one.iter().zip(other).filter(|(a, b)| a != b);
    one.len() == other.len()
        && differ().all(|(a, b)| a.is_ascii_digit() && b.is_ascii_digit())
        && distance(one, other) == Some(differ().count())
}

fn may_differ(length: usize, distance: usize) -> bool {
    match distance {
        1 => length >= SHORTEST_FOR_ONE,
        _ => length >= SHORTEST_FOR_TWO,
    }
}

/// Hashes of a name without none, one or two of its characters. Two names that differ in at most two characters have one of
/// these in common. A hash of parts is made from those of the whole, so none of the texts is built.
fn each_rest(chars: &[char], each: &mut dyn FnMut(u64)) {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    if chars.len() > LONGEST || chars.is_empty() {
        return;
    }
    // The hash of the first characters, and the powers of the base.
    let (mut hashes, mut powers) = (vec![0_u64], vec![1_u64]);
    for char in chars {
        let (hash, power) = (hashes.last().copied(), powers.last().copied());
        let code = u64::from(u32::from(*char)) + 1;
        hashes.push(hash.unwrap_or_default().wrapping_mul(BASE).wrapping_add(code));
        powers.push(power.unwrap_or_default().wrapping_mul(BASE));
    }
    let at = |list: &[u64], place: usize| list.get(place).copied().unwrap_or_default();
    // The hash of a text before these characters, with them added.
    let add = |hash: u64, from: usize, to: usize| {
        let power = at(&powers, to - from);
        let part = at(&hashes, to).wrapping_sub(at(&hashes, from).wrapping_mul(power));
        hash.wrapping_mul(power).wrapping_add(part)
    };
    let length = chars.len();
    each(at(&hashes, length));
    for first in 0..length {
        let before = at(&hashes, first);
        each(add(before, first + 1, length));
        if length >= SHORTEST_FOR_TWO {
            for second in first + 1..length {
                each(add(add(before, first + 1, second), second + 1, length));
            }
        }
    }
}

/// In how many characters two texts differ, if it is 1 or 2: a missing, another, an extra character, or two exchanged ones.
fn distance(one: &[char], other: &[char]) -> Option<usize> {
    const MOST: usize = 2;
    if one.len().abs_diff(other.len()) > MOST {
        return None;
    }
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = at(&last, j) + usize::from(a != b);
            let mut best = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let is_exchange =
                i > 0 && j > 0 && other.get(j - 1) == Some(a) && one.get(i - 1) == Some(b);
            if is_exchange {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| (1..=MOST).contains(distance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    /// Composes the only accent that the tests use.
    fn compose(text: &str) -> String {
        text.replace("u\u{308}", "ü").replace("U\u{308}", "Ü")
    }

    fn similar(wanted: &str, names: &[&str]) -> Vec<(String, Likeness)> {
        let mut similar = SimilarNames::of(&[wanted], &compose);
        for name in names {
            similar.read(name, &compose);
        }
        let found = similar.finish().remove(0);
        found.into_iter().map(|s| (s.name, s.likeness)).collect()
    }

    #[rstest]
    #[case::decomposed("u\u{308}ser2", "üser2", Likeness::Spelling)]
    #[case::zero_width("user2\u{200b}", "user2", Likeness::Spelling)]
    #[case::soft_hyphen("us\u{ad}er2", "user2", Likeness::Spelling)]
    #[case::no_break_space("user\u{a0}2", "user 2", Likeness::Spelling)]
    #[case::outer_space(" user2", "user2", Likeness::Spelling)]
    #[case::fullwidth("ｕｓｅｒ２", "user2", Likeness::Spelling)]
    #[case::case("USER2", "user2", Likeness::Case)]
    #[case::case_and_accent("U\u{308}ser2", "üser2", Likeness::Case)]
    #[case::domain("EXAMPLE\\user2", "user2", Likeness::Domain)]
    #[case::mail("user2@example.test", "EXAMPLE\\User2", Likeness::Domain)]
    #[case::cyrillic("us\u{435}r2", "user2", Likeness::LookAlike)]
    #[case::cyrillic_upper("\u{412}OSS", "boss", Likeness::LookAlike)]
    #[case::digit_for_letter("user1", "userl", Likeness::LookAlike)]
    #[case::missing("usr2", "user2", Likeness::Typos(1))]
    #[case::extra("userr2", "user2", Likeness::Typos(1))]
    #[case::exchanged("usre2", "user2", Likeness::Typos(1))]
    #[case::other("yser2", "user2", Likeness::Typos(1))]
    #[case::two("mangaer", "manager", Likeness::Typos(1))]
    #[case::exchanged_digits("e104567", "e104576", Likeness::Typos(1))]
    #[case::missing_digit("e104567", "e10467", Likeness::Typos(1))]
    #[case::greek("\u{3bf}perator", "operator", Likeness::LookAlike)]
    #[case::two_letters_like_one("rnanager", "manager", Likeness::LookAlike)]
    #[case::direction("\u{200e}user2", "user2", Likeness::Spelling)]
    #[case::two_errors("mngaer2", "manager2", Likeness::Typos(2))]
    fn field_a_name_that_may_be_meant(
        #[case] wanted: &str,
        #[case] name: &str,
        #[case] likeness: Likeness,
    ) {
        assert_eq!(similar(wanted, &[name, "somebody"]), [(name.to_owned(), likeness)]);
    }

    #[rstest]
    #[case("user2", "user2")]
    #[case("ab", "ac")]
    #[case("abcd", "abxy")]
    #[case::another_number("user2", "user3")]
    #[case::another_long_number("e104567", "e104599")]
    #[case("user2", "somebody")]
    #[case("", "x")]
    fn names_that_are_not_similar(#[case] wanted: &str, #[case] name: &str) {
        assert_eq!(similar(wanted, &[name]), []);
    }

    #[test]
    fn typing_errors_of_a_name_that_was_read_are_not_suggested() {
        let found = similar("user2", &["usert2", "user2", "USER2"]);
        assert_eq!(found, [("USER2".to_owned(), Likeness::Case)]);
    }

    #[test]
    fn typing_errors_are_not_suggested_beside_a_more_similar_name() {
        let found = similar("USER2", &["usr2", "user2", "user22"]);
        assert_eq!(found, [("user2".to_owned(), Likeness::Case)]);
    }

    #[test]
    fn each_suggestion_belongs_to_its_name() {
        let mut similar = SimilarNames::of(&["usr2", "usr3"], &compose);
        for name in ["user2", "user3", "user2"] {
            similar.read(name, &compose);
        }
        let found = similar.finish();
        let names: Vec<Vec<&str>> =
            found.iter().map(|found| found.iter().map(|s| s.name.as_str()).collect()).collect();
        assert_eq!(names, [["user2"], ["user3"]]);
    }

    proptest! {
        /// The index finds every pair that comparing all pairs finds.
        #[test]
        fn the_index_misses_nothing(wanted in "[ab]{1,8}", name in "[ab]{1,8}") {
            let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), name.chars().collect());
            let expected = distance(&a, &b).is_some_and(|found| may_differ(a.len().min(b.len()), found));
            prop_assert_eq!(!similar(&wanted, &[&name]).is_empty(), expected);
        }
    }
}
