//! The state of the page: hidden pages and pages without a network poll less.

use super::Engine;

/// Whether the page is shown and has a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(super) struct PageState {
    pub(super) hidden: bool,
    pub(super) online: bool,
}

impl Default for PageState {
    fn default() -> Self {
        Self { hidden: false, online: true }
    }
}

impl Engine {
    /// A page that is shown again, or has a network again, polls at once.
    pub(super) fn note_page(&mut self, hidden: bool, online: bool) {
        let page = PageState { hidden, online };
        if std::mem::replace(&mut self.page, page) != page && !hidden && online {
            self.poll_all();
        }
    }
}
