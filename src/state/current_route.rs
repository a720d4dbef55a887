//! Where in the app the operator is, from the address. It must not know pages.

use crate::web::hash;
use curfew_core::app::{Prefill, Route};
use leptos::prelude::*;

/// The route, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct CurrentRoute {
    route: Memo<Route>,
}

impl CurrentRoute {
    /// Follows the address. What a deep link fills in is handed to `prefill` once and cleared from the address.
    pub fn provide(prefill: impl Fn(Prefill) + Send + Sync + 'static) -> Self {
        let fragment = hash::fragment();
        let route = Memo::new(move |_| match Route::parse(&fragment.get()) {
            // The page is the same whatever was filled in.
            Route::Kill(_) => Route::home(),
            other => other,
        });
        Effect::new(move |_| {
            if let Route::Kill(filled) = Route::parse(&fragment.get())
                && !filled.is_empty()
            {
                prefill(filled);
                hash::replace(Route::home().href().trim_start_matches('#'));
            }
        });
        let place = Self { route };
        provide_context(place);
        place
    }

    /// The place of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Where the operator is. Tracked.
    pub fn route(&self) -> Route {
        self.route.get()
    }

    /// Goes somewhere else.
    pub fn go(self, route: &Route) {
        hash::go(route.href().trim_start_matches('#'));
    }
}
