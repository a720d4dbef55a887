//! What the tabs of one browser tell each other: which kills are in flight, so that the operator can be warned of an
//! identical one. A message holds the BIG-IQ, the operator and a hash of the request, nothing else. It is a hint and
//! never stops a kill.

use super::Jobs;
use super::elsewhere::RequestElsewhere;
use crate::web::broadcast::Channel;
use curfew_core::app::AccountKey;
use curfew_core::plan::{KillRequest, Plan, fingerprint};
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
                for entry in self.entries.get_untracked() {
                    let account = &entry.batch.account;
                    let hash = entry.job.with_untracked(|job| {
                        (account.bigiq == bigiq && !job.is_over())
                            .then(|| fingerprint(job.request()))
                    });
                    if let Some(request) = hash {
                        self.send_to_tabs(account, &request, IN_FLIGHT);
                    }
                }
            }
            [bigiq, _, request, IN_FLIGHT] => {
                let other =
                    RequestElsewhere { bigiq: bigiq.to_owned(), request: request.to_owned() };
                self.elsewhere.update(|all| {
                    if !all.contains(&other) {
                        all.push(other);
                    }
                });
            }
            _ => {}
        }
    }

    /// Informs the other tabs of a request that is about to be sent.
    pub(super) fn report_in_flight(self, account: &AccountKey, request: &KillRequest) {
        self.send_to_tabs(account, &fingerprint(request), IN_FLIGHT);
    }

    /// Forgets what other tabs reported, and asks them again.
    pub fn ask_tabs(&self, plan: &Plan) {
        self.elsewhere.update(Vec::clear);
        self.send_to_tabs(plan.account(), "", WHAT_IS);
    }

    /// How many requests of a plan are also in flight in other tabs, as far as they have reported. Tracked.
    pub fn in_flight_elsewhere(&self, plan: &Plan) -> usize {
        self.elsewhere.with(|all| {
            if all.is_empty() {
                return 0;
            }
            let bigiq = &plan.account().bigiq;
            let requests = plan.requests().iter().map(fingerprint);
            requests
                .filter(|hash| all.iter().any(|h| h.bigiq == *bigiq && h.request == *hash))
                .count()
        })
    }

    /// Whether another tab has reported that the same request is in flight. Untracked.
    pub(super) fn is_elsewhere(self, account: &AccountKey, request: &KillRequest) -> bool {
        self.elsewhere.with_untracked(|all| {
            let hash = if all.is_empty() { return false } else { fingerprint(request) };
            all.iter().any(|other| other.bigiq == account.bigiq && other.request == hash)
        })
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
