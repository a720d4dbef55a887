//! The field for a list of sessions. A long list is stored without being shown: a browser takes seconds to lay out a
//! field of 100,000 lines, and the page does not respond meanwhile.

use crate::state::Form;
use crate::ui::{Button, LinesField, Look, content, dynamic};
use crate::web::{dom, effect, sleep, spawn_app};
use leptos::prelude::*;
use std::time::Duration;
use web_sys::{HtmlTextAreaElement, InputEvent};

/// The field, which errors link to.
pub(super) const SESSIONS: &str = "kill-sessions";
/// The largest list, in bytes, that is shown at once: some thousands of lines.
const SHOWN: usize = 128 * 1024;

/// The field, or its replacement for a long list.
#[component]
pub(super) fn LongTextField(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let form = Form::get();
    let shown = RwSignal::new(false);
    let long = Memo::new(move |_| form.pasted.with(String::len) > SHOWN);
    effect(move || {
        if !long.get() {
            shown.set(false);
        }
    });
    let insert = move |event: InputEvent| {
        let Some(text) = event.data().filter(|text| text.len() > SHOWN) else { return };
        event.prevent_default();
        let field: HtmlTextAreaElement = event_target(&event);
        let selected = |index: Result<Option<u32>, _>| index.ok().flatten().unwrap_or(u32::MAX);
        let (start, end) = (selected(field.selection_start()), selected(field.selection_end()));
        // The field itself never gets the text: inserting it alone would block the page.
        let value = field.value();
        let before = value.get(..byte_at(&value, start)).unwrap_or_default();
        let after = value.get(byte_at(&value, end)..).unwrap_or_default();
        form.pasted.set([before, &text, after].concat());
        spawn_app(async {
            sleep(Duration::ZERO).await;
            dom::focus(SESSIONS);
        });
    };
    let field = move || {
        view! {
            <div on:beforeinput=insert>
                <LinesField
                    id=SESSIONS
                    label=text::paste_sessions()
                    hint=text::paste_sessions_hint()
                    value=form.pasted
                    rows=6
                    error=error
                />
            </div>
        }
        .into_any()
    };
    let kept = move || {
        let lines = move || text::paste_not_shown(form.pasted.with(|text| line_count(text)));
        let show = Callback::new(move |()| shown.set(true));
        let clear = Callback::new(move |()| form.pasted.set(String::new()));
        view! {
            <p prop:textContent=content(lines)/>
            {dynamic(move || error.get().map(|error| view! { <p class="field-error" prop:textContent=content(error)/> }))}
            <div class="row">
                <Button id=SESSIONS label=text::paste_show() look=Look::Plain on_press=show/>
                <Button label=text::paste_clear() look=Look::Plain on_press=clear/>
            </div>
        }
        .into_any()
    };
    move || if long.get() && !shown.get() { kept() } else { field() }
}

/// The number of lines in a text, whether or not the last one ends with a line break.
fn line_count(text: &str) -> usize {
    let ends = text.bytes().filter(|byte| *byte == b'\n').count();
    ends + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

/// The byte index of the browser's index, which counts UTF-16 units.
fn byte_at(text: &str, index: u32) -> usize {
    let mut units = 0;
    let after = |(_, char): &(usize, char)| {
        let is_after = units >= index;
        units += if char.len_utf16() == 1 { 1 } else { 2 };
        is_after
    };
    text.char_indices().find(after).map_or(text.len(), |(at, _)| at)
}
