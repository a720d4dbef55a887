//! The keyboard shortcuts of all pages, and the list of them. A component handles its own keys.

use crate::state::Preferences;
use crate::ui::{Button, Dialog, Look, content, dynamic};
use crate::web::{dom, keys};
use leptos::prelude::*;
use text::Label;

/// Keys, and what each of them does.
const SHORTCUTS: [(&[Label], Label); 10] = [
    (&[|| "?".to_owned()], text::shortcut_help),
    (&[|| "/".to_owned()], text::shortcut_search),
    (&[text::keys_palette], text::shortcut_palette),
    (&[text::keys_review], text::shortcut_review),
    (&[text::key_down], text::shortcut_into_list),
    (&[text::key_enter], text::shortcut_only_row),
    (
        &[text::key_arrows, text::key_page_up, text::key_page_down, text::key_home, text::key_end],
        text::shortcut_move,
    ),
    (&[text::keys_check], text::shortcut_check),
    (&[text::keys_all], text::shortcut_all),
    (&[text::keys_close], text::shortcut_close),
];

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
            .then(|| view! { <p class="quiet" prop:textContent=content(text::shortcuts_off())/> })
    };
    view! {
        <Dialog open=open heading=text::shortcuts() on_close=close>
            {dynamic(off)}
            <dl class="facts keys">{Vec::from(SHORTCUTS.map(line))}</dl>
            <div class="dialog-actions">
                <Button label=text::close() look=Look::Plain on_press=close/>
            </div>
        </Dialog>
    }
}

fn line((keys, does): (&[Label], Label)) -> AnyView {
    let keys =
        keys.iter().map(|key| view! { <kbd prop:textContent=content(key())/> }).collect_view();
    view! {
        <dt class="actions">{keys}</dt>
        <dd prop:textContent=content(does())/>
    }
    .into_any()
}
