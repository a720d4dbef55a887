//! A draft, judged and frozen: the exact requests, what they reach as of a reading, what to beware of, and the gate.
//! Screen, gate and request body are all made from it, so that what is shown is what is sent. It must not
//! change once made; only a confirmed plan yields requests that can be sent, each once.

mod batch;
mod confirmed;
mod curl;
mod draft;
mod fingerprint;
mod gate;
mod inputs;
mod named;
mod reach;
mod requests;
mod warning;

#[cfg(test)]
mod tests;

// What a plan sends is shown as it is.
pub use bigiq::KillRequest;

pub use batch::Batch;
pub use confirmed::{Confirmed, PreparedRequest};
pub use curl::curl;
pub use draft::{Draft, DraftError, Kind};
pub use fingerprint::fingerprint;
pub use gate::{Answer, Gate, GateError, Phrase};
pub use inputs::{GateRules, PlanInputs};
pub use named::NamedSession;
pub use reach::{PlannedDevice, TargetSet};
pub use warning::Warning;

use crate::app::AccountKey;
use crate::input::UserList;
use crate::inventory::SessionCounts;
use crate::timestamp::Timestamp;
use bigiq::Targets;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A validated, frozen draft. Fields are private: a plan is made whole or not at all. Copies share it, but for the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    whole: Arc<Whole>,
    reason: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Whole {
    binding: AccountKey,
    kind: Kind,
    users: Vec<String>,
    requests: Vec<KillRequest>,
    targets: Targets,
    reached: Vec<PlannedDevice>,
    named: Vec<NamedSession>,
    counts: Option<SessionCounts>,
    warnings: Vec<Warning>,
    gate: Gate,
    as_of: Timestamp,
}

impl Plan {
    /// Judges a draft by what is known: an inventory alone, or a whole [`PlanInputs`].
    ///
    /// # Errors
    /// Everything that keeps it from being a plan, in the order of the form.
    pub fn make<'a>(
        draft: &Draft,
        basis: impl Into<PlanInputs<'a>>,
        binding: AccountKey,
        now: Timestamp,
    ) -> Result<Self, Vec<DraftError>> {
        Self::judge(draft, basis.into(), binding, now)
    }

    fn judge(
        draft: &Draft,
        basis: PlanInputs<'_>,
        binding: AccountKey,
        now: Timestamp,
    ) -> Result<Self, Vec<DraftError>> {
        let list = match draft.kind {
            Kind::Users => draft.user_list(),
            Kind::Everybody | Kind::Listed => UserList::default(),
        };
        let errors = errors(draft, basis, &list);
        if !errors.is_empty() {
            return Err(errors);
        }
        let reached = reach::reach(draft, basis);
        let counts = basis.live.and_then(|live| {
            let devices: Vec<&str> = reached.iter().map(|d| d.id.as_str()).collect();
            match draft.kind {
                Kind::Users => {
                    let users: Vec<&str> = list.names.iter().map(String::as_str).collect();
                    Some(SessionCounts::take(live, basis.inventory, &devices, &users))
                }
                Kind::Everybody => {
                    Some(SessionCounts::of_everybody(live, basis.inventory, &devices))
                }
                Kind::Listed => None,
            }
        });
        let about = warning::About {
            draft,
            basis,
            list: &list,
            reached: &reached,
            counts: counts.as_ref(),
        };
        let warnings = about.warnings(&binding.operator, now);
        let gate = basis.rules.gate(match draft.kind {
            Kind::Users => Phrase::Users { users: list.names.len(), targets: draft.target_count() },
            Kind::Everybody => Phrase::Everybody { targets: draft.target_count() },
            Kind::Listed => Phrase::Sessions {
                sessions: draft.sessions.len(),
                devices: draft.sessions.devices().count(),
            },
        });
        let whole = Arc::new(Whole {
            requests: requests::requests(draft, &list.names, &reached),
            targets: requests::all_targets(draft),
            named: named::named(draft, basis),
            binding,
            kind: draft.kind,
            users: list.names,
            reached,
            counts,
            warnings,
            gate,
            as_of: basis.inventory.read_at(),
        });
        Ok(Self { whole, reason: draft.reason.trim().to_owned() })
    }

    /// To whom it belongs.
    pub fn binding(&self) -> &AccountKey {
        &self.whole.binding
    }
    /// Whose sessions end.
    pub fn kind(&self) -> Kind {
        self.whole.kind
    }
    /// The exact requests, in the order they are sent: one for each user, or one; and the same again for each device that
    /// is sent as a task of its own.
    pub fn requests(&self) -> &[KillRequest] {
        &self.whole.requests
    }
    /// The users, each once, in the order of the requests; none for other kinds.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.whole.users.iter().map(String::as_str)
    }
    /// The listed sessions by device and id, up to ten; none where they are more, or for other kinds.
    pub fn named(&self) -> &[NamedSession] {
        &self.whole.named
    }
    /// How many sessions are listed; none for other kinds.
    pub fn session_count(&self) -> usize {
        let ids = |request: &KillRequest| match request {
            KillRequest::ByUser { .. } | KillRequest::All { .. } => 0,
            KillRequest::Listed { sessions } => sessions.iter().map(|s| s.session_ids.len()).sum(),
        };
        self.whole.requests.iter().map(ids).sum()
    }
    /// The targets of all requests together; none for listed sessions.
    pub fn targets(&self) -> &Targets {
        &self.whole.targets
    }
    /// The devices that the targets stood for when the inventory was read. BIG-IQ expands groups itself, later.
    pub fn reached(&self) -> &[PlannedDevice] {
        &self.whole.reached
    }
    /// The clusters that are reached, each once, by name.
    pub fn reached_clusters(&self) -> BTreeSet<&str> {
        self.whole.reached.iter().filter_map(|d| d.cluster.as_deref()).collect()
    }
    /// How many sessions each user has now, or everybody, where live sessions could be read; none for listed ones.
    pub fn session_counts(&self) -> Option<&SessionCounts> {
        self.whole.counts.as_ref()
    }
    /// What to beware of.
    pub fn warnings(&self) -> &[Warning] {
        &self.whole.warnings
    }
    /// What confirming takes.
    pub fn gate(&self) -> &Gate {
        &self.whole.gate
    }
    /// Reason or ticket as the form had it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// The same plan for another reason: nothing else of a plan depends on it.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self { reason: reason.trim().to_owned(), ..self }
    }
    /// When the inventory behind it was read.
    pub fn as_of(&self) -> Timestamp {
        self.whole.as_of
    }
}

fn errors(draft: &Draft, basis: PlanInputs<'_>, list: &UserList) -> Vec<DraftError> {
    let mut errors = Vec::new();
    errors.extend(match list.refused_line {
        Some(line) => Some(DraftError::QuotedUsers(line)),
        None => {
            let nobody = draft.kind == Kind::Users && list.names.is_empty();
            nobody.then_some(DraftError::NoUser)
        }
    });
    let missing = match draft.kind {
        Kind::Users | Kind::Everybody => {
            (draft.target_count() == 0).then_some(DraftError::NoTarget)
        }
        Kind::Listed => draft.sessions.is_empty().then_some(DraftError::NoSession),
    };
    errors.extend(missing);
    errors.extend(reach::vanished(draft, basis.inventory));
    errors
}
