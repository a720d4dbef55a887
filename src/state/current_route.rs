//! Where the operator is in the app, according to the address.

use crate::web::{effect, hash};
use curfew_core::app::{Prefill, Route};
use leptos::prelude::*;

/// The route, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct CurrentRoute {
    route: Memo<Route>,
}

impl CurrentRoute {
    /// Follows the address. The values in a deep link are passed to `prefill` once and removed from the address.
    pub fn provide(prefill: impl Fn(Prefill) + Send + Sync + 'static) -> Self {
        let fragment = hash::fragment();
        let route = Memo::new(move |_| match Route::parse(&fragment.get()) {
            // The page is the same, whatever the link fills in.
            Route::Kill(_) => Route::kill(),
            other => other,
        });
        effect(move || {
            if let Route::Kill(filled) = Route::parse(&fragment.get())
                && !filled.is_empty()
            {
                prefill(filled);
                hash::replace(Route::kill().href().trim_start_matches('#'));
            }
        });
        let current = Self { route };
        provide_context(current);
        current
    }

    /// The route of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Where the operator is. Tracked.
    pub fn route(&self) -> Route {
        self.route.get()
    }

    /// Navigates to another route.
    pub fn go(self, route: &Route) {
        hash::go(route.href().trim_start_matches('#'));
    }
}
