//! The messages between the tabs of one browser: which kills are in flight. A message holds the BIG-IQ, the operator and a hash of
//! the request, nothing else. It is a hint and never stops a kill.

use super::Jobs;
use crate::web::broadcast::Channel;
use curfew_core::app::AccountKey;
use curfew_core::engine::{Input, RequestElsewhere};
use curfew_core::plan::Plan;
use leptos::prelude::*;

const CHANNEL: &str = "curfew:jobs";
/// The two messages.
const IN_FLIGHT: &str = "in-flight";
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
            _ => {}
        }
    }

    /// Informs the other tabs of a request that is in flight, or about to be.
    pub(super) fn announce(self, account: &AccountKey, request: &str) {
        self.send_to_tabs(account, request, IN_FLIGHT);
    }

    /// Forgets what other tabs reported, and asks them again.
    pub fn ask_tabs(&self, plan: &Plan) {
        self.feed(Input::ForgetElsewhere);
        self.send_to_tabs(plan.account(), "", WHAT_IS);
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
