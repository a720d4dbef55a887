//! The keyboard shortcuts of all pages, and the list of them. A component handles its own keys.

use crate::state::Preferences;
use crate::text::{Word, t};
use crate::ui::{Button, Dialog, Look};
use crate::web::{dom, keys};
use leptos::prelude::*;

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
            .then(|| view! { <p class="quiet">{t(Word::ShortcutsOff)}</p> })
    };
    view! {
        <Dialog open=open heading=t(Word::Shortcuts) on_close=close>
            {off}
            <dl class="facts keys">
                <Key keys="?".to_owned() does=Word::ShortcutHelp/>
                <Key keys="/".to_owned() does=Word::ShortcutSearch/>
                <Key keys=t(Word::KeysMove) does=Word::ShortcutMove/>
                <Key keys=t(Word::KeysCheck) does=Word::ShortcutCheck/>
                <Key keys=t(Word::KeysAll) does=Word::ShortcutAll/>
                <Key keys=t(Word::KeysClose) does=Word::ShortcutClose/>
            </dl>
            <div class="dialog-actions">
                <Button label=t(Word::Close) look=Look::Plain on_press=close/>
            </div>
        </Dialog>
    }
}

/// `keys` are one or several, separated by commas.
#[component]
fn Key(keys: String, does: Word) -> impl IntoView {
    let keys = keys.split(", ").map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view();
    view! {
        <dt class="actions">{keys}</dt>
        <dd>{t(does)}</dd>
    }
}
