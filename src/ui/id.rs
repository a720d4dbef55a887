//! Ids for elements that only refer to one another inside a part.

use std::cell::Cell;

/// An id that no other element of this document has, beginning with `prefix`.
pub(super) fn unique(prefix: &str) -> String {
    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    let number = LAST.get().wrapping_add(1);
    LAST.set(number);
    join(prefix, &number.to_string())
}

/// The id of a thing that belongs to the thing with id `of`.
pub(super) fn join(of: &str, part: &str) -> String {
    [of, part].join("-")
}
