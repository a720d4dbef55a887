//! The inventory that the pages show, and its reading. It must not decide what is chosen.

use super::{Remote, Session};
use crate::rt::Latest;
use curfew_core::Inventory;
use leptos::prelude::*;
use std::sync::Arc;

/// The inventory, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Estate {
    reading: RwSignal<Remote<Arc<Inventory>>>,
    latest: Latest,
    session: Session,
}

impl Estate {
    /// Nothing read yet.
    pub fn provide(session: Session) -> Self {
        let estate = Self { reading: RwSignal::new(Remote::Idle), latest: Latest::new(), session };
        provide_context(estate);
        estate
    }

    /// The inventory of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What is known. Tracked.
    pub fn reading(&self) -> ReadSignal<Remote<Arc<Inventory>>> {
        self.reading.read_only()
    }

    /// The newest reading, however old. Tracked.
    pub fn inventory(&self) -> Option<Arc<Inventory>> {
        self.reading.with(|reading| reading.data().cloned())
    }

    /// Reads it anew; what was there stays until the answer has come.
    pub fn read(self) {
        self.reading.update(|reading| {
            *reading = std::mem::replace(reading, Remote::Idle).reloading();
        });
        self.latest.run(async move {
            let answer = self.session.ask(async |client| client.inventory().await).await;
            self.reading.update(|reading| {
                *reading = std::mem::replace(reading, Remote::Idle).answered(answer.map(Arc::new));
            });
        });
    }

    /// Forgets it.
    pub fn forget(self) {
        self.latest.cancel();
        self.reading.set(Remote::Idle);
    }
}
