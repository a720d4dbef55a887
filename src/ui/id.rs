//! Ids for elements that refer to one another within a component.

use std::cell::Cell;

/// An id, starting with `prefix`, that no other element of this document has.
pub(super) fn unique(prefix: &str) -> String {
    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    let number = LAST.get().wrapping_add(1);
    LAST.set(number);
    join(prefix, &number.to_string())
}

/// The id of a part of the element with id `of`.
pub(super) fn join(of: &str, part: &str) -> String {
    [of, part].join("-")
}
