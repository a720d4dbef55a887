//! What devices say of themselves through BIG-IQ: role and live sessions. Asked when a plan or a list needs them, few at a
//! time, each for a limited time, kept with its age. A device that does not answer must not be read as a "no".

use super::SignIn;
use crate::api::ApiError;
use crate::web::{Latest, four_at_once, sleep, time};
use curfew_core::inventory::{HaRole, Inventory, Live};
use curfew_core::job::Failure;
use curfew_core::timestamp::Timestamp;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// The choice has to stand still for so long before anybody is asked.
const SETTLE: Duration = Duration::from_millis(300);
/// How long one device may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// An answer, or the lack of one, is good for so long, in milliseconds.
const FRESH: i64 = 60_000;

/// What is asked of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Role,
    Sessions,
}

/// What is known of devices beyond the inventory, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct LiveSessions {
    known: ReadSignal<Live>,
    set_known: WriteSignal<Live>,
    /// Why devices gave no list of sessions when they were last asked.
    silent: RwSignal<Vec<(String, Failure)>>,
    asked: StoredValue<BTreeMap<(Question, String), i64>>,
    busy: RwSignal<bool>,
    /// Whether something is still to be learnt unasked.
    is_due: RwSignal<bool>,
    /// What is learnt unasked, and what the operator asked for: the former waits for the latter.
    unasked: Latest,
    wanted: Latest,
    /// Whether the latter runs.
    is_wanted: RwSignal<bool>,
    session: SignIn,
}

impl LiveSessions {
    /// How many devices are asked without being told to.
    pub const UNASKED: usize = 32;

    /// Nothing known yet.
    pub fn provide(session: SignIn) -> Self {
        let (known, set_known) = signal(Live::default());
        let lookout = Self {
            known,
            set_known,
            silent: RwSignal::default(),
            asked: StoredValue::default(),
            busy: RwSignal::new(false),
            is_due: RwSignal::new(false),
            unasked: Latest::new(),
            wanted: Latest::new(),
            is_wanted: RwSignal::new(false),
            session,
        };
        provide_context(lookout);
        lookout
    }

    /// The lookout of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What is known.
    pub fn known(&self) -> ReadSignal<Live> {
        self.known
    }

    /// Why a device gave no list of sessions when it was last asked. Tracked.
    pub fn silence(&self, device: &str) -> Option<Failure> {
        self.silent
            .with(|silent| silent.iter().find(|(id, _)| id == device).map(|(_, why)| why.clone()))
    }

    /// Whether answers are awaited.
    pub fn busy(&self) -> Signal<bool> {
        self.busy.into()
    }

    /// Whether a device was asked for its sessions since the last kill, or needs no asking because it is a standby.
    /// Tracked: asking changes [`Self::busy`] at its end.
    pub fn has_asked(&self, device: &str) -> bool {
        self.busy.track();
        let key = (Question::Sessions, device.to_owned());
        self.asked.with_value(|asked| asked.contains_key(&key))
            || self.known.with_untracked(|known| known.role(device) == HaRole::Standby)
    }

    /// Whether answers are awaited, or questions about to be asked: what is not known yet may be known in a moment. Tracked.
    pub fn is_asking(&self) -> bool {
        self.busy.get() || self.is_due.get()
    }

    /// Learns of the first [`Self::UNASKED`] of these devices and their clusters what is not known of late, in the place of
    /// whatever was being learnt unasked; after what the operator asked for.
    pub fn learn(self, inventory: Arc<Inventory>, mut devices: Vec<String>) {
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

    /// Learns of all of these devices and their clusters anew: the operator asked for it.
    pub fn learn_anew(self, inventory: Arc<Inventory>, devices: Vec<String>) {
        self.unasked.cancel();
        self.is_due.set(false);
        self.is_wanted.set(true);
        self.wanted.run(async move {
            self.ask_all(&inventory, devices, true).await;
            self.is_wanted.set(false);
        });
    }

    async fn ask_all(self, inventory: &Inventory, devices: Vec<String>, anew: bool) {
        self.busy.set(true);
        self.ask(Question::Role, members(inventory, &devices), anew).await;
        // A standby has no sessions of its own to end.
        let awake =
            |id: &String| self.known.with_untracked(|known| known.role(id) != HaRole::Standby);
        self.ask(Question::Sessions, devices.into_iter().filter(awake).collect(), anew).await;
        self.busy.set(false);
    }

    /// Has whatever is wanted next asked anew, as after a kill.
    pub fn outdate(self) {
        self.asked.set_value(BTreeMap::new());
    }

    /// Forgets everything.
    pub fn forget(self) {
        self.unasked.cancel();
        self.wanted.cancel();
        self.is_wanted.set(false);
        self.is_due.set(false);
        self.busy.set(false);
        self.asked.set_value(BTreeMap::new());
        self.silent.set(Vec::new());
        self.set_known.set(Live::default());
    }

    /// Asks those devices whose answer is not fresh, a few at a time.
    async fn ask(self, question: Question, devices: BTreeSet<String>, anew: bool) {
        let now = time::epoch_ms();
        let due = |id: &String| {
            let key = (question, id.clone());
            anew || self.asked.with_value(|asked| asked.get(&key).is_none_or(|at| now - at > FRESH))
        };
        four_at_once(devices.into_iter().filter(due), |id| self.ask_one(question, id)).await;
    }

    async fn ask_one(self, question: Question, id: String) {
        let Some(client) = self.session.client() else { return };
        match question {
            Question::Role => {
                let role = in_time(client.role(&id)).await.ok().flatten();
                let now = Timestamp(time::epoch_ms());
                self.set_known.update(|known| known.note_role(&id, role, now));
            }
            Question::Sessions => {
                let reading = in_time(client.live_sessions(&id)).await;
                // An answer without a list in it has not the form that was hoped for.
                let unreadable = Failure::Unreadable { html: false };
                let reading = reading.and_then(|reading| reading.ok_or(unreadable));
                self.silent.update(|silent| {
                    silent.retain(|(other, _)| *other != id);
                    if let Err(failure) = &reading {
                        silent.push((id.clone(), failure.clone()));
                    }
                });
                self.set_known.update(|known| match reading {
                    Ok(reading) => known.note_reading(&id, reading),
                    Err(_) => known.forget_reading(&id),
                });
            }
        }
        self.session.note_end(&client);
        self.asked.update_value(|asked| _ = asked.insert((question, id), time::epoch_ms()));
    }
}

/// The answer, if there is one in time.
pub(super) async fn in_time<T>(
    answer: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, Failure> {
    match select(pin!(answer), pin!(sleep(PATIENCE))).await {
        Either::Left((answer, _)) => answer.map_err(|error| Failure::from(&error)),
        Either::Right(_) => Err(Failure::Timeout { seconds: PATIENCE.as_secs() }),
    }
}

/// All members of these devices' clusters: which one is active shows only among all.
fn members(inventory: &Inventory, devices: &[String]) -> BTreeSet<String> {
    let clusters: BTreeSet<&str> =
        devices.iter().filter_map(|id| inventory.device(id)?.cluster.as_deref()).collect();
    let members = clusters.into_iter().filter_map(|name| inventory.cluster(name));
    members.flat_map(|c| inventory.members(&c.members)).map(|device| device.id.clone()).collect()
}
