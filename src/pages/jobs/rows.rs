//! Rows about the devices of a job: problems in full, and the rest of many in a list that draws only what is visible.

use crate::ui::{VirtualList, dynamic};
use leptos::prelude::*;

/// Up to this many rows are shown in full.
const FEW: usize = 20;
/// Height of a row of the list in CSS pixels; the style sheet uses the same.
const ROW: f64 = 40.0;

/// What there is to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// How many rows.
    pub(super) rows: usize,
    /// How many of the first ones are problems.
    pub(super) problems: usize,
}

impl Shape {
    /// How many rows are shown in full.
    fn full(self) -> usize {
        if self.rows <= FEW { self.rows } else { self.problems.min(FEW) }
    }
}

/// The rows. `shape` notifies when any of them has changed. On paper, all are shown in full.
pub(super) fn rows(
    label: String,
    shape: Signal<Shape>,
    row: Callback<usize, AnyView>,
    on_paper: bool,
) -> AnyView {
    let full = Memo::new(move |_| if on_paper { shape.get().rows } else { shape.get().full() });
    let rest = Memo::new(move |_| shape.get().rows - full.get());
    let label = StoredValue::new(label);
    let lines = move || {
        shape.track();
        let line = |place: usize| view! { <li class="outcome">{row.run(place)}</li> }.into_any();
        let lines: Vec<AnyView> = (0..full.get()).map(line).collect();
        (!lines.is_empty()).then(|| view! { <ul class="outcomes">{lines}</ul> })
    };
    view! {
        {dynamic(lines)}
        {dynamic(move || {
            (rest.get() > 0).then(|| {
                view! {
                    <div class="outcome-list">
                        <VirtualList
                            label=label.get_value()
                            count=rest
                            row_height=ROW
                            version=Signal::derive(move || shape.track())
                            row=Callback::new(move |place: usize| row.run(full.get_untracked() + place))
                        />
                    </div>
                }
            })
        })}
    }
    .into_any()
}
