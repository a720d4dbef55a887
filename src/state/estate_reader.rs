//! Reads the live sessions of the whole estate for the search. Core decides what is read next; this makes the reads.

use super::{ConfigStore, InventoryStore, LiveSessions};
use crate::web::{Latest, effect, sleep, time, visibility};
use curfew_core::find::{Ask, Finds, Query, Reader};
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// How long the search must stay unchanged before devices are read again for it.
const SETTLE: Duration = Duration::from_millis(500);

/// How the whole estate is read, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct EstateReader {
    reader: RwSignal<Reader>,
    /// One slot for each read at a time, and whether it is in use.
    slots: StoredValue<Vec<(Latest, bool)>>,
    /// Reads again for a changed search.
    following: Latest,
    inventory_store: InventoryStore,
    live_sessions: LiveSessions,
}

impl EstateReader {
    /// Provides it; nothing is being read.
    pub fn provide(
        config: ConfigStore,
        inventory_store: InventoryStore,
        live_sessions: LiveSessions,
    ) -> Self {
        let most = usize::from(config.with(|config| config.reads_at_once));
        let reader = Self {
            reader: RwSignal::new(Reader::new(most)),
            slots: StoredValue::new((0..most).map(|_| (Latest::new(), false)).collect()),
            following: Latest::new(),
            inventory_store,
            live_sessions,
        };
        let hidden = visibility::hidden();
        effect(move || {
            if !hidden.get() {
                reader.read_on();
            }
        });
        provide_context(reader);
        reader
    }

    /// The reader of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Reads every unit that is not current, starting with those that the search names.
    pub fn start(self, query: &Query) {
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else { return };
        let now = Timestamp(time::epoch_ms());
        self.live_sessions.known().with_untracked(|live| {
            self.reader.update(|reader| reader.start(&inventory, live, query, now));
        });
        self.read_on();
    }

    /// Reads every unit again, also those that are current.
    pub fn start_again(self, query: &Query) {
        let Some(inventory) = untrack(move || self.inventory_store.inventory()) else { return };
        self.live_sessions.known().with_untracked(|live| {
            self.reader.update(|reader| reader.start_again(&inventory, live, query));
        });
        self.read_on();
    }

    /// The search has changed. What it would find and was not kept is read again, once the text stays the same for a while.
    pub fn follow(self, query: &Query) {
        let live = self.live_sessions.known();
        let is_stale = live.with_untracked(|live| {
            self.reader.try_update_untracked(|reader| reader.follow(query, live))
        });
        if is_stale == Some(true) {
            let query = query.clone();
            self.following.run(async move {
                sleep(SETTLE).await;
                self.start(&query);
            });
        } else {
            self.following.cancel();
        }
    }

    /// What of a device's sessions the search finds.
    fn finds(self, ask: &Ask) -> Option<Finds> {
        let Ask::Sessions(device) = ask else { return None };
        let inventory = untrack(move || self.inventory_store.inventory())?;
        Some(self.reader.with_untracked(|reader| reader.finds(device, &inventory)))
    }

    /// The state of the reading. Tracked.
    pub fn with<T>(self, look: impl FnOnce(&Reader) -> T) -> T {
        self.reader.with(look)
    }

    /// Stops, continues, or also reads the rest.
    pub fn change(self, change: fn(&mut Reader)) {
        self.reader.update(change);
        self.read_on();
    }

    /// Ends all reads and forgets what was to be read.
    pub fn forget(self) {
        self.slots.update_value(|slots| {
            for (slot, in_use) in slots {
                slot.cancel();
                *in_use = false;
            }
        });
        self.reader.update(|reader| *reader = reader.restarted());
    }

    /// Makes all reads that can be made now.
    fn read_on(self) {
        let now = Timestamp(time::epoch_ms());
        while let Some((place, slot)) = self.free_slot() {
            let mut next = None;
            self.live_sessions.known().with_untracked(|live| {
                // Unchanged, it notifies nobody.
                self.reader.maybe_update(|reader| {
                    next = reader.next(live, now, visibility::is_hidden());
                    next.is_some()
                });
            });
            let Some(ask) = next else { return };
            self.mark(place, true);
            slot.run(async move {
                let answered = self.live_sessions.ask_one(&ask, self.finds(&ask)).await;
                self.mark(place, false);
                self.live_sessions.known().with_untracked(|live| {
                    self.reader.update(|reader| reader.note(&ask, answered, live));
                });
                self.read_on();
            });
        }
    }

    fn free_slot(self) -> Option<(usize, Latest)> {
        self.slots.with_value(|slots| {
            let place = slots.iter().position(|(_, in_use)| !in_use)?;
            slots.get(place).map(|(slot, _)| (place, *slot))
        })
    }

    fn mark(self, place: usize, in_use: bool) {
        self.slots.update_value(|slots| {
            if let Some(slot) = slots.get_mut(place) {
                slot.1 = in_use;
            }
        });
    }
}
