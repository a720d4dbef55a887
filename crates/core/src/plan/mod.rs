//! From draft to plan: the exact requests, the devices they reach, the warnings and the gate. Screen, gate and request body
//! are made from the same plan, so that what is shown is what is sent. A plan never changes, and only a confirmed one yields
//! requests that can be sent, each once.

mod batch;
mod by_hand;
mod confirmed;
mod curl;
mod draft;
mod everywhere;
mod fingerprint;
mod gate;
mod inputs;
mod moved;
mod named;
mod reach;
mod requests;
mod warning;

#[cfg(test)]
mod tests;

// The interface shows a plan's requests exactly as they are sent.
pub use bigiq::{KillRequest, Targets};

pub use batch::Batch;
pub use by_hand::by_hand;
pub(crate) use confirmed::PreparedBatch;
pub use confirmed::{Confirmed, PreparedRequest};
pub use curl::curl;
pub use draft::{Draft, DraftError, Kind};
pub use fingerprint::fingerprint;
pub use gate::{Answer, Gate, GateError, Phrase};
pub use inputs::{GateRules, PlanInputs};
pub use named::NamedSession;
pub use reach::{PlannedDevice, TargetSet};
pub use warning::{Warning, odd_names, suggestions};

use crate::app::AccountKey;
use crate::count::Count;
use crate::ids::{MachineId, UserName};
use crate::input::UserList;
use crate::inventory::SessionCounts;
use crate::sorted::SortedSet;
use crate::timestamp::Timestamp;
use std::sync::Arc;

/// A valid draft, frozen. Its fields are private: it is only created complete. Copies share everything except the reason.
///
/// ```
/// use bigiq::device::{AccessDevice, AccessProperties};
/// use curfew_core::app::AccountKey;
/// use curfew_core::inventory::DeviceList;
/// use curfew_core::plan::{Draft, Plan};
/// use curfew_core::timestamp::Timestamp;
///
/// let edge = AccessDevice {
///     machine_id: Some("m1".into()),
///     properties: AccessProperties { cluster_name: Some("Blue".into()), ..AccessProperties::default() },
///     ..AccessDevice::default()
/// };
/// let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
/// let mut draft = Draft { users: "user2\nuser3".into(), ..Draft::default() };
/// draft.clusters.insert("Blue".into());
///
/// let account = AccountKey { bigiq: String::new(), operator: "operator".into() };
/// let plan = Plan::make(&draft, &inventory, account, Timestamp(0)).map_err(|errors| format!("{errors:?}"))?;
/// assert_eq!(plan.requests().len(), 2);
/// assert_eq!(plan.reached()[0].id, "m1");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    whole: Arc<Whole>,
    reason: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Whole {
    account: AccountKey,
    kind: Kind,
    users: Vec<UserName>,
    requests: Vec<KillRequest>,
    targets: Targets,
    is_everywhere: bool,
    reached: Vec<PlannedDevice>,
    devices: Count,
    named: Vec<NamedSession>,
    counts: Option<SessionCounts>,
    warnings: Vec<Warning>,
    gate: Gate,
    as_of: Timestamp,
}

impl Plan {
    /// Makes a plan from a draft and what is known: an inventory alone, or complete [`PlanInputs`].
    ///
    /// # Errors
    /// All reasons why no plan can be made, in the order of the form.
    pub fn make<'a>(
        draft: &Draft,
        inputs: impl Into<PlanInputs<'a>>,
        account: AccountKey,
        now: Timestamp,
    ) -> Result<Self, Vec<DraftError>> {
        Self::judge(draft, inputs.into(), account, now)
    }

    fn judge(
        draft: &Draft,
        inputs: PlanInputs<'_>,
        account: AccountKey,
        now: Timestamp,
    ) -> Result<Self, Vec<DraftError>> {
        let (asked, resolved) = (draft, draft.resolved(inputs.inventory));
        let draft = &*resolved;
        let list = match draft.kind {
            Kind::Users => draft.user_list(),
            Kind::Everybody | Kind::Listed => UserList::default(),
        };
        let errors = errors(draft, inputs, &list);
        if !errors.is_empty() {
            return Err(errors);
        }
        let reached = reach::reach(draft, inputs);
        // guard: phrase-agrees-with-heading
        let mut devices = reach::count(draft, inputs.inventory, reached.len());
        if asked.is_everywhere() && !inputs.inventory.device_count().is_exact() {
            devices = Count::of(reached.len(), false);
        }
        let mut counts = inputs.live.and_then(|live| {
            let devices: Vec<MachineId> = reached.iter().map(|d| d.id.clone()).collect();
            match draft.kind {
                Kind::Users => {
                    Some(SessionCounts::take(live, inputs.inventory, &devices, &list.names))
                }
                Kind::Everybody => {
                    Some(SessionCounts::of_everybody(live, inputs.inventory, &devices))
                }
                Kind::Listed => None,
            }
        });
        if let Some(counts) = &mut counts {
            counts.may_lack_units = !devices.is_exact();
        }
        let about = warning::About {
            draft,
            asked,
            inputs,
            list: &list,
            reached: &reached,
            counts: counts.as_ref(),
        };
        let warnings = about.warnings(&account.operator, now);
        let gate = inputs.rules.gate(match draft.kind {
            Kind::Users => Phrase::Users { users: list.names.len(), devices },
            Kind::Everybody => Phrase::Everybody { devices },
            Kind::Listed => Phrase::Sessions { sessions: draft.sessions.len(), devices },
        });
        let whole = Arc::new(Whole {
            requests: requests::requests(draft, &list.names, &reached),
            targets: requests::all_targets(draft),
            is_everywhere: asked.is_everywhere(),
            named: named::named(draft, inputs),
            account,
            kind: draft.kind,
            users: list.names,
            reached,
            devices,
            counts,
            warnings,
            gate,
            as_of: inputs.inventory.read_at(),
        });
        Ok(Self { whole, reason: draft.reason.trim().to_owned() })
    }

    /// The BIG-IQ and the operator that it belongs to.
    pub fn account(&self) -> &AccountKey {
        &self.whole.account
    }
    /// Whose sessions are killed.
    pub fn kind(&self) -> Kind {
        self.whole.kind
    }
    /// The exact requests in the order in which they are sent: one per user, or a single one for other kinds; and the same again
    /// for each device that is sent separately.
    pub fn requests(&self) -> &[KillRequest] {
        &self.whole.requests
    }
    /// The users, each once, in the order of the requests. Empty for other kinds.
    pub fn users(&self) -> impl Iterator<Item = &UserName> {
        self.whole.users.iter()
    }
    /// The listed sessions by device and id, if there are at most ten. Empty otherwise, and for other kinds.
    pub fn named(&self) -> &[NamedSession] {
        &self.whole.named
    }
    /// How many sessions are listed. 0 for other kinds.
    pub fn session_count(&self) -> usize {
        let ids = |request: &KillRequest| match request {
            KillRequest::ByUser { .. } | KillRequest::All { .. } => 0,
            KillRequest::Listed { sessions } => sessions.iter().map(|s| s.session_ids.len()).sum(),
        };
        self.whole.requests.iter().map(ids).sum()
    }
    /// The targets of all requests together. Empty for listed sessions.
    pub fn targets(&self) -> &Targets {
        &self.whole.targets
    }
    /// Whether these targets stand for "everywhere".
    pub fn is_everywhere(&self) -> bool {
        self.whole.is_everywhere
    }
    /// The devices that the targets stood for when the inventory was read. BIG-IQ expands groups itself, later.
    pub fn reached(&self) -> &[PlannedDevice] {
        &self.whole.reached
    }
    /// How many devices these are: BIG-IQ may know more members of the access groups and clusters.
    pub fn device_count(&self) -> Count {
        self.whole.devices
    }
    /// The names of the clusters that are reached, each once.
    pub fn reached_clusters(&self) -> SortedSet<&str> {
        SortedSet::from_iter(self.whole.reached.iter().filter_map(|d| d.cluster.as_deref()))
    }
    /// How many sessions each user, or all users together, have now. `None` if live sessions are not known, and for listed ones.
    pub fn session_counts(&self) -> Option<&SessionCounts> {
        self.whole.counts.as_ref()
    }
    /// The warnings.
    pub fn warnings(&self) -> &[Warning] {
        &self.whole.warnings
    }
    /// What confirming requires.
    pub fn gate(&self) -> &Gate {
        &self.whole.gate
    }
    /// Reason or ticket number from the form.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// The same plan with another reason. Nothing else in a plan depends on the reason.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self { reason: reason.trim().to_owned(), ..self }
    }
    /// When its inventory was read.
    pub fn as_of(&self) -> Timestamp {
        self.whole.as_of
    }
}

fn errors(draft: &Draft, inputs: PlanInputs<'_>, list: &UserList) -> Vec<DraftError> {
    let mut errors = Vec::new();
    // guard: no-plan-of-users-in-doubt
    errors.extend(match (&list.question, list.refused()) {
        (Some(question), _) => Some(DraftError::UsersInDoubt(question.about.clone())),
        (None, Some(refused)) => Some(DraftError::UnreadableUsers(refused)),
        (None, None) => {
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
    errors.extend(reach::vanished(draft, inputs.inventory));
    errors
}
