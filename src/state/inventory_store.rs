//! The inventory that the pages show, and its reading.

use super::{Loadable, SignIn};
use crate::web::{BrowserProfiler, Latest, time};
use curfew_core::inventory::{DeviceList, Inventory};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;

/// The inventory, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct InventoryStore {
    reading: ReadSignal<Loadable<Arc<Inventory>>>,
    set_reading: WriteSignal<Loadable<Arc<Inventory>>>,
    latest: Latest,
    sign_in: SignIn,
}

impl InventoryStore {
    /// Provides it; nothing is read yet.
    pub fn provide(sign_in: SignIn) -> Self {
        let (reading, set_reading) = signal(Loadable::Idle);
        let inventory_store = Self { reading, set_reading, latest: Latest::new(), sign_in };
        provide_context(inventory_store);
        inventory_store
    }

    /// The inventory of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// The state of the reading. Tracked.
    pub fn reading(&self) -> ReadSignal<Loadable<Arc<Inventory>>> {
        self.reading
    }

    /// The newest reading, however old. Tracked.
    pub fn inventory(&self) -> Option<Arc<Inventory>> {
        self.reading.with(|reading| reading.data().cloned())
    }

    /// The newest reading; an inventory without devices if none could be read. `None` until there is an answer. Tracked.
    pub fn readable(&self) -> Option<Arc<Inventory>> {
        self.inventory().or_else(|| {
            let has_failed = self.reading.with(|reading| reading.error().is_some());
            has_failed.then(|| Arc::new(Inventory::unread(Timestamp(time::epoch_ms()))))
        })
    }

    /// Adds devices that were looked up; they stay when it is read again.
    pub fn add(self, devices: DeviceList) {
        if devices.ids().next().is_some() {
            self.extend(devices);
        }
    }

    /// Continues although no list could be read, for targets that are sent as they were typed.
    pub fn use_unread(self) {
        self.extend(DeviceList::default());
    }

    fn extend(self, devices: DeviceList) {
        let Some(inventory) = untrack(|| self.readable()) else { return };
        let more = Arc::new(inventory.with(devices));
        self.set_reading.update(|reading| {
            *reading = std::mem::replace(reading, Loadable::Idle).with_data(more);
        });
    }

    /// Reads it again; the previous reading stays until the answer has arrived.
    pub fn read(self) {
        self.set_reading.update(|reading| {
            *reading = std::mem::replace(reading, Loadable::Idle).reloading();
        });
        self.latest.run(async move {
            let answer =
                self.sign_in.ask(async |client| client.inventory(&BrowserProfiler).await).await;
            self.set_reading.update(|reading| {
                let answer = answer.map(|inventory| match reading.data() {
                    Some(earlier) => Arc::new(inventory.with_added_of(earlier)),
                    None => Arc::new(inventory),
                });
                *reading = std::mem::replace(reading, Loadable::Idle).answered(answer);
            });
        });
    }

    /// Forgets it.
    pub fn forget(self) {
        self.latest.cancel();
        self.set_reading.set(Loadable::Idle);
    }
}
