//! Which rows of a long list are visible: arithmetic on pixels and row indexes.

use std::ops::Range;

/// A scrolled list whose rows all have the same height.
///
/// Lengths are in whole CSS pixels. A row height of zero counts as one, to avoid a division by zero.
///
/// ```
/// use curfew_core::app::window::{Step, Window};
///
/// let list = Window { count: 10_000, row: 40, viewport: 400 };
/// assert_eq!(list.drawn(4_000, 2), 98..112);
/// assert_eq!(list.after(9_999, Step::Next), Some(9_999));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Number of rows.
    pub count: usize,
    /// Height of a row.
    pub row: u32,
    /// Height of the visible part.
    pub viewport: u32,
}

/// A movement of the active row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the next row.
    Next,
    /// To the previous row.
    Previous,
    /// Down by the number of visible rows, minus one.
    PageDown,
    /// Up by the same number of rows.
    PageUp,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Window {
    /// The rows to draw when the list is scrolled down by `top`: all rows that are at least partly visible, and `spare` more on
    /// each side. Never empty while there are rows.
    pub fn drawn(&self, top: u32, spare: usize) -> Range<usize> {
        let row = self.row.max(1);
        let first = index(top / row).min(self.count.saturating_sub(1));
        let end = index(top.saturating_add(self.viewport).div_ceil(row));
        let end = end.max(first.saturating_add(1)).saturating_add(spare).min(self.count);
        first.saturating_sub(spare)..end
    }

    /// The distance from the top of the list to the top of row `index`. With `index` = `count`, the height of the list.
    pub fn offset(&self, index: usize) -> u32 {
        u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(self.row.max(1))
    }

    /// The nearest scroll position to `top` at which row `index` is completely visible. `None` if it already is.
    pub fn reveal(&self, index: usize, top: u32) -> Option<u32> {
        let (start, end) = (self.offset(index), self.offset(index.saturating_add(1)));
        if start < top || end.saturating_sub(start) > self.viewport {
            (start != top).then_some(start)
        } else if end > top.saturating_add(self.viewport) {
            Some(end.saturating_sub(self.viewport))
        } else {
            None
        }
    }

    /// The active row after `step` from `active`. `None` only if there are no rows.
    pub fn after(&self, active: usize, step: Step) -> Option<usize> {
        let last = self.count.checked_sub(1)?;
        let page = index(self.viewport / self.row.max(1)).saturating_sub(1).max(1);
        let active = active.min(last);
        Some(match step {
            Step::Next => active.saturating_add(1).min(last),
            Step::Previous => active.saturating_sub(1),
            Step::PageDown => active.saturating_add(page).min(last),
            Step::PageUp => active.saturating_sub(page),
            Step::First => 0,
            Step::Last => last,
        })
    }
}

fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const TEN: Window = Window { count: 10, row: 40, viewport: 100 };

    #[rstest]
    #[case::top(0, 0, 0..3)]
    #[case::a_sliver_of_a_row_counts(39, 0, 0..4)]
    #[case::past_the_first(40, 0, 1..4)]
    #[case::spare_on_both_sides(120, 2, 1..8)]
    #[case::spare_ends_at_the_edges(300, 5, 2..10)]
    #[case::scrolled_too_far(10_000, 0, 9..10)]
    fn rows_drawn(#[case] top: u32, #[case] spare: usize, #[case] rows: Range<usize>) {
        assert_eq!(TEN.drawn(top, spare), rows);
    }

    #[test]
    fn no_rows_draw_nothing() {
        let none = Window { count: 0, ..TEN };
        assert_eq!(none.drawn(0, 5), 0..0);
        assert_eq!(none.after(3, Step::Next), None);
    }

    #[rstest]
    #[case::visible(2, 60, None)]
    #[case::above(0, 60, Some(0))]
    #[case::below(3, 0, Some(60))]
    #[case::half_above(1, 60, Some(40))]
    fn scrolls_as_little_as_necessary(
        #[case] row: usize,
        #[case] top: u32,
        #[case] to: Option<u32>,
    ) {
        assert_eq!(TEN.reveal(row, top), to);
    }

    #[test]
    fn a_row_higher_than_the_viewport_shows_its_start_and_stays() {
        let low = Window { viewport: 30, ..TEN };
        assert_eq!(low.reveal(2, 0), Some(80));
        assert_eq!(low.reveal(2, 80), None);
    }

    #[rstest]
    #[case(Step::Next, 5, 6)]
    #[case(Step::Next, 9, 9)]
    #[case(Step::Previous, 0, 0)]
    #[case(Step::PageDown, 5, 6)]
    #[case(Step::PageUp, 5, 4)]
    #[case(Step::First, 5, 0)]
    #[case(Step::Last, 5, 9)]
    #[case::from_a_row_that_is_gone(Step::Previous, 50, 8)]
    fn steps(#[case] step: Step, #[case] from: usize, #[case] to: usize) {
        assert_eq!(TEN.after(from, step), Some(to));
    }

    fn windows() -> impl Strategy<Value = Window> {
        (0_usize..20_000, 0_u32..200, 0_u32..4_000).prop_map(|(count, row, viewport)| Window {
            count,
            row,
            viewport,
        })
    }

    proptest! {
        #[test]
        fn all_visible_rows_are_drawn_and_few_more(
            window in windows(), top in 0_u32..5_000_000, spare in 0_usize..20,
        ) {
            let drawn = window.drawn(top, spare);
            prop_assert!(drawn.end <= window.count);
            prop_assert_eq!(drawn.is_empty(), window.count == 0);
            for row in 0..window.count {
                let seen = window.offset(row + 1) > top && window.offset(row) < top + window.viewport;
                prop_assert!(!seen || drawn.contains(&row));
            }
            let most = (window.viewport / window.row.max(1)) as usize + 2 + 2 * spare;
            prop_assert!(drawn.len() <= most, "{} > {most}", drawn.len());
        }

        #[test]
        fn a_revealed_row_needs_no_more_scrolling(
            window in windows(), row in 0_usize..20_000, top in 0_u32..5_000_000,
        ) {
            let top = window.reveal(row, top).unwrap_or(top);
            prop_assert_eq!(window.reveal(row, top), None);
        }

        #[test]
        fn there_and_back_ends_in_the_list(window in windows(), active in 0_usize..30_000) {
            for step in [Step::Next, Step::Previous, Step::PageDown, Step::PageUp, Step::First, Step::Last] {
                let after = window.after(active, step);
                prop_assert_eq!(after.is_some(), window.count > 0);
                prop_assert!(after.is_none_or(|after| after < window.count));
            }
        }
    }
}
