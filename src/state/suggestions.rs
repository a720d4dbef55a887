//! What links and portals suggest for the form: what waits for an inventory or for the operator's answer, and what was
//! refused. It never replaces an operator's own work by itself.

use crate::web::time;
use curfew_core::app::{Prefill, SuggestedBy, Suggestion};
use curfew_core::engine::RateLimit;
use curfew_core::input::{Answers, SessionSelection};
use curfew_core::plan::Draft;
use leptos::prelude::*;
use std::time::Duration;

/// Links and messages that are read per minute; a third of them at once.
const PER_MINUTE: u16 = 60;

/// What is known about suggestions. One signal holds it all: each type of signal costs some kB.
#[derive(Debug, Default)]
pub struct SuggestionState {
    /// The latest one, until there is an inventory in which its targets can be found.
    pub(super) waiting: Option<Suggestion>,
    /// One that would replace the operator's work or is a reason, until they accept it.
    pub asked: Option<Suggestion>,
    /// Who suggested more than Curfew accepts.
    pub refused: Option<SuggestedBy>,
    /// Who filled in the form, and the draft right after that.
    pub(super) filled: Option<(SuggestedBy, Draft)>,
    /// Whether the operator has dismissed the note that says so.
    pub filled_is_read: bool,
    /// The list of sessions that was in the form before another replaced it.
    pub replaced: Option<ListFields>,
}

/// What a list of sessions was made of.
#[derive(Debug, Default)]
pub struct ListFields {
    pub(super) pasted: String,
    pub(super) pasted_of: String,
    pub(super) answers: Answers,
    pub(super) selected: SessionSelection,
}

impl SuggestionState {
    /// Whether the form has something to show: values that wait for it, or that some were refused.
    pub fn is_for_form(&self) -> bool {
        self.waiting.is_some() || self.refused.is_some()
    }

    /// Who filled in the form, unless the operator has dismissed the note.
    pub fn filled_by(&self) -> Option<&SuggestedBy> {
        self.filled.as_ref().filter(|_| !self.filled_is_read).map(|(by, _)| by)
    }
}

/// The suggestions, a part of the form.
#[derive(Debug, Clone, Copy)]
pub struct Suggestions {
    state: RwSignal<SuggestionState>,
    rate: StoredValue<RateLimit>,
}

impl Suggestions {
    pub(super) fn none() -> Self {
        let state = RwSignal::new(SuggestionState::default());
        Self { state, rate: StoredValue::new(RateLimit::new(PER_MINUTE)) }
    }

    /// All that is known. Tracked.
    pub fn state(self) -> RwSignal<SuggestionState> {
        self.state
    }

    /// Changes it.
    pub fn change(self, change: &mut dyn FnMut(&mut SuggestionState)) {
        self.state.update(change);
    }

    /// Whether another link or message may be read now; if so, it is counted.
    pub fn may_read(self, by: &SuggestedBy) -> bool {
        let now = Duration::from_millis(time::monotonic_ms() as u64);
        // guard: suggestion-rate
        let may = self.rate.try_update_value(|rate| rate.take(now)).unwrap_or_default();
        if !may {
            self.change(&mut |state| state.refused = Some(by.clone()));
        }
        may
    }

    /// Takes over a suggestion, unless it is too large.
    pub fn add(self, by: SuggestedBy, values: Prefill) {
        let suggestion = Suggestion { by, values };
        let is_too_large = suggestion.is_too_large();
        let mut suggestion = Some(suggestion);
        self.change(&mut |state| {
            if is_too_large {
                state.refused = suggestion.take().map(|suggestion| suggestion.by);
            } else {
                state.waiting = suggestion.take();
            }
        });
    }
}
