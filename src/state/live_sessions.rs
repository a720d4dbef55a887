//! What devices report through BIG-IQ: their roles and live sessions. They are read when a plan or a list needs them,
//! few at a time, each with a time limit, and kept with their time. No answer never means "no sessions".

use super::SignIn;
use crate::web::{Latest, four_at_once, sleep, time};
use curfew_client::error::ApiError;
use curfew_core::find::{Answered, Ask, Finds};
use curfew_core::ids::MachineId;
use curfew_core::inventory::{HaRole, Inventory, Live};
use curfew_core::job::Failure;
use curfew_core::plan::PlannedDevice;
use curfew_core::sorted::{SortedMap, SortedSet};
use curfew_core::timestamp::Timestamp;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// How long the selection must stay unchanged before devices are read.
const SETTLE: Duration = Duration::from_millis(300);
/// The time limit for one device.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// What is known about devices beyond the inventory, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct LiveSessions {
    known: ReadSignal<Live>,
    set_known: WriteSignal<Live>,
    /// Why devices returned no session list when they were last read.
    silent: RwSignal<SortedMap<MachineId, Failure>>,
    /// When the latest read of each began.
    asked: StoredValue<SortedMap<Ask, Timestamp>>,
    /// How often sessions were marked as outdated.
    outdated: RwSignal<usize>,
    busy: RwSignal<bool>,
    /// Whether devices are still to be read automatically.
    is_due: RwSignal<bool>,
    /// Automatic reads, and those requested by the operator: the former wait for the latter.
    unasked: Latest,
    wanted: Latest,
    /// Whether the latter are running.
    is_wanted: RwSignal<bool>,
    sign_in: SignIn,
}

impl LiveSessions {
    /// How many devices are read automatically.
    pub const UNASKED: usize = 32;

    /// Provides it; nothing is known yet.
    pub fn provide(sign_in: SignIn) -> Self {
        let (known, set_known) = signal(Live::default());
        let live_sessions = Self {
            known,
            set_known,
            silent: RwSignal::default(),
            asked: StoredValue::default(),
            outdated: RwSignal::new(0),
            busy: RwSignal::new(false),
            is_due: RwSignal::new(false),
            unasked: Latest::new(),
            wanted: Latest::new(),
            is_wanted: RwSignal::new(false),
            sign_in,
        };
        provide_context(live_sessions);
        live_sessions
    }

    /// The live sessions of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What is known.
    pub fn known(&self) -> ReadSignal<Live> {
        self.known
    }

    /// Why a device returned no session list when it was last read. Tracked.
    pub fn why_unread(&self, device: &MachineId) -> Option<Failure> {
        self.silent.with(|silent| silent.get(device).cloned())
    }

    /// Those of a plan's devices that returned no session list when they were last read. Tracked.
    pub fn silent_of(&self, reached: &[PlannedDevice]) -> Vec<MachineId> {
        self.silent.with(|silent| {
            let is_silent = |device: &&PlannedDevice| silent.contains_key(&device.id);
            reached.iter().filter(is_silent).map(|device| device.id.clone()).collect()
        })
    }

    /// Whether answers are pending.
    pub fn busy(&self) -> Signal<bool> {
        self.busy.into()
    }

    /// Whether a device's sessions were read since the last kill, or need no reading because it is a standby. Tracked:
    /// reading ends with a change of [`Self::busy`].
    pub fn has_asked(&self, device: &MachineId) -> bool {
        self.busy.track();
        let key = Ask::Sessions(device.clone());
        let began = self.asked.with_value(|asked| asked.get(&key).copied());
        self.known.with_untracked(|known| {
            began.is_some_and(|began| known.is_current(began, began))
                || known.role(device) == HaRole::Standby
        })
    }

    /// Whether answers are pending, or reads about to start: unknown numbers may be known in a moment. Tracked.
    pub fn is_asking(&self) -> bool {
        self.busy.get() || self.is_due.get()
    }

    /// Reads what is not current of the first [`Self::UNASKED`] of these devices and their clusters, replacing the
    /// previous automatic reads; after those that the operator requested.
    pub fn read_missing(self, inventory: Arc<Inventory>, mut devices: Vec<MachineId>) {
        devices.truncate(Self::UNASKED);
        self.is_due.set(true);
        self.unasked.run(async move {
            sleep(SETTLE).await;
            while self.is_wanted.get_untracked() {
                sleep(SETTLE).await;
            }
            self.ask_all(&inventory, devices, false).await;
            self.is_due.set(false);
        });
    }

    /// After a kill was sent: no automatic read that is due may read what the kill is about to end.
    pub fn skip_due(self) {
        self.unasked.cancel();
        self.is_due.set(false);
        if !self.is_wanted.get_untracked() {
            self.busy.set(false);
        }
        self.mark_outdated();
    }

    /// Reads all of these devices and their clusters again, at the operator's request.
    pub fn read_again(self, inventory: Arc<Inventory>, devices: Vec<MachineId>) {
        self.unasked.cancel();
        self.is_due.set(false);
        self.is_wanted.set(true);
        self.wanted.run(async move {
            self.ask_all(&inventory, devices, true).await;
            self.is_wanted.set(false);
        });
    }

    /// Reads those of these devices and their clusters that are not current.
    pub async fn read_outdated(self, inventory: &Inventory, devices: Vec<MachineId>) {
        self.ask_all(inventory, devices, false).await;
    }

    async fn ask_all(self, inventory: &Inventory, devices: Vec<MachineId>, again: bool) {
        self.busy.set(true);
        self.ask(Ask::Role, members(inventory, &devices), again).await;
        // A standby has no sessions of its own to end.
        let awake =
            |id: &MachineId| self.known.with_untracked(|known| known.role(id) != HaRole::Standby);
        self.ask(Ask::Sessions, devices.into_iter().filter(awake).collect(), again).await;
        self.busy.set(false);
    }

    /// Makes all known sessions outdated, as after a kill: the next request reads them again.
    pub fn mark_outdated(self) {
        self.set_known.update(|known| known.mark_outdated(Timestamp(time::epoch_ms())));
        self.outdated.update(|times| *times += 1);
    }

    /// Tracks when known sessions become outdated.
    pub fn track_outdated(self) {
        self.outdated.track();
    }

    /// Forgets everything.
    pub fn forget(self) {
        self.unasked.cancel();
        self.wanted.cancel();
        self.is_wanted.set(false);
        self.is_due.set(false);
        self.busy.set(false);
        self.asked.set_value(SortedMap::new());
        self.silent.set(SortedMap::new());
        self.set_known.set(Live::default());
    }

    /// Reads the devices whose answer is not current, a few at a time.
    async fn ask(self, ask: fn(MachineId) -> Ask, devices: SortedSet<MachineId>, again: bool) {
        let now = Timestamp(time::epoch_ms());
        let due = |ask: &Ask| {
            let began = self.asked.with_value(|asked| asked.get(ask).copied());
            let is_current =
                |at| self.known.with_untracked(|known: &Live| known.is_current(at, now));
            again || !began.is_some_and(is_current)
        };
        let asks = devices.into_iter().map(ask).filter(due);
        four_at_once(asks, async |ask| _ = self.ask_one(&ask, None).await).await;
    }

    /// Reads a role or sessions. For a search, `finds` says what is kept if there is too much to keep.
    pub(super) async fn ask_one(self, ask: &Ask, finds: Option<Finds>) -> Answered {
        let (began, before) = (Timestamp(time::epoch_ms()), time::monotonic_ms());
        let status;
        let Some(client) = self.sign_in.client() else { return Answered::After(Duration::ZERO) };
        match ask {
            Ask::Role(id) => {
                let role = in_time(client.role(id)).await;
                status = role.as_ref().err().and_then(Failure::status);
                self.set_known.update(|known| known.note_role(id, role.unwrap_or_default(), began));
            }
            Ask::Sessions(id) => {
                let reading = in_time(client.live_sessions(id)).await;
                // An answer without a list does not have the expected form.
                let unreadable = Failure::Unreadable { html: false };
                let reading = reading.and_then(|reading| reading.ok_or(unreadable));
                status = reading.as_ref().err().and_then(Failure::status);
                self.silent.update(|silent| match &reading {
                    Ok(_) => _ = silent.remove(id),
                    Err(failure) => silent.insert(id.clone(), failure.clone()),
                });
                self.set_known.update(|known| match reading {
                    Ok(reading) => match &finds {
                        Some(finds) => {
                            known.note_found(id, reading, finds.text(), &|session| {
                                finds.wants(session)
                            });
                        }
                        None => known.note_reading(id, reading),
                    },
                    Err(_) => known.forget_reading(id),
                });
            }
        }
        self.sign_in.note_end(&client);
        self.asked.update_value(|asked| asked.insert(ask.clone(), began));
        Answered::of(status, time::monotonic_ms() - before)
    }
}

/// The answer, if it arrives in time.
pub(super) async fn in_time<T>(
    answer: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, Failure> {
    match select(pin!(answer), pin!(sleep(PATIENCE))).await {
        Either::Left((answer, _)) => answer.map_err(|error| Failure::from(&error)),
        Either::Right(_) => Err(Failure::Timeout { seconds: PATIENCE.as_secs() }),
    }
}

/// All members of these devices' clusters: only together do they show which one is active.
fn members(inventory: &Inventory, devices: &[MachineId]) -> SortedSet<MachineId> {
    let clusters: SortedSet<&str> = SortedSet::from_iter(
        devices.iter().filter_map(|id| inventory.device(id)?.cluster.as_deref()),
    );
    let members = clusters.into_iter().filter_map(|name| inventory.cluster(name));
    SortedSet::from_iter(
        members.flat_map(|c| inventory.members(&c.members)).map(|device| device.id.clone()),
    )
}
