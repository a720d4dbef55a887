//! Ten thousand rows, of which few are in the document.

use std::collections::BTreeSet;

use curfew::ui::VirtualList;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement};

use super::support::{Page, press, press_ctrl, settle, until};

#[derive(Clone, Copy)]
struct List {
    count: RwSignal<usize>,
    checked: RwSignal<BTreeSet<usize>>,
    all: RwSignal<u32>,
    version: RwSignal<u32>,
    drawn: StoredValue<usize>,
}

async fn list(count: usize) -> (Page, List) {
    let list = List {
        count: RwSignal::new(count),
        checked: RwSignal::default(),
        all: RwSignal::default(),
        version: RwSignal::default(),
        drawn: StoredValue::new(0),
    };
    let page = Page::of(move || {
        let row = move |index: usize| {
            list.drawn.update_value(|drawn| *drawn += 1);
            view! { <span>{list.version.get_untracked()} ":" {index}</span> }.into_any()
        };
        let toggle = move |index: usize| {
            list.checked.update(|checked| {
                if !checked.remove(&index) {
                    checked.insert(index);
                }
            });
        };
        view! {
            <VirtualList
                label="Devices"
                count=list.count
                row_height=40.0
                version=move || list.version.track()
                row=row
                checked=move |index: usize| list.checked.with(|checked| checked.contains(&index))
                on_toggle=toggle
                on_all=move |()| list.all.update(|n| *n += 1)
            />
        }
    })
    .await;
    (page, list)
}

/// The row that a screen reader is on.
fn active(page: &Page) -> HtmlElement {
    let id = page.get("[role=listbox]").get_attribute("aria-activedescendant").unwrap();
    document().get_element_by_id(&id).unwrap().unchecked_into()
}

fn position(row: &HtmlElement) -> usize {
    row.get_attribute("aria-posinset").unwrap().parse().unwrap()
}

/// Whether the whole row is visible in the list.
fn in_sight(page: &Page, row: &HtmlElement) -> bool {
    let (list, row) =
        (page.get("[role=listbox]").get_bounding_client_rect(), row.get_bounding_client_rect());
    row.top() >= list.top() - 1.0 && row.bottom() <= list.bottom() + 1.0
}

#[wasm_bindgen_test]
async fn only_visible_rows_exist_wherever_it_is_scrolled_to() {
    let (page, _) = list(10_000).await;
    let listbox = page.get("[role=listbox]");
    let in_sight_only = listbox.client_height().unsigned_abs().div_ceil(40);
    assert_eq!(page.count("[role=option]"), in_sight_only + 2);
    assert_eq!(page.get(".list-space").offset_height(), 400_000);
    assert_eq!(page.get("[role=option]").get_attribute("aria-setsize").as_deref(), Some("10000"));
    listbox.set_scroll_top(200_000);
    until("the rows follow", || page.find("[aria-posinset='5001']").is_some()).await;
    assert!(in_sight(&page, &page.get("[aria-posinset='5001']")));
    assert!(page.find("[aria-posinset='1']").is_none());
    assert_eq!(page.count("[role=option]"), in_sight_only + 2 * 2);
}

#[wasm_bindgen_test]
async fn keys_move_the_active_row_and_keep_it_in_sight() {
    let (page, list) = list(10_000).await;
    let listbox = page.get("[role=listbox]");
    listbox.focus().unwrap();
    assert_eq!(position(&active(&page)), 1);
    for (key, place) in [
        ("ArrowDown", 2),
        ("ArrowDown", 3),
        ("ArrowUp", 2),
        ("End", 10_000),
        ("ArrowDown", 10_000),
        ("Home", 1),
        ("ArrowUp", 1),
    ] {
        assert!(press(&listbox, key), "the page does not scroll");
        until(key, || {
            listbox
                .get_attribute("aria-activedescendant")
                .is_some_and(|id| id.ends_with(&format!("-{}", place - 1)))
                && page
                    .find(&format!("[aria-posinset='{place}']"))
                    .is_some_and(|row| in_sight(&page, &row))
        })
        .await;
        assert_eq!(position(&active(&page)), place, "{key}");
        // This attribute draws the ring, only around this row.
        let ring = format!("[data-active='true'][aria-posinset='{place}']");
        until("the ring follows", || page.find(&ring).is_some()).await;
        assert_eq!(page.count("[data-active='true']"), 1, "{key}");
    }
    press(&listbox, "PageDown");
    settle().await;
    let page_down = position(&active(&page));
    assert!((5..=12).contains(&page_down), "{page_down}");
    press(&listbox, "PageUp");
    settle().await;
    assert_eq!(position(&active(&page)), 1);
    assert!(!press(&listbox, "Tab"), "no trap");

    // Esc folds what the active row shows over the next one, until the next key. A second Esc is not the list's.
    assert!(press(&listbox, "Escape"));
    until("the row is folded", || page.count("[data-active='folded'][aria-posinset='1']") == 1)
        .await;
    assert!(!press(&listbox, "Escape"));
    assert!(press(&listbox, "ArrowDown"));
    until("the next row shows all", || page.count("[data-active='true'][aria-posinset='2']") == 1)
        .await;
    assert!(press(&listbox, "Home"));

    assert!(press(&listbox, " "));
    assert_eq!(list.checked.get_untracked(), BTreeSet::from([0]));
    assert!(press_ctrl(&listbox, "a"));
    assert_eq!(list.all.get_untracked(), 1);
    assert!(!press(&listbox, "a"));
}

#[wasm_bindgen_test]
async fn a_click_checks_a_row_without_redrawing_any() {
    let (page, list) = list(10_000).await;
    let drawn = list.drawn.get_value();
    let row = page.get("[aria-posinset='4']");
    assert_eq!(row.get_attribute("aria-checked").as_deref(), Some("false"));
    row.click();
    settle().await;
    assert_eq!(row.get_attribute("aria-checked").as_deref(), Some("true"));
    assert_eq!(page.count("[aria-checked=true]"), 1);
    assert_eq!(position(&active(&page)), 4);
    assert_eq!(list.drawn.get_value(), drawn);
}

#[wasm_bindgen_test]
async fn changed_rows_are_redrawn() {
    let (page, list) = list(10_000).await;
    assert_eq!(page.text("[aria-posinset='1'] > span:last-child"), "0:0");
    list.version.set(1);
    settle().await;
    assert_eq!(page.text("[aria-posinset='1'] > span:last-child"), "1:0");
}

#[wasm_bindgen_test]
async fn a_list_that_shrinks_keeps_an_active_row_and_an_empty_one_has_none() {
    let (page, list) = list(10_000).await;
    let listbox = page.get("[role=listbox]");
    press(&listbox, "End");
    until("at the end", || page.find("[aria-posinset='10000']").is_some()).await;
    list.count.set(3);
    until("three rows", || page.count("[role=option]") == 3).await;
    assert_eq!(position(&active(&page)), 3);
    list.count.set(0);
    settle().await;
    assert_eq!(page.count("[role=option]"), 0);
    assert_eq!(listbox.get_attribute("aria-activedescendant"), None);
    assert!(press(&listbox, " "));
    assert!(list.checked.get_untracked().is_empty(), "nothing to check");
}

#[wasm_bindgen_test]
async fn rows_grow_with_the_text() {
    let root: HtmlElement = document().document_element().unwrap().unchecked_into();
    root.set_attribute("style", "font-size: 32px").unwrap();
    let (page, _) = list(100).await;
    let height = page.get("[role=option]").offset_height();
    root.remove_attribute("style").unwrap();
    assert_eq!(height, 80);
    // Rows that already exist follow.
    window().dispatch_event(&Event::new("resize").unwrap()).unwrap();
    until("rows of the usual height", || page.get("[role=option]").offset_height() == 40).await;
    assert_eq!(page.get("[aria-posinset='2']").offset_top(), 40);
    assert_eq!(page.get(".list-space").offset_height(), 4_000);
}

#[wasm_bindgen_test]
async fn a_list_with_a_head_is_a_grid() {
    let count = RwSignal::new(10_000);
    let (pressed, checked) = (RwSignal::new(0), RwSignal::new(BTreeSet::new()));
    let page = Page::of(move || {
        let head = move |()| {
            view! {
                <div role="columnheader">
                    <button on:click=move |_| pressed.update(|n| *n += 1)>"Name"</button>
                </div>
            }
            .into_any()
        };
        let row = |index: usize| view! { <span role="gridcell">{index}</span> }.into_any();
        view! {
            <VirtualList
                label="Sessions"
                count=count
                row_height=40.0
                head=head
                row=row
                checked=move |index: usize| checked.with(|checked| checked.contains(&index))
                on_toggle=move |index: usize| checked.update(|checked| _ = checked.insert(index))
            />
        }
    })
    .await;
    let grid = page.get("[role=grid]");
    assert_eq!(grid.get_attribute("aria-rowcount").as_deref(), Some("10001"), "with the head");
    assert_eq!(page.count("[role=grid] > [role=row] > [role=columnheader]"), 1);
    assert_eq!(
        page.get("[aria-rowindex='1']").get_attribute("class").as_deref(),
        Some("list-head")
    );
    assert_eq!(page.text("[aria-rowindex='2'] [role=gridcell]"), "0");
    assert_eq!(page.count("[role=option], [aria-posinset], [aria-checked]"), 0);
    // A row of which the head covers nothing.
    press(&grid, "End");
    let last = "[data-active=true][aria-rowindex='10001']";
    until("at the end", || page.find(last).is_some()).await;
    press(&grid, "Home");
    let first = "[data-active=true][aria-rowindex='2']";
    until("at the start", || page.find(first).is_some()).await;
    let bottom = |selector: &str| page.get(selector).get_bounding_client_rect().bottom();
    let top = || page.get(first).get_bounding_client_rect().top();
    until("the row is below the head", || (top() - bottom(".list-head")).abs() < 1.0).await;
    press(&grid, " ");
    settle().await;
    assert_eq!(page.get(first).get_attribute("aria-selected").as_deref(), Some("true"));
    // Keys of the head's controls are theirs.
    let button = page.button("Name");
    assert!(!press(&button, "End"), "the list leaves it alone");
    settle().await;
    assert!(page.find(first).is_some());
    count.set(3);
    settle().await;
    assert_eq!(grid.get_attribute("aria-rowcount").as_deref(), Some("4"));
}
