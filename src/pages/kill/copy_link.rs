//! The button that copies a link to the plan. The link fills in the form and confirms nothing.

use crate::state::Form;
use crate::ui::{Button, Icon, Look, announce, content};
use crate::web::{Latest, clipboard, effect, hash};
use curfew_core::app::{NoLink, Prefill};
use leptos::prelude::*;

/// The button, or why there is no link.
#[component]
pub(super) fn CopyLink() -> impl IntoView {
    let form = Form::get();
    let link = Memo::new(move |_| Prefill::of(&form.draft()).map(|values| values.to_fragment()));
    let blocked = Signal::derive(move || {
        link.with(|link| {
            link.as_ref().err().map(|why| match why {
                NoLink::Incomplete => text::link_incomplete(),
                NoLink::Everybody => text::link_everybody(),
                NoLink::Listed => text::link_listed(),
                NoLink::TooLong => text::link_too_long(),
            })
        })
    });
    let result = RwSignal::new(String::new());
    // It says what was copied of the plan that is shown.
    effect(move || {
        link.track();
        result.set(String::new());
    });
    let copying = Latest::new();
    let copy = Callback::new(move |()| {
        let Ok(fragment) = link.get_untracked() else { return };
        copying.run(async move {
            let address = [hash::page_address().as_str(), &fragment].concat();
            let is_copied = clipboard::copy(&address).await.is_ok();
            let text = if is_copied { text::link_copied() } else { text::copy_failed() };
            announce(text.clone());
            result.set(text);
        });
    });
    view! {
        <Button label=text::link_copy() look=Look::Quiet icon=Icon::Copy blocked=blocked on_press=copy/>
        <p class="quiet" prop:textContent=content(result)/>
    }
}
