//! A draft, judged and frozen: the exact requests, what they reach as of a reading, what to beware of, and the gate.
//! Screen, gate and request body are all made from it, so that what is shown is what is sent. It must not
//! change once made; only a confirmed plan yields requests that can be sent, each once.

mod basis;
mod confirmed;
mod reach;
mod requests;
mod warning;

#[cfg(test)]
mod tests;

pub use basis::{Basis, GateRules};
pub use confirmed::{Confirmed, Unsent};
pub use reach::Reached;
pub use warning::Warning;

use crate::{
    Answer, Binding, Census, Draft, DraftError, Gate, GateError, Kind, Moment, Phrase, UserList,
};
use bigiq::{KillRequest, Targets};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A validated, frozen draft. Fields are private: a plan is made whole or not at all. Copies share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Arc<Whole>);

#[derive(Debug, PartialEq, Eq)]
struct Whole {
    binding: Binding,
    kind: Kind,
    users: Vec<String>,
    requests: Vec<KillRequest>,
    targets: Targets,
    reached: Vec<Reached>,
    census: Option<Census>,
    warnings: Vec<Warning>,
    gate: Gate,
    reason: String,
    as_of: Moment,
}

impl Plan {
    /// Judges a draft by what is known: an inventory alone, or a whole [`Basis`].
    ///
    /// # Errors
    /// Everything that keeps it from being a plan, in the order of the form.
    pub fn make<'a>(
        draft: &Draft,
        basis: impl Into<Basis<'a>>,
        binding: Binding,
        now: Moment,
    ) -> Result<Self, Vec<DraftError>> {
        Self::judge(draft, basis.into(), binding, now)
    }

    fn judge(
        draft: &Draft,
        basis: Basis<'_>,
        binding: Binding,
        now: Moment,
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
        let census = basis.live.filter(|_| draft.kind == Kind::Users).map(|live| {
            let devices: Vec<&str> = reached.iter().map(|d| d.id.as_str()).collect();
            let users: Vec<&str> = list.names.iter().map(String::as_str).collect();
            Census::take(live, basis.inventory, &devices, &users)
        });
        let about = warning::About {
            draft,
            basis,
            list: &list,
            reached: &reached,
            census: census.as_ref(),
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
        Ok(Self(Arc::new(Whole {
            requests: requests::requests(draft, &list.names, &reached),
            targets: requests::all_targets(draft),
            binding,
            kind: draft.kind,
            users: list.names,
            reached,
            census,
            warnings,
            gate,
            reason: draft.reason.trim().to_owned(),
            as_of: basis.inventory.read_at(),
        })))
    }

    /// To whom it belongs.
    pub fn binding(&self) -> &Binding {
        &self.0.binding
    }
    /// Whose sessions end.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    /// The exact requests, in the order they are sent: one for each user, or one; and the same again for devices that are
    /// sent as tasks of their own.
    pub fn requests(&self) -> &[KillRequest] {
        &self.0.requests
    }
    /// The users, each once, in the order of the requests; none for other kinds.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.0.users.iter().map(String::as_str)
    }
    /// How many sessions are listed; none for other kinds.
    pub fn session_count(&self) -> usize {
        let ids = |request: &KillRequest| match request {
            KillRequest::ByUser { .. } | KillRequest::All { .. } => 0,
            KillRequest::Listed { sessions } => sessions.iter().map(|s| s.session_ids.len()).sum(),
        };
        self.0.requests.iter().map(ids).sum()
    }
    /// The targets of all requests together; none for listed sessions.
    pub fn targets(&self) -> &Targets {
        &self.0.targets
    }
    /// The devices that the targets stood for when the inventory was read. BIG-IQ expands groups itself, later.
    pub fn reached(&self) -> &[Reached] {
        &self.0.reached
    }
    /// The clusters that are reached, each once, by name.
    pub fn reached_clusters(&self) -> BTreeSet<&str> {
        self.0.reached.iter().filter_map(|d| d.cluster.as_deref()).collect()
    }
    /// How many sessions each user has now, where live sessions could be read. Only for kills by user.
    pub fn census(&self) -> Option<&Census> {
        self.0.census.as_ref()
    }
    /// What to beware of.
    pub fn warnings(&self) -> &[Warning] {
        &self.0.warnings
    }
    /// What confirming takes.
    pub fn gate(&self) -> &Gate {
        &self.0.gate
    }
    /// Reason or ticket as the form had it.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }
    /// When the inventory behind it was read.
    pub fn as_of(&self) -> Moment {
        self.0.as_of
    }

    /// Confirms the plan if the answer opens its gate. `render` makes the phrase's words.
    ///
    /// # Errors
    /// What the answer lacks; the plan can be tried again.
    pub fn confirm(
        &self,
        answer: &Answer,
        render: impl Fn(&Phrase) -> String,
    ) -> Result<Confirmed, GateError> {
        self.0.gate.check(answer, render)?;
        let reason = match answer.reason.trim() {
            "" => self.0.reason.clone(),
            given => given.to_owned(),
        };
        Ok(Confirmed::new(self.clone(), reason))
    }
}

fn errors(draft: &Draft, basis: Basis<'_>, list: &UserList) -> Vec<DraftError> {
    let mut errors = Vec::new();
    let nobody = draft.kind == Kind::Users && list.names.is_empty();
    errors.extend(nobody.then_some(DraftError::NoUser));
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
