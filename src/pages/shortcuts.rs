//! The keyboard shortcuts of all pages, and the list of them. A component handles its own keys.

use crate::state::Preferences;
use crate::ui::{Button, Dialog, Look};
use crate::web::{dom, keys};
use leptos::prelude::*;
use text::Label;

/// The list, and the keys that work on every page. `open` is whether the list is shown.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    let preferences = Preferences::get();
    keys::on_key(move |key| {
        if !preferences.shortcuts().get_untracked() {
            return false;
        }
        match key {
            "?" => open.set(true),
            "/" => return dom::focus_first("input[type=search]"),
            _ => return false,
        }
        true
    });
    let close = Callback::new(move |()| open.set(false));
    let off = move || {
        (!preferences.shortcuts().get())
            .then(|| view! { <p class="quiet">{text::shortcuts_off()}</p> })
    };
    view! {
        <Dialog open=open heading=text::shortcuts() on_close=close>
            {off}
            <dl class="facts keys">
                <Key keys="?".to_owned() does=text::shortcut_help/>
                <Key keys="/".to_owned() does=text::shortcut_search/>
                <Key keys=text::keys_move() does=text::shortcut_move/>
                <Key keys=text::keys_check() does=text::shortcut_check/>
                <Key keys=text::keys_all() does=text::shortcut_all/>
                <Key keys=text::keys_close() does=text::shortcut_close/>
            </dl>
            <div class="dialog-actions">
                <Button label=text::close() look=Look::Plain on_press=close/>
            </div>
        </Dialog>
    }
}

/// `keys` are one or several, separated by commas.
#[component]
fn Key(keys: String, does: Label) -> impl IntoView {
    let keys = keys.split(", ").map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view();
    view! {
        <dt class="actions">{keys}</dt>
        <dd>{does()}</dd>
    }
}
