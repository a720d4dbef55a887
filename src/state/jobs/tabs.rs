//! What the tabs of one browser tell each other: which kills are in flight and which tasks have an owner; when the operator used
//! a tab; which kills a sign-out would discard; and that the operator has signed out.

use super::Jobs;
use crate::web::broadcast::Channel;
use crate::web::sleep;
use curfew_core::app::{AccountKey, SignOutReason, TabMessage};
use curfew_core::engine::{Input, RequestElsewhere};
use curfew_core::ids::TaskId;
use curfew_core::job::Phase;
use curfew_core::plan::Plan;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::job;

const CHANNEL: &str = "curfew:jobs";
/// How long a sign-out waits for the answers of other tabs.
const ANSWERS: Duration = Duration::from_millis(300);

impl Jobs {
    pub(super) fn open_channel(self) {
        let channel = Channel::open(CHANNEL, move |text| {
            if let Some((account, message)) = TabMessage::parse(&text) {
                self.receive(&account, message);
            }
        });
        self.channel.set_value(channel);
    }

    fn receive(self, theirs: &AccountKey, message: TabMessage) {
        let own = untrack(|| self.sign_in.account());
        let is_own = own.as_ref() == Some(theirs);
        if own.is_some_and(|own| message.signs_out(theirs, &own)) {
            self.sign_in.sign_out(SignOutReason::OtherTab, None);
        }
        let bigiq = theirs.bigiq.clone();
        match message {
            TabMessage::WhatIsInFlight => self.feed(Input::WhatIsInFlight { bigiq }),
            TabMessage::InFlight(request) => {
                self.feed(Input::Elsewhere(RequestElsewhere { bigiq, request }));
            }
            TabMessage::HasTask(task) => self.feed(Input::TaskElsewhere { bigiq, task }),
            // guard: own-account-in-use
            TabMessage::Used(then) if is_own => self.idle.note_use_elsewhere(then),
            TabMessage::WhatIsUnsent if is_own => {
                for entry in untrack(|| self.all()) {
                    let name = entry.job.with_untracked(|job| {
                        (*job.phase() == Phase::Confirmed).then(|| job::title(job))
                    });
                    if let Some(name) = name {
                        self.send_to_tabs(theirs, &TabMessage::Unsent(name));
                    }
                }
            }
            TabMessage::Unsent(name) if is_own => {
                self.unsent_elsewhere.update(|all| all.push(name));
            }
            _ => {}
        }
    }

    /// Informs the other tabs of a request that is in flight, or about to be.
    pub(super) fn announce(self, account: &AccountKey, request: String) {
        self.send_to_tabs(account, &TabMessage::InFlight(request));
    }

    /// Informs the other tabs of a task that belongs to a job of this tab.
    pub(super) fn announce_task(self, account: &AccountKey, task: TaskId) {
        self.send_to_tabs(account, &TabMessage::HasTask(task));
    }

    /// Informs the other tabs of the operator's latest use of this one.
    pub fn report_use(self, at: Timestamp) {
        self.send_to_own_tabs(&TabMessage::Used(at));
    }

    /// Informs the other tabs that the operator signs out.
    pub fn report_sign_out(self) {
        self.send_to_own_tabs(&TabMessage::SignedOut);
    }

    /// Asks the other tabs of this operator which kills they have not sent yet.
    pub async fn ask_unsent(self) {
        self.forget_unsent();
        if self.channel.with_value(Option::is_some) {
            self.send_to_own_tabs(&TabMessage::WhatIsUnsent);
            sleep(ANSWERS).await;
        }
    }

    /// Forgets the answers to the last question.
    pub fn forget_unsent(&self) {
        self.unsent_elsewhere.update(Vec::clear);
    }

    /// The names of the kills that other tabs of this operator have not sent yet, as of the last question. Tracked.
    pub fn unsent_elsewhere(&self) -> Vec<String> {
        self.unsent_elsewhere.get()
    }

    /// Forgets what other tabs reported, and asks them again.
    pub fn ask_tabs(&self, plan: &Plan) {
        self.feed(Input::ForgetElsewhere);
        self.ask_what_is_in_flight(plan.account());
    }

    pub(super) fn ask_what_is_in_flight(self, account: &AccountKey) {
        self.send_to_tabs(account, &TabMessage::WhatIsInFlight);
    }

    /// How many requests of a plan are also in flight in other tabs, as far as they have reported. Tracked.
    pub fn in_flight_elsewhere(&self, plan: &Plan) -> usize {
        self.with_engine(|engine| engine.in_flight_elsewhere(plan))
    }

    fn send_to_own_tabs(self, message: &TabMessage) {
        if let Some(account) = untrack(|| self.sign_in.account()) {
            self.send_to_tabs(&account, message);
        }
    }

    fn send_to_tabs(self, account: &AccountKey, message: &TabMessage) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.send(&message.write(account));
            }
        });
    }
}
