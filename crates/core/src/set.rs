//! Sets without a sort.

use std::collections::BTreeSet;

/// The distinct items, as `collect` gathers them. `collect` sorts first, and the sort of each type of item is 4 kB of the
/// bundle.
pub fn set_of<T: Ord>(items: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}
