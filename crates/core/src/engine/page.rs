//! The state of the page: hidden pages and pages without a network poll less.

use super::memory::PageState;
use super::state::Engine;

impl Engine {
    /// A page that is shown again, or has a network again, polls at once.
    pub(super) fn note_page(&mut self, hidden: bool, online: bool) {
        let page = PageState { hidden, online };
        if std::mem::replace(&mut self.page, page) != page && !hidden && online {
            self.poll_all();
        }
    }
}
