//! The operator's preferences, stored in the browser; nothing in them is secret. They work, unsaved, if nothing can be
//! stored.

use crate::web::dom;
use crate::web::storage::Storage;
use leptos::prelude::*;

const THEME: &str = "curfew:theme";
const SHORTCUTS: &str = "curfew:shortcuts";
const NOTIFY: &str = "curfew:notify";

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The system's setting.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in storage and markup.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).unwrap_or_default()
    }
}

/// Preferences, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Preferences {
    theme: RwSignal<Theme>,
    shortcuts: (ReadSignal<bool>, WriteSignal<bool>),
    notify: (ReadSignal<bool>, WriteSignal<bool>),
}

impl Preferences {
    /// Provides the stored preferences.
    pub fn provide() -> Self {
        let stored = Storage::Preferences.get(THEME).ok().flatten();
        let theme = stored.map(|text| Theme::parse(&text)).unwrap_or_default();
        let preferences = Self {
            theme: RwSignal::new(theme),
            shortcuts: signal(stored_flag(SHORTCUTS, true)),
            notify: signal(stored_flag(NOTIFY, false)),
        };
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
        self.shortcuts.0
    }

    /// Whether a system notification reports the end of the jobs. Off by default.
    pub fn notify(&self) -> ReadSignal<bool> {
        self.notify.0
    }

    /// Switches single-key shortcuts on or off.
    pub fn use_shortcuts(&self, on: bool) {
        self.shortcuts.1.set(on);
        store_flag(SHORTCUTS, on);
    }

    /// Switches notifications on or off. The browser also has to allow them.
    pub fn use_notify(&self, on: bool) {
        self.notify.1.set(on);
        store_flag(NOTIFY, on);
    }

    /// Uses the portal's theme, by its name in markup, without storing it.
    pub fn dress(&self, name: &str) {
        let theme = Theme::parse(name);
        self.theme.set(theme);
        show(theme);
    }

    /// Selects a theme, by its name in markup.
    pub fn choose_theme(&self, name: &str) {
        let theme = Theme::parse(name);
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
