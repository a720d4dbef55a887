//! The operator's preferences, stored in the browser; nothing in them is secret. They work, unsaved, if nothing can be
//! stored.

use crate::web::dom;
use crate::web::storage::Storage;
use curfew_core::app::Theme;
use leptos::prelude::*;

const THEME: &str = "curfew:theme";
const SHORTCUTS: &str = "curfew:shortcuts";
const NOTIFY: &str = "curfew:notify";

/// Preferences, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Preferences {
    theme: RwSignal<Theme>,
    shortcuts: ReadSignal<bool>,
    set_shortcuts: WriteSignal<bool>,
    notify: ReadSignal<bool>,
    set_notify: WriteSignal<bool>,
}

impl Preferences {
    /// Provides the stored preferences.
    pub fn provide() -> Self {
        let stored = Storage::Preferences.get(THEME).ok().flatten();
        let theme = stored.and_then(|name| Theme::parse(&name)).unwrap_or_default();
        let (shortcuts, set_shortcuts) = signal(stored_flag(SHORTCUTS, true));
        let (notify, set_notify) = signal(stored_flag(NOTIFY, false));
        let theme_signal = RwSignal::new(theme);
        let preferences =
            Self { theme: theme_signal, shortcuts, set_shortcuts, notify, set_notify };
        show(theme);
        provide_context(preferences);
        preferences
    }

    /// The preferences of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Light or dark. Tracked.
    pub fn theme(&self) -> Theme {
        self.theme.get()
    }

    /// Whether single-key shortcuts work. On by default.
    pub fn shortcuts(&self) -> ReadSignal<bool> {
        self.shortcuts
    }

    /// Whether a system notification reports the end of the jobs. Off by default.
    pub fn notify(&self) -> ReadSignal<bool> {
        self.notify
    }

    /// Switches single-key shortcuts on or off.
    pub fn use_shortcuts(&self, on: bool) {
        self.set_shortcuts.set(on);
        store_flag(SHORTCUTS, on);
    }

    /// Switches notifications on or off. The browser also has to allow them.
    pub fn use_notify(&self, on: bool) {
        self.set_notify.set(on);
        store_flag(NOTIFY, on);
    }

    /// Uses the portal's theme without storing it.
    pub fn apply_theme(&self, theme: Theme) {
        self.theme.set(theme);
        show(theme);
    }

    /// Selects a theme.
    pub fn choose_theme(&self, theme: Theme) {
        self.theme.set(theme);
        show(theme);
        // If the browser stores nothing, the choice lasts until the page is closed.
        _ = Storage::Preferences.set(THEME, theme.as_str());
    }
}

fn stored_flag(key: &str, default: bool) -> bool {
    match Storage::Preferences.get(key).ok().flatten().as_deref() {
        Some("on") => true,
        Some("off") => false,
        _ => default,
    }
}

fn store_flag(key: &str, on: bool) {
    _ = Storage::Preferences.set(key, if on { "on" } else { "off" });
}

fn show(theme: Theme) {
    let attribute = (theme != Theme::System).then_some(theme.as_str());
    dom::set_root_attribute("data-theme", attribute);
}
