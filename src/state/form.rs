//! The content of the kill page's form. It is kept while other pages are shown, and a link or a portal may fill it in. Its fields
//! mirror the form; the draft is made from them.

use super::suggestions::{ListFields, SuggestionState, Suggestions};
use curfew_core::app::Suggestion;
use curfew_core::ids::{MachineId, UserName};
use curfew_core::input::{Answers, SessionSelection, UserList};
use curfew_core::inventory::{DeviceIndex, DeviceMatch, HaRole, Inventory, Missing};
use curfew_core::plan::{Draft, Kind};
use curfew_core::sorted::SortedSet;
use leptos::prelude::*;

/// Selected targets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetSelection {
    /// Access groups, by name.
    pub groups: SortedSet<String>,
    /// Clusters, by name.
    pub clusters: SortedSet<String>,
    /// Devices, by machine id.
    pub devices: SortedSet<MachineId>,
    /// Everywhere: all clusters and all other devices. The selected ones are then kept, but not used.
    pub everywhere: bool,
}

/// The three kinds of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// Access groups.
    Group,
    /// Clusters.
    Cluster,
    /// Devices.
    Device,
}

impl TargetKind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Group, Self::Cluster, Self::Device];
}

/// A target that can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An access group, by name.
    Group(String),
    /// A cluster, by name.
    Cluster(String),
    /// A device.
    Device(MachineId),
}

impl TargetSelection {
    /// How many of a kind are selected.
    pub fn count(&self, kind: TargetKind) -> usize {
        match kind {
            TargetKind::Group => self.groups.len(),
            TargetKind::Cluster => self.clusters.len(),
            TargetKind::Device => self.devices.len(),
        }
    }

    /// All of them: groups, clusters, devices.
    pub fn all(&self) -> impl Iterator<Item = Target> {
        let groups = self.groups.iter().cloned().map(Target::Group);
        let clusters = self.clusters.iter().cloned().map(Target::Cluster);
        groups.chain(clusters).chain(self.devices.iter().cloned().map(Target::Device))
    }

    /// The first kind of which something is selected, if this selection has replaced one that it shares nothing with, and has
    /// nothing of the kind that is listed.
    pub fn kind_to_list(&self, before: &Self, listed: TargetKind) -> Option<TargetKind> {
        let is_new = before.all().all(|target| !self.contains(&target));
        let has = |kind: &TargetKind| self.count(*kind) > 0;
        // guard: link-opens-its-tab
        TargetKind::ALL.into_iter().find(has).filter(|_| is_new && !has(&listed))
    }

    fn contains(&self, target: &Target) -> bool {
        match target {
            Target::Group(name) => self.groups.contains(name),
            Target::Cluster(name) => self.clusters.contains(name),
            Target::Device(id) => self.devices.contains(id),
        }
    }

    /// Selects a target. Returns whether it was not selected before.
    pub fn insert(&mut self, target: Target) -> bool {
        match target {
            Target::Group(name) => self.groups.insert(name),
            Target::Cluster(name) => self.clusters.insert(name),
            Target::Device(id) => self.devices.insert(id),
        }
    }

    /// Removes a target. Returns whether it was selected.
    pub fn remove(&mut self, target: &Target) -> bool {
        match target {
            Target::Group(name) => self.groups.remove(name),
            Target::Cluster(name) => self.clusters.remove(name),
            Target::Device(id) => self.devices.remove(id),
        }
    }

    /// Selects a target that is not selected, and removes one that is.
    pub fn toggle(&mut self, target: Target) {
        if !self.remove(&target) {
            self.insert(target);
        }
    }

    /// The devices that these targets contain, by machine id, each once.
    pub fn reached(&self, inventory: &Inventory) -> Vec<MachineId> {
        let within = |names: &SortedSet<String>, name: &Option<String>| {
            name.as_ref().is_some_and(|name| names.contains(name))
        };
        let devices = inventory.devices().iter().filter(|device| {
            self.everywhere
                || self.devices.contains(&device.id)
                || within(&self.groups, &device.group)
                || within(&self.clusters, &device.cluster)
        });
        devices.map(|device| device.id.clone()).collect()
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        !self.everywhere
            && self.groups.is_empty()
            && self.clusters.is_empty()
            && self.devices.is_empty()
    }
}

/// The state and the role that devices are filtered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceCondition {
    /// What the listed devices lack first; `Some(None)` for nothing, `None` for any device.
    pub lacks: Option<Option<Missing>>,
    /// The role of the listed devices in their clusters; `None` for any.
    pub role: Option<HaRole>,
}

/// The filters of the lists.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filters {
    /// The search across all three kinds; empty if the lists are shown.
    pub all: RwSignal<String>,
    groups: RwSignal<String>,
    clusters: RwSignal<String>,
    devices: RwSignal<String>,
    /// The state and the role of the listed devices.
    pub condition: RwSignal<DeviceCondition>,
    /// Only devices in this access group; empty for any.
    pub group: RwSignal<String>,
    /// Only devices in clusters whose name contains this; empty for any.
    pub cluster: RwSignal<String>,
    /// Only devices with this software version; empty for any.
    pub version: RwSignal<String>,
}

impl Filters {
    /// The filter of the list of a kind.
    pub fn of(&self, kind: TargetKind) -> RwSignal<String> {
        match kind {
            TargetKind::Group => self.groups,
            TargetKind::Cluster => self.clusters,
            TargetKind::Device => self.devices,
        }
    }
}

/// The operator's answers about the text in a field, as long as it is the same paste.
#[derive(Debug, Clone, Copy)]
pub struct PasteAnswers {
    text: RwSignal<String>,
    /// The answers, and the text that they are about.
    given: RwSignal<(Answers, String)>,
}

impl PasteAnswers {
    fn about(text: RwSignal<String>) -> Self {
        Self { text, given: RwSignal::default() }
    }

    /// The text in the field.
    pub fn text(self) -> RwSignal<String> {
        self.text
    }

    /// The answers that apply to the text now. Tracked.
    pub fn get(self) -> Answers {
        self.given.with(|(answers, about)| {
            if *answers == Answers::default() {
                return *answers;
            }
            self.text.with(|text| answers.after_edit(about, text))
        })
    }

    /// Replaces the answers.
    pub fn set(self, answers: Answers) {
        self.given.set((answers, self.text.get_untracked()));
    }
}

/// The form, app-wide.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Whose sessions.
    pub kind: RwSignal<Kind>,
    /// User names as typed.
    pub users: RwSignal<String>,
    /// How to read them.
    pub user_answers: PasteAnswers,
    /// The pasted list of sessions.
    pub pasted: RwSignal<String>,
    /// How to read it.
    pub paste_answers: PasteAnswers,
    /// The device for lines that name none, as typed.
    pub pasted_of: RwSignal<String>,
    /// Whether the page asks for that device; then the app does not guess it.
    pub asks_device: RwSignal<bool>,
    /// The sessions recognised in the list.
    pub pasted_sessions: RwSignal<SessionSelection>,
    /// The lines of the list without a recognised session.
    pub unrecognised: RwSignal<String>,
    /// How many lines of the list are not used.
    pub unused_lines: RwSignal<usize>,
    /// Whether the list is still being read; until then, the sessions of the previous list are void.
    pub reading: RwSignal<bool>,
    /// Sessions selected from the lists of live sessions.
    pub selected_sessions: RwSignal<SessionSelection>,
    /// The selected targets.
    pub targets: RwSignal<TargetSelection>,
    /// The targets of the last kill from this form.
    pub last_targets: RwSignal<TargetSelection>,
    /// Devices that get a separate request, by machine id.
    pub apart: RwSignal<SortedSet<MachineId>>,
    /// Reason or ticket as typed.
    pub reason: RwSignal<String>,
    /// The filters of the lists.
    pub filters: Filters,
    /// Suggested names that the inventory does not contain.
    pub unknown: RwSignal<Vec<String>>,
    /// Suggested names that could mean several devices.
    pub ambiguous: RwSignal<Vec<String>>,
    /// Whether the page shows errors that keep the form from being a plan.
    pub has_errors: RwSignal<bool>,
    /// What the search page should look for. It is not part of the form.
    search: RwSignal<String>,
    /// What links and portals suggest.
    pub suggestions: Suggestions,
}

impl Form {
    /// An empty form.
    pub fn provide() -> Self {
        let (users, pasted) = (RwSignal::default(), RwSignal::default());
        let form = Self {
            kind: RwSignal::default(),
            users,
            user_answers: PasteAnswers::about(users),
            pasted,
            paste_answers: PasteAnswers::about(pasted),
            pasted_of: RwSignal::default(),
            asks_device: RwSignal::default(),
            pasted_sessions: RwSignal::default(),
            unrecognised: RwSignal::default(),
            unused_lines: RwSignal::default(),
            reading: RwSignal::default(),
            selected_sessions: RwSignal::default(),
            targets: RwSignal::default(),
            last_targets: RwSignal::default(),
            apart: RwSignal::default(),
            reason: RwSignal::default(),
            filters: Filters::default(),
            unknown: RwSignal::default(),
            ambiguous: RwSignal::default(),
            has_errors: RwSignal::default(),
            search: RwSignal::default(),
            suggestions: Suggestions::none(),
        };
        provide_context(form);
        form
    }

    /// The form of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Whose sessions. Tracked.
    pub fn kind(&self) -> Kind {
        self.kind.get()
    }

    /// Whether the list of sessions in use is still being read. Tracked.
    pub fn is_reading(&self) -> bool {
        self.kind() == Kind::Listed && self.reading.get()
    }

    /// The draft made from the form. Tracked, except for the reason: nothing else in a plan depends on it, and it
    /// changes with every key.
    pub fn draft(&self) -> Draft {
        let targets = self.targets.get();
        let mut sessions = self.pasted_sessions.get();
        self.selected_sessions.with(|selected| sessions.extend(selected));
        Draft {
            kind: self.kind(),
            users: self.users.get(),
            answers: self.user_answers.get(),
            groups: targets.groups,
            clusters: targets.clusters,
            devices: targets.devices,
            everywhere: targets.everywhere,
            sessions,
            unused_lines: self.unused_lines.get(),
            unread: Vec::new(),
            apart: self.apart.get(),
            reason: self.reason.get_untracked(),
        }
    }

    /// Changes users and targets by changing the draft. If this moves or removes sessions, they no longer match the
    /// pasted list: all of them then become selected sessions, and the lines without a session stay so that they can be
    /// corrected.
    pub fn change_draft(&self, change: &dyn Fn(&mut Draft)) {
        let mut draft = self.draft_now();
        let (users, before) = (draft.users.clone(), draft.sessions.clone());
        change(&mut draft);
        if draft.users != users {
            self.users.set(draft.users);
            self.user_answers.set(draft.answers);
        }
        if draft.sessions != before {
            self.pasted.set(self.unrecognised.get_untracked());
            self.pasted_sessions.set(SessionSelection::default());
            self.selected_sessions.set(draft.sessions);
        }
        self.apart.set(draft.apart);
        self.targets.set(TargetSelection {
            groups: draft.groups,
            clusters: draft.clusters,
            devices: draft.devices,
            everywhere: draft.everywhere,
        });
    }

    /// Fills in what a link or a portal suggested, or asks the operator first if that would replace their own work. Needs an
    /// inventory to find the targets. Tracked.
    pub fn take_suggestion(&self, inventory: &Inventory) {
        let state = self.suggestions.state();
        if state.with(|state| state.waiting.is_none()) {
            return;
        }
        let draft = self.draft_now();
        let has_paste = self.pasted.with_untracked(|text| !text.is_empty());
        let mut is_replaceable = false;
        let mut reason = None;
        self.suggestions.change(&mut |state| {
            let filled = state.filled.as_ref().map(|(_, draft)| draft);
            is_replaceable = draft.is_replaceable(filled, has_paste);
            state.asked = state.waiting.take();
            if let Some(asked) = state.asked.as_mut().filter(|_| is_replaceable) {
                reason = asked.without_reason();
            }
        });
        if is_replaceable {
            self.accept_suggestion(inventory);
            self.suggestions.change(&mut |state| state.asked = reason.take());
        }
    }

    /// Fills in the suggestion that the operator was asked about: users, targets and reason each replace the previous value.
    pub fn accept_suggestion(&self, inventory: &Inventory) {
        let mut asked = None;
        self.suggestions.change(&mut |state| asked = state.asked.take());
        if let Some(suggestion) = asked {
            self.fill_from(suggestion, inventory);
        }
    }

    fn draft_now(&self) -> Draft {
        untrack(|| self.draft())
    }

    fn fill_from(&self, suggestion: Suggestion, inventory: &Inventory) {
        let has_choice = suggestion.has_choice();
        let Suggestion { by, values: prefill } = suggestion;
        if let Some(reason) = prefill.reason {
            self.reason.set(reason);
        }
        if !has_choice {
            return;
        }
        if !prefill.users.is_empty() {
            self.kind.set(Kind::Users);
            // Names are values, not a text that is read again.
            let names: Vec<UserName> = prefill.users.into_iter().map(UserName::new).collect();
            let (users, answers) = UserList::written(&names);
            self.users.set(users);
            self.user_answers.set(answers);
        }
        let mut targets =
            TargetSelection { everywhere: prefill.everywhere, ..TargetSelection::default() };
        let (mut unknown, mut ambiguous) = (Vec::new(), Vec::new());
        for name in prefill.groups {
            let known = inventory.group(&name).is_some();
            if known { _ = targets.groups.insert(name) } else { unknown.push(name) }
        }
        for name in prefill.clusters {
            let known = inventory.cluster(&name).is_some();
            if known { _ = targets.clusters.insert(name) } else { unknown.push(name) }
        }
        if !prefill.devices.is_empty() {
            let index = DeviceIndex::of(inventory);
            for name in prefill.devices {
                match index.find(&name) {
                    DeviceMatch::One(id) => _ = targets.devices.insert(id.clone()),
                    DeviceMatch::Several(_) => ambiguous.push(name),
                    DeviceMatch::Nobody => unknown.push(name),
                }
            }
        }
        // Without targets, the selection stays unchanged.
        if !(targets.is_empty() && unknown.is_empty() && ambiguous.is_empty()) {
            self.targets.set(targets);
            self.apart.set(SortedSet::new());
        }
        self.unknown.set(unknown);
        self.ambiguous.set(ambiguous);
        let mut filled = Some((by, self.draft_now()));
        self.suggestions.change(&mut |state| {
            state.filled = filled.take();
            state.filled_is_read = false;
        });
    }

    /// Replaces the content with a draft.
    pub fn fill_with(&self, draft: Draft) {
        self.clear();
        self.kind.set(draft.kind);
        self.users.set(draft.users);
        self.user_answers.set(draft.answers);
        // guard: retry-carries-values
        self.selected_sessions.set(draft.sessions);
        self.targets.set(TargetSelection {
            groups: draft.groups,
            clusters: draft.clusters,
            devices: draft.devices,
            everywhere: draft.everywhere,
        });
        self.reason.set(draft.reason);
    }

    /// Plans the kill of the sessions of a pasted list, and of no others. An earlier list can be restored. Users and targets stay for
    /// the other kinds of kill.
    pub fn list_sessions(&self, pasted: String) {
        self.exchange_list(ListFields { pasted, ..ListFields::default() });
    }

    /// Replaces the list of sessions by the one that it replaced, which can be restored in turn.
    pub fn restore_list(&self) {
        let mut earlier = None;
        self.suggestions.change(&mut |state| earlier = state.replaced.take());
        if let Some(earlier) = earlier {
            self.exchange_list(earlier);
        }
    }

    fn exchange_list(&self, list: ListFields) {
        let earlier = ListFields {
            pasted: self.pasted.get_untracked(),
            pasted_of: self.pasted_of.get_untracked(),
            answers: untrack(|| self.paste_answers.get()),
            selected: self.selected_sessions.get_untracked(),
        };
        self.kind.set(Kind::Listed);
        self.selected_sessions.set(list.selected);
        self.pasted_of.set(list.pasted_of);
        self.pasted.set(list.pasted);
        self.paste_answers.set(list.answers);
        // guard: replaced-list-kept
        let is_kept = !(earlier.pasted.is_empty() && earlier.selected.is_empty());
        let mut kept = is_kept.then_some(earlier);
        self.suggestions.change(&mut |state| state.replaced = kept.take());
    }

    /// Lets the search page look for this, now or when it is opened next.
    pub fn search_for(&self, text: String) {
        self.search.set(text);
    }

    /// Whether the search page should look for something. Tracked.
    pub fn has_search(&self) -> bool {
        self.search.with(|text| !text.is_empty())
    }

    /// What the search page should look for, once.
    pub fn take_search(&self) -> String {
        let text = self.search.get_untracked();
        self.search.set(String::new());
        text
    }

    /// Clears the form after its kill was sent, so that the next one doesn't start with its users and targets.
    pub fn clear_sent(&self) {
        let targets = self.targets.get_untracked();
        self.clear();
        self.last_targets.set(targets);
    }

    /// Clears the form.
    pub fn clear(&self) {
        self.kind.set(Kind::Users);
        self.users.set(String::new());
        self.pasted.set(String::new());
        self.pasted_of.set(String::new());
        self.pasted_sessions.set(SessionSelection::default());
        self.selected_sessions.set(SessionSelection::default());
        self.targets.set(TargetSelection::default());
        self.filters.all.set(String::new());
        self.apart.set(SortedSet::new());
        self.reason.set(String::new());
        self.unknown.set(Vec::new());
        self.ambiguous.set(Vec::new());
        self.suggestions.change(&mut |state| *state = SuggestionState::default());
    }
}
