//! Content that is there while a condition holds. Leptos has such a component too, which is compiled for each use of it: 18 uses were
//! about 1 kB each.

use super::dynamic::dynamic;
use leptos::prelude::*;

/// Shows its children while `when` is true, and otherwise the fallback. They are built again each time `when` changes.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> AnyView {
    // A signal may be set to the value that it has.
    let when = Memo::new(move |_| when.get());
    dynamic(move || if when.get() { children() } else { fallback.run() })
}
