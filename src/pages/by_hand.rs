//! Shows a kill as commands for the devices' own shells, where BIG-IQ didn't do it.

use crate::ui::{CodeBlock, Disclosure, content};
use curfew_core::job::{End, Phase, Search};
use curfew_core::plan::{KillRequest, PlannedDevice, by_hand};
use leptos::prelude::*;

/// The commands for these requests, ready to be copied. Nothing if a shell can't hold their names.
pub(super) fn commands(requests: &[KillRequest], reached: &[PlannedDevice]) -> Option<AnyView> {
    let commands = requests.iter().map(|request| by_hand(request, reached));
    let commands = commands.collect::<Option<Vec<_>>>()?.join("\n\n");
    let view = view! {
        <Disclosure summary=text::by_hand()>
            <p prop:textContent=content(text::by_hand_where())/>
            <CodeBlock
                label=text::by_hand()
                text=commands
                exact=true
                copy_label=text::copy()
                copied_label=text::copied()
                failed_label=text::copy_failed()
            />
            <p class="quiet" prop:textContent=content(text::by_hand_source())/>
        </Disclosure>
    };
    Some(view.into_any())
}

/// Whether BIG-IQ did not do all of a kill, as far as is known.
pub(super) fn is_left(phase: &Phase) -> bool {
    match phase {
        Phase::NotSent(_) | Phase::Rejected(_) => true,
        Phase::Unknown { search, .. } => *search == Search::NoneFound,
        Phase::Ended(end) => *end != End::Success,
        Phase::Confirmed | Phase::Sending | Phase::Watched { .. } => false,
    }
}
