//! What the tabs of one browser tell each other: which kills are in flight, so that the operator can be warned of an
//! identical one; when the operator used a tab; which kills a sign-out would discard; and that the operator has signed out.

use super::Jobs;
use super::elsewhere::RequestElsewhere;
use crate::web::broadcast::Channel;
use crate::web::sleep;
use curfew_core::app::{AccountKey, SignOutReason, TabMessage};
use curfew_core::job::{Job, Phase};
use curfew_core::plan::{KillRequest, Plan, fingerprint};
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
        match message {
            TabMessage::WhatIsInFlight => {
                for entry in self.entries.get_untracked() {
                    let account = &entry.batch.account;
                    let hash = entry.job.with_untracked(|job| {
                        (account.bigiq == theirs.bigiq && !job.is_over())
                            .then(|| fingerprint(job.request()))
                    });
                    if let Some(request) = hash {
                        self.send_to_tabs(account, &TabMessage::InFlight(request));
                    }
                }
            }
            TabMessage::InFlight(request) => {
                let other = RequestElsewhere { bigiq: theirs.bigiq.clone(), request };
                self.elsewhere.update(|all| {
                    if !all.contains(&other) {
                        all.push(other);
                    }
                });
            }
            // guard: own-account-in-use
            TabMessage::Used(then) if is_own => self.idle.note_use_elsewhere(then),
            TabMessage::WhatIsUnsent if is_own => {
                for entry in self.own_entries(&is_unsent) {
                    let name = entry.job.with_untracked(job::title);
                    self.send_to_tabs(theirs, &TabMessage::Unsent(name));
                }
            }
            TabMessage::Unsent(name) if is_own => {
                self.unsent_elsewhere.update(|all| all.push(name));
            }
            _ => {}
        }
    }

    /// Informs the other tabs of a request that is about to be sent.
    pub(super) fn report_in_flight(self, account: &AccountKey, request: &KillRequest) {
        self.send_to_tabs(account, &TabMessage::InFlight(fingerprint(request)));
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
        self.elsewhere.update(Vec::clear);
        self.send_to_tabs(plan.account(), &TabMessage::WhatIsInFlight);
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

fn is_unsent(job: &Job) -> bool {
    *job.phase() == Phase::Confirmed
}
