//! One page of a collection.

use serde_json::{Map, Value};

/// The position of a page in the whole result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Number of matching items on all pages.
    pub total: usize,
    /// Index of the first item shown, from 0.
    pub start: usize,
    /// Requested items per page.
    pub per_page: usize,
    /// Number of items shown.
    pub shown: usize,
}

impl Page {
    /// Adds the fields that a paged collection has.
    pub(crate) fn write(self, map: &mut Map<String, Value>) {
        let per_page = self.per_page.max(1);
        map.insert("totalItems".to_owned(), self.total.into());
        map.insert("totalPages".to_owned(), self.total.div_ceil(per_page).into());
        map.insert(
            "pageIndex".to_owned(),
            self.start.checked_div(per_page).map_or(1, |n| n.saturating_add(1)).into(),
        );
        map.insert("itemsPerPage".to_owned(), self.per_page.into());
        map.insert("currentItemCount".to_owned(), self.shown.into());
        map.insert("startIndex".to_owned(), self.start.saturating_add(1).into());
    }
}
