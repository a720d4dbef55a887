//! Which browser this is, for reports only. Nothing may depend on it.

/// What the browser calls itself; empty where it does not say.
pub fn user_agent() -> String {
    leptos::prelude::window().navigator().user_agent().unwrap_or_default()
}
