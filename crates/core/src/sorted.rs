//! Sets and maps in sorted vectors. The code of each type of `BTreeMap` is several kB of the bundle, and so is the sort of each type
//! that `collect` needs. Here, searching and sorting are compiled once for all types.
//!
//! `insert` moves what follows, so add many items with `extend`, `merge` or `collect`.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// Distinct items in ascending order.
///
/// ```
/// use curfew_core::sorted::SortedSet;
///
/// let mut names: SortedSet<&str> = ["b", "a", "b"].into_iter().collect();
/// assert_eq!(*names, ["a", "b"]);
/// assert!(names.contains("a") && !names.insert("a"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedSet<T>(Vec<T>);

/// Values by key, in ascending order of the keys.
///
/// ```
/// use curfew_core::sorted::SortedMap;
///
/// let mut counts = SortedMap::new();
/// counts.merge([("b", 1), ("a", 1), ("b", 1)], |sum, more| *sum += more);
/// assert_eq!(counts.get("b"), Some(&2));
/// assert!(counts.keys().eq(&["a", "b"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

/// Searches `len` items in ascending order; `compare` compares the item at an index with the item in question.
fn search(len: usize, compare: &dyn Fn(usize) -> Ordering) -> Result<usize, usize> {
    let (mut from, mut to) = (0, len);
    // Items are often added in order.
    let mut middle = len.saturating_sub(1);
    while from < to {
        match compare(middle) {
            Ordering::Less => from = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => to = middle,
        }
        middle = usize::midpoint(from, to);
    }
    Err(from)
}

/// The places of `len` items in ascending order; `compare` compares the items at two places. Equal items keep their order.
pub fn places(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
    places
}

/// The exchanges that sort `len` items, in this order. Equal items keep their order.
fn exchanges(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order = places(len, compare);
    let mut exchanges = Vec::new();
    for start in 0..len {
        let mut at = start;
        // Each item is exchanged with the one that belongs in its place, around a circle.
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at)) {
            if from == start || from == at {
                break;
            }
            exchanges.push((at, from));
            at = from;
        }
    }
    exchanges
}

fn sort<E, K: Ord>(items: &mut [E], key: fn(&E) -> &K) {
    let compare = |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => key(a).cmp(key(b)),
        _ => Ordering::Equal,
    };
    for (a, b) in exchanges(items.len(), &compare) {
        items.swap(a, b);
    }
}

fn find<E, K: Borrow<Q>, Q: Ord + ?Sized>(
    items: &[E],
    key: fn(&E) -> &K,
    wanted: &Q,
) -> Result<usize, usize> {
    search(items.len(), &|at| {
        items.get(at).map_or(Ordering::Greater, |item| key(item).borrow().cmp(wanted))
    })
}

fn head<E>(items: &[E], len: usize) -> &[E] {
    items.get(..len).unwrap_or(items)
}

/// Whether the keys are ascending, if the first `before` are.
fn is_sorted<E, K: Ord>(items: &[E], before: usize, key: fn(&E) -> &K) -> bool {
    let tail = items.get(before.saturating_sub(1)..).unwrap_or_default();
    tail.is_sorted_by(|a, b| key(a) < key(b))
}

fn itself<T>(item: &T) -> &T {
    item
}

fn first<K, V>(item: &(K, V)) -> &K {
    &item.0
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for SortedSet<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> SortedSet<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Keeps only the items for which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }
}

impl<T: Ord> SortedSet<T> {
    /// Adds an item. Returns whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        let place = find(&self.0, itself, &item);
        if let Err(place) = place {
            self.0.insert(place, item);
        }
        place.is_err()
    }

    /// Removes an item. Returns whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        let place = find(&self.0, itself, item);
        place.map(|place| self.0.remove(place)).is_ok()
    }

    /// Whether it has an item.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        find(&self.0, itself, item).is_ok()
    }

    /// Its items that are not in `other`.
    pub fn without(&self, other: &Self) -> Vec<T>
    where
        T: Clone,
    {
        self.iter().filter(|item| !other.contains(*item)).cloned().collect()
    }

    /// Whether all its items are in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|item| other.contains(item))
    }
}

impl<T: Ord> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        let before = self.0.len();
        for item in items {
            if find(head(&self.0, before), itself, &item).is_err() {
                self.0.push(item);
            }
        }
        if !is_sorted(&self.0, before, itself) {
            sort(&mut self.0, itself);
            self.0.dedup();
        }
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::new();
        set.extend(items);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Serialize> Serialize for SortedSet<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Ord + Deserialize<'de>> Deserialize<'de> for SortedSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from_iter)
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys and values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.0.iter().map(first)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// Keeps only the entries for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|(key, value)| keep(key, value));
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = find(&self.0, first, key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = find(&self.0, first, key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Whether it has a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        find(&self.0, first, key).is_ok()
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match find(&self.0, first, &key) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// Removes a key, and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = find(&self.0, first, key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Adds entries. `join` adds the later value of a key to its earlier one.
    pub fn merge(&mut self, entries: impl IntoIterator<Item = (K, V)>, join: fn(&mut V, V)) {
        let before = self.0.len();
        for (key, value) in entries {
            let place = find(head(&self.0, before), first, &key).ok();
            match place.and_then(|place| self.0.get_mut(place)) {
                Some((_, known)) => join(known, value),
                None => self.0.push((key, value)),
            }
        }
        if is_sorted(&self.0, before, first) {
            return;
        }
        sort(&mut self.0, first);
        let mut joined: Vec<(K, V)> = Vec::with_capacity(self.0.len());
        for (key, value) in std::mem::take(&mut self.0) {
            match joined.last_mut() {
                Some((known, before)) if *known == key => join(before, value),
                _ => joined.push((key, value)),
            }
        }
        self.0 = joined;
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.merge(entries, |before, value| *before = value);
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Serialize, V: Serialize> Serialize for SortedMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for SortedMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<K, V>(PhantomData<(K, V)>);

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
    type Value = SortedMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        /// The same as the standard library's, however the items arrive.
        #[test]
        fn sets_are_those_of_the_standard_library(
            first in prop::collection::vec(0_u8..20, 0..30),
            then in prop::collection::vec(0_u8..20, 0..30),
            single in 0_u8..20,
            out in 0_u8..20,
        ) {
            let (mut set, mut known): (SortedSet<u8>, BTreeSet<u8>) =
                (first.iter().copied().collect(), first.into_iter().collect());
            set.extend(then.iter().copied());
            known.extend(then);
            prop_assert_eq!(set.insert(single), known.insert(single));
            prop_assert_eq!(set.remove(&out), known.remove(&out));
            prop_assert_eq!(set.contains(&out), known.contains(&out));
            prop_assert!(set.iter().eq(&known), "{set:?} {known:?}");
        }

        /// Values that are joined stay in the order in which they came.
        #[test]
        fn maps_are_those_of_the_standard_library(
            entries in prop::collection::vec((0_u8..10, "[a-z]"), 0..30),
            joined in prop::collection::vec((0_u8..10, "[a-z]"), 0..30),
            single in 0_u8..10,
            out in 0_u8..10,
        ) {
            let mut map: SortedMap<u8, String> = entries.iter().cloned().collect();
            let mut known: BTreeMap<u8, String> = entries.into_iter().collect();
            map.merge(joined.iter().cloned(), |text, more| text.push_str(&more));
            for (key, more) in joined {
                known.entry(key).or_default().push_str(&more);
            }
            map.insert(single, "!".into());
            known.insert(single, "!".into());
            prop_assert_eq!(map.remove(&out), known.remove(&out));
            prop_assert_eq!(map.get(&single), known.get(&single));
            prop_assert!(map.iter().eq(&known), "{map:?} {known:?}");
            let stored = serde_json::to_string(&map).unwrap();
            prop_assert_eq!(&stored, &serde_json::to_string(&known).unwrap());
            prop_assert_eq!(serde_json::from_str::<SortedMap<u8, String>>(&stored).unwrap(), map);
        }
    }

    #[test]
    fn what_one_set_has_and_another_lacks() {
        let [all, some]: [SortedSet<&str>; 2] = [["c", "a", "b"].into(), ["b", "a", "a"].into()];
        assert_eq!(all.without(&some), ["c"]);
        assert!(some.is_subset(&all) && !all.is_subset(&some));
    }
}
