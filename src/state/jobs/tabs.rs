//! The messages between the tabs of one browser: which kills are in flight, and which tasks have an owner. A message holds the
//! BIG-IQ, the operator, and a hash of the request or the task's id, nothing else. It is a hint and never stops a kill.

use super::Jobs;
use crate::web::broadcast::Channel;
use curfew_core::app::AccountKey;
use curfew_core::engine::{Input, RequestElsewhere};
use curfew_core::ids::TaskId;
use curfew_core::plan::Plan;
use leptos::prelude::*;

const CHANNEL: &str = "curfew:jobs";
/// The messages.
const IN_FLIGHT: &str = "in-flight";
const HAS_TASK: &str = "has-task";
const WHAT_IS: &str = "what-is-in-flight";

impl Jobs {
    pub(super) fn open_channel(self) {
        let channel = Channel::open(CHANNEL, move |text| self.receive(&text));
        self.channel.set_value(channel);
    }

    fn receive(self, text: &str) {
        // Other messages of this origin are not meant for this tab.
        let parts: Vec<&str> = text.split('\n').collect();
        match *parts.as_slice() {
            [bigiq, _, "", WHAT_IS] => {
                self.feed(Input::WhatIsInFlight { bigiq: bigiq.to_owned() });
            }
            [bigiq, _, request, IN_FLIGHT] => {
                let (bigiq, request) = (bigiq.to_owned(), request.to_owned());
                self.feed(Input::Elsewhere(RequestElsewhere { bigiq, request }));
            }
            [bigiq, _, task, HAS_TASK] => {
                let (bigiq, task) = (bigiq.to_owned(), TaskId::new(task));
                self.feed(Input::TaskElsewhere { bigiq, task });
            }
            _ => {}
        }
    }

    /// Informs the other tabs of a request that is in flight, or about to be.
    pub(super) fn announce(self, account: &AccountKey, request: &str) {
        self.send_to_tabs(account, request, IN_FLIGHT);
    }

    /// Informs the other tabs of a task that belongs to a job of this tab.
    pub(super) fn announce_task(self, account: &AccountKey, task: &TaskId) {
        self.send_to_tabs(account, task.as_str(), HAS_TASK);
    }

    /// Forgets what other tabs reported, and asks them again.
    pub fn ask_tabs(&self, plan: &Plan) {
        self.feed(Input::ForgetElsewhere);
        self.ask_what_is_in_flight(plan.account());
    }

    pub(super) fn ask_what_is_in_flight(self, account: &AccountKey) {
        self.send_to_tabs(account, "", WHAT_IS);
    }

    /// How many requests of a plan are also in flight in other tabs, as far as they have reported. Tracked.
    pub fn in_flight_elsewhere(&self, plan: &Plan) -> usize {
        self.with_engine(|engine| engine.in_flight_elsewhere(plan))
    }

    fn send_to_tabs(self, account: &AccountKey, request: &str, what: &str) {
        let text = [&account.bigiq, &account.operator, request, what].join("\n");
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.send(&text);
            }
        });
    }
}
