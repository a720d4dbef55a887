//! A list that may be very long: only the visible rows are in the document.

use super::dynamic::{attribute, dynamic};
use curfew_core::app::window::{Step, Window};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use std::ops::Range;
use web_sys::HtmlDivElement;

use super::id;
use crate::web::{Listener, effect};

/// How many rows beyond the visible ones are rendered on either side, for smooth scrolling.
const SPARE: usize = 2;
/// The text size, in CSS pixels, that `row_height` refers to.
const USUAL_TEXT: f64 = 16.0;

/// A listbox whose options may be checked, following the ARIA authoring practices' pattern with an active descendant:
/// the focus stays on the list; arrow keys, Page Up and Down, Home and End move the active row; Space checks it, and Esc folds what
/// it shows over the next row.
///
/// With a `head` it is a grid: rows of cells below a row of headings, which stays in sight.
///
/// All rows have the same height, which grows with the browser's text size. A change of `version` redraws the rows.
/// Check marks, and reactive content of a row, update by themselves.
#[component]
pub fn VirtualList(
    /// What the rows are.
    #[prop(into)]
    label: Signal<String>,
    /// The number of rows.
    #[prop(into)]
    count: Signal<usize>,
    /// The height of a row, in CSS pixels, at a text size of 16.
    row_height: f64,
    /// The headings of the columns, which may contain controls. A row then consists of elements of the role `gridcell`.
    #[prop(optional, into)]
    head: Option<Callback<(), AnyView>>,
    /// The content of a row. It can't contain controls: the whole row is clicked.
    #[prop(into)]
    row: Callback<usize, AnyView>,
    /// Notifies when the rows have changed, as after filtering.
    #[prop(optional, into)]
    version: Signal<()>,
    /// Whether a row is checked. Without it, rows are only read.
    #[prop(optional, into)]
    checked: Option<Callback<usize, bool>>,
    /// Called when a row is clicked, or toggled by keyboard.
    #[prop(optional, into)]
    on_toggle: Option<Callback<usize>>,
    /// Called for Ctrl+A or Command+A.
    #[prop(optional, into)]
    on_all: Option<Callback<()>>,
    /// The id of the list itself.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let rows = Rows::new(id, count, row_height);
    let ruler = rows.measured_by_ruler(row_height);
    let is_grid = head.is_some();
    let options = Options { rows, row, checked, on_toggle, is_grid };
    options.update_marks();
    let keydown = move |event: KeyboardEvent| {
        // Keys of the controls in the head are theirs.
        let list = rows.list.get_untracked();
        let is_own = event.target().is_some_and(|target| Some(target) == list.map(Into::into));
        if is_own && options.handle_key(&event, on_all) {
            event.prevent_default();
        }
    };
    let scroll = move |_| {
        if let Some(list) = rows.list.get_untracked() {
            rows.top.set(list.scroll_top().unsigned_abs());
        }
    };
    let edition = Memo::new(move |last: Option<&u32>| {
        version.track();
        count.track();
        rows.row_px.track();
        last.map_or(0, |last| last.wrapping_add(1))
    });
    let keys = move || {
        let edition = edition.get();
        rows.drawn.get().map(|index| (index, edition)).collect::<Vec<_>>()
    };
    let option = move |(index, _): (usize, u32)| options.view(index);
    view! {
        <div
            class="list"
            node_ref=rows.list
            role=if is_grid { "grid" } else { "listbox" }
            // With the row of headings.
            aria-rowcount=attribute(move || is_grid.then(|| (count.get() + 1).to_string()))
            id=rows.list_id.get_value()
            tabindex="0"
            aria-label=label
            aria-multiselectable=checked.map(|_| "true")
            aria-activedescendant=attribute(move || {
                let active = rows.active_row.get();
                rows.drawn.get().contains(&active).then(|| rows.id(active))
            })
            on:keydown=keydown
            on:scroll=scroll
        >
            <div class="list-ruler" role="presentation" node_ref=ruler></div>
            {head.map(|head| {
                view! { <div class="list-head" role="row" aria-rowindex="1">{head.run(())}</div> }
            })}
            <div class="list-space" role="presentation" node_ref=rows.space style:height=attribute(move || {
                rows.row_px.track();
                rows.height(count.get())
            })>
                {dynamic(move || {
                    // Recreate the list with the rows: a keyed list keeps data for each row that it ever had.
                    _ = edition.get();
                    view! { <For each=keys key=|row| *row children=option /> }
                })}
            </div>
        </div>
    }
}

/// The state of a list: which rows are rendered, and which one is active.
#[derive(Clone, Copy)]
struct Rows {
    list: NodeRef<html::Div>,
    /// The place of the rows, below the head.
    space: NodeRef<html::Div>,
    list_id: StoredValue<String>,
    count: Signal<usize>,
    /// The height of a row, in CSS pixels.
    row_px: RwSignal<u32>,
    /// The greatest height of the list, in CSS pixels.
    tallest: RwSignal<u32>,
    /// How far the list is scrolled, in CSS pixels.
    top: RwSignal<u32>,
    /// The last active row, which a shorter list may not have.
    active: RwSignal<usize>,
    active_row: Memo<usize>,
    /// Whether the active row is shown like the others, after Esc.
    is_folded: RwSignal<bool>,
    /// The rows in the document.
    drawn: Memo<Range<usize>>,
}

impl Rows {
    fn new(id: Option<String>, count: Signal<usize>, row_height: f64) -> Self {
        let row_px = RwSignal::new(row_height.max(1.0) as u32);
        // The height of an unmeasured list, so that only a few rows are rendered in vain.
        let tallest = RwSignal::new(row_px.get_untracked());
        let (active, top) = (RwSignal::new(0_usize), RwSignal::new(0_u32));
        let active_row = Memo::new(move |_| active.get().min(count.get().saturating_sub(1)));
        let drawn = Memo::new(move |_| {
            let window = Window { count: count.get(), row: row_px.get(), viewport: tallest.get() };
            window.drawn(top.get(), SPARE)
        });
        let list_id = StoredValue::new(id.unwrap_or_else(|| id::unique("list")));
        Self {
            list: NodeRef::new(),
            space: NodeRef::new(),
            list_id,
            count,
            row_px,
            tallest,
            top,
            active,
            active_row,
            is_folded: RwSignal::new(false),
            drawn,
        }
    }

    fn id(self, index: usize) -> String {
        self.list_id.with_value(|id| id::join(id, &index.to_string()))
    }

    /// The height of this many rows, as a style.
    fn height(self, rows: usize) -> String {
        let window = Window { count: 0, row: self.row_px.get_untracked(), viewport: 0 };
        pixels(window.offset(rows))
    }

    /// The ruler: an element that shows the text size and the greatest height of the list.
    fn measured_by_ruler(self, row_height: f64) -> NodeRef<html::Div> {
        let ruler = NodeRef::<html::Div>::new();
        let measure = move || {
            if let Some(ruler) = ruler.get_untracked() {
                self.measure(&ruler, row_height);
            }
        };
        ruler.on_load(move |_| measure());
        Listener::new(&window(), "resize", move |_| measure()).scoped();
        ruler
    }

    /// Adapts to the text size and the greatest height of the list, which the ruler shows.
    fn measure(self, ruler: &HtmlDivElement, row_height: f64) {
        let measured = ruler.get_bounding_client_rect();
        // Zero if the list is not displayed.
        if measured.height() > 0.0 {
            self.row_px.set((row_height * measured.height() / USUAL_TEXT).max(1.0) as u32);
            self.tallest.set(measured.width().ceil() as u32);
        }
    }

    /// Moves the active row, and scrolls to it.
    fn step(self, step: Step) {
        let (Some(list), Some(space)) = (self.list.get_untracked(), self.space.get_untracked())
        else {
            return;
        };
        // The head covers as much as it moves the rows down.
        let viewport = list.client_height() - space.offset_top();
        let window = Window {
            count: self.count.get_untracked(),
            row: self.row_px.get_untracked(),
            viewport: viewport.unsigned_abs(),
        };
        let Some(next) = window.after(self.active_row.get_untracked(), step) else { return };
        self.active.set(next);
        self.is_folded.set(false);
        if let Some(to) = window.reveal(next, list.scroll_top().unsigned_abs()) {
            list.set_scroll_top(i32::try_from(to).unwrap_or(i32::MAX));
        }
    }
}

/// What the rows show, and what selecting one does.
#[derive(Clone, Copy)]
struct Options {
    rows: Rows,
    row: Callback<usize, AnyView>,
    checked: Option<Callback<usize, bool>>,
    on_toggle: Option<Callback<usize>>,
    is_grid: bool,
}

impl Options {
    /// A row.
    fn view(self, index: usize) -> impl IntoView {
        let rows = self.rows;
        let press = move |_| {
            rows.active.set(index);
            rows.is_folded.set(false);
            self.toggle(index);
        };
        let tick = self.checked.map(|_| view! { <span class="list-tick"></span> });
        let (active, checked) = untrack(|| self.marks(index));
        let place = |offset: usize| Some((index + offset).to_string());
        let size = || Some(rows.count.get_untracked().to_string());
        let is_grid = self.is_grid;
        view! {
            <div
                class="list-row"
                data-active=active
                role=if is_grid { "row" } else { "option" }
                id=rows.id(index)
                aria-checked=checked.filter(|_| !is_grid)
                aria-selected=checked.filter(|_| is_grid)
                aria-posinset=if is_grid { None } else { place(1) }
                aria-setsize=if is_grid { None } else { size() }
                aria-rowindex=if is_grid { place(2) } else { None }
                style:top=rows.height(index)
                style:height=rows.height(1)
                on:click=press
            >
                {tick}
                {self.row.run(index)}
            </div>
        }
    }

    fn toggle(self, index: usize) {
        if let Some(on_toggle) = self.on_toggle {
            on_toggle.run(index);
        }
    }

    /// Whether a row is active, and whether it is checked, as values of attributes. Tracked.
    fn marks(self, index: usize) -> (&'static str, Option<&'static str>) {
        let flag = |is: bool| if is { "true" } else { "false" };
        let checked = self.checked.map(|checked| flag(checked.run(index)));
        let is_active = self.rows.active_row.get() == index;
        let active =
            if is_active && self.rows.is_folded.get() { "folded" } else { flag(is_active) };
        (active, checked)
    }

    /// Updates the marks of the rows in the document.
    ///
    /// One effect for all rows rather than one per row: scrolling creates and disposes a dozen rows at once, and a
    /// signal that outlives an effect keeps a reference to it until the signal changes.
    fn update_marks(self) {
        effect(move || {
            for index in self.rows.drawn.get() {
                let (active, checked) = self.marks(index);
                if let Some(row) = document().get_element_by_id(&self.rows.id(index)) {
                    _ = row.set_attribute("data-active", active);
                    if let Some(checked) = checked {
                        let name = if self.is_grid { "aria-selected" } else { "aria-checked" };
                        _ = row.set_attribute(name, checked);
                    }
                }
            }
        });
    }

    /// Does what a key means in a list. Returns whether it means anything.
    fn handle_key(self, event: &KeyboardEvent, on_all: Option<Callback<()>>) -> bool {
        let key = event.key();
        let all = (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("a");
        if let Some(step) = step_of(&key) {
            self.rows.step(step);
        } else if key == "Escape" && !self.rows.is_folded.get_untracked() {
            // What it shows over the next row may be in the way. A second Esc is for what is around the list.
            // guard: esc-folds-a-row
            self.rows.is_folded.set(true);
        } else if key == " " {
            if self.rows.count.get_untracked() > 0 {
                self.toggle(self.rows.active_row.get_untracked());
            }
        } else if let (Some(on_all), true) = (on_all, all) {
            on_all.run(());
        } else {
            return false;
        }
        true
    }
}

fn step_of(key: &str) -> Option<Step> {
    Some(match key {
        "ArrowDown" => Step::Next,
        "ArrowUp" => Step::Previous,
        "PageDown" => Step::PageDown,
        "PageUp" => Step::PageUp,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return None,
    })
}

/// A length in CSS notation.
fn pixels(length: u32) -> String {
    [&length.to_string(), "px"].concat()
}
